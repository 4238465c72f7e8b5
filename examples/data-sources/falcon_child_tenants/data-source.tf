# Sign in to the Flight Control parent, without member_cid.
data "falcon_child_tenants" "all" {}

output "child_tenants" {
  value = { for child in data.falcon_child_tenants.all.children : child.cid => child.name if child.status != "inactive" }
}
