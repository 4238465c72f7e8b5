# What to enter at Netskope.

output "base_url" {
  description = "Base URL of the Falcon API."
  value       = falcon_api_client.netskope.base_url
}

output "client_id" {
  description = "Client ID."
  value       = falcon_api_client.netskope.client_id
}

output "client_secret" {
  description = "Client Secret. Show it with: terraform output -raw client_secret"
  value       = falcon_api_client.netskope.client_secret
  sensitive   = true
}

output "encrypted_client_secret" {
  description = "Client Secret, encrypted for secret_recipient. Decrypt it with: terraform output -raw encrypted_client_secret | age --decrypt --identity key.txt"
  value       = falcon_api_client.netskope.encrypted_client_secret
}

output "customer_id" {
  description = "Customer ID (CID) without its checksum. Netskope's page does not ask for it."
  value       = data.falcon_tenant.this.cid
}

output "customer_id_with_checksum" {
  description = "The same Customer ID with its checksum (CCID)."
  value       = data.falcon_tenant.this.ccid
}

output "dropped_scopes" {
  description = "Scopes that Netskope asks for and this tenant does not offer."
  value       = setsubtract(local.documented_scopes, local.scopes)
}

# What Netskope will see.

output "users" {
  description = "Number of users that the plugin reads, number of users without an email address, which it skips, and number of users of each severity."
  value = {
    taken         = data.falcon_user_scores.taken.matched
    without_email = data.falcon_user_scores.taken.summary.without_email
    by_severity   = data.falcon_user_scores.taken.summary.by_severity
  }
}

output "high_risk_users" {
  description = "The users of high severity with the score that Netskope will show (0 to 1000, higher is safer) and Falcon's score (0 to 1, higher is riskier). Null unless list_users is true."
  value = !var.list_users ? null : [for u in data.falcon_user_scores.high.users : {
    email          = u.email
    risk_score     = u.risk_score
    netskope_score = u.netskope_score
  }]
  sensitive = true # email addresses
}
