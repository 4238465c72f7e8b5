# The API client that the page of Cortex XSOAR's CrowdStrike Falcon integration asks for. The provider takes its
# credentials from FALCON_CLIENT_ID and FALCON_CLIENT_SECRET.

data "falcon_tenant" "this" {}

data "falcon_api_scopes" "offered" {}

locals {
  documented_scopes = provider::falcon::integration_scopes("cortex_xsoar", var.recommended_scopes ? ["recommended"] : []...)

  # Detections and Incidents are retired products: new tenants are not offered their scopes.
  scopes = setintersection(local.documented_scopes, data.falcon_api_scopes.offered.ids)
}

resource "falcon_api_client" "cortex" {
  name             = var.name
  description      = "Cortex XSOAR's CrowdStrike Falcon integration reads and acts with this client."
  scopes           = local.scopes
  secret_rotation  = var.secret_rotation
  secret_recipient = var.secret_recipient
}

# Tries the new API client as Cortex XSOAR will: what fails is told in a warning of its own, on every plan and apply.
ephemeral "falcon_integration_probe" "cortex" {
  integration   = "cortex_xsoar"
  client_id     = falcon_api_client.cortex.client_id
  client_secret = falcon_api_client.cortex.client_secret
  recommended   = var.recommended_scopes
}

# A check may not show what it got from an ephemeral resource, so its text is fixed.
check "api_client_works" {
  assert {
    condition     = ephemeral.falcon_integration_probe.cortex.ok != false
    error_message = "Cortex XSOAR cannot work with this API client. The warning of falcon_integration_probe says why."
  }
}
