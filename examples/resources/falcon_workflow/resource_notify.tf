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

# Sends the new scores of a host to the receiver. No document is needed.
resource "falcon_workflow" "score_changed" {
  name        = "Score Changed"
  description = "Notifies the receiver when a host's overall assessment changes."

  notify_webhook = {
    trigger    = "score_changed"
    webhook_id = falcon_webhook.receiver.id
  }
}

# Other triggers have more data than scores, so select what to include.
resource "falcon_workflow" "severe_detection" {
  name = "Severe detection"

  notify_webhook = {
    event      = "Investigatable/EPP"
    webhook_id = falcon_webhook.receiver.id
    fields     = ["Trigger.Detection.Name", "Trigger.Detection.EPP.Sensor.Hostname", "Trigger.CID"]
    condition  = "data['Trigger.Detection.Severity'] > 3"
  }
}
