package workflow_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// An unchanged block does not read the catalog, and a changed catalog does not change its plan.
func TestNotify_catalogChanges(t *testing.T) {
	t.Parallel()
	sim, p, config := notifyWorkflow(t, falconsim.Options{}, acctest.Arguments{"trigger": "score_changed"})
	created := p.Created(config)

	later := acctest.NewProtocol(t, sim) // a later run, with nothing cached
	for _, path := range []string{acctest.TriggersPath, activitiesPath} {
		acctest.Inject(t, sim, falconsim.Fault{Path: path, Status: http.StatusOK, Body: `{"resources": [], "errors": []}`})
	}
	sim.ResetRequests()
	later.WantNoop(later.Refreshed(created), config)

	// Neither does a new name or description.
	renamed := maps.Clone(config)
	renamed["name"], renamed["description"] = "renamed", "notifies the receiver"
	created, diags := later.Apply(created, renamed)
	later.WantNoError(diags)
	if n := acctest.Calls(sim, http.MethodGet, acctest.TriggersPath) + acctest.Calls(sim, http.MethodGet, activitiesPath); n != 0 {
		t.Errorf("the catalog was read %d times", n)
	}
	if w := acctest.OnlyWorkflow(t, sim); w.Name != "renamed" || w.Document["description"] != "notifies the receiver" {
		t.Errorf("the tenant has %q, %v", w.Name, w.Document["description"])
	}

	// A description that is removed is emptied.
	delete(renamed, "description")
	created, diags = later.Apply(created, renamed)
	later.WantNoError(diags)
	if got := acctest.OnlyWorkflow(t, sim).Document["description"]; got != nil && got != "" {
		t.Errorf("the tenant has the description %v", got)
	}
	later.WantNoop(later.Refreshed(created), renamed)

	// A changed block does.
	sim.ClearFaults()
	changed := maps.Clone(renamed)
	changed["notify_webhook"] = maps.Clone(renamed["notify_webhook"].(acctest.Arguments))
	changed["notify_webhook"].(acctest.Arguments)["fields"] = []string{"Trigger.CID"}
	if _, diags = later.Apply(created, changed); acctest.Messages(diags, tfprotov6.DiagnosticSeverityError) != "" {
		t.Error(acctest.Messages(diags, tfprotov6.DiagnosticSeverityError))
	}
	if n := acctest.Calls(sim, http.MethodGet, acctest.TriggersPath); n != 1 {
		t.Errorf("the triggers were read %d times, want once", n)
	}
}

// What someone changes in the console shows key by key in document, and the next apply reverts it.
func TestNotify_consoleEdit(t *testing.T) {
	t.Parallel()
	sim, p, config := notifyWorkflow(t, falconsim.Options{}, acctest.Arguments{"trigger": "score_changed"})
	created := p.Created(config)
	w := acctest.OnlyWorkflow(t, sim)
	edited := strings.Replace(jsonOf(t, w.Document), scorePath+"OSScore", scorePath+"Hostname", 1)
	if err := sim.ReplaceWorkflow(w.ID, []byte(edited)); err != nil {
		t.Fatal(err)
	}
	drifted := p.Refreshed(created)
	planned, diags := p.Plan(drifted, config)
	p.WantNoError(diags)
	if got, want := changedKeys(t, p.Text(drifted, "document"), p.Text(planned, "document")), []string{".actions.CallWebhook.properties._fields.2"}; !slices.Equal(got, want) {
		t.Errorf("the plan changes %q, want %q", got, want)
	}
	reverted, diags := p.Apply(drifted, config)
	p.WantNoError(diags)
	if got := p.Text(reverted, "document"); !acctest.SameDocumentText(got, p.Text(created, "document")) {
		t.Errorf("reverted to %s", got)
	}
	p.WantNoop(p.Refreshed(reverted), config)
}

// After an import, the state has a definition and the configuration has the block. The block replaces the definition in
// the state, and nothing is written to Falcon.
func TestNotify_import(t *testing.T) {
	t.Parallel()
	sim, p, config := notifyWorkflow(t, falconsim.Options{}, acctest.Arguments{"trigger": "new_incident", "fields": []string{"Trigger.CID"}})
	p.Created(config)
	id := acctest.OnlyWorkflow(t, sim).ID

	state, diags := p.Imported(id)
	p.WantNoError(diags)
	if !strings.Contains(p.Text(state, "definition"), "CallWebhook") {
		t.Errorf("definition after the import: %s", p.Text(state, "definition"))
	}
	sim.ResetRequests()
	planned, diags := p.Plan(state, config)
	p.WantNoError(diags)
	for _, name := range []string{"id", "version", "last_modified", "document"} {
		if p.Text(planned, name) != p.Text(state, name) {
			t.Errorf("the plan changes %s: %s", name, p.Text(planned, name))
		}
	}
	state, diags = p.Apply(state, config)
	p.WantNoError(diags)
	if n := writes(sim); n != 0 {
		t.Errorf("%d writes, want none", n)
	}
	p.WantNoop(p.Refreshed(state), config)

	// The document replaces the block again.
	asDocument := acctest.Arguments{"definition": jsonOf(t, acctest.OnlyWorkflow(t, sim).Document)}
	state, diags = p.Apply(state, asDocument)
	p.WantNoError(diags)
	if n := writes(sim); n != 0 {
		t.Errorf("%d writes when the document replaces the block, want none", n)
	}
	p.WantNoop(p.Refreshed(state), asDocument)
}
