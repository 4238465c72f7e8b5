# The same integration in every child tenant. Which children there are is in children.auto.tfvars.json: see README.md.
#
# OpenTofu reads fleet.tofu. Terraform reads fleet.tf, which is generated from fleet.tf.tftpl.

terraform {
  required_version = ">= 1.11"

  required_providers {
    falcon = {
      source  = "falcon-integrations/falcon"
      version = "~> 0.1"
    }
  }
}

variable "children" {
  description = "The child tenants, by CID."
  type        = map(object({ name = string }))
  nullable    = false

  validation {
    condition     = alltrue([for cid in keys(var.children) : can(regex("^[0-9a-f]{32}$", cid))])
    error_message = "A CID has 32 hexadecimal digits in lower case, without checksum."
  }
}

variable "removed_children" {
  description = "CIDs of children that have to be cleaned up. Their providers are still needed for that."
  type        = set(string)
  default     = []
}

variable "integration" {
  description = "The integration: a name that provider::falcon::integration_scopes accepts."
  type        = string
  default     = "cortex_xsoar"
}

variable "client_name" {
  description = "Name of the API client in every child."
  type        = string
  default     = "Cortex XSOAR"
}

variable "secret_recipient" {
  description = "age recipient for which the client secrets are encrypted; null keeps the secrets in state."
  type        = string
  default     = null
}

locals {
  workflows = {
    mail_new_cases = {
      document = file("${path.module}/workflows/mail-new-cases.yaml")
      actions  = ["Send email"]
      triggers = ["Case/Created"]
    }
    log_changed_cases = {
      document = file("${path.module}/workflows/log-changed-cases.yaml")
      actions  = ["Write to log repo"]
      triggers = ["Case/Updated"]
    }
  }

  # local.deployed, in fleet.tofu or fleet.tf, has the module of each child by CID.
  gaps = {
    for cid, child in local.deployed : cid => merge({ name = try(var.children[cid].name, null) }, child.gaps)
    if length(child.gaps.scopes) + length(child.gaps.workflows) > 0
  }
}

check "fleet_is_complete" {
  assert {
    condition     = toset(keys(local.deployed)) == toset(keys(var.children))
    error_message = "fleet.tf does not match children.auto.tfvars.json. Generate both again: see README.md."
  }
}

output "gaps" {
  description = "Children that do not offer everything: the scopes and workflows that they do not get."
  value       = local.gaps
}

output "api_clients" {
  description = "What to enter at the integration, by CID. Show it with: terraform output -json api_clients"
  value       = { for cid, child in local.deployed : cid => child.api_client }
  sensitive   = true
}
