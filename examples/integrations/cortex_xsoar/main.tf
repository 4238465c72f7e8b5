# Creates the API client that Cortex XSOAR's CrowdStrike Falcon integration asks for. The provider reads its credentials
# from FALCON_CLIENT_ID and FALCON_CLIENT_SECRET.

data "falcon_tenant" "this" {}

data "falcon_api_scopes" "offered" {}

locals {
  documented_scopes = provider::falcon::integration_scopes("cortex_xsoar", var.recommended_scopes ? ["recommended"] : []...)

  # Detections and Incidents are retired. New tenants do not offer their scopes.
  scopes = setintersection(local.documented_scopes, data.falcon_api_scopes.offered.ids)
}

resource "falcon_api_client" "cortex" {
  name             = var.name
  description      = "Cortex XSOAR's CrowdStrike Falcon integration reads and acts with this client."
  scopes           = local.scopes
  secret_rotation  = var.secret_rotation
  secret_recipient = var.secret_recipient
}

# Uses the new API client as Cortex XSOAR will, on every plan and apply. A separate warning reports what fails.
ephemeral "falcon_integration_probe" "cortex" {
  integration   = "cortex_xsoar"
  client_id     = falcon_api_client.cortex.client_id
  client_secret = falcon_api_client.cortex.client_secret
  recommended   = var.recommended_scopes
}

# Terraform does not print a message that contains an ephemeral value, so this text is fixed.
check "api_client_works" {
  assert {
    condition     = ephemeral.falcon_integration_probe.cortex.ok != false
    error_message = "Cortex XSOAR cannot work with this API client. The warning of falcon_integration_probe says why."
  }
}
