# Reads the child tenants in the Flight Control parent and writes the files of the configuration above: see README.md.

terraform {
  required_version = ">= 1.11"

  required_providers {
    falcon = {
      source  = "falcon-integrations/falcon"
      version = "~> 0.1"
    }
  }
}

variable "excluded_children" {
  description = "CIDs of children that are not managed."
  type        = set(string)
  default     = []
}

variable "removed_children" {
  description = "CIDs of children that have to be cleaned up."
  type        = set(string)
  default     = []
}

data "falcon_child_tenants" "all" {}

locals {
  children = {
    for child in data.falcon_child_tenants.all.children : child.cid => { name = coalesce(child.name, child.cid) }
    if !contains(setunion(var.excluded_children, var.removed_children), child.cid)
  }
}

output "tfvars" {
  description = "children.auto.tfvars.json"
  value       = jsonencode({ children = local.children, removed_children = var.removed_children })
}

output "fleet" {
  description = "fleet.tf, for Terraform only."
  value       = templatefile("${path.module}/../fleet.tf.tftpl", { children = toset(keys(local.children)), removed_children = var.removed_children })
}
