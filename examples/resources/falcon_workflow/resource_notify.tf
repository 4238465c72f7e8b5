variable "hmac_secret" {
  description = "HMAC secret key, at least 32 characters; the receiver gets the same one."
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

# Sends a host's new scores to the receiver: no document is needed.
resource "falcon_workflow" "score_changed" {
  name        = "Score Changed"
  description = "Tells the receiver when a host's overall assessment changes."

  notify_webhook = {
    trigger    = "score_changed"
    webhook_id = falcon_webhook.receiver.id
  }
}

# Other triggers carry more than scores, so the data to include is chosen.
resource "falcon_workflow" "severe_detection" {
  name = "Severe detection"

  notify_webhook = {
    event      = "Investigatable/EPP"
    webhook_id = falcon_webhook.receiver.id
    fields     = ["Trigger.Detection.Name", "Trigger.Detection.EPP.Sensor.Hostname", "Trigger.CID"]
    condition  = "data['Trigger.Detection.Severity'] > 3"
  }
}
