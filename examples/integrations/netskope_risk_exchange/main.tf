# The API client for the CrowdStrike Falcon Identity Protection plugin of Netskope Cloud Exchange's User Risk Exchange, and
# the users as the plugin will take them. The provider takes its credentials from FALCON_CLIENT_ID and
# FALCON_CLIENT_SECRET; to read the users it needs the identity scopes itself.

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

# Tries the new API client as Netskope User Risk Exchange will: what fails is told in a warning of its own, on every plan and apply.
ephemeral "falcon_integration_probe" "netskope" {
  integration   = "netskope_risk_exchange"
  client_id     = falcon_api_client.netskope.client_id
  client_secret = falcon_api_client.netskope.client_secret
}

# A check may not show what it got from an ephemeral resource, so its text is fixed.
check "api_client_works" {
  assert {
    condition     = ephemeral.falcon_integration_probe.netskope.ok != false
    error_message = "Netskope User Risk Exchange cannot work with this API client. The warning of falcon_integration_probe says why."
  }
}

# What the plugin takes: users that are not archived and have an e-mail address, the first of which counts.
data "falcon_user_scores" "taken" {
  archived      = false
  require_email = true
  min_score     = var.minimum_risk_score
  max_score     = var.maximum_risk_score
}

# Those of them whom Falcon rates highest. The data sources are outside the check block, because Terraform prints on every
# plan what is read inside one.
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
