data "falcon_workflow_trigger" "case_created" {
  event = "Case/Created"
}

# The fields of its events, which notify_webhook can include.
output "paths" {
  value = data.falcon_workflow_trigger.case_created.fields[*].path
}

# The value for trigger.version_constraint of a document.
output "pin" {
  value = data.falcon_workflow_trigger.case_created.version_constraint
}
