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

// Resource types, as configurations name them.
const (
	APIClientType = "falcon_api_client"
	WebhookType   = "falcon_webhook"
)

// SignatureHeader is the header that falcon_webhook sends the signature in by default.
const SignatureHeader = "X-Cs-Primary-Signature"

// CreateInConsole is the summary of the error that guides through the console.
const CreateInConsole = "Webhook configuration has to be created in the Falcon console"

// sameDocument reports whether two workflow documents have the same content.
func SameDocumentText(a, b string) bool {
	da, errA := fusion.Parse(a)
	db, errB := fusion.Parse(b)
	return len(errA) == 0 && len(errB) == 0 && fusion.Equal(da, db)
}

// tenantNote is what an object's private state says about its tenant.
type noteOfTenant struct {
	CID      string `json:"cid"`
	ClientID string `json:"client_id"`
}

// HclString is a text as Terraform reads it, Fusion's ${ included.
func HclString(text string) string {
	return strings.NewReplacer("${", "$${", "%{", "%%{").Replace(fmt.Sprintf("%q", text))
}

// SleepDocument waits for a minute, on demand.
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

// SleepReformatted is the same workflow, written otherwise.
const SleepReformatted = `# a comment
{"actions": {"wait": {"version_constraint": "~1", "id": "4f1af1ae4c13dc1e3bcd725f8dc0f63b",
  "properties": {"sleep_time": "1m"}}}, "description": "waits", "name": "nap",
  "trigger": {"next": ["wait"], "type": "On demand", "name": "On demand"}}
`

// LoopsDocument is a document with every kind of node, as the simulated tenant's catalogue takes it.
func LoopsDocument(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(loopsFile)
	if err != nil {
		t.Fatal(err)
	}
	return strings.NewReplacer(
		"tag: seen\n", "tag: seen\n                            investigatable_id: x\n",
		"subject: ''", "subject: a detection",
	).Replace(string(text))
}

var loopsFile = RepoPath("internal", "fusion", "testdata", "loops.yaml")

const (
	WorkflowType = "falcon_workflow"
)

const (
	RunType = "falcon_run_workflow"
)

// OnDemand asks for a host.
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

// NightlyCheck is the workflow that the data source's example takes for there already.
func NightlyCheck(t *testing.T, sim *falconsim.Running) {
	t.Helper()
	NewProtocol(t, sim).Created(Arguments{"definition": SleepDocument, "name": "Nightly check"})
}

const RequiredFalcon = `
terraform {
  required_providers {
    falcon = { source = "falcon-integrations/falcon" }
  }
}
`

const WebhookURL = "https://receiver.example/hook"

const MovedURL = "https://receiver.example/moved"

const SecondKey = "another key of thirty-two letters"

const (
	TestHook = "falcon_webhook.test"
)

// WebhookConfig is a falcon_webhook named "zscaler" with its secret and further arguments.
func WebhookConfig(sim *falconsim.Running, url, key string, more ...string) string {
	return ProviderConfig(sim) + WebhookBlock(url, key, more...)
}

func WebhookBlock(url, key string, more ...string) string {
	if key != "" {
		more = append(more, fmt.Sprintf("hmac_secret_wo = %q", key))
	}
	return fmt.Sprintf("resource \"falcon_webhook\" \"test\" {\n  name = \"zscaler\"\n  url = %q\n  %s\n}\n", url, strings.Join(more, "\n  "))
}

// HookNamed is the one configuration that is not Slack's.
func HookNamed(t *testing.T, sim *falconsim.Running) falconsim.PluginConfig {
	t.Helper()
	found := WebhookConfigs(sim)
	if len(found) != 1 {
		t.Fatalf("%d webhook configurations, want one", len(found))
	}
	return found[0]
}

func WebhookConfigs(sim *falconsim.Running) []falconsim.PluginConfig {
	var found []falconsim.PluginConfig
	for _, c := range sim.PluginConfigs() {
		if strings.HasPrefix(c.Name, "zscaler") {
			found = append(found, c)
		}
	}
	return found
}

// ConsoleHook is the console step that makes the configuration.
func ConsoleHook(t *testing.T, sim *falconsim.Running, url string) string {
	t.Helper()
	id, err := sim.CreatePluginConfig("zscaler", url, coretest.TestKey, "")
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// TwinHook makes the list show a second configuration of the name "zscaler",
// which the simulator's console does not allow and Falcon's may. It has the id
// otherConfigID.
func TwinHook(t *testing.T, sim *falconsim.Running) {
	t.Helper()
	first := HookNamed(t, sim)
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

// OnlyWorkflow is the tenant's one workflow.
func OnlyWorkflow(t *testing.T, sim *falconsim.Running) falconsim.Workflow {
	t.Helper()
	all := sim.Workflows()
	if len(all) != 1 {
		t.Fatalf("the tenant has %d workflows, want 1", len(all))
	}
	return all[0]
}

var ClientArguments = Arguments{"name": "mine", "description": "for a test", "scopes": []string{"devices:read"}}

var WebhookArguments = Arguments{"name": "zscaler", "url": WebhookURL, "hmac_secret_wo": coretest.TestKey}

var WorkflowArguments = Arguments{"definition": SleepDocument}

func Constant(a Arguments) func(*Harness) Arguments { return func(*Harness) Arguments { return a } }

// NoteIn is the tenant that an object's private state names.
func NoteIn(t *testing.T, object Instance) noteOfTenant {
	t.Helper()
	var private map[string][]byte
	var note noteOfTenant
	if err := json.Unmarshal(object.Private, &private); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(private["tenant"], &note); err != nil {
		t.Fatal(err)
	}
	return note
}
