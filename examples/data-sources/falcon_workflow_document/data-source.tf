# Looks up the references of the document in this tenant. What the tenant lacks is an error of the plan.
data "falcon_workflow_document" "new_cases" {
  portable_definition = file("${path.module}/new-cases.yaml")
}

resource "falcon_workflow" "new_cases" {
  definition = provider::falcon::workflow_document(data.falcon_workflow_document.new_cases.definition, {
    team = "soc@corp.internal"
  })
}

# What the references have become.
output "references" {
  value = { for r in data.falcon_workflow_document.new_cases.references : r.path => r.value }
}
