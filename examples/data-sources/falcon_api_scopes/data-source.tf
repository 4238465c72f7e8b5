data "falcon_api_scopes" "offered" {}

data "falcon_api_scopes" "read_only" {
  action = "read"
}

locals {
  wanted = ["devices:read", "detects:read", "zero-trust-assessment:read"]
}

# The scopes that an API client of this tenant can have, and those that it cannot have.
output "usable" {
  value = setintersection(local.wanted, data.falcon_api_scopes.offered.ids)
}

output "not_offered" {
  value = setsubtract(local.wanted, data.falcon_api_scopes.offered.ids)
}

output "readable_groups" {
  value = distinct(data.falcon_api_scopes.read_only.scopes[*].group)
}
