data "falcon_api_scopes" "offered" {}

resource "falcon_api_client" "zscaler" {
  name   = "Zscaler"
  scopes = setintersection(provider::falcon::integration_scopes("zscaler_adaptive_access"), data.falcon_api_scopes.offered.ids)
}

# Signs in with the new client and uses it as Zscaler will, on every plan and apply.
data "falcon_integration_probe" "zscaler" {
  integration   = "zscaler_adaptive_access"
  client_id     = falcon_api_client.zscaler.client_id
  client_secret = falcon_api_client.zscaler.client_secret
}

output "zscaler_works" {
  value = data.falcon_integration_probe.zscaler.ok
}
