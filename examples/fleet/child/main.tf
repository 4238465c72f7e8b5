# What one child tenant gets. The provider of the module is signed in to that child.

data "falcon_api_scopes" "offered" {}

data "falcon_workflow_catalog" "needed" {
  actions  = flatten([for w in var.workflows : w.actions])
  triggers = flatten([for w in var.workflows : w.triggers])
}

locals {
  needed_scopes = provider::falcon::integration_scopes(var.integration, "recommended")
  scopes        = setintersection(local.needed_scopes, data.falcon_api_scopes.offered.ids)

  missing = {
    for name, w in var.workflows : name => concat(
      [for action in w.actions : "action ${action}" if contains(data.falcon_workflow_catalog.needed.missing_actions, action)],
      [for event in w.triggers : "trigger ${event}" if contains(data.falcon_workflow_catalog.needed.missing_triggers, event)],
    )
  }
}

resource "falcon_api_client" "integration" {
  count            = length(local.scopes) > 0 ? 1 : 0
  name             = var.client_name
  description      = "For ${var.integration}. Managed by Terraform in the Flight Control parent."
  scopes           = local.scopes
  secret_recipient = var.secret_recipient
}

resource "falcon_workflow" "this" {
  for_each   = { for name, w in var.workflows : name => w.document if length(local.missing[name]) == 0 }
  definition = each.value
}
