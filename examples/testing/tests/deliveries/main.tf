# The webhook deliveries of the simulator, and whether a receiver would accept their signatures.

terraform {
  required_providers {
    falcon = {
      source  = "falcon-integrations/falcon"
      version = "~> 0.1"
    }
  }
}

variable "hmac_secret" {
  type = string
}

module "list" {
  source = "../console"
  path   = "/deliveries"
}

output "deliveries" {
  value = [for d in module.list.answer : {
    workflow = d.workflow_name
    url      = d.url
    data     = d.body.data
    genuine = d.header["X-Cs-Primary-Signature"][0] == provider::falcon::webhook_signature(
      var.hmac_secret, d.header["X-Cs-Delivery-Timestamp"][0], d.body_text
    )
  }]
}
