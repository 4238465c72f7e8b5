# A workflow that was built in the console.
data "falcon_workflow" "nightly" {
  name = "Nightly check"
}

# terraform output -raw definition > nightly.yaml
output "definition" {
  value = data.falcon_workflow.nightly.definition
}

# The keys of its actions.
output "actions" {
  value = keys(jsondecode(data.falcon_workflow.nightly.document).actions)
}
