data "falcon_tenant" "this" {}

# Receiving products ask for one of the two forms of the customer ID.
output "customer_id" {
  value = data.falcon_tenant.this.cid
}

output "customer_id_with_checksum" {
  value = data.falcon_tenant.this.ccid
}

output "base_url" {
  value = data.falcon_tenant.this.base_url
}
