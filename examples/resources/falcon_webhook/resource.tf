variable "hmac_secret" {
  description = "HMAC secret key, at least 32 characters; the receiver needs the same one. Needed to create the configuration. Null leaves the key of an existing configuration alone."
  type        = string
  ephemeral   = true # Without this line, every saved plan contains the secret in plain text.
  default     = null # A plan of existing objects, a drift pipeline and a destroy run without the secret.
}

variable "webhook_url" {
  description = "The URL that the receiver shows."
  type        = string
  default     = "https://receiver.example/falcon"
}

resource "falcon_webhook" "receiver" {
  name           = "Receiver"
  url            = var.webhook_url
  hmac_secret_wo = var.hmac_secret
}

# The id that workflows refer to.
output "webhook_id" {
  value = falcon_webhook.receiver.id
}
