# Sets up what Zscaler's page "Integrating CrowdStrike with Adaptive Access Engine" asks for on the Falcon side. The
# provider reads its credentials from FALCON_CLIENT_ID and FALCON_CLIENT_SECRET.

data "falcon_tenant" "this" {}

data "falcon_api_scopes" "offered" {}

locals {
  documented_scopes = provider::falcon::integration_scopes("zscaler_adaptive_access")

  # Detections, Incidents and the old IOCs API are retired. New tenants do not offer their scopes.
  scopes = setintersection(local.documented_scopes, data.falcon_api_scopes.offered.ids)
}

resource "falcon_api_client" "zscaler" {
  name        = var.name
  description = "Zscaler Adaptive Access Engine reads host assessments with this client."
  scopes      = local.scopes

  secret_rotation  = var.secret_rotation
  secret_recipient = var.secret_recipient
}

# Uses the new API client as Zscaler will, on every plan and apply. A separate warning reports what fails.
ephemeral "falcon_integration_probe" "zscaler" {
  integration   = "zscaler_adaptive_access"
  client_id     = falcon_api_client.zscaler.client_id
  client_secret = falcon_api_client.zscaler.client_secret
}

# Terraform does not print a message that contains an ephemeral value, so this text is fixed.
check "api_client_works" {
  assert {
    condition     = ephemeral.falcon_integration_probe.zscaler.ok != false
    error_message = "Zscaler Adaptive Access cannot work with this API client. The warning of falcon_integration_probe says why."
  }
}

resource "falcon_webhook" "zscaler" {
  name                   = var.name
  url                    = var.webhook_url
  hmac_secret_wo         = var.hmac_secret
  hmac_secret_wo_version = var.hmac_secret_version
  config_id              = var.webhook_config_id
}

resource "falcon_workflow" "score_changed" {
  name        = "${var.name}: Score Changed"
  description = "Notifies Zscaler when the overall assessment of a host changes."

  notify_webhook = {
    trigger    = "score_changed"
    webhook_id = falcon_webhook.zscaler.id
  }
}

resource "falcon_workflow" "new_incident" {
  name        = "${var.name}: New Incident"
  description = "Notifies Zscaler of each new case."

  notify_webhook = {
    trigger    = "new_incident"
    webhook_id = falcon_webhook.zscaler.id
    fields     = var.case_fields
  }
}

resource "falcon_workflow" "incident_update" {
  name        = "${var.name}: Incident Update"
  description = "Notifies Zscaler when a case changes."

  notify_webhook = {
    trigger    = "incident_update"
    webhook_id = falcon_webhook.zscaler.id
    fields     = var.case_fields
  }
}

# The scores that Zscaler will see: `overall` is its Overall Score.
data "falcon_host_scores" "all" {}

check "host_scores" {
  assert {
    condition     = data.falcon_host_scores.all.matched > 0
    error_message = "No host has an assessment yet, so Zscaler has no score to act on."
  }

  assert {
    condition     = data.falcon_host_scores.all.matched == 0 || data.falcon_host_scores.all.summary.average >= var.minimum_average_score
    error_message = "The average overall score of the hosts is below ${var.minimum_average_score}."
  }
}
