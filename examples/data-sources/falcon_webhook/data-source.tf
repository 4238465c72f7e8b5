# A configuration of the CrowdStrike Webhook app, by its name.
data "falcon_webhook" "receiver" {
  name = "Receiver"
}

# The only configuration of another Store app. The action of that app in the tenant's catalog shows the app_id.
data "falcon_workflow_action" "slack" {
  name = "Slack v2 - Chat PostMessage"
}

data "falcon_webhook" "slack" {
  app_id = data.falcon_workflow_action.slack.app_id
}

# The ids that the actions of a workflow refer to.
output "webhook_config_id" {
  value = data.falcon_webhook.receiver.config_id
}

output "slack_config_id" {
  value = data.falcon_webhook.slack.config_id
}
