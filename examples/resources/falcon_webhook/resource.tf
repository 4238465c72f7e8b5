variable "hmac_secret" {
  description = "HMAC secret key, at least 32 characters; the receiver gets the same one. Ephemeral: it is in no state and no plan file, and is given again when a saved plan is applied. Needed to create the configuration; null leaves the key of an existing one alone."
  type        = string
  ephemeral   = true
  default     = null
}

variable "webhook_url" {
  description = "The address that the receiver shows."
  type        = string
  default     = "https://receiver.example/falcon"
}

resource "falcon_webhook" "receiver" {
  name           = "Receiver"
  url            = var.webhook_url
  hmac_secret_wo = var.hmac_secret
}

# What workflows refer to.
output "webhook_id" {
  value = falcon_webhook.receiver.id
}
