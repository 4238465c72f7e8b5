data "falcon_workflow_catalog" "needed" {
  actions  = ["Send email", "Call webhook"]
  triggers = ["Case/Created"]
}

output "missing" {
  value = concat(data.falcon_workflow_catalog.needed.missing_actions, data.falcon_workflow_catalog.needed.missing_triggers)
}
