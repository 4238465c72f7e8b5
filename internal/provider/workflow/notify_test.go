package workflow_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

const activitiesPath = "/workflows/combined/activities/v1"

// notifyWorkflow returns a tenant with one webhook configuration, and the arguments of a workflow that calls it.
func notifyWorkflow(t *testing.T, opts falconsim.Options, block acctest.Arguments) (*falconsim.Running, *acctest.Protocol, acctest.Arguments) {
	t.Helper()
	sim := acctest.NewSim(t, opts)
	id := acctest.CreateWebhookInConsole(t, sim, acctest.WebhookURL)
	block = maps.Clone(block)
	if _, given := block["webhook_id"]; !given {
		block["webhook_id"] = id
	}
	return sim, acctest.NewProtocol(t, sim), acctest.Arguments{"name": "notify", "notify_webhook": block}
}

const scorePath = "Trigger.Category.ZeroTrust.EventType.HostScoreChange."

func TestNotify(t *testing.T) {
	t.Parallel()
	cid := []string{"Trigger.CID"}
	for _, tt := range []struct {
		name       string
		opts       falconsim.Options
		block      acctest.Arguments
		event      string
		properties map[string]any // other than config_id
		condition  string
		warns      string
	}{
		{
			name: "score_changed has default fields", block: acctest.Arguments{"trigger": "score_changed"},
			event: "ZeroTrust/HostScoreChange/HostOverallScoreChange",
			properties: map[string]any{"data_format": "Default", "_fields": []any{
				"${" + scorePath + "OverallScore}", "${" + scorePath + "PreviousOverallScore}", "${" + scorePath + "OSScore}",
				"${" + scorePath + "SensorScore}", "${" + scorePath + "SensorID}", "${Trigger.CID}",
			}},
		},
		{
			name: "a tenant without the overall subtype", opts: falconsim.Options{Readings: falconsim.Readings{"Q24": "b"}},
			block: acctest.Arguments{"trigger": "score_changed", "fields": cid}, event: "ZeroTrust/HostScoreChange",
			properties: map[string]any{"data_format": "Default", "_fields": []any{"${Trigger.CID}"}},
		},
		{
			name: "new_incident", block: acctest.Arguments{"trigger": "new_incident", "fields": cid}, event: "Case/Created",
			properties: map[string]any{"data_format": "Default", "_fields": []any{"${Trigger.CID}"}},
		},
		{
			name: "incident_update", block: acctest.Arguments{"trigger": "incident_update", "fields": cid}, event: "Case/Updated",
			properties: map[string]any{"data_format": "Default", "_fields": []any{"${Trigger.CID}"}},
		},
		{
			name: "new_incident without cases", opts: falconsim.Options{Readings: falconsim.Readings{"Q25": "b"}},
			block: acctest.Arguments{"trigger": "new_incident", "fields": cid}, event: "Incident", warns: `2026-01-01.*Case/Created`,
			properties: map[string]any{"data_format": "Default", "_fields": []any{"${Trigger.CID}"}},
		},
		{
			name: "incident_update without cases", opts: falconsim.Options{Readings: falconsim.Readings{"Q25": "b"}},
			block: acctest.Arguments{"trigger": "incident_update", "fields": cid}, event: "FalconAudit/Incident", warns: `2026-01-01`,
			properties: map[string]any{"data_format": "Default", "_fields": []any{"${Trigger.CID}"}},
		},
		{
			name: "new_detection", block: acctest.Arguments{"trigger": "new_detection", "fields": []string{"Trigger.Detection.Name", "${Trigger.CID}"}},
			event:      "Investigatable",
			properties: map[string]any{"data_format": "Default", "_fields": []any{"${Trigger.Detection.Name}", "${Trigger.CID}"}},
		},
		{
			name: "event, condition and format", event: "Case/StatusChanged",
			block:      acctest.Arguments{"event": "Case/StatusChanged", "fields": cid, "condition": "data['Trigger.Case.Severity'] > 3", "data_format": "Custom"},
			properties: map[string]any{"data_format": "Custom", "_fields": []any{"${Trigger.CID}"}},
			condition:  "data['Trigger.Case.Severity'] > 3",
		},
		{
			name: "other property keys", opts: falconsim.Options{Readings: falconsim.Readings{"Q22": "b"}},
			block: acctest.Arguments{"trigger": "new_incident", "fields": cid}, event: "Case/Created",
			properties: map[string]any{"format": "Default", "data_to_include": []any{"${Trigger.CID}"}},
		},
		{
			name: "own properties", event: "Case/Created",
			block:      acctest.Arguments{"trigger": "new_incident", "action": acctest.Arguments{"properties": `{"_fields": ["${Trigger.CID}"], "custom": {"n": 1234567}}`}},
			properties: map[string]any{"data_format": "Default", "_fields": []any{"${Trigger.CID}"}, "custom": map[string]any{"n": json.Number("1234567")}},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sim, p, config := notifyWorkflow(t, tt.opts, tt.block)
			planned, diags := p.Plan(p.None(), config)
			p.WantNoError(diags)
			if warnings := acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning); !regexp.MustCompile(tt.warns).MatchString(warnings) || (tt.warns == "") != (warnings == "") {
				t.Errorf("warnings %q, want %q", warnings, tt.warns)
			}
			created := p.Create(config)
			if got, want := p.Text(created, "document"), p.Text(planned, "document"); got != want {
				t.Errorf("document %s\nplanned %s", got, want)
			}
			w := acctest.OnlyWorkflow(t, sim)
			if !w.Enabled || w.Invalid {
				t.Errorf("enabled %t, has validation errors %t", w.Enabled, w.Invalid)
			}
			if got := nodeOf(w, "trigger")["event"]; got != tt.event {
				t.Errorf("event %v, want %s", got, tt.event)
			}
			if got := nodeOf(w, "trigger")["version_constraint"]; got != "~1" {
				t.Errorf("trigger's pin %v", got)
			}
			if got := nodeOf(w, "actions", "CallWebhook")["version_constraint"]; got != "~1" {
				t.Errorf("action's pin %v", got)
			}
			key := "config_id"
			if tt.opts.Readings["Q22"] == "b" {
				key = "webhook_config_id"
			}
			want := maps.Clone(tt.properties)
			want[key] = acctest.OnlyWebhook(t, sim).ID
			if got := jsonOf(t, nodeOf(w, "actions", "CallWebhook", "properties")); got != jsonOf(t, want) {
				t.Errorf("properties %s\nwant %s", got, jsonOf(t, want))
			}
			condition, _ := nodeOf(w, "conditions", "SendOnlyIf")["cel_expression"].(string)
			if condition != tt.condition {
				t.Errorf("condition %q, want %q", condition, tt.condition)
			}
			p.WantEmptyPlan(p.Refresh(created), config)
		})
	}
}

func TestNotify_errors(t *testing.T) {
	t.Parallel()
	cid := []string{"Trigger.CID"}
	for _, tt := range []struct {
		name, wantError string
		opts            falconsim.Options
		block           acctest.Arguments
	}{
		{name: "no fields", block: acctest.Arguments{"trigger": "new_incident"}, wantError: `notify_webhook.*fields.*Missing fields.*your decision`},
		{name: "empty fields", block: acctest.Arguments{"trigger": "new_incident", "fields": []string{}}, wantError: `at least 1`},
		{name: "trigger and event", block: acctest.Arguments{"trigger": "score_changed", "event": "Case"}, wantError: `one of trigger and event, not both`},
		{name: "neither", block: acctest.Arguments{"fields": cid}, wantError: `Set trigger \(score_changed, new_incident`},
		{name: "misspelled trigger", block: acctest.Arguments{"trigger": "score_change", "fields": cid}, wantError: `^notify_webhook.*trigger.*Unknown trigger: "score_change" is not a trigger.*Nearest: score_changed\.`},
		{name: "misspelled trigger alone", block: acctest.Arguments{"trigger": "score_change"}, wantError: `^[^\n]*Unknown trigger[^\n]*$`},
		{name: "not an id", block: acctest.Arguments{"trigger": "score_changed", "webhook_id": "Zscaler Adaptive Access"}, wantError: `32 hexadecimal`},
		{name: "a name that looks like a mocked id", block: acctest.Arguments{"trigger": "score_changed", "webhook_id": "zscaler"}, wantError: `no configuration of the CrowdStrike Webhook app with the id zscaler`},
		{name: "not a JSON object", block: acctest.Arguments{"trigger": "new_incident", "action": acctest.Arguments{"properties": "[]"}}, wantError: `JSON object`},
		{name: "unknown event", block: acctest.Arguments{"event": "Case/Craeted", "fields": cid}, wantError: `event "Case/Craeted"\. Nearest: Case/Created`},
		{
			name: "misspelled field", block: acctest.Arguments{"trigger": "score_changed", "fields": []string{"Trigger.Category.ZeroTrust.EventType.HostScoreChange.OverallScor"}},
			wantError: `notify_webhook.*fields.*0.*HostScoreChange\.OverallScor; did you mean "Trigger\.Category\.ZeroTrust\.EventType\.HostScoreChange\.OverallScore"\?\s+This is check R54`,
		},
		{
			name: "field without path", block: acctest.Arguments{"trigger": "score_changed", "fields": []string{"Trigger.CID", "overall_score"}},
			wantError: `^notify_webhook.*fields.*1.*Invalid field: "overall_score" is not the path of a field.* Nearest: Trigger\.Category\.ZeroTrust\.EventType\.HostScoreChange\.OverallScore`,
		},
		{
			name: "misspelled field without path", block: acctest.Arguments{"trigger": "score_changed", "fields": []string{"${OverallSc0re}"}},
			wantError: `Invalid field: "\$\{OverallSc0re\}" is not .* Nearest: Trigger\.Category\.ZeroTrust\.EventType\.HostScoreChange\.OverallScore`,
		},
		{
			name: "condition without path", block: acctest.Arguments{"trigger": "score_changed", "condition": "overall < 50"},
			wantError: `^notify_webhook.*condition.*Invalid condition: The condition refers to "overall".*Nearest: data\['Trigger\.Category\.ZeroTrust\.EventType\.HostScoreChange\.OverallScore'\]`,
		},
		{
			name: "trigger not in the catalog", opts: falconsim.Options{Readings: falconsim.Readings{"Q25": "b"}}, block: acctest.Arguments{"event": "Case/Created", "fields": cid},
			wantError: `no trigger for the event "Case/Created"`,
		},
		{name: "no Call webhook", opts: falconsim.Options{NoCallWebhook: true}, block: acctest.Arguments{"trigger": "score_changed"}, wantError: `no action named "Call webhook".*CrowdStrike Store.*action\.id`},
		{
			name: "unknown action id", block: acctest.Arguments{"trigger": "score_changed", "action": acctest.Arguments{"id": strings.Repeat("0", 32)}},
			wantError: `action.*id.*Unable to look up action`,
		},
		{
			name:      "an action with other properties",
			block:     acctest.Arguments{"trigger": "score_changed", "action": acctest.Arguments{"id": "4f1af1ae4c13dc1e3bcd725f8dc0f63b"}},
			wantError: `(?s)no property for the webhook.*sleep_time`,
		},
		{
			name: "no configuration of this id", block: acctest.Arguments{"trigger": "score_changed", "webhook_id": strings.Repeat("0", 32)},
			wantError: `^notify_webhook.*webhook_id.*Webhook configuration not found: .*with the id 0{32}\. Configurations: .*zscaler \([0-9a-f]{32}\)`,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sim, p, config := notifyWorkflow(t, tt.opts, tt.block)
			diags := p.Validate(config)
			if len(diags) == 0 {
				_, diags = p.Apply(p.None(), config)
			}
			got := acctest.Messages(diags, tfprotov6.DiagnosticSeverityError)
			if !regexp.MustCompile(tt.wantError).MatchString(got) {
				t.Errorf("got %q\nwant %s", got, tt.wantError)
			}
			if n := len(sim.Workflows()); n != 0 {
				t.Errorf("%d workflows were left", n)
			}
		})
	}
}

// What the catalog shows to be wrong is an error before the webhook configuration is created.
func TestNotify_checkedBeforeWebhook(t *testing.T) {
	t.Parallel()
	cid := []string{"Trigger.CID"}
	for name, tt := range map[string]struct {
		opts       falconsim.Options
		block      acctest.Arguments
		err, warns string
	}{
		"unknown event":    {block: acctest.Arguments{"event": "Case/Craeted", "fields": cid}, err: `event.*Trigger not found.*Nearest: Case/Created`},
		"unknown field":    {block: acctest.Arguments{"trigger": "new_incident", "fields": []string{"Trigger.CDI"}}, err: `notify_webhook.*fields.*Trigger\.CID`},
		"no app":           {opts: falconsim.Options{NoCallWebhook: true}, block: acctest.Arguments{"trigger": "score_changed"}, err: `CrowdStrike Store`},
		"without catalog":  {opts: falconsim.Options{Scopes: []string{"api-integrations:read"}}, block: acctest.Arguments{"event": "Case/Craeted", "fields": cid}, warns: "Workflows could not be checked.*workflow:read"},
		"nothing is wrong": {block: acctest.Arguments{"trigger": "new_incident", "fields": cid}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim, p, config := notifyWorkflow(t, tt.opts, tt.block.With(acctest.Arguments{"webhook_id": acctest.Unknown{}}))
			counts := map[tfprotov6.DiagnosticSeverity]int{}
			for range 3 {
				_, diags := p.Plan(p.None(), config)
				for severity, want := range map[tfprotov6.DiagnosticSeverity]string{tfprotov6.DiagnosticSeverityError: tt.err, tfprotov6.DiagnosticSeverityWarning: tt.warns} {
					if got := acctest.Messages(diags, severity); got != "" {
						counts[severity]++
						if want == "" || !regexp.MustCompile(want).MatchString(got) {
							t.Errorf("got %q, want %q", got, want)
						}
					}
				}
			}
			want := map[tfprotov6.DiagnosticSeverity]int{}
			switch {
			case name == "no app": // every block needs it
				want[tfprotov6.DiagnosticSeverityError] = 1
			case tt.err != "":
				want[tfprotov6.DiagnosticSeverityError] = 3
			case tt.warns != "":
				want[tfprotov6.DiagnosticSeverityWarning] = 1
			}
			if !maps.Equal(counts, want) {
				t.Errorf("messages by severity in three plans: %v, want %v", counts, want)
			}
			if n := writes(sim); n != 0 {
				t.Errorf("%d writes", n)
			}
		})
	}
}

// While a part of the block is unknown, the document is unknown.
func TestNotify_unknown(t *testing.T) {
	t.Parallel()
	for name, block := range map[string]acctest.Arguments{
		"webhook_id": {"trigger": "score_changed", "webhook_id": acctest.Unknown{}},
		"trigger":    {"trigger": acctest.Unknown{}},
		"fields":     {"trigger": "new_incident", "fields": acctest.Unknown{}},
		"action":     {"trigger": "new_incident", "action": acctest.Unknown{}},
		"properties": {"trigger": "new_incident", "action": acctest.Arguments{"properties": acctest.Unknown{}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim, p, config := notifyWorkflow(t, falconsim.Options{}, block)
			p.WantNoError(p.Validate(config))
			planned, diags := p.Plan(p.None(), config)
			p.WantNoError(diags)
			known := p.Attributes(planned.Value)
			if known["document"].IsKnown() || known["version"].IsKnown() || !known["name"].IsKnown() {
				t.Errorf("planned %v", known)
			}
			want := 0 // the catalog is read where only webhook_id is unknown
			if name == "webhook_id" {
				want = 1
			}
			if n := acctest.CountRequests(sim, http.MethodGet, acctest.TriggersPath); n != want {
				t.Errorf("the catalog was read %d times, want %d", n, want)
			}
		})
	}
	t.Run("whole block", func(t *testing.T) {
		t.Parallel()
		p := acctest.NewProtocol(t, acctest.NewSim(t, falconsim.Options{}))
		config := acctest.Arguments{"name": "notify", "notify_webhook": acctest.Unknown{}}
		p.WantNoError(p.Validate(config))
		planned, diags := p.Plan(p.None(), config)
		p.WantNoError(diags)
		if v := p.Attributes(planned.Value)["document"]; v.IsKnown() {
			t.Errorf("document is planned as %v", v)
		}
	})
}

// A configuration of another app of the Store is found while planning, from requests that the plan sends in any case.
func TestNotify_configurationOfAnotherApp(t *testing.T) {
	t.Parallel()
	sim, p, config := notifyWorkflow(t, falconsim.Options{}, acctest.Arguments{"trigger": "score_changed"})
	_, diags := p.Plan(p.None(), config)
	p.WantNoError(diags)
	var slack string
	for _, c := range sim.PluginConfigs() {
		if c.Name == "Security channel" {
			slack = c.ID
		}
	}
	sim.ResetRequests()
	p = acctest.NewProtocol(t, sim)
	_, diags = p.Plan(p.None(), acctest.Arguments{"name": "notify", "notify_webhook": acctest.Arguments{"trigger": "score_changed", "webhook_id": slack}})
	acctest.WantError(t, "plan", diags, "notify_webhook.webhook_id: Webhook configuration not found: The configuration Security channel ("+slack+") belongs to another app of the CrowdStrike Store.")
	requests := map[string]int{}
	for _, r := range sim.Requests() {
		requests[r.Method+" "+r.Path]++
	}
	for request, n := range requests {
		if n > 1 {
			t.Errorf("%s was sent %d times", request, n)
		}
	}
}
