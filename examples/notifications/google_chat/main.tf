# Posts a message to a Google Chat space when a case is created.
# The URL comes from "Apps & integrations" of the space. Its key and token allow to post to the space.

terraform {
  required_version = ">= 1.11"

  required_providers {
    falcon = {
      source  = "falcon-integrations/falcon"
      version = "~> 0.1"
    }
  }
}

variable "google_chat_url" {
  description = "URL of a webhook of a Google Chat space."
  type        = string
  default     = "https://chat.googleapis.com/v1/spaces/example/messages?key=example&token=example"
}

resource "falcon_workflow" "new_case" {
  name = "Google Chat: New Case"

  notify_webhook = {
    trigger = "new_incident"
    http = provider::falcon::http_notification("google_chat", {
      url   = var.google_chat_url
      title = "New case in CrowdStrike Falcon"
      fields = {
        Case     = "Trigger.Case.CaseID"
        Severity = "Trigger.Case.Severity"
      }
    })
  }
}
