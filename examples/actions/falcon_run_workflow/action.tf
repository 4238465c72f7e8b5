# Runs an existing on-demand workflow: terraform apply -invoke=action.falcon_run_workflow.health_check
action "falcon_run_workflow" "health_check" {
  config {
    name = "Health check"
    parameters = jsonencode({
      hostname = "LAPTOP-1"
    })
    timeouts = {
      invoke = "5m"
    }
  }
}
