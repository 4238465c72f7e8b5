package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

// A draft that Falcon stores with validation errors is created, refreshed, changed and imported with warnings;
// validation_errors shows them, enabling it is an error, and finishing it empties the list.
func TestWorkflowDraft(t *testing.T) {
	t.Parallel()
	sim := newSim(t, falconsim.Options{})
	p := newProtocol(t, sim)
	unfinished := strings.Replace(sleepDocument, "sleep_time: 1m", "sleep_time: ''", 1)
	config := arguments{"definition": unfinished, "enabled": false}
	p.wantFine(p.validate(config))
	made, diags := p.apply(p.none(), config)
	p.wantFine(diags)
	wantEach(t, messages(diags, tfprotov6.DiagnosticSeverityWarning), []string{"Unfinished workflow document.*refuses to enable it"})
	wantDraft := func(i instance) {
		t.Helper()
		if got := p.text(i, "validation_errors"); !strings.Contains(got, `"sleep_time"`) || !strings.Contains(got, `"wait"`) || !strings.Contains(got, "2016") {
			t.Errorf("validation_errors %s", got)
		}
	}
	wantDraft(made)
	if w := onlyFlow(t, sim); w.Enabled || w.Version != 1 {
		t.Errorf("enabled %t, version %d", w.Enabled, w.Version)
	}
	read := p.refreshed(made)
	wantDraft(read)
	p.wantNoop(read, config)

	imported, diags := p.imported(onlyFlow(t, sim).ID)
	p.wantFine(diags)
	wantDraft(imported)
	if p.text(imported, "document") != p.text(made, "document") {
		t.Errorf("document after an import %s, after the create %s", p.text(imported, "document"), p.text(made, "document"))
	}

	_, diags = p.plan(read, arguments{"definition": unfinished})
	wantEach(t, messages(diags, tfprotov6.DiagnosticSeverityError), []string{"sleep_time"})

	done, diags := p.apply(read, arguments{"definition": sleepDocument})
	p.wantFine(diags)
	if got := p.members(done.value)["validation_errors"]; got.IsNull() || !got.IsFullyKnown() || strings.Contains(got.String(), "message") && strings.Contains(got.String(), "2016") {
		t.Errorf("validation_errors of a finished workflow: %s", got)
	}
	if w := onlyFlow(t, sim); !w.Enabled {
		t.Error("the finished workflow is off")
	}
	p.wantNoop(p.refreshed(done), arguments{"definition": sleepDocument})
}

// Document is the same after a create, a refresh and an import, whether the names of actions are written or not.
func TestWorkflowDocument_sameEverywhere(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"without a name": sleepDocument, "default name": strings.Replace(sleepDocument, "    properties:", "    name: Sleep\n    properties:", 1),
		"own name": strings.Replace(sleepDocument, "    properties:", "    name: Take a rest\n    properties:", 1),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := newSim(t, falconsim.Options{})
			p := newProtocol(t, sim)
			config := arguments{"definition": text}
			made := p.created(config)
			read := p.refreshed(made)
			imported, diags := newProtocol(t, sim).imported(onlyFlow(t, sim).ID)
			p.wantFine(diags)
			if a, b, c := p.text(made, "document"), p.text(read, "document"), p.text(imported, "document"); a != b || b != c {
				t.Errorf("document after a create, a refresh and an import:\n%s\n%s\n%s", a, b, c)
			}
			p.wantNoop(read, config)
			p.wantNoop(imported, config)
		})
	}
}

// Adding a name to an action, or changing it, plans an update and reaches Falcon; writing the default name does not.
func TestWorkflowNames(t *testing.T) {
	t.Parallel()
	sim := newSim(t, falconsim.Options{})
	p := newProtocol(t, sim)
	named := func(name string) arguments {
		return arguments{"definition": strings.Replace(sleepDocument, "    properties:", "    name: "+name+"\n    properties:", 1)}
	}
	made := p.created(arguments{"definition": sleepDocument})
	p.wantNoop(made, named("Sleep"))
	made, diags := p.apply(made, named("Take a rest"))
	p.wantFine(diags)
	w := onlyFlow(t, sim)
	if got := nodeOf(w, "actions", "wait")["name"]; got != "Take a rest" || w.Version != 3 {
		t.Errorf("the name is %v in version %d, want Take a rest in version 3", got, w.Version)
	}
	p.wantNoop(p.refreshed(made), named("Take a rest"))
}
