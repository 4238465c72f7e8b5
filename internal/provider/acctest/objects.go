package acctest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/fusion"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

// Resource types.
const (
	APIClientType = "falcon_api_client"
	WebhookType   = "falcon_webhook"
	WorkflowType  = "falcon_workflow"
)

// SignatureHeader is the header that falcon_webhook sends the signature in by default.
const SignatureHeader = "X-Cs-Primary-Signature"

// CreateInConsoleSummary is the summary of the error that describes the steps in the console.
const CreateInConsoleSummary = "Webhook configuration has to be created in the Falcon console"

// SameDocument reports whether two workflow documents have the same content.
func SameDocument(a, b string) bool {
	da, errA := fusion.Parse(a)
	db, errB := fusion.Parse(b)
	return len(errA) == 0 && len(errB) == 0 && fusion.Equal(da, db)
}

// tenantNote is the tenant in the private state of an object.
type tenantNote struct {
	CID      string `json:"cid"`
	ClientID string `json:"client_id"`
}

// HCLString quotes a text for a Terraform configuration, and escapes template sequences, which Fusion uses too.
func HCLString(text string) string {
	return strings.NewReplacer("${", "$${", "%{", "%%{").Replace(fmt.Sprintf("%q", text))
}

// SleepDocument is an on-demand workflow that waits for a minute.
const SleepDocument = `name: nap
description: waits
trigger:
  type: On demand
  next:
    - wait
actions:
  wait:
    id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b
    properties:
      sleep_time: 1m
    version_constraint: ~1
`

// SleepReformatted is the same workflow with another formatting.
const SleepReformatted = `# a comment
{"actions": {"wait": {"version_constraint": "~1", "id": "4f1af1ae4c13dc1e3bcd725f8dc0f63b",
  "properties": {"sleep_time": "1m"}}}, "description": "waits", "name": "nap",
  "trigger": {"next": ["wait"], "type": "On demand", "name": "On demand"}}
`

// LoopsDocument returns a document with every kind of node that the simulated tenant's catalog accepts.
func LoopsDocument(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(loopsFile) //nolint:gosec // a file of the repository
	if err != nil {
		t.Fatal(err)
	}
	return strings.NewReplacer(
		"tag: seen\n", "tag: seen\n                            investigatable_id: x\n",
		"subject: ''", "subject: a detection",
	).Replace(string(text))
}

var loopsFile = RepoPath("internal", "fusion", "testdata", "loops.yaml")

// OnDemand is an on-demand workflow with parameters, of which host is required.
const OnDemand = `name: contain
trigger:
  type: On demand
  name: On demand
  next: [wait]
  parameters:
    type: object
    properties:
      host: {type: string, title: Host}
      count: {type: integer, minimum: 1}
      tags: {type: array, items: {type: string}}
    required: [host]
actions:
  wait:
    id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b
    name: Sleep
    properties: {sleep_time: 1m}
    version_constraint: ~1
`

// CreateNightlyCheck creates the workflow that the example of the data source reads.
func CreateNightlyCheck(t *testing.T, sim *falconsim.Running) {
	t.Helper()
	NewProtocol(t, sim).Create(Arguments{"definition": SleepDocument, "name": "Nightly check"})
}

// RequiredFalcon is the terraform block that names the provider.
const RequiredFalcon = `
terraform {
  required_providers {
    falcon = { source = "falcon-integrations/falcon" }
  }
}
`

// Arguments of falcon_webhook.test, whose address is WebhookAddress. SecondKey is an HMAC secret in addition to coretest.TestKey.
const (
	WebhookAddress = "falcon_webhook.test"
	WebhookURL     = "https://receiver.example/hook"
	MovedURL       = "https://receiver.example/moved"
	SecondKey      = "another key of thirty-two letters"
)

// WebhookConfig returns a configuration with the provider and WebhookBlock.
func WebhookConfig(sim *falconsim.Running, url, key string, more ...string) string {
	return ProviderConfig(sim) + WebhookBlock(url, key, more...)
}

// WebhookBlock returns falcon_webhook.test, named "zscaler", with a URL, a secret unless it is "", and more arguments.
func WebhookBlock(url, key string, more ...string) string {
	if key != "" {
		more = append(more, fmt.Sprintf("hmac_secret_wo = %q", key))
	}
	return fmt.Sprintf("resource \"falcon_webhook\" \"test\" {\n  name = \"zscaler\"\n  url = %q\n  %s\n}\n", url, strings.Join(more, "\n  "))
}

// OnlyWebhook returns the only managed webhook configuration.
func OnlyWebhook(t *testing.T, sim *falconsim.Running) falconsim.PluginConfig {
	t.Helper()
	found := ManagedWebhooks(sim)
	if len(found) != 1 {
		t.Fatalf("%d webhook configurations, want one", len(found))
	}
	return found[0]
}

// ManagedWebhooks returns the webhook configurations that tests create: those whose name begins with "zscaler".
func ManagedWebhooks(sim *falconsim.Running) []falconsim.PluginConfig {
	var found []falconsim.PluginConfig
	for _, c := range sim.PluginConfigs() {
		if strings.HasPrefix(c.Name, "zscaler") {
			found = append(found, c)
		}
	}
	return found
}

// CreateWebhookInConsole creates the configuration as a user does in the console, and returns its id.
func CreateWebhookInConsole(t *testing.T, sim *falconsim.Running, url string) string {
	t.Helper()
	id, err := sim.CreatePluginConfig("zscaler", url, coretest.TestKey, "")
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// ListDuplicateWebhook makes the list show a second configuration named "zscaler", with the id coretest.OtherConfigID. The
// simulator's console does not allow that, but Falcon's may.
func ListDuplicateWebhook(t *testing.T, sim *falconsim.Running) {
	t.Helper()
	first := OnlyWebhook(t, sim)
	var items []map[string]any
	for _, id := range []string{first.ID, coretest.OtherConfigID} {
		items = append(items, map[string]any{
			"app_id": first.AppID, "definition_id": first.DefinitionID, "state": first.State, "config_id": id,
			"config": map[string]string{"name": first.Name, "url": first.URL, "signature_header_name": first.SignatureHeader},
		})
	}
	body, err := json.Marshal(map[string]any{
		"meta": map[string]any{"pagination": map[string]int{"total": len(items)}}, "errors": []any{}, "resources": items,
	})
	if err != nil {
		t.Fatal(err)
	}
	Inject(t, sim, falconsim.Fault{Method: http.MethodGet, Path: ConfigsListPath, Status: http.StatusOK, Body: string(body)})
}

// OnlyWorkflow returns the tenant's only workflow.
func OnlyWorkflow(t *testing.T, sim *falconsim.Running) falconsim.Workflow {
	t.Helper()
	all := sim.Workflows()
	if len(all) != 1 {
		t.Fatalf("the tenant has %d workflows, want 1", len(all))
	}
	return all[0]
}

// Configurations of one object of each type.
var (
	ClientArguments   = Arguments{"name": "mine", "description": "for a test", "scopes": []string{"devices:read"}}
	WebhookArguments  = Arguments{"name": "zscaler", "url": WebhookURL, "hmac_secret_wo": coretest.TestKey}
	WorkflowArguments = Arguments{"definition": SleepDocument}
)

// PrivateTenant returns the tenant in the private state of an object.
func PrivateTenant(t *testing.T, object Instance) tenantNote {
	t.Helper()
	var private map[string][]byte
	var note tenantNote
	if err := json.Unmarshal(object.Private, &private); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(private["tenant"], &note); err != nil {
		t.Fatal(err)
	}
	return note
}
