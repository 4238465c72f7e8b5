package workflow_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// A draft that Falcon stores with validation errors is created, refreshed, changed and imported with warnings;
// validation_errors shows them, enabling it is an error, and finishing it empties the list.
func TestWorkflowDraft(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	p := acctest.NewProtocol(t, sim)
	unfinished := strings.Replace(acctest.SleepDocument, "sleep_time: 1m", "sleep_time: ''", 1)
	config := acctest.Arguments{"definition": unfinished, "enabled": false}
	p.WantNoError(p.Validate(config))
	made, diags := p.Apply(p.None(), config)
	p.WantNoError(diags)
	wantEach(t, acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning), []string{"Unfinished workflow document.*refuses to enable it"})
	wantDraft := func(i acctest.Instance) {
		t.Helper()
		if got := p.Text(i, "validation_errors"); !strings.Contains(got, `"sleep_time"`) || !strings.Contains(got, `"wait"`) || !strings.Contains(got, "2016") {
			t.Errorf("validation_errors %s", got)
		}
	}
	wantDraft(made)
	if w := acctest.OnlyWorkflow(t, sim); w.Enabled || w.Version != 1 {
		t.Errorf("enabled %t, version %d", w.Enabled, w.Version)
	}
	read := p.Refreshed(made)
	wantDraft(read)
	p.WantNoop(read, config)

	imported, diags := p.Imported(acctest.OnlyWorkflow(t, sim).ID)
	p.WantNoError(diags)
	wantDraft(imported)
	if p.Text(imported, "document") != p.Text(made, "document") {
		t.Errorf("document after an import %s, after the create %s", p.Text(imported, "document"), p.Text(made, "document"))
	}

	_, diags = p.Plan(read, acctest.Arguments{"definition": unfinished})
	wantEach(t, acctest.Messages(diags, tfprotov6.DiagnosticSeverityError), []string{"sleep_time"})

	done, diags := p.Apply(read, acctest.Arguments{"definition": acctest.SleepDocument})
	p.WantNoError(diags)
	if got := p.Members(done.Value)["validation_errors"]; got.IsNull() || !got.IsFullyKnown() || strings.Contains(got.String(), "message") && strings.Contains(got.String(), "2016") {
		t.Errorf("validation_errors of a finished workflow: %s", got)
	}
	if w := acctest.OnlyWorkflow(t, sim); !w.Enabled {
		t.Error("the finished workflow is off")
	}
	p.WantNoop(p.Refreshed(done), acctest.Arguments{"definition": acctest.SleepDocument})
}

// Document is the same after a create, a refresh and an import, whether the names of actions are written or not.
func TestWorkflowDocument_sameEverywhere(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"without a name": acctest.SleepDocument, "default name": strings.Replace(acctest.SleepDocument, "    properties:", "    name: Sleep\n    properties:", 1),
		"own name": strings.Replace(acctest.SleepDocument, "    properties:", "    name: Take a rest\n    properties:", 1),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := acctest.NewSim(t, falconsim.Options{})
			p := acctest.NewProtocol(t, sim)
			config := acctest.Arguments{"definition": text}
			made := p.Created(config)
			read := p.Refreshed(made)
			imported, diags := acctest.NewProtocol(t, sim).Imported(acctest.OnlyWorkflow(t, sim).ID)
			p.WantNoError(diags)
			if a, b, c := p.Text(made, "document"), p.Text(read, "document"), p.Text(imported, "document"); a != b || b != c {
				t.Errorf("document after a create, a refresh and an import:\n%s\n%s\n%s", a, b, c)
			}
			p.WantNoop(read, config)
			p.WantNoop(imported, config)
		})
	}
}

// Adding a name to an action, or changing it, plans an update and reaches Falcon; writing the default name does not.
func TestWorkflowNames(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	p := acctest.NewProtocol(t, sim)
	named := func(name string) acctest.Arguments {
		return acctest.Arguments{"definition": strings.Replace(acctest.SleepDocument, "    properties:", "    name: "+name+"\n    properties:", 1)}
	}
	made := p.Created(acctest.Arguments{"definition": acctest.SleepDocument})
	p.WantNoop(made, named("Sleep"))
	made, diags := p.Apply(made, named("Take a rest"))
	p.WantNoError(diags)
	w := acctest.OnlyWorkflow(t, sim)
	if got := nodeOf(w, "actions", "wait")["name"]; got != "Take a rest" || w.Version != 3 {
		t.Errorf("the name is %v in version %d, want Take a rest in version 3", got, w.Version)
	}
	p.WantNoop(p.Refreshed(made), named("Take a rest"))
}
