# A small module of one's own: a receiver that hears of low host scores. What is worth seeing here is how it is tested, in tests/.

resource "falcon_webhook" "receiver" {
  name           = var.name
  url            = var.webhook_url
  hmac_secret_wo = var.hmac_secret
}

resource "falcon_workflow" "low_score" {
  name        = "${var.name}: low score"
  description = "Tells the receiver when the overall score of a host falls below 50."

  notify_webhook = {
    trigger    = "score_changed"
    webhook_id = falcon_webhook.receiver.id
    condition  = "data['${local.overall_score}'] < 50"
  }
}

locals {
  overall_score = "Trigger.Category.ZeroTrust.EventType.HostScoreChange.OverallScore"
}
