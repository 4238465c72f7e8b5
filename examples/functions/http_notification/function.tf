# A message to Slack for every new case, without the CrowdStrike Webhook app.
resource "falcon_workflow" "new_case" {
  name = "Slack: New Case"

  notify_webhook = {
    trigger = "new_incident"
    http = provider::falcon::http_notification("slack", {
      url    = "https://hooks.slack.com/services/T00000000/B00000000/example"
      title  = "New case in CrowdStrike Falcon"
      text   = "Case $${data['Trigger.Case.CaseID']} was created."
      fields = { Severity = "Trigger.Case.Severity" }
    })
  }
}
