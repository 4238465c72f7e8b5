package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

// peerFlow is a workflow that waits, of some name, with a line or more about its trigger and action.
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

// What crowdstrike_fusion_soar_workflow goes through in its tests. TestWorkflowMoved and
// TestWorkflowMoved_enabledLeftOut take such a resource over.
var fusionSoarScenarios = []peerScenario{
	{
		peer: "fusion_soar", name: "basic",
		differs: "enabled is true by default, because a workflow does nothing until it is on; an import plans no update, because definition is compared by content",
		steps: []peerStep{
			{
				config: arguments{"definition": peerBasic, "enabled": false}, plans: "create", writes: 1,
				state:  map[string]string{"definition": strings.TrimSpace(peerBasic), "enabled": "false", "version": "1", "description": ""},
				falcon: hasFlow("errand", false, 1),
			},
			{imports: true, hidden: []string{"definition"}},
			{config: arguments{"definition": peerBasic, "enabled": false}, plans: "nothing"},
			{writes: 1, falcon: noFlow},
		},
	},
	{
		peer: "fusion_soar", name: "update",
		differs: "text with the same content is no update; enabled left out means on, theirs off",
		steps: []peerStep{
			{
				config: arguments{"definition": peerFull, "enabled": true}, plans: "create", writes: 2,
				state:  map[string]string{"definition": strings.TrimSpace(peerFull), "description": "an errand"},
				falcon: hasFlow("errand", true, 2, "description=an errand", "trigger.parameters.properties.why.type=string"),
			},
			{imports: true, hidden: []string{"definition"}},
			{
				config: arguments{"definition": peerRenamed, "enabled": true}, plans: "update", writes: 1,
				state:  map[string]string{"definition": strings.TrimSpace(peerRenamed), "name": "another errand", "description": ""},
				falcon: hasFlow("another errand", true, 3, "description=", "trigger.parameters=", "actions.rest.properties.sleep_time=2m"),
			},
			{config: arguments{"definition": peerEncoded, "enabled": true}, plans: "nothing", falcon: hasFlow("another errand", true, 3)},
			{
				config: arguments{"definition": peerBasic, "enabled": false}, plans: "update", writes: 2,
				state: map[string]string{"enabled": "false", "name": "errand"}, falcon: hasFlow("errand", false, 5),
			},
			{
				config: arguments{"definition": peerBasic}, plans: "update", changes: []string{"enabled"}, writes: 1,
				state: map[string]string{"enabled": "true"}, falcon: hasFlow("errand", true, 6),
			},
		},
	},
	{
		peer: "fusion_soar", name: "drift",
		steps: []peerStep{
			{config: arguments{"definition": peerBasic}, plans: "create", writes: 2},
			{
				outside: func(sim *falconsim.Server, id string) error {
					if err := sim.ReplaceWorkflow(id, []byte(peerFlow("errand", "", "", waits("5m")))); err != nil {
						return err
					}
					return sim.SetWorkflowEnabled(id, false)
				},
				config: arguments{"definition": peerBasic}, plans: "update", changes: []string{"definition", "document", "enabled"}, writes: 2,
				falcon: hasFlow("errand", true, 6, "actions.rest.properties.sleep_time=1m"),
			},
		},
	},
	{
		peer: "fusion_soar", name: "disappears",
		steps: []peerStep{
			{config: arguments{"definition": peerBasic}, plans: "create", writes: 2},
			{
				outside: (*falconsim.Server).DeleteWorkflow,
				config:  arguments{"definition": peerBasic}, plans: "create", writes: 2, falcon: hasFlow("errand", true, 2),
			},
		},
	},
	{
		peer: "fusion_soar", name: "names that Falcon replaces",
		steps: []peerStep{{
			config: arguments{"definition": peerScheduled, "enabled": false}, plans: "create", writes: 1,
			state:  map[string]string{"definition": strings.TrimSpace(peerScheduled)},
			falcon: hasFlow("errand", false, 1, "trigger.name=Scheduled", "actions.rest.default_name=Sleep"),
		}},
	},
	{
		peer: "fusion_soar", name: "not YAML", differs: "found while validating, with the line, not by Falcon at apply",
		steps: []peerStep{{config: arguments{"definition": "name: [never closed"}, fails: "definition: Invalid workflow document: line 2, column 1", falcon: noFlow}},
	},
	{
		peer: "fusion_soar", name: "unknown key",
		differs: "the key has a warning with its line while validating, and what was created is removed again, so that nothing is left under the name",
		steps: []peerStep{{
			config: arguments{"definition": peerBasic + "not_a_key: here\n"}, plans: "create", writes: 2,
			warns: "line 11, column 1.*not_a_key", fails: "line 11, column 1: Falcon dropped this key", late: true, falcon: noFlow,
		}},
	},
	{
		peer: "fusion_soar", name: "created enabled although invalid", differs: "found while planning; theirs has created the workflow by then",
		steps: []peerStep{{config: arguments{"definition": peerDraft}, fails: "definition: .*sleep_time", falcon: noFlow}},
	},
	{
		peer: "fusion_soar", name: "draft, then enabled", differs: "enabling is refused while planning, and validation_errors shows why",
		steps: []peerStep{
			{
				config: arguments{"definition": peerDraft, "enabled": false}, plans: "create", writes: 1, warns: "sleep_time",
				state: map[string]string{"definition": strings.TrimSpace(peerDraft), "enabled": "false"}, falcon: hasFlow("errand", false, 1),
			},
			{config: arguments{"definition": peerDraft, "enabled": true}, fails: "definition: .*sleep_time", falcon: hasFlow("errand", false, 1)},
			{config: arguments{"definition": peerBasic, "enabled": true}, plans: "update", writes: 2, falcon: hasFlow("errand", true, 3)},
		},
	},
}

func TestPeerScenarios_fusionSoar(t *testing.T) {
	t.Parallel()
	runPeerScenarios(t, flowType, falconsim.Options{}, fusionSoarScenarios)
}

// peerConsoleOff is peerBasic with a key that elastic's document has, and Fusion's has not.
var peerConsoleOff = peerBasic + "enabled: false\n"

// What elasticstack_kibana_agentbuilder_workflow goes through. A chosen id and spaces have no counterpart: Falcon gives
// the id, and the tenant is the provider's (TestTenantGuard_refusesElsewhere).
var elasticScenarios = []peerScenario{
	{
		peer: "elastic", name: "life",
		differs: "layout and order of keys are no update: Falcon keeps neither; enabled is an argument, not a key of the document; a description left out is empty, not null, as Falcon shows it",
		steps: []peerStep{
			{
				config: arguments{"definition": sleepDocument}, plans: "create", writes: 2,
				state: map[string]string{"name": "nap", "description": "waits", "enabled": "true", "validation_errors": "tftypes.List[tftypes.Object[\"code\":tftypes.Number, \"message\":tftypes.String, \"node\":tftypes.String, \"property\":tftypes.String]]<>"},
			},
			{config: arguments{"definition": strings.ReplaceAll(sleepDocument, ": ", ":    ") + "\n\n"}, plans: "nothing"},
			{config: arguments{"definition": sleepReformatted}, plans: "nothing"},
			{imports: true, hidden: []string{"definition"}},
			{
				config: arguments{"definition": strings.NewReplacer("name: nap", "name: siesta", "waits", "waits longer", "1m", "3m").Replace(sleepDocument), "enabled": false},
				plans:  "update", changes: []string{"definition", "description", "document", "enabled", "name"}, writes: 2,
				state: map[string]string{"name": "siesta", "description": "waits longer", "enabled": "false"},
			},
			{
				config: arguments{"definition": strings.Replace(sleepDocument, "description: waits\n", "", 1)}, plans: "update", writes: 2,
				state: map[string]string{"name": "nap", "description": "", "enabled": "true"}, falcon: hasFlow("nap", true, 6, "description="),
			},
		},
	},
	{
		peer: "elastic", name: "invalid at create", differs: "found while validating",
		steps: []peerStep{{config: arguments{"definition": "not_working: hello\n"}, fails: "definition: ", falcon: noFlow}},
	},
	{
		peer: "elastic", name: "invalid at update", differs: "found while validating",
		steps: []peerStep{
			{config: arguments{"definition": peerBasic}, plans: "create", writes: 2},
			{config: arguments{"definition": "name: errand\nnot_working: hello\n"}, fails: "definition: ", falcon: hasFlow("errand", true, 2)},
			{config: arguments{"definition": peerBasic}, plans: "nothing"},
		},
	},
	{
		peer: "elastic", name: "enabled in the document", differs: "the argument says whether the workflow is on; the document's key counts for nothing",
		steps: []peerStep{
			{config: arguments{"definition": peerConsoleOff}, plans: "create", writes: 2, falcon: hasFlow("errand", true, 2)},
		},
	},
}

func TestPeerScenarios_elasticWorkflow(t *testing.T) {
	t.Parallel()
	runPeerScenarios(t, flowType, falconsim.Options{}, elasticScenarios)
}

// incident_workflow's own arguments (conditions, steps, expressions) are parts of the document here. An optional list
// that comes and goes is ignore_rules, and two arguments that say the same are name and the document's name.
func incidentScenarios(t *testing.T) []peerScenario {
	t.Helper()
	base := loopsDocument(t)
	off := func(old, replacement string) arguments {
		return arguments{"definition": strings.Replace(base, old, replacement, 1), "enabled": false}
	}
	life := peerScenario{peer: "incident-io", name: "life", steps: []peerStep{
		{config: off("", ""), plans: "create", writes: 1},
		{imports: true, hidden: []string{"definition"}},
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
		life.steps = append(life.steps,
			peerStep{config: off(change.old, change.replacement), plans: "update", changes: change.changes, writes: 1},
			peerStep{config: off("", ""), plans: "update", changes: change.changes, writes: 1, falcon: hasFlow(name, false, version)},
		)
	}
	rules := func(ids ...string) arguments {
		config := arguments{"definition": peerBasic}
		if len(ids) > 0 {
			config["ignore_rules"] = ids
		}
		return config
	}
	return []peerScenario{
		life,
		{
			peer: "incident-io", name: "optional list", differs: "nothing is sent: ignore_rules is the provider's own",
			steps: []peerStep{
				{config: rules(), plans: "create", writes: 2},
				{config: rules("R05"), plans: "update", changes: []string{"ignore_rules"}},
				{config: rules("R05", "R13"), plans: "update", changes: []string{"ignore_rules"}},
				{config: rules("R13", "R05"), plans: "nothing"},
				{config: rules(), plans: "update", changes: []string{"ignore_rules"}, falcon: hasFlow("errand", true, 2)},
			},
		},
		{
			peer: "incident-io", name: "name twice", differs: "the argument wins over the document, so a disagreement is no error: one document can serve several workflows",
			steps: []peerStep{
				{config: arguments{"definition": peerBasic, "name": "errand"}, plans: "create", writes: 2, falcon: hasFlow("errand", true, 2)},
				{config: arguments{"definition": peerBasic, "name": "chore"}, plans: "update", changes: []string{"document", "name"}, writes: 1, falcon: hasFlow("chore", true, 3)},
				{imports: true, hidden: []string{"definition"}},
				{config: arguments{"definition": peerRenamed, "name": "chore"}, plans: "update", changes: []string{"definition", "document"}, writes: 1, falcon: hasFlow("chore", true, 4)},
				{config: arguments{"definition": peerRenamed}, plans: "update", changes: []string{"document", "name"}, writes: 1, falcon: hasFlow("another errand", true, 5)},
				{config: arguments{"definition": peerBasic, "name": " "}, fails: "name: "},
			},
		},
		{
			peer: "incident-io", name: "description twice",
			steps: []peerStep{
				{config: arguments{"definition": peerFull, "description": "chore"}, plans: "create", writes: 2, state: map[string]string{"description": "chore"}},
				{config: arguments{"definition": peerFull, "description": ""}, plans: "update", changes: []string{"description", "document"}, writes: 1, falcon: hasFlow("errand", true, 3, "description=")},
				{config: arguments{"definition": peerFull}, plans: "update", changes: []string{"description", "document"}, writes: 1, falcon: hasFlow("errand", true, 4, "description=an errand")},
			},
		},
	}
}

// Two arguments that exclude each other are definition and notify_webhook: TestWorkflowValidation, "both".
func TestPeerScenarios_incidentWorkflow(t *testing.T) {
	t.Parallel()
	runPeerScenarios(t, flowType, falconsim.Options{}, incidentScenarios(t))
}
