# An API client that somebody made in the console.
data "falcon_api_client" "receiver" {
  name = "Receiver"
}

# What it may do beyond what its receiver asks for.
output "scopes_to_take_away" {
  value = setsubtract(data.falcon_api_client.receiver.scopes, provider::falcon::integration_scopes("cortex_xsoar", "recommended"))
}

output "client_id" {
  value = data.falcon_api_client.receiver.client_id
}
