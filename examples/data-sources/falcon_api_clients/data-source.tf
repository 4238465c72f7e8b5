data "falcon_api_clients" "all" {}

locals {
  # The integrations of this tenant, by the name of their API client.
  integrations = {
    "Cortex XSOAR" = "cortex_xsoar"
    "Netskope CRE" = "netskope_risk_exchange"
  }
  # API clients that may have any scope, such as that of Terraform itself.
  unrestricted = ["Terraform"]

  needed = { for name, integration in local.integrations : name => provider::falcon::integration_scopes(integration, "recommended") }

  # Those that may have write scopes: the integrations need them, the others are exceptions.
  writers = concat(local.unrestricted, keys(local.integrations))

  # Falcon may not show the scopes of API clients: they are null then.
  audit = [for c in data.falcon_api_clients.all.clients : {
    id            = c.id
    name          = coalesce(c.name, c.id)
    created       = c.created
    last_modified = c.last_modified
    write         = [for s in coalesce(c.scopes, []) : s if endswith(s, ":write")]
    retired       = coalesce(c.retired_scopes, [])
    excess        = [for s in coalesce(c.scopes, []) : s if !contains(lookup(local.needed, coalesce(c.name, c.id), [s]), s)]
  }]

  unexpected_writers = [for c in local.audit : c if length(c.write) > 0 && !contains(local.writers, c.name)]
}

check "scopes_are_shown" {
  assert {
    condition     = alltrue([for c in data.falcon_api_clients.all.clients : c.scopes != null])
    error_message = "Falcon does not show the scopes of some API clients, so this audit is incomplete."
  }
}

check "no_unexpected_write_scopes" {
  assert {
    condition     = length(local.unexpected_writers) == 0
    error_message = "API clients with unexpected write scopes: ${join(", ", [for c in local.unexpected_writers : "${c.name} (${join(", ", c.write)})"])}."
  }
}

check "no_retired_scopes" {
  assert {
    condition     = alltrue([for c in local.audit : length(c.retired) == 0])
    error_message = "API clients with scopes of retired products: ${join(", ", [for c in local.audit : "${c.name} (${join(", ", c.retired)})" if length(c.retired) > 0])}."
  }
}

check "no_more_than_needed" {
  assert {
    condition     = alltrue([for c in local.audit : length(c.excess) == 0])
    error_message = "API clients with more scopes than their integration needs: ${join(", ", [for c in local.audit : "${c.name} (${join(", ", c.excess)})" if length(c.excess) > 0])}."
  }
}

# One row per API client that has write scopes, retired scopes, or more than it needs. terraform output -json api_client_audit prints it for other programs.
output "api_client_audit" {
  value = [for c in local.audit : c if length(c.write) + length(c.retired) + length(c.excess) > 0]
}
