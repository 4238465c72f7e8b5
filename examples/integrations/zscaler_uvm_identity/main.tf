# Creates the API client for the CrowdStrike Identity Protection source of Zscaler Unified Vulnerability Management, and
# reads both of its streams as Zscaler will. The provider reads its credentials from FALCON_CLIENT_ID and
# FALCON_CLIENT_SECRET. To read the streams, its own API client needs the identity scopes, too.

data "falcon_tenant" "this" {}

data "falcon_api_scopes" "offered" {}

locals {
  documented_scopes = provider::falcon::integration_scopes("zscaler_uvm_identity")
  scopes            = setintersection(local.documented_scopes, data.falcon_api_scopes.offered.ids)
}

resource "falcon_api_client" "zscaler_uvm" {
  name             = var.name
  description      = "Zscaler Unified Vulnerability Management reads identity risks with this client."
  scopes           = local.scopes
  secret_rotation  = var.secret_rotation
  secret_recipient = var.secret_recipient
}

# Uses the new API client as Zscaler UVM will, on every plan and apply. A separate warning reports what fails.
ephemeral "falcon_integration_probe" "zscaler_uvm" {
  integration   = "zscaler_uvm_identity"
  client_id     = falcon_api_client.zscaler_uvm.client_id
  client_secret = falcon_api_client.zscaler_uvm.client_secret
}

# Terraform does not print a message that contains an ephemeral value, so this text is fixed.
check "api_client_works" {
  assert {
    condition     = ephemeral.falcon_integration_probe.zscaler_uvm.ok != false
    error_message = "Zscaler UVM cannot work with this API client. The warning of falcon_integration_probe says why."
  }
}

# Stream Security Assessment. The filter is Zscaler's "Fetch Only Active Directory Domains".
data "falcon_domains" "assessed" {
  data_sources = var.only_active_directory_domains ? ["ACTIVE_DIRECTORY"] : null
}

data "falcon_domain_assessment" "each" {
  for_each = toset(data.falcon_domains.assessed.domains)
  domain   = each.value
}

check "domain_assessments" {
  assert {
    condition     = length(data.falcon_domain_assessment.each) > 0
    error_message = "Falcon has no such domain, so the stream Security Assessment is empty."
  }

  assert {
    condition     = alltrue([for a in data.falcon_domain_assessment.each : a.overall_score <= var.maximum_domain_score])
    error_message = "The overall score of a domain is above ${var.maximum_domain_score}. See the output domains."
  }
}

# Stream Domain Users: all users, including archived ones. The data sources are outside of the check block, because
# Terraform prints a data source inside a check block on every plan.
data "falcon_user_scores" "domain_users" {
  rows  = var.list_users ? "json" : "none"
  limit = var.list_users ? 0 : null # 0: all users
}

data "falcon_user_scores" "high" {
  min_severity = "HIGH"
  sort         = "score|desc"
  rows         = var.list_users ? "list" : "none"
}

data "falcon_user_scores" "archived" {
  archived = true
}

data "falcon_user_scores" "risky_administrators" {
  admin     = true
  archived  = false
  min_score = var.administrator_score
}

check "domain_users" {
  assert {
    condition     = data.falcon_user_scores.domain_users.matched > 0
    error_message = "Falcon has no users, so the stream Domain Users is empty."
  }

  assert {
    condition     = data.falcon_user_scores.risky_administrators.matched == 0
    error_message = "${data.falcon_user_scores.risky_administrators.matched} administrators have a risk score of ${var.administrator_score} or more."
  }
}
