# One document for several tenants: what belongs to a tenant is looked up there
# and takes the place of @@key@@. Fusion's own ${…} stays as it is.
data "falcon_workflow_trigger" "case_created" {
  event = "Case/Created"
}

data "falcon_workflow_action" "send_email" {
  name = "Send email"
}

resource "falcon_workflow" "new_cases" {
  definition = provider::falcon::workflow_document(file("${path.module}/portable.yaml"), {
    case_pin       = data.falcon_workflow_trigger.case_created.version_constraint
    send_email     = data.falcon_workflow_action.send_email.id
    send_email_pin = data.falcon_workflow_action.send_email.version_constraint
    team           = "soc@corp.internal"
  })
}
