# What to enter at Cortex XSOAR.

output "base_url" {
  description = "Base URL of the Falcon API."
  value       = falcon_api_client.cortex.base_url
}

output "client_id" {
  description = "Client ID."
  value       = falcon_api_client.cortex.client_id
}

output "client_secret" {
  description = "Client Secret. Show it with: terraform output -raw client_secret"
  value       = falcon_api_client.cortex.client_secret
  sensitive   = true
}

output "encrypted_client_secret" {
  description = "Client Secret, encrypted for secret_recipient. Decrypt it with: terraform output -raw encrypted_client_secret | age --decrypt --identity key.txt"
  value       = falcon_api_client.cortex.encrypted_client_secret
}

output "customer_id" {
  description = "Customer ID (CID) without its checksum. Cortex XSOAR's page does not ask for it."
  value       = data.falcon_tenant.this.cid
}

output "customer_id_with_checksum" {
  description = "The same Customer ID with its checksum (CCID)."
  value       = data.falcon_tenant.this.ccid
}

output "dropped_scopes" {
  description = "Scopes that Cortex XSOAR asks for and this tenant does not offer."
  value       = setsubtract(local.documented_scopes, local.scopes)
}
