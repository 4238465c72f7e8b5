# Triggers a PagerDuty alert when the overall score of a host falls below 40.
# The routing key is the Integration Key of "Events API V2". Whoever knows it can trigger alerts.

terraform {
  required_version = ">= 1.11"

  required_providers {
    falcon = {
      source  = "falcon-integrations/falcon"
      version = "~> 0.1"
    }
  }
}

variable "routing_key" {
  description = "Integration key of an Events API v2 integration."
  type        = string
  default     = "00000000000000000000000000000000"
}

variable "pagerduty_url" {
  description = "Address of PagerDuty's Events API v2."
  type        = string
  default     = "https://events.pagerduty.com/v2/enqueue"
}

locals {
  score = "Trigger.Category.ZeroTrust.EventType.HostScoreChange"
}

resource "falcon_workflow" "low_score" {
  name = "PagerDuty: Low Score"

  notify_webhook = {
    trigger   = "score_changed"
    condition = "data['${local.score}.OverallScore'] < 40"
    # Another status than 202 is recorded in the execution.
    http = merge(
      provider::falcon::http_notification("pagerduty", {
        url         = var.pagerduty_url
        routing_key = var.routing_key
        severity    = "error"
        title       = "Overall score of a host is $${data['${local.score}.OverallScore']}"
        dedup_key   = "falcon-$${data['${local.score}.SensorID']}" # one alert for each host
        fields = {
          sensor_id = "${local.score}.SensorID"
          cid       = "Trigger.CID"
        }
      }),
      { success_codes = [202] },
    )
  }
}
