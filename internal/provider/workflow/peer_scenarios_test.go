package workflow_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// peerFlow returns a workflow that waits, with further lines of its trigger and its action.
func peerFlow(name, description, trigger, properties string) string {
	text := "name: " + name + "\n"
	if description != "" {
		text += "description: " + description + "\n"
	}
	return text + "trigger:\n  next: [rest]\n  name: On demand\n  type: On demand\n" + trigger +
		"actions:\n  rest:\n    id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b\n    version_constraint: ~1\n" + properties
}

func waits(duration string) string { return "    properties: {sleep_time: " + duration + "}\n" }

// hasFlow checks the tenant's only workflow, and values of its document by dotted paths.
func hasFlow(name string, enabled bool, version int, values ...string) func(*falconsim.Server) string {
	return func(sim *falconsim.Server) string {
		all := sim.Workflows()
		if len(all) != 1 {
			return fmt.Sprintf("the tenant has %d workflows, want 1", len(all))
		}
		w := all[0]
		if w.Name != name || w.Enabled != enabled || w.Version != version {
			return fmt.Sprintf("the tenant has %q, enabled %t, version %d; want %q, %t, %d", w.Name, w.Enabled, w.Version, name, enabled, version)
		}
		for _, value := range values {
			path, want, _ := strings.Cut(value, "=")
			keys := strings.Split(path, ".")
			got := nodeOf(w, keys[:len(keys)-1]...)[keys[len(keys)-1]]
			if got == nil {
				got = ""
			}
			if fmt.Sprint(got) != want {
				return fmt.Sprintf("%s is %v, want %s", path, got, want)
			}
		}
		return ""
	}
}

func noFlow(sim *falconsim.Server) string {
	if n := len(sim.Workflows()); n > 0 {
		return fmt.Sprintf("the tenant has %d workflows, want none", n)
	}
	return ""
}

var (
	peerBasic   = peerFlow("errand", "", "", waits("1m"))
	peerFull    = peerFlow("errand", "an errand", "  parameters: {type: object, properties: {why: {type: string}}, required: [why]}\n", waits("1m"))
	peerRenamed = peerFlow("another errand", "", "", waits("2m"))
	// peerDraft lacks a required property: Falcon stores it and does not enable it.
	peerDraft   = peerFlow("errand", "", "", "")
	peerUnknown = strings.Replace(peerBasic, "4f1af1ae4c13dc1e3bcd725f8dc0f63b", "0123456789abcdef0123456789abcdee", 1)
	// peerEncoded is peerRenamed as yamlencode writes it.
	peerEncoded = "\"actions\":\n  \"rest\":\n    \"id\": \"4f1af1ae4c13dc1e3bcd725f8dc0f63b\"\n    \"properties\":\n      \"sleep_time\": \"2m\"\n" +
		"    \"version_constraint\": \"~1\"\n\"name\": \"another errand\"\n\"trigger\":\n  \"name\": \"On demand\"\n  \"next\":\n  - \"rest\"\n  \"type\": \"On demand\"\n"
	peerScheduled = "name: errand\ntrigger:\n  next: [rest]\n  event: Schedule\n  name: by another label\n  type: Scheduled\n" +
		"  schedule: {time_cycle: 5 4 * * 2, start_date: '', end_date: '', tz: Europe/Berlin, skip_concurrent: false}\n" +
		"actions:\n  rest:\n    id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b\n    default_name: not what Falcon calls it\n    version_constraint: ~1\n    properties: {sleep_time: 1m}\n"
)

// The acceptance tests of crowdstrike_fusion_soar_workflow. TestMove and TestMove_enabledOmitted move such a resource.
var fusionSoarScenarios = []acctest.Scenario{
	{
		Peer: "fusion_soar", Name: "basic",
		Differs: "enabled is true by default, because a workflow runs only while it is enabled; an import plans no update, because definition is compared by content",
		Steps: []acctest.Step{
			{
				Config: acctest.Arguments{"definition": peerBasic, "enabled": false}, Plans: "create", Writes: 1,
				State:  map[string]string{"definition": strings.TrimSpace(peerBasic), "enabled": "false", "version": "1", "description": ""},
				Falcon: hasFlow("errand", false, 1),
			},
			{Imports: true, Hidden: []string{"definition"}},
			{Config: acctest.Arguments{"definition": peerBasic, "enabled": false}, Plans: "nothing"},
			{Writes: 1, Falcon: noFlow},
		},
	},
	{
		Peer: "fusion_soar", Name: "update",
		Differs: "text with the same content is not an update; omitting enabled means true, theirs false",
		Steps: []acctest.Step{
			{
				Config: acctest.Arguments{"definition": peerFull, "enabled": true}, Plans: "create", Writes: 2,
				State:  map[string]string{"definition": strings.TrimSpace(peerFull), "description": "an errand"},
				Falcon: hasFlow("errand", true, 2, "description=an errand", "trigger.parameters.properties.why.type=string"),
			},
			{Imports: true, Hidden: []string{"definition"}},
			{
				Config: acctest.Arguments{"definition": peerRenamed, "enabled": true}, Plans: "update", Writes: 1,
				State:  map[string]string{"definition": strings.TrimSpace(peerRenamed), "name": "another errand", "description": ""},
				Falcon: hasFlow("another errand", true, 3, "description=", "trigger.parameters=", "actions.rest.properties.sleep_time=2m"),
			},
			{Config: acctest.Arguments{"definition": peerEncoded, "enabled": true}, Plans: "nothing", Falcon: hasFlow("another errand", true, 3)},
			{
				Config: acctest.Arguments{"definition": peerBasic, "enabled": false}, Plans: "update", Writes: 2,
				State: map[string]string{"enabled": "false", "name": "errand"}, Falcon: hasFlow("errand", false, 5),
			},
			{
				Config: acctest.Arguments{"definition": peerBasic}, Plans: "update", Changes: []string{"enabled"}, Writes: 1,
				State: map[string]string{"enabled": "true"}, Falcon: hasFlow("errand", true, 6),
			},
		},
	},
	{
		Peer: "fusion_soar", Name: "drift",
		Steps: []acctest.Step{
			{Config: acctest.Arguments{"definition": peerBasic}, Plans: "create", Writes: 2},
			{
				Outside: func(sim *falconsim.Server, id string) error {
					if err := sim.ReplaceWorkflow(id, []byte(peerFlow("errand", "", "", waits("5m")))); err != nil {
						return err
					}
					return sim.SetWorkflowEnabled(id, false)
				},
				Config: acctest.Arguments{"definition": peerBasic}, Plans: "update", Changes: []string{"definition", "document", "enabled"}, Writes: 2,
				Falcon: hasFlow("errand", true, 6, "actions.rest.properties.sleep_time=1m"),
			},
		},
	},
	{
		Peer: "fusion_soar", Name: "disappears",
		Steps: []acctest.Step{
			{Config: acctest.Arguments{"definition": peerBasic}, Plans: "create", Writes: 2},
			{
				Outside: (*falconsim.Server).DeleteWorkflow,
				Config:  acctest.Arguments{"definition": peerBasic}, Plans: "create", Writes: 2, Falcon: hasFlow("errand", true, 2),
			},
		},
	},
	{
		Peer: "fusion_soar", Name: "names that Falcon replaces",
		Steps: []acctest.Step{{
			Config: acctest.Arguments{"definition": peerScheduled, "enabled": false}, Plans: "create", Writes: 1,
			State:  map[string]string{"definition": strings.TrimSpace(peerScheduled)},
			Falcon: hasFlow("errand", false, 1, "trigger.name=Scheduled", "actions.rest.default_name=Sleep"),
		}},
	},
	{
		Peer: "fusion_soar", Name: "not YAML", Differs: "reported by validate, with the line, not by Falcon at apply",
		Steps: []acctest.Step{{Config: acctest.Arguments{"definition": "name: [never closed"}, Fails: "definition: Invalid workflow document: line 2, column 1", Falcon: noFlow}},
	},
	{
		Peer: "fusion_soar", Name: "unknown key",
		Differs: "validate warns about the key, with its line, and the created workflow is deleted, so that nothing has the name",
		Steps: []acctest.Step{{
			Config: acctest.Arguments{"definition": peerBasic + "not_a_key: here\n"}, Plans: "create", Writes: 2,
			Warns: "line 11, column 1.*not_a_key", Fails: "line 11, column 1: Falcon dropped this key", Late: true, Falcon: noFlow,
		}},
	},
	{
		Peer: "fusion_soar", Name: "created enabled although invalid", Differs: "reported by plan; theirs has created the workflow by then",
		Steps: []acctest.Step{{Config: acctest.Arguments{"definition": peerDraft}, Fails: "definition: .*sleep_time", Falcon: noFlow}},
	},
	{
		Peer: "fusion_soar", Name: "draft, then enabled", Differs: "plan reports that the workflow cannot be enabled, and validation_errors shows why",
		Steps: []acctest.Step{
			{
				Config: acctest.Arguments{"definition": peerDraft, "enabled": false}, Plans: "create", Writes: 1, Warns: "sleep_time",
				State: map[string]string{"definition": strings.TrimSpace(peerDraft), "enabled": "false"}, Falcon: hasFlow("errand", false, 1),
			},
			{Config: acctest.Arguments{"definition": peerDraft, "enabled": true}, Fails: "definition: .*sleep_time", Falcon: hasFlow("errand", false, 1)},
			{Config: acctest.Arguments{"definition": peerBasic, "enabled": true}, Plans: "update", Writes: 2, Falcon: hasFlow("errand", true, 3)},
		},
	},
	{
		Peer: "fusion_soar", Name: "update to an unknown action", Differs: "reported by plan",
		Steps: []acctest.Step{
			{Config: acctest.Arguments{"definition": peerBasic, "enabled": false}, Plans: "create", Writes: 1},
			{
				Config: acctest.Arguments{"definition": peerUnknown, "enabled": false}, Fails: "definition: .*0123456789abcdef0123456789abcdee",
				Falcon: hasFlow("errand", false, 1),
			},
			{Config: acctest.Arguments{"definition": peerBasic, "enabled": false}, Plans: "nothing"},
		},
	},
}

func TestPeerScenarios_fusionSoar(t *testing.T) {
	t.Parallel()
	acctest.RunScenarios(t, acctest.WorkflowType, falconsim.Options{}, fusionSoarScenarios)
}

// peerConsoleOff is peerBasic with a key of elastic's documents that Fusion's do not have.
var peerConsoleOff = peerBasic + "enabled: false\n"

// The acceptance tests of elasticstack_kibana_agentbuilder_workflow. A chosen id and spaces have no counterpart: Falcon
// assigns the id, and the tenant is the provider's (TestTenantGuard_refusesElsewhere).
var elasticScenarios = []acctest.Scenario{
	{
		Peer: "elastic", Name: "life",
		Differs: "layout and order of keys are not an update, because Falcon keeps neither; enabled is an argument, not a key of the document; an omitted description is empty, not null, as Falcon shows it",
		Steps: []acctest.Step{
			{
				Config: acctest.Arguments{"definition": acctest.SleepDocument}, Plans: "create", Writes: 2,
				State: map[string]string{"name": "nap", "description": "waits", "enabled": "true", "validation_errors": "tftypes.List[tftypes.Object[\"code\":tftypes.Number, \"message\":tftypes.String, \"node\":tftypes.String, \"property\":tftypes.String]]<>"},
			},
			{Config: acctest.Arguments{"definition": strings.ReplaceAll(acctest.SleepDocument, ": ", ":    ") + "\n\n"}, Plans: "nothing"},
			{Config: acctest.Arguments{"definition": acctest.SleepReformatted}, Plans: "nothing"},
			{Imports: true, Hidden: []string{"definition"}},
			{
				Config: acctest.Arguments{"definition": strings.NewReplacer("name: nap", "name: siesta", "waits", "waits longer", "1m", "3m").Replace(acctest.SleepDocument), "enabled": false},
				Plans:  "update", Changes: []string{"definition", "description", "document", "enabled", "name"}, Writes: 2,
				State: map[string]string{"name": "siesta", "description": "waits longer", "enabled": "false"},
			},
			{
				Config: acctest.Arguments{"definition": strings.Replace(acctest.SleepDocument, "description: waits\n", "", 1)}, Plans: "update", Writes: 2,
				State: map[string]string{"name": "nap", "description": "", "enabled": "true"}, Falcon: hasFlow("nap", true, 6, "description="),
			},
		},
	},
	{
		Peer: "elastic", Name: "invalid at create", Differs: "reported by validate",
		Steps: []acctest.Step{{Config: acctest.Arguments{"definition": "not_working: hello\n"}, Fails: "definition: ", Falcon: noFlow}},
	},
	{
		Peer: "elastic", Name: "invalid at update", Differs: "reported by validate",
		Steps: []acctest.Step{
			{Config: acctest.Arguments{"definition": peerBasic}, Plans: "create", Writes: 2},
			{Config: acctest.Arguments{"definition": "name: errand\nnot_working: hello\n"}, Fails: "definition: ", Falcon: hasFlow("errand", true, 2)},
			{Config: acctest.Arguments{"definition": peerBasic}, Plans: "nothing"},
		},
	},
	{
		Peer: "elastic", Name: "enabled in the document", Differs: "the argument decides whether the workflow is enabled; the document's key is ignored",
		Steps: []acctest.Step{
			{Config: acctest.Arguments{"definition": peerConsoleOff}, Plans: "create", Writes: 2, Warns: "contains enabled: false", Falcon: hasFlow("errand", true, 2)},
		},
	},
}

func TestPeerScenarios_elasticWorkflow(t *testing.T) {
	t.Parallel()
	acctest.RunScenarios(t, acctest.WorkflowType, falconsim.Options{}, elasticScenarios)
}

// The arguments of incident_workflow (conditions, steps, expressions) are parts of the document here. Its optional list
// corresponds to ignore_rules, and its two arguments for one value to name and the document's name.
func incidentScenarios(t *testing.T) []acctest.Scenario {
	t.Helper()
	base := acctest.LoopsDocument(t)
	off := func(old, replacement string) acctest.Arguments {
		return acctest.Arguments{"definition": strings.Replace(base, old, replacement, 1), "enabled": false}
	}
	life := acctest.Scenario{Peer: "incident-io", Name: "life", Steps: []acctest.Step{
		{Config: off("", ""), Plans: "create", Writes: 1},
		{Imports: true, Hidden: []string{"definition"}},
	}}
	version := 1
	const name = "Tag new detections"
	for _, change := range []struct {
		old, replacement string
		changes          []string
	}{
		{"name: " + name, "name: " + name + " renamed", []string{"definition", "document", "name"}},
		{"Severity'] > 3", "Severity'] > 4", []string{"definition", "document"}},
		{"sleep_time: 10s", "sleep_time: 20s", []string{"definition", "document"}},
		{"tag: seen", "tag: unseen", []string{"definition", "document"}},
	} {
		version += 2
		life.Steps = append(life.Steps,
			acctest.Step{Config: off(change.old, change.replacement), Plans: "update", Changes: change.changes, Writes: 1},
			acctest.Step{Config: off("", ""), Plans: "update", Changes: change.changes, Writes: 1, Falcon: hasFlow(name, false, version)},
		)
	}
	rules := func(ids ...string) acctest.Arguments {
		config := acctest.Arguments{"definition": peerBasic}
		if len(ids) > 0 {
			config["ignore_rules"] = ids
		}
		return config
	}
	return []acctest.Scenario{
		life,
		{
			Peer: "incident-io", Name: "optional list", Differs: "nothing is sent, because ignore_rules is the provider's own",
			Steps: []acctest.Step{
				{Config: rules(), Plans: "create", Writes: 2},
				{Config: rules("R05"), Plans: "update", Changes: []string{"ignore_rules"}},
				{Config: rules("R05", "R13"), Plans: "update", Changes: []string{"ignore_rules"}},
				{Config: rules("R13", "R05"), Plans: "nothing"},
				{Config: rules(), Plans: "update", Changes: []string{"ignore_rules"}, Falcon: hasFlow("errand", true, 2)},
			},
		},
		{
			Peer: "incident-io", Name: "name twice", Differs: "the argument overrides the document without an error, so that one document can define several workflows",
			Steps: []acctest.Step{
				{Config: acctest.Arguments{"definition": peerBasic, "name": "errand"}, Plans: "create", Writes: 2, Falcon: hasFlow("errand", true, 2)},
				{Config: acctest.Arguments{"definition": peerBasic, "name": "chore"}, Plans: "update", Changes: []string{"document", "name"}, Writes: 1, Falcon: hasFlow("chore", true, 3)},
				{Imports: true, Hidden: []string{"definition"}},
				{Config: acctest.Arguments{"definition": peerRenamed, "name": "chore"}, Plans: "update", Changes: []string{"definition", "document"}, Writes: 1, Falcon: hasFlow("chore", true, 4)},
				{Config: acctest.Arguments{"definition": peerRenamed}, Plans: "update", Changes: []string{"document", "name"}, Writes: 1, Falcon: hasFlow("another errand", true, 5)},
				{Config: acctest.Arguments{"definition": peerBasic, "name": " "}, Fails: "name: "},
			},
		},
		{
			Peer: "incident-io", Name: "description twice",
			Steps: []acctest.Step{
				{Config: acctest.Arguments{"definition": peerFull, "description": "chore"}, Plans: "create", Writes: 2, State: map[string]string{"description": "chore"}},
				{Config: acctest.Arguments{"definition": peerFull, "description": ""}, Plans: "update", Changes: []string{"description", "document"}, Writes: 1, Falcon: hasFlow("errand", true, 3, "description=")},
				{Config: acctest.Arguments{"definition": peerFull}, Plans: "update", Changes: []string{"description", "document"}, Writes: 1, Falcon: hasFlow("errand", true, 4, "description=an errand")},
			},
		},
	}
}

// The mutually exclusive arguments are definition and notify_webhook: TestValidate, "both".
func TestPeerScenarios_incidentWorkflow(t *testing.T) {
	t.Parallel()
	acctest.RunScenarios(t, acctest.WorkflowType, falconsim.Options{}, incidentScenarios(t))
}
