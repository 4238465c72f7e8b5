# Sends a JSON object to any receiver when the score of a host changes. The tenant needs no Store app for it.
# CrowdStrike does not sign the request. If the receiver has to know who sends it, create a credential in the
# Falcon console and set credential.

terraform {
  required_version = ">= 1.11"

  required_providers {
    falcon = {
      source  = "falcon-integrations/falcon"
      version = "~> 0.1"
    }
  }
}

variable "receiver_url" {
  description = "Address of the receiver."
  type        = string
  default     = "https://receiver.example/falcon"
}

resource "falcon_workflow" "score_changed" {
  name = "Receiver: Score Changed"

  notify_webhook = {
    trigger = "score_changed"
    http = provider::falcon::http_notification("generic", {
      url   = var.receiver_url
      title = "Score changed"
      fields = {
        overall_score = "Trigger.Category.ZeroTrust.EventType.HostScoreChange.OverallScore"
        sensor_id     = "Trigger.Category.ZeroTrust.EventType.HostScoreChange.SensorID"
        cid           = "Trigger.CID"
      }
    })
  }
}
