# Posts a card to a Microsoft Teams channel when a case is created.
# The URL comes from the Teams workflow "Post to a channel when a webhook request is received".

terraform {
  required_version = ">= 1.11"

  required_providers {
    falcon = {
      source  = "falcon-integrations/falcon"
      version = "~> 0.1"
    }
  }
}

variable "teams_url" {
  description = "URL of a Teams workflow that starts when a webhook request is received."
  type        = string
  default     = "https://example.westeurope.logic.azure.com/workflows/1/triggers/manual/paths/invoke?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=example"
}

resource "falcon_workflow" "new_case" {
  name = "Teams: New Case"

  notify_webhook = {
    trigger = "new_incident"
    http = provider::falcon::http_notification("teams", {
      url   = var.teams_url
      title = "New case in CrowdStrike Falcon"
      fields = {
        Case     = "Trigger.Case.CaseID"
        Severity = "Trigger.Case.Severity"
        Status   = "Trigger.Case.Status"
      }
    })
  }
}
