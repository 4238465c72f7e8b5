# What to enter at Zscaler UVM.

output "base_url" {
  description = "Base URL of the Falcon API."
  value       = falcon_api_client.zscaler_uvm.base_url
}

output "client_id" {
  description = "Client ID."
  value       = falcon_api_client.zscaler_uvm.client_id
}

output "client_secret" {
  description = "Client Secret. Show it with: terraform output -raw client_secret"
  value       = falcon_api_client.zscaler_uvm.client_secret
  sensitive   = true
}

output "encrypted_client_secret" {
  description = "Client Secret, encrypted for secret_recipient. Decrypt it with: terraform output -raw encrypted_client_secret | age --decrypt --identity key.txt"
  value       = falcon_api_client.zscaler_uvm.encrypted_client_secret
}

output "customer_id" {
  description = "Customer ID (CID) without its checksum. Zscaler's page for this source does not ask for it."
  value       = data.falcon_tenant.this.cid
}

output "customer_id_with_checksum" {
  description = "The same Customer ID with its checksum (CCID)."
  value       = data.falcon_tenant.this.ccid
}

output "dropped_scopes" {
  description = "Scopes that Zscaler UVM asks for and this tenant does not offer."
  value       = setsubtract(local.documented_scopes, local.scopes)
}

# What Zscaler will see.

output "domains" {
  description = "Stream Security Assessment: overall score (0 to 1, higher is riskier) and level of each domain, and its risk factors with severity, likelihood and recommendations."
  value = {
    for name, a in data.falcon_domain_assessment.each : name => {
      overall_score = a.overall_score
      overall_level = a.overall_level
      factors = [for f in a.factors : {
        label           = f.label
        severity        = f.severity
        likelihood      = f.likelihood
        recommendations = f.recommendations[*].text
      }]
    }
  }
}

output "users" {
  description = "Stream Domain Users: number of users, in total and of each severity, number of administrators and of archived users."
  value = {
    count          = data.falcon_user_scores.domain_users.matched
    by_severity    = data.falcon_user_scores.domain_users.summary.by_severity
    administrators = data.falcon_user_scores.domain_users.summary.administrators
    archived       = data.falcon_user_scores.archived.matched
  }
}

output "domain_users" {
  description = "All users of that stream with all fields, as JSON: display names, risk score, administrator or not, archived or not, and more. Null unless list_users is true."
  value       = data.falcon_user_scores.domain_users.rows_json
  sensitive   = true # names and email addresses
}

output "high_risk_users" {
  description = "The users of high severity in that stream, the riskiest first. Null unless list_users is true."
  value = !var.list_users ? null : [for u in data.falcon_user_scores.high.users : {
    display_name = u.display_name
    risk_score   = u.risk_score
    admin        = u.admin
    archived     = u.archived
  }]
  sensitive = true # names
}
