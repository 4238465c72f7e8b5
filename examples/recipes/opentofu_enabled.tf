variable "receiver" {
  description = "Whether the receiving product is in use."
  type        = bool
  default     = true
}

resource "falcon_api_client" "receiver" {
  name   = "Receiver"
  scopes = ["devices:read"]

  lifecycle {
    enabled = var.receiver # false deletes the API client
  }
}

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

  enabled = var.receiver # false disables the workflow, and keeps it in Falcon
}

output "client_id" {
  value = var.receiver ? falcon_api_client.receiver.client_id : null
}
