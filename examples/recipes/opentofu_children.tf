# To leave a child tenant, first set managed = false and apply. Its provider is needed to delete the objects. Then remove the child.
variable "children" {
  type = map(object({
    cid     = string
    managed = optional(bool, true)
  }))
}

provider "falcon" {
  alias      = "child"
  for_each   = var.children
  member_cid = each.value.cid
}

resource "falcon_api_client" "scanner" {
  for_each = { for key, child in var.children : key => child if child.managed }
  provider = falcon.child[each.key]

  name   = "Vulnerability scanner"
  scopes = ["devices:read"]
}

output "client_ids" {
  value = { for key, client in falcon_api_client.scanner : key => client.client_id }
}
