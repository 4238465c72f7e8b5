resource "falcon_workflow" "nap" {
  definition = <<-EOT
    name: Nap on demand
    trigger:
      type: On demand
      name: On demand
      next: [nap]
    actions:
      nap:
        id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b
        properties:
          sleep_time: 1m
        version_constraint: ~1
  EOT
}

# Runs each new version once.
resource "terraform_data" "run" {
  input = falcon_workflow.nap.version

  lifecycle {
    action_trigger {
      events  = [after_create, after_update]
      actions = [action.falcon_run_workflow.nap]
    }
  }
}

action "falcon_run_workflow" "nap" {
  config {
    workflow_id = falcon_workflow.nap.id
  }
}
