package workflow_test

import (
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// document is the same after a create, a refresh and an import, whether the definition contains names of actions or not.
func TestDefaultNames_document(t *testing.T) {
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
			created := p.Created(config)
			read := p.Refreshed(created)
			imported, diags := acctest.NewProtocol(t, sim).Imported(acctest.OnlyWorkflow(t, sim).ID)
			p.WantNoError(diags)
			if a, b, c := p.Text(created, "document"), p.Text(read, "document"), p.Text(imported, "document"); a != b || b != c {
				t.Errorf("document after a create, a refresh and an import:\n%s\n%s\n%s", a, b, c)
			}
			p.WantNoop(read, config)
			p.WantNoop(imported, config)
		})
	}
}

// Adding or changing the name of an action is an update. Adding the default name is not.
func TestDefaultNames_update(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	p := acctest.NewProtocol(t, sim)
	named := func(name string) acctest.Arguments {
		return acctest.Arguments{"definition": strings.Replace(acctest.SleepDocument, "    properties:", "    name: "+name+"\n    properties:", 1)}
	}
	created := p.Created(acctest.Arguments{"definition": acctest.SleepDocument})
	p.WantNoop(created, named("Sleep"))
	created, diags := p.Apply(created, named("Take a rest"))
	p.WantNoError(diags)
	w := acctest.OnlyWorkflow(t, sim)
	if got := nodeOf(w, "actions", "wait")["name"]; got != "Take a rest" || w.Version != 3 {
		t.Errorf("the name is %v in version %d, want Take a rest in version 3", got, w.Version)
	}
	p.WantNoop(p.Refreshed(created), named("Take a rest"))
}
