variable "name" {
  description = "Name of the webhook configuration, and start of the workflows' names."
  type        = string
  default     = "Score receiver"
}

variable "webhook_url" {
  description = "Where the receiver takes deliveries."
  type        = string

  validation {
    condition     = startswith(var.webhook_url, "https://receiver.example/")
    error_message = "This receiver lives at https://receiver.example/."
  }
}

variable "hmac_secret" {
  description = "Key that deliveries are signed with, at least 32 characters."
  type        = string
  sensitive   = true
  ephemeral   = true
}
