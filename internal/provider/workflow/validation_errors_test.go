package workflow_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// A draft that Falcon stores with validation errors is created, refreshed, changed and imported with warnings;
// validation_errors shows them, enabling it is an error, and finishing it empties the list.
func TestDraft(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	p := acctest.NewProtocol(t, sim)
	unfinished := strings.Replace(acctest.SleepDocument, "sleep_time: 1m", "sleep_time: ''", 1)
	config := acctest.Arguments{"definition": unfinished, "enabled": false}
	p.WantNoError(p.Validate(config))
	created, diags := p.Apply(p.None(), config)
	p.WantNoError(diags)
	wantMessages(t, acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning), []string{"Unfinished workflow document.*refuses to enable it"})
	wantDraft := func(i acctest.Instance) {
		t.Helper()
		if got := p.Text(i, "validation_errors"); !strings.Contains(got, `"sleep_time"`) || !strings.Contains(got, `"wait"`) || !strings.Contains(got, "2016") {
			t.Errorf("validation_errors %s", got)
		}
	}
	wantDraft(created)
	if w := acctest.OnlyWorkflow(t, sim); w.Enabled || w.Version != 1 {
		t.Errorf("enabled %t, version %d", w.Enabled, w.Version)
	}
	sim.ResetRequests()
	read := p.Refreshed(created)
	wantDraft(read)
	if n := acctest.Calls(sim, http.MethodPut, acctest.Definitions); n != 0 {
		t.Errorf("a refresh read the texts again, with %d requests", n)
	}
	p.WantNoop(read, config)

	imported, diags := p.Imported(acctest.OnlyWorkflow(t, sim).ID)
	p.WantNoError(diags)
	wantDraft(imported)
	if p.Text(imported, "document") != p.Text(created, "document") {
		t.Errorf("document after an import %s, after the create %s", p.Text(imported, "document"), p.Text(created, "document"))
	}

	_, diags = p.Plan(read, acctest.Arguments{"definition": unfinished})
	wantMessages(t, acctest.Messages(diags, tfprotov6.DiagnosticSeverityError), []string{"sleep_time"})

	done, diags := p.Apply(read, acctest.Arguments{"definition": acctest.SleepDocument})
	p.WantNoError(diags)
	if got := p.Members(done.Value)["validation_errors"]; got.IsNull() || !got.IsFullyKnown() || strings.Contains(got.String(), "message") && strings.Contains(got.String(), "2016") {
		t.Errorf("validation_errors of a finished workflow: %s", got)
	}
	if w := acctest.OnlyWorkflow(t, sim); !w.Enabled {
		t.Error("the finished workflow is disabled")
	}
	p.WantNoop(p.Refreshed(done), acctest.Arguments{"definition": acctest.SleepDocument})
}

// Every refresh of a workflow that Falcon marks as invalid is a warning.
func TestRead_invalidWorkflow(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	p := acctest.NewProtocol(t, sim)
	created := p.Created(acctest.Arguments{"definition": acctest.SleepDocument, "enabled": false})
	broken := strings.Replace(acctest.SleepDocument, "    properties:\n      sleep_time: 1m\n", "", 1)
	if err := sim.ReplaceWorkflow(p.Text(created, "id"), []byte(broken)); err != nil {
		t.Fatal(err)
	}
	for round := range 2 {
		read, diags := p.Read(created)
		p.WantNoError(diags)
		if text := acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning); !strings.Contains(text, "Workflow has validation errors") || !strings.Contains(text, "nap") {
			t.Errorf("refresh %d: %q", round, text)
		}
		created = read
	}
}

// Falcon's validation errors are reported with the node, line and column, although the responses to updates and to enabling
// name no node.
func TestValidationErrors_positions(t *testing.T) {
	t.Parallel()
	slack := acctest.SleepDocument + `  say:
    id: 184239ceb8a046cfb159228abd7cc67e
    version_constraint: ~0
    properties: {json: {channel: general}}
`
	slack = strings.Replace(slack, "    properties:\n", "    next: [say]\n    properties:\n", 1)
	for _, tt := range []struct {
		name, document, wantError string
	}{
		{"2003", strings.Replace(acctest.SleepDocument, "type: On demand", "type: Signal\n  event: Nothing", 1), `Node "trigger" \(line 3, column 1\): unknown trigger event named Nothing \(code 2003\)`},
		{"2016", strings.Replace(acctest.SleepDocument, "sleep_time: 1m", "other: 1m", 1), `Node "wait" \(line 8, column 3\): A value is required for the property "sleep_time" \(code 2016\)`},
		{"2016, empty", strings.Replace(acctest.SleepDocument, "sleep_time: 1m", "sleep_time: ''", 1), `Node "wait".*A value is required for the property "sleep_time" \(code 2016\)`},
		{"2018", strings.Replace(acctest.SleepDocument, "4f1af1ae", "00000000", 1), `Node "wait" \(line 8, column 3\): activity not found for id 00000000`},
		{"pin", strings.Replace(acctest.SleepDocument, "~1", "~9", 1), `Node "wait" \(line 8, column 3\): activity not found for id 4f1af1ae4c13dc1e3bcd725f8dc0f63b constraint ~9`},
		{"2035, without a name", slack, `Node "say" \(line 14, column 3\): missing required plugin configuration for 'Slack v2 - Chat PostMessage' \(code 2035\)`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sim := acctest.NewSim(t, falconsim.Options{NoSlackConfig: true})
			p := acctest.NewProtocol(t, sim)
			created := p.Created(acctest.Arguments{"definition": acctest.SleepDocument})
			sim.ResetRequests()
			// Without the provider's own checks, Falcon's errors are reported.
			_, diags := p.Plan(created, acctest.Arguments{"definition": tt.document, "ignore_rules": []string{"R09", "R32", "R33", "R37"}})
			if got := acctest.Messages(diags, tfprotov6.DiagnosticSeverityError); !regexp.MustCompile("^definition: .*" + tt.wantError).MatchString(got) {
				t.Errorf("got %q\nwant %s", got, tt.wantError)
			}
			if n := writes(sim); n != 0 {
				t.Errorf("%d writes", n)
			}
		})
	}
}
