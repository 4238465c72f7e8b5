data "falcon_api_scopes" "offered" {}

resource "falcon_api_client" "receiver" {
  name        = "Risk dashboard"
  description = "Reads hosts and their assessments."

  # Only scopes that the tenant offers: those of retired products are left out.
  scopes = setintersection(
    ["devices:read", "zero-trust-assessment:read", "detects:read"],
    data.falcon_api_scopes.offered.ids,
  )

  # Any change of this map gives the API client a new secret.
  secret_rotation = {
    quarter = "2026-Q4"
  }
}

# The values that the receiving product asks for.
output "base_url" {
  value = falcon_api_client.receiver.base_url
}

output "client_id" {
  value = falcon_api_client.receiver.client_id
}

output "client_secret" {
  value     = falcon_api_client.receiver.client_secret
  sensitive = true
}
