# Usually file("workflow.yaml"). In a heredoc Fusion's own ${…} has to be written $${…}.
locals {
  exported = <<-EOT
    name: Tell the team
    trigger:
      next: ["tell"]
    actions:
      tell:
        properties:
          config_id: "@@config_id@@"
          text: "New case: $${data['Trigger.Case.Title']}"
  EOT
}

output "document" {
  value = provider::falcon::workflow_document(local.exported, {
    config_id = "0123456789abcdef0123456789abcdef"
  })
}
