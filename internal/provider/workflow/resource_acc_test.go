package workflow_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

const (
	testFlow = "falcon_workflow.test"
)

// flow is a falcon_workflow with a definition.
func flow(sim *falconsim.Running, document string, more ...string) string {
	return acctest.ProviderConfig(sim) + flowBlock(document, more...)
}

func flowBlock(document string, more ...string) string {
	return fmt.Sprintf("resource \"falcon_workflow\" \"test\" {\n  definition = %s\n  %s\n}\n", acctest.HclString(document), strings.Join(more, "\n  "))
}

// wantFlow checks the tenant's one workflow.
func wantFlow(sim *falconsim.Running, name string, enabled bool, version int) resource.TestCheckFunc {
	return func(*terraform.State) error {
		all := sim.Workflows()
		if len(all) != 1 {
			return fmt.Errorf("the tenant has %d workflows, want 1", len(all))
		}
		if w := all[0]; w.Name != name || w.Enabled != enabled || w.Version != version {
			return fmt.Errorf("the tenant has %q, enabled %t, version %d; want %q, %t, %d", w.Name, w.Enabled, w.Version, name, enabled, version)
		}
		return nil
	}
}

func wantNoFlow(t *testing.T, sim *falconsim.Running) func(*terraform.State) error {
	t.Helper()
	return func(*terraform.State) error {
		if n := len(sim.Workflows()); n != 0 {
			return fmt.Errorf("%d workflows were left in the tenant", n)
		}
		return nil
	}
}

func flowAttr(name string, value knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(testFlow, tfjsonpath.New(name), value)
}

func plans(action plancheck.ResourceActionType) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(testFlow, action)}}
}

func TestAccWorkflow_lifeCycle(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	longer := strings.Replace(acctest.SleepDocument, "1m", "2m", 1)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		CheckDestroy:             wantNoFlow(t, sim),
		Steps: []resource.TestStep{
			{
				Config: flow(sim, acctest.SleepDocument),
				Check:  wantFlow(sim, "nap", true, 2),
				ConfigStateChecks: []statecheck.StateCheck{
					flowAttr("name", knownvalue.StringExact("nap")),
					flowAttr("description", knownvalue.StringExact("waits")),
					flowAttr("enabled", knownvalue.Bool(true)),
					flowAttr("version", knownvalue.Int64Exact(2)),
					flowAttr("definition", knownvalue.StringExact(acctest.SleepDocument)),
				},
			},
			{ // the same workflow in other words is no change
				Config:           flow(sim, acctest.SleepReformatted),
				ConfigPlanChecks: plans(plancheck.ResourceActionNoop),
				Check:            wantFlow(sim, "nap", true, 2),
			},
			{ // nor is one that Terraform writes
				Config: acctest.ProviderConfig(sim) + fmt.Sprintf(`resource "falcon_workflow" "test" {
  definition = yamlencode(yamldecode(%s))
}
`, acctest.HclString(acctest.SleepDocument)),
				ConfigPlanChecks: plans(plancheck.ResourceActionNoop),
			},
			{ // a property
				Config:            flow(sim, longer),
				ConfigPlanChecks:  plans(plancheck.ResourceActionUpdate),
				Check:             wantFlow(sim, "nap", true, 3),
				ConfigStateChecks: []statecheck.StateCheck{flowAttr("version", knownvalue.Int64Exact(3))},
			},
			{ // renamed in place, by the attribute
				Config:            flow(sim, longer, `name = "siesta"`, `description = ""`),
				ConfigPlanChecks:  plans(plancheck.ResourceActionUpdate),
				Check:             wantFlow(sim, "siesta", true, 4),
				ConfigStateChecks: []statecheck.StateCheck{flowAttr("description", knownvalue.StringExact(""))},
			},
			{ // off, alone
				Config:           flow(sim, longer, `name = "siesta"`, `description = ""`, `enabled = false`),
				ConfigPlanChecks: plans(plancheck.ResourceActionUpdate),
				Check:            wantFlow(sim, "siesta", false, 5),
			},
			{ // back to the document's name, and on again
				Config: flow(sim, longer),
				Check:  wantFlow(sim, "nap", true, 7),
			},
			{
				ResourceName:            testFlow,
				ImportState:             true,
				ImportStateVerify:       true,
				ImportStateVerifyIgnore: []string{"definition"},
			},
			{ // right on the first plan after an import
				ResourceName:    testFlow,
				Config:          flow(sim, longer),
				ImportState:     true,
				ImportStateKind: resource.ImportBlockWithID,
				ImportPlanChecks: resource.ImportPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(testFlow, plancheck.ResourceActionNoop),
				}},
			},
			{ResourceName: testFlow, ImportState: true, ImportStateId: "name:nap"},
			{
				ResourceName: testFlow, ImportState: true, ImportStateId: "name:nobody",
				ExpectError: regexp.MustCompile(`has 0 workflows named "nobody"`),
			},
			{
				ResourceName: testFlow, ImportState: true, ImportStateId: "nap",
				ExpectError: regexp.MustCompile(`Invalid import id`),
			},
		},
	})
}

func TestAccWorkflow_consoleEdits(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	edit := func(do func(id string) error) func() {
		return func() {
			if err := do(acctest.OnlyWorkflow(t, sim).ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	replace := func(from, to string) func() {
		return edit(func(id string) error {
			return sim.ReplaceWorkflow(id, []byte(strings.Replace(acctest.SleepDocument, from, to, 1)))
		})
	}
	heals := func(edit func(), version int) resource.TestStep {
		return resource.TestStep{
			PreConfig:        edit,
			Config:           flow(sim, acctest.SleepDocument),
			ConfigPlanChecks: plans(plancheck.ResourceActionUpdate),
			Check:            wantFlow(sim, "nap", true, version),
		}
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{Config: flow(sim, acctest.SleepDocument), Check: wantFlow(sim, "nap", true, 2)},
			heals(edit(func(id string) error { return sim.SetWorkflowEnabled(id, false) }), 4),
			heals(replace("1m", "9m"), 6),
			heals(replace("name: nap", "name: doze"), 8),
			heals(replace("description: waits", "description: dozes"), 10),
			heals(replace("actions:\n", "actions:\n  more:\n    id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b\n    properties:\n      sleep_time: 5m\n    version_constraint: ~1\n"), 12),
			{ // an edit that changes nothing but the version is no drift
				PreConfig:        replace("name: nap", "# a comment\nname: nap"),
				Config:           flow(sim, acctest.SleepDocument),
				ConfigPlanChecks: plans(plancheck.ResourceActionNoop),
			},
			{ // deleted in the console
				PreConfig:        edit(sim.DeleteWorkflow),
				Config:           flow(sim, acctest.SleepDocument),
				ConfigPlanChecks: plans(plancheck.ResourceActionCreate),
				Check:            wantFlow(sim, "nap", true, 2),
			},
		},
	})
}

// A create that fails says why and leaves nothing behind.
func TestAccWorkflow_refusals(t *testing.T) {
	t.Parallel()
	slack := `name: hello
trigger: {type: On demand, next: [say]}
actions:
  say:
    id: 184239ceb8a046cfb159228abd7cc67e
    name: Slack v2 - Chat PostMessage
    version_constraint: ~0
    properties: {json: {channel: general, text: hi}}
`
	unknownKey := strings.Replace(acctest.SleepDocument, "    properties:", "    colour: red\n    properties:", 1)
	for _, tt := range []struct {
		name, document, says string
		options              falconsim.Options
		prepare              func(*falconsim.Running)
	}{
		{name: "no YAML", document: "name: [", says: `Invalid workflow document`},
		{name: "an edge to nowhere", document: strings.Replace(acctest.SleepDocument, "- wait", "- weit", 1), says: `(?s)line 6.*weit`},
		{name: "no name", document: strings.Replace(acctest.SleepDocument, "name: nap\n", "", 1), says: `The document has no name`},
		{name: "unknown action", document: strings.Replace(acctest.SleepDocument, "4f1af1ae", "00000000", 1), says: `(?s)line \d+.*no\s+action\s+with\s+the\s+id`},
		{
			name:     "unknown action with a known name",
			document: strings.NewReplacer("4f1af1ae", "00000000", "    properties", "    name: Sleep\n    properties").Replace(acctest.SleepDocument),
			says:     `(?s)similar\s+name:.*Sleep`,
		},
		{
			name:     "unknown event",
			document: strings.Replace(acctest.SleepDocument, "type: On demand", "type: Signal\n  event: Case/Craeted", 1),
			says:     `(?s)no\s+trigger\s+for\s+the\s+event\s+"Case/Craeted".*Case/Created`,
		},
		{name: "missing property", document: strings.Replace(acctest.SleepDocument, "sleep_time: 1m", "other: 1m", 1), says: `(?s)requires\s+the\s+property\s+"sleep_time"`},
		{name: "a key that Falcon drops", document: unknownKey, says: `(?s)did\s+not\s+keep\s+all\s+of\s+it.*colour`},
		{name: "enabling is refused", document: slack, says: `(?s)code\s+2035`, options: falconsim.Options{NoSlackConfig: true}},
		{
			name: "enabling fails", document: acctest.SleepDocument, says: `500`,
			prepare: func(sim *falconsim.Running) {
				acctest.Inject(t, sim, falconsim.Fault{Path: acctest.WorkflowActionsPath, Status: http.StatusInternalServerError})
			},
		},
		{
			name: "no scope", document: acctest.SleepDocument, says: `(?s)lacks\s+the\s+scope\s+workflow:write`,
			options: falconsim.Options{Scopes: []string{"workflow:read"}},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sim := acctest.NewSim(t, tt.options)
			if tt.prepare != nil {
				tt.prepare(sim)
			}
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.Factories(),
				CheckDestroy:             wantNoFlow(t, sim),
				Steps:                    []resource.TestStep{{Config: flow(sim, tt.document), ExpectError: regexp.MustCompile(tt.says)}},
			})
			if n := len(sim.Workflows()); n != 0 {
				t.Errorf("%d workflows were left in the tenant", n)
			}
		})
	}
}

func TestAccWorkflow_nameTaken(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	first := acctest.ProviderConfig(sim) + strings.Replace(flowBlock(acctest.SleepDocument), `"test"`, `"first"`, 1)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{Config: first},
			{
				Config:      first + flowBlock(acctest.SleepDocument),
				ExpectError: regexp.MustCompile(`(?s)exists\s+already.*terraform import falcon_workflow\.this [0-9a-f]{32}`),
			},
			{Config: first, Check: wantFlow(sim, "nap", true, 2)},
		},
	})
}

func TestAccWorkflow_lostAnswers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		fault falconsim.Fault
	}{
		{"import, dropped after it took effect", falconsim.Fault{Path: acctest.ImportPath, Kind: falconsim.FaultDropAfter}},
		{"import, truncated", falconsim.Fault{Path: acctest.ImportPath, Kind: falconsim.FaultTruncate}},
		{"enable, dropped after it took effect", falconsim.Fault{Path: acctest.WorkflowActionsPath, Kind: falconsim.FaultDropAfter}},
		{"import, 429", falconsim.Fault{Path: acctest.ImportPath, Status: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {"0"}}}},
		{"list, 503", falconsim.Fault{Path: "/workflows/combined/definitions/v1", Status: http.StatusServiceUnavailable, Header: http.Header{"Retry-After": {"0"}}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sim := acctest.NewSim(t, falconsim.Options{})
			f := tt.fault
			f.Times = 1
			if f.Path == acctest.ImportPath {
				f.Match = func(r *http.Request) bool { return r.URL.Query().Get("validate_only") != "true" }
			}
			acctest.Inject(t, sim, f)
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.Factories(),
				Steps:                    []resource.TestStep{{Config: flow(sim, acctest.SleepDocument), Check: wantFlow(sim, "nap", true, 2)}},
			})
		})
	}
}

// A definition that is known only after apply, as the output of another resource.
func TestAccWorkflow_unknownDefinition(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	config := func(minutes string) string {
		return acctest.ProviderConfig(sim) + fmt.Sprintf(`
resource "terraform_data" "doc" {
  input = %s
}
resource "falcon_workflow" "test" {
  definition = terraform_data.doc.output
}
`, acctest.HclString(strings.Replace(acctest.SleepDocument, "1m", minutes, 1)))
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{Config: config("1m"), Check: wantFlow(sim, "nap", true, 2)},
			{Config: config("2m"), Check: wantFlow(sim, "nap", true, 3)},
		},
	})
}

// A pipeline that may only read plans all the same, with one warning.
func TestAccWorkflow_readOnlyPipeline(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	sim.AddClient("reader", "reader-secret", []string{"workflow:read"})
	longer := strings.Replace(acctest.SleepDocument, "1m", "2m", 1)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{Config: flow(sim, acctest.SleepDocument)},
			{
				Config:             acctest.ProviderConfigFor(sim, "reader", "reader-secret") + flowBlock(longer),
				PlanOnly:           true,
				ExpectNonEmptyPlan: true,
			},
			{Config: flow(sim, acctest.SleepDocument)},
		},
	})
}
