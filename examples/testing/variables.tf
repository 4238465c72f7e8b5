variable "name" {
  description = "Name of the webhook configuration, and start of the workflows' names."
  type        = string
  default     = "Score receiver"
}

variable "webhook_url" {
  description = "The URL that receives the deliveries."
  type        = string

  validation {
    condition     = startswith(var.webhook_url, "https://receiver.example/")
    error_message = "The URL of this receiver starts with https://receiver.example/."
  }
}

variable "hmac_secret" {
  description = "Key that signs the deliveries, at least 32 characters. Needed to create the webhook configuration."
  type        = string
  sensitive   = true
  ephemeral   = true # Without this line, every saved plan contains the secret in plain text.
  default     = null # A plan of existing objects and a destroy run without the secret.
}
