data "falcon_api_scopes" "offered" {}

resource "falcon_api_client" "zscaler" {
  name   = "Zscaler"
  scopes = setintersection(provider::falcon::integration_scopes("zscaler_adaptive_access"), data.falcon_api_scopes.offered.ids)
}

# Signs in with the new client and uses it as Zscaler will, on every plan and apply.
ephemeral "falcon_integration_probe" "zscaler" {
  integration   = "zscaler_adaptive_access"
  client_id     = falcon_api_client.zscaler.client_id
  client_secret = falcon_api_client.zscaler.client_secret
}

check "zscaler" {
  assert {
    # ok is null while there is no secret to test, so compare it with false.
    condition     = ephemeral.falcon_integration_probe.zscaler.ok != false
    error_message = "Zscaler cannot work with this API client. The warning of falcon_integration_probe says why."
  }
}
