package workflow_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// An edit, in the console and in the configuration, is either a change or not. fusion's own table has many more rows. These
// show what refresh, plan and update do with them.
func TestDrift_edits(t *testing.T) {
	t.Parallel()
	base := acctest.LoopsDocument(t)
	for _, tt := range []struct {
		name, old, new string
		same           bool
	}{
		{name: "comment", old: "summary: tags", new: "# why\nsummary: tags", same: true},
		{name: "quoting and flow style", old: "            sleep_time: 10s\n", new: "            'sleep_time': \"10s\"\n", same: true},
		{name: "order of keys", old: "            retries: 3\n            threshold: 0.75\n", new: "            threshold: 0.75\n            retries: 3\n", same: true},
		{name: "number form", old: "threshold: 0.75", new: "threshold: 7.5e-1", same: true},
		{name: "trigger name", old: "    name: Detection > EPP Detection\n", new: "    name: EPP\n", same: true},
		{name: "default_name", old: "default_name: Send email", new: "default_name: Email", same: true},
		{name: "action name omitted", old: "        name: Sleep\n", new: "", same: true},
		{name: "display unescaped", old: "&#39;Trigger.CID&#39;", new: "'Trigger.CID'", same: true},
		{name: "empty list", old: "                tags: []\n", new: "", same: true},
		{name: "trailing newline", old: "            msg: |\n", new: "            msg: |-\n", same: true},
		{name: "default pin", old: "name: Add tag to alert\n", new: "name: Add tag to alert\n                        version_constraint: ~0\n", same: true},

		{name: "renamed", old: "name: Tag new detections", new: "name: Tag"},
		{name: "description", old: "description: Tags the", new: "description: Marks the"},
		{name: "description removed", old: "description: Tags the hosts of a detection, one after the other, and tells the team.\n", new: ""},
		{name: "text property", old: "sleep_time: 10s", new: "sleep_time: 11s"},
		{name: "number property", old: "retries: 3", new: "retries: 4"},
		{name: "flag property", old: "urgent: false", new: "urgent: true"},
		{name: "number as text", old: "retries: 3", new: "retries: '3'"},
		{name: "property added", old: "retries: 3", new: "retries: 3\n            cc: x"},
		{name: "property removed", old: "            msg_type: text\n", new: ""},
		{name: "list reordered", old: "                - soc@corp.internal\n                - lead@corp.internal", new: "                - lead@corp.internal\n                - soc@corp.internal"},
		{name: "event", old: "event: Investigatable/EPP", new: "event: Investigatable"},
		{name: "edge moved", old: "            - SendEmail\n", new: "            - Query\n"},
		{name: "pin", old: "sleep_time: 10s\n        version_constraint: ~1", new: "sleep_time: 10s"},
		{name: "action added", old: "    Wait:\n", new: "    Also: {id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b, properties: {sleep_time: 1s}}\n    Wait:\n"},
		{name: "condition", old: "Severity'] > 3", new: "Severity'] > 4"},
		{name: "condition added", old: "    is_medium:\n", new: "    is_low:\n        next: [Wait]\n        expression: x:1\n    is_medium:\n"},
		{name: "loop input", old: "input: Trigger.Detection.EPP.Sensor.Hostname\n", new: "input: Trigger.Detection.EPP.Sensor.SensorID\n"},
		{name: "deep in loops", old: "tag: seen", new: "tag: unseen"},
		{name: "output field", old: "- Query.event_count", new: "- Query.file_csv"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if strings.Count(base, tt.old) != 1 {
				t.Fatalf("%q is in the document %d times", tt.old, strings.Count(base, tt.old))
			}
			edited := strings.Replace(base, tt.old, tt.new, 1)
			sim := acctest.NewSim(t, falconsim.Options{})
			p := acctest.NewProtocol(t, sim)
			config := acctest.Arguments{"definition": base, "enabled": false}
			created := p.Created(config)
			p.WantNoop(p.Refreshed(created), config)

			// Edited in the configuration.
			planned, diags := p.Plan(created, acctest.Arguments{"definition": edited, "enabled": false})
			if got := planned.Value.Equal(created.Value); got != tt.same {
				t.Errorf("configuration edited: plan is empty: %t, want %t\n%s", got, tt.same, acctest.Messages(diags, tfprotov6.DiagnosticSeverityError))
			}
			if n := acctest.Calls(sim, http.MethodPut, acctest.Definitions); n != 0 && tt.same {
				t.Errorf("%d updates were checked for an empty plan", n)
			}

			// Edited in the console, detected by a refresh, reverted by an apply.
			if err := sim.ReplaceWorkflow(p.Text(created, "id"), []byte(edited)); err != nil {
				t.Fatal(err)
			}
			drifted := p.Refreshed(created)
			if same := p.Text(drifted, "definition") == base; same != tt.same {
				t.Errorf("console edited: definition is the user's: %t, want %t", same, tt.same)
			}
			if !tt.same && !acctest.SameDocumentText(p.Text(drifted, "definition"), p.Text(drifted, "document")) {
				t.Errorf("definition after a refresh: %s", p.Text(drifted, "definition"))
			}
			// With ignore_changes, Terraform passes the state's value to the provider.
			p.WantNoop(drifted, acctest.Arguments{"definition": p.Text(drifted, "definition"), "enabled": false})
			if same := p.Text(drifted, "document") == p.Text(created, "document"); same != tt.same {
				t.Errorf("console edited: document is the same: %t, want %t", same, tt.same)
			}
			if tt.same {
				p.WantNoop(drifted, config)
				return
			}
			reverted, diags := p.Apply(drifted, config)
			p.WantNoError(diags)
			if !acctest.SameDocumentText(p.Text(reverted, "document"), p.Text(created, "document")) {
				t.Errorf("reverted: %s\nwant %s", p.Text(reverted, "document"), p.Text(created, "document"))
			}
			if w := acctest.OnlyWorkflow(t, sim); w.Version != 3 {
				t.Errorf("version is %d after one console edit and one update, want 3", w.Version)
			}
			p.WantNoop(p.Refreshed(reverted), config)
		})
	}
}

// A workflow that was disabled in the console is enabled again. One that was deleted is created again.
func TestDrift_disabledAndDeleted(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	p := acctest.NewProtocol(t, sim)
	config := acctest.Arguments{"definition": acctest.SleepDocument}
	state := p.Created(config)
	id := p.Text(state, "id")
	if err := sim.SetWorkflowEnabled(id, false); err != nil {
		t.Fatal(err)
	}
	state, diags := p.Apply(p.Refreshed(state), config)
	p.WantNoError(diags)
	if w := acctest.OnlyWorkflow(t, sim); !w.Enabled || w.Version != 4 {
		t.Errorf("enabled %t, version %d; want true, 4", w.Enabled, w.Version)
	}
	if err := sim.DeleteWorkflow(id); err != nil {
		t.Fatal(err)
	}
	state, diags = p.Read(state)
	p.WantNoError(diags)
	if text := acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning); !state.Value.IsNull() || !strings.Contains(text, "Workflow deleted outside Terraform") {
		t.Errorf("state %s, warnings %q", state.Value, text)
	}
	p.Created(config)
	if w := acctest.OnlyWorkflow(t, sim); !w.Enabled || w.Version != 2 {
		t.Errorf("enabled %t, version %d; want true, 2", w.Enabled, w.Version)
	}
}
