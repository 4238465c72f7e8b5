# An on-demand workflow that exists already: terraform apply -invoke=action.falcon_run_workflow.health_check runs it.
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
