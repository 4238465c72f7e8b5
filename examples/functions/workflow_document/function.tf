# Usually file("workflow.yaml"). In a heredoc, write Fusion's own ${…} as $${…}.
locals {
  exported = <<-EOT
    name: Notify the team
    trigger:
      next: ["notify"]
    actions:
      notify:
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
