# What to enter at Zscaler. The Shared Secret is the HMAC secret that you chose. It is not an output, because it is in
# no state.

output "base_url" {
  description = "Base URL."
  value       = falcon_api_client.zscaler.base_url
}

output "customer_id" {
  description = "Customer ID (CID) without its checksum. Zscaler's page does not say which of the two forms of the Customer ID it means."
  value       = data.falcon_tenant.this.cid
}

output "customer_id_with_checksum" {
  description = "The same Customer ID with its checksum (CCID)."
  value       = data.falcon_tenant.this.ccid
}

output "client_id" {
  description = "Client ID."
  value       = falcon_api_client.zscaler.client_id
}

output "client_secret" {
  description = "Client Secret. Show it with: terraform output -raw client_secret"
  value       = falcon_api_client.zscaler.client_secret
  sensitive   = true
}

output "encrypted_client_secret" {
  description = "Client Secret, encrypted for secret_recipient. Decrypt it with: terraform output -raw encrypted_client_secret | age --decrypt --identity key.txt"
  value       = falcon_api_client.zscaler.encrypted_client_secret
}

output "dropped_scopes" {
  description = "Scopes that Zscaler's page asks for and this tenant does not offer."
  value       = setsubtract(local.documented_scopes, local.scopes)
}

output "average_score" {
  description = "Average overall score of all hosts, 0 to 100, higher is safer."
  value       = data.falcon_host_scores.all.summary.average
}
