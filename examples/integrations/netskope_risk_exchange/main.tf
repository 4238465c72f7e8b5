# Creates the API client for the CrowdStrike Falcon Identity Protection plugin of Netskope Cloud Exchange, and reads the
# users by the plugin's rules. The provider reads its credentials from FALCON_CLIENT_ID and FALCON_CLIENT_SECRET. To read
# the users, its own API client needs the identity scopes, too.

data "falcon_tenant" "this" {}

data "falcon_api_scopes" "offered" {}

locals {
  documented_scopes = provider::falcon::integration_scopes("netskope_risk_exchange", var.recommended_scopes ? ["recommended"] : []...)
  scopes            = setintersection(local.documented_scopes, data.falcon_api_scopes.offered.ids)
}

resource "falcon_api_client" "netskope" {
  name             = var.name
  description      = "Netskope User Risk Exchange reads user risk scores with this client."
  scopes           = local.scopes
  secret_rotation  = var.secret_rotation
  secret_recipient = var.secret_recipient
}

# Uses the new API client as Netskope User Risk Exchange will, on every plan and apply. A separate warning reports what fails.
ephemeral "falcon_integration_probe" "netskope" {
  integration   = "netskope_risk_exchange"
  client_id     = falcon_api_client.netskope.client_id
  client_secret = falcon_api_client.netskope.client_secret
}

# Terraform does not print a message that contains an ephemeral value, so this text is fixed.
check "api_client_works" {
  assert {
    condition     = ephemeral.falcon_integration_probe.netskope.ok != false
    error_message = "Netskope User Risk Exchange cannot work with this API client. The warning of falcon_integration_probe says why."
  }
}

# The users that the plugin reads: not archived, with an email address, the first of which counts.
data "falcon_user_scores" "taken" {
  archived      = false
  require_email = true
  min_score     = var.minimum_risk_score
  max_score     = var.maximum_risk_score
}

# The users of high severity among them. The data sources are outside of the check block, because Terraform prints a data
# source inside a check block on every plan.
data "falcon_user_scores" "high" {
  archived      = false
  require_email = true
  min_score     = var.minimum_risk_score
  max_score     = var.maximum_risk_score
  min_severity  = "HIGH"
  sort          = "score|desc"
  rows          = var.list_users ? "list" : "none"
}

check "users" {
  assert {
    condition     = data.falcon_user_scores.taken.matched > 0
    error_message = "No user matches, so Netskope has no score to act on."
  }

  assert {
    condition     = data.falcon_user_scores.high.matched <= var.maximum_high_risk_users
    error_message = "${data.falcon_user_scores.high.matched} users of high severity go to Netskope: more than ${var.maximum_high_risk_users}."
  }
}
