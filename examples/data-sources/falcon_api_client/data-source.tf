# An API client that someone created in the console.
data "falcon_api_client" "receiver" {
  name = "Receiver"
}

# The scopes that it has and its receiver does not ask for.
output "scopes_to_take_away" {
  value = setsubtract(data.falcon_api_client.receiver.scopes, provider::falcon::integration_scopes("cortex_xsoar", "recommended"))
}

output "client_id" {
  value = data.falcon_api_client.receiver.client_id
}
