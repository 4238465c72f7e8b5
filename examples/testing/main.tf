# A small module: it notifies a receiver of low host scores. The folder tests/ shows how to test it.

resource "falcon_webhook" "receiver" {
  name           = var.name
  url            = var.webhook_url
  hmac_secret_wo = var.hmac_secret
}

resource "falcon_workflow" "low_score" {
  name        = "${var.name}: low score"
  description = "Notifies the receiver when the overall score of a host falls below 50."

  notify_webhook = {
    trigger    = "score_changed"
    webhook_id = falcon_webhook.receiver.id
    condition  = "data['${local.overall_score}'] < 50"
  }
}

locals {
  overall_score = "Trigger.Category.ZeroTrust.EventType.HostScoreChange.OverallScore"
}
