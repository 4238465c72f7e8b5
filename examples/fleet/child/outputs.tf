output "gaps" {
  description = "What the integration needs and this child does not offer: scopes, and workflows with what they lack."
  value = {
    scopes    = sort(setsubtract(local.needed_scopes, local.scopes))
    workflows = { for name, lacks in local.missing : name => lacks if length(lacks) > 0 }
  }
}

output "api_client" {
  description = "What to enter at the integration. Null if the child offers none of the scopes."
  value = one([for c in falcon_api_client.integration : {
    base_url                = c.base_url
    client_id               = c.client_id
    client_secret           = c.client_secret
    encrypted_client_secret = c.encrypted_client_secret
  }])
  sensitive = true
}
