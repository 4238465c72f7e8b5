# One document for several tenants: values that belong to a tenant are looked up there and replace @@key@@. Fusion's
# own ${…} is not changed.
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
