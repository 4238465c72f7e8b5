data "falcon_workflow_trigger" "case_created" {
  event = "Case/Created"
}

# What its events carry, and so what notify_webhook can include.
output "paths" {
  value = data.falcon_workflow_trigger.case_created.fields[*].path
}

# The pin for trigger.version_constraint of a document.
output "pin" {
  value = data.falcon_workflow_trigger.case_created.version_constraint
}
