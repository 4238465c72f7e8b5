data "falcon_workflow_action" "send_email" {
  name = "Send email"
}

# Where several apps have an action of the same name, the vendor selects one.
data "falcon_workflow_action" "post_message" {
  name   = "Slack v2 - Chat PostMessage"
  vendor = "Slack"
}

# The properties that a document must set.
output "required" {
  value = [for p in data.falcon_workflow_action.send_email.properties : p.name if p.required]
}

output "pins" {
  value = {
    for a in [data.falcon_workflow_action.send_email, data.falcon_workflow_action.post_message] :
    a.id => a.version_constraint
  }
}
