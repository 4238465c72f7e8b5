package provider_test

import (
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// The ids that mock_provider generates are not Falcon's, and a configuration that refers to them is validated.
func TestAccMockProvider(t *testing.T) {
	t.Parallel()
	w := acctest.NewTerraform(t, nil, nil)
	w.Write("main.tf", acctest.RequiredFalcon+`
resource "falcon_api_client" "this" {
  name   = "mine"
  scopes = ["devices:read"]
}
resource "falcon_webhook" "this" {
  name           = "zscaler"
  url            = "https://receiver.example/hook"
  hmac_secret_wo = "a key for tests, of 32 characters or more"
}
resource "falcon_workflow" "this" {
  name = "notify"
  notify_webhook = {
    trigger    = "score_changed"
    webhook_id = falcon_webhook.this.id
  }
}
resource "falcon_workflow" "request" {
  name = "request"
  notify_webhook = {
    trigger = "score_changed"
    http = {
      url           = "https://receiver.example/hook"
      success_codes = [200]
      # An id of something that is mocked is an id of another form.
      credential = { definition_id = falcon_webhook.this.id }
    }
  }
}
data "falcon_workflow" "this" {
  id = falcon_workflow.this.id
}
data "falcon_api_client" "this" {
  id = falcon_api_client.this.id
}
output "definition" {
  value = data.falcon_workflow.this.definition
}
`)
	w.Write("mock.tftest.hcl", `
mock_provider "falcon" {}
run "first" {
  assert {
    condition     = falcon_workflow.this.name == "notify"
    error_message = "The name is another one."
  }
}
run "second" {
  assert {
    condition     = output.definition != ""
    error_message = "No definition."
  }
}
`)
	w.Run("init")
	w.Run("test")
}
