# Posts a message to a Slack channel when a case is created.
# The URL comes from "Incoming Webhooks" of a Slack app. Whoever knows it can post to the channel.

terraform {
  required_version = ">= 1.11"

  required_providers {
    falcon = {
      source  = "falcon-integrations/falcon"
      version = "~> 0.1"
    }
  }
}

variable "slack_url" {
  description = "URL of a Slack incoming webhook."
  type        = string
  default     = "https://hooks.slack.com/services/T00000000/B00000000/example"
}

resource "falcon_workflow" "new_case" {
  name = "Slack: New Case"

  notify_webhook = {
    trigger = "new_incident"
    http = provider::falcon::http_notification("slack", {
      url   = var.slack_url
      title = "New case in CrowdStrike Falcon"
      text  = "Case $${data['Trigger.Case.CaseID']} was created."
      fields = {
        Severity = "Trigger.Case.Severity"
        Status   = "Trigger.Case.Status"
      }
    })
  }
}
