variable "child_cid" {
  description = "CID of a Flight Control child tenant; null selects the tenant of the provider's own API client."
  type        = string
  default     = null
}

ephemeral "falcon_access_token" "child" {
  member_cid = var.child_cid
}

# Any provider for the Falcon API can use the token. Here it is this provider, for another tenant.
provider "falcon" {
  alias        = "child"
  base_url     = ephemeral.falcon_access_token.child.base_url
  access_token = ephemeral.falcon_access_token.child.access_token
}

data "falcon_tenant" "child" {
  provider = falcon.child
}

output "child_cid" {
  value = data.falcon_tenant.child.cid
}
