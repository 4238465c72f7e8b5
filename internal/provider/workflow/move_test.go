package workflow_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

const official, officialType = "registry.terraform.io/crowdstrike/crowdstrike", "crowdstrike_fusion_soar_workflow"

// The official provider's resource is moved: nothing is written, and the next plan is empty.
func TestMove(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	p := acctest.NewProtocol(t, sim)
	p.Created(acctest.Arguments{"definition": acctest.SleepDocument})
	id := acctest.OnlyWorkflow(t, sim).ID
	sim.ResetRequests()
	for name, source := range map[string]map[string]any{
		"as it is":      {"id": id, "definition": acctest.SleepDocument, "enabled": true, "last_updated": "today"},
		"reformatted":   {"id": id, "definition": acctest.SleepReformatted, "enabled": true},
		"no definition": {"id": id, "definition": nil, "enabled": nil},
	} {
		moved, text := p.Moved(official, officialType, jsonOf(t, source))
		if text != "" {
			t.Fatalf("%s: %s", name, text)
		}
		p.WantNoop(p.Refreshed(moved), acctest.Arguments{"definition": acctest.SleepDocument})
		p.WantNoop(p.Refreshed(moved), acctest.Arguments{"definition": acctest.SleepDocument, "enabled": true})
	}
	if n := writes(sim); n != 0 {
		t.Errorf("%d writes, want none", n)
	}
	if _, text := p.Moved(official, officialType, `{"definition": "x"}`); !strings.Contains(text, "does not contain an id") {
		t.Errorf("a state without id reports %q", text)
	}
	for address, typeName := range map[string]string{official: "crowdstrike_host_group", "registry.terraform.io/other/other": officialType} {
		if _, text := p.Moved(address, typeName, fmt.Sprintf(`{"id": %q}`, id)); text == "" {
			t.Errorf("%s of %s was accepted", typeName, address)
		}
	}
}

// While the configuration omits enabled, a moved workflow keeps it, whatever else changes, with a warning. Once enabled was
// set, omitting it again means the default.
func TestMove_enabledOmitted(t *testing.T) {
	t.Parallel()
	for _, on := range []bool{false, true} {
		t.Run(fmt.Sprintf("enabled %t", on), func(t *testing.T) {
			t.Parallel()
			sim := acctest.NewSim(t, falconsim.Options{})
			acctest.NewProtocol(t, sim).Created(acctest.Arguments{"definition": acctest.SleepDocument, "enabled": on})
			w := acctest.OnlyWorkflow(t, sim)
			p := acctest.NewProtocol(t, sim)
			sim.ResetRequests()
			state, text := p.Moved(official, officialType, jsonOf(t, map[string]any{"id": w.ID, "definition": acctest.SleepReformatted, "enabled": on}))
			if text != "" {
				t.Fatal(text)
			}
			state = p.Refreshed(state)
			omitted := acctest.Arguments{"definition": acctest.SleepDocument}
			for range 2 { // each plan warns, until it is set
				planned, diags := p.Plan(state, omitted)
				p.WantNoError(diags)
				if !planned.Value.Equal(state.Value) {
					t.Errorf("planned %s\nof %s", planned.Value, state.Value)
				}
				wantMessages(t, acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning), []string{fmt.Sprintf("^enabled: enabled is not set: .*Set enabled = %t", on)})
			}
			if n := writes(sim); n != 0 {
				t.Errorf("%d writes, want none", n)
			}

			changed := acctest.Arguments{"definition": strings.Replace(acctest.SleepDocument, "1m", "2m", 1)}
			state, diags := p.Apply(state, changed)
			p.WantNoError(diags)
			if now := acctest.OnlyWorkflow(t, sim); now.Enabled != on || now.Version != w.Version+1 {
				t.Errorf("after a change enabled is %t, want %t, in version %d", now.Enabled, on, now.Version)
			}
			changed["enabled"] = !on
			state, diags = p.Apply(p.Refreshed(state), changed)
			p.WantNoError(diags)
			if text := acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning); strings.Contains(text, "enabled is not set") {
				t.Errorf("a warning although it is set: %s", text)
			}
			if now := acctest.OnlyWorkflow(t, sim); now.Enabled == on {
				t.Errorf("enabled is still %t", on)
			}
			delete(changed, "enabled")
			if planned, diags := p.Plan(p.Refreshed(state), changed); p.Text(planned, "enabled") != `tftypes.Bool<"true">` || acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning) != "" {
				t.Errorf("planned enabled %s, with %s", p.Text(planned, "enabled"), acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning))
			}
		})
	}
}
