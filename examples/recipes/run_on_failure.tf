resource "falcon_workflow" "health_check" {
  definition = <<-EOT
    name: Health check of the integration
    trigger:
      type: On demand
      name: On demand
      next: [wait]
    actions:
      wait:
        id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b
        properties:
          sleep_time: 1m
        version_constraint: ~1
  EOT
}

action "falcon_run_workflow" "health_check" {
  config {
    workflow_id = falcon_workflow.health_check.id
  }
}

# A failed run marks this resource as tainted: the next apply replaces it, and runs the workflow again. Nothing in Falcon is replaced.
resource "terraform_data" "health_check" {
  input = falcon_workflow.health_check.version

  lifecycle {
    action_trigger {
      events     = [after_create, after_update]
      actions    = [action.falcon_run_workflow.health_check]
      on_failure = taint
    }
  }
}
