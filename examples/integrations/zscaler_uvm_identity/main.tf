# The API client for the CrowdStrike Identity Protection source of Zscaler Unified Vulnerability Management, and both of
# its streams as Zscaler will see them. The provider takes its credentials from FALCON_CLIENT_ID and
# FALCON_CLIENT_SECRET; to read the streams it needs the identity scopes itself.

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

# Tries the new API client as Zscaler UVM will: what fails is told in a warning of its own, on every plan and apply.
ephemeral "falcon_integration_probe" "zscaler_uvm" {
  integration   = "zscaler_uvm_identity"
  client_id     = falcon_api_client.zscaler_uvm.client_id
  client_secret = falcon_api_client.zscaler_uvm.client_secret
}

# A check may not show what it got from an ephemeral resource, so its text is fixed.
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
    error_message = "Falcon knows no such domain, so the stream Security Assessment has nothing to send."
  }

  assert {
    condition     = alltrue([for a in data.falcon_domain_assessment.each : a.overall_score <= var.maximum_domain_score])
    error_message = "The overall score of a domain is above ${var.maximum_domain_score}. See the output domains."
  }
}

# Stream Domain Users: all of them, archived ones included. The data sources are outside the check block, because
# Terraform prints on every plan what is read inside one.
data "falcon_user_scores" "domain_users" {}

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
    error_message = "Falcon knows no user, so the stream Domain Users has nothing to send."
  }

  assert {
    condition     = data.falcon_user_scores.risky_administrators.matched == 0
    error_message = "${data.falcon_user_scores.risky_administrators.matched} administrators have a risk score of ${var.administrator_score} or more."
  }
}
