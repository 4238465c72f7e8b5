output "workflow_id" {
  description = "Id of the workflow that calls the webhook."
  value       = falcon_workflow.low_score.id
}
