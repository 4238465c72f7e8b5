package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

const official, officialType = "registry.terraform.io/crowdstrike/crowdstrike", "crowdstrike_fusion_soar_workflow"

// moved takes over a state of another resource type. The text is why it is refused.
func (p *protocol) moved(address, typeName, state string) (instance, string) {
	p.t.Helper()
	resp, err := p.server.MoveResourceState(p.t.Context(), &tfprotov6.MoveResourceStateRequest{
		SourceProviderAddress: address, SourceTypeName: typeName, TargetTypeName: flowType,
		SourceState: &tfprotov6.RawState{JSON: []byte(state)},
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return instance{p.unmarshal(resp.TargetState, p.typeOf()), resp.TargetPrivate}, messages(resp.Diagnostics, tfprotov6.DiagnosticSeverityError)
}

// The official provider's resource, moved: nothing is sent, and the next plan is empty.
func TestWorkflowMoved(t *testing.T) {
	t.Parallel()
	sim := newSim(t, falconsim.Options{})
	p := newProtocol(t, sim)
	p.created(arguments{"definition": sleepDocument})
	id := onlyFlow(t, sim).ID
	sim.ResetRequests()
	for name, source := range map[string]map[string]any{
		"as it is":      {"id": id, "definition": sleepDocument, "enabled": true, "last_updated": "today"},
		"reformatted":   {"id": id, "definition": sleepReformatted, "enabled": true},
		"no definition": {"id": id, "definition": nil, "enabled": nil},
	} {
		moved, text := p.moved(official, officialType, jsonOf(t, source))
		if text != "" {
			t.Fatalf("%s: %s", name, text)
		}
		p.wantNoop(p.refreshed(moved), arguments{"definition": sleepDocument})
		p.wantNoop(p.refreshed(moved), arguments{"definition": sleepDocument, "enabled": true})
	}
	if n := writes(sim); n != 0 {
		t.Errorf("%d writes, want none", n)
	}
	if _, text := p.moved(official, officialType, `{"definition": "x"}`); !strings.Contains(text, "holds no id") {
		t.Errorf("a state without id gives %q", text)
	}
	for address, typeName := range map[string]string{official: "crowdstrike_host_group", "registry.terraform.io/other/other": officialType} {
		if _, text := p.moved(address, typeName, fmt.Sprintf(`{"id": %q}`, id)); text == "" {
			t.Errorf("%s of %s was taken over", typeName, address)
		}
	}
}

// A move switches no workflow on or off while enabled is left out, whatever else changes, and asks to write it down. Once
// it is written down, it counts, and leaving it out again means the default.
func TestWorkflowMoved_enabledLeftOut(t *testing.T) {
	t.Parallel()
	for _, on := range []bool{false, true} {
		t.Run(fmt.Sprintf("enabled %t", on), func(t *testing.T) {
			t.Parallel()
			sim := newSim(t, falconsim.Options{})
			newProtocol(t, sim).created(arguments{"definition": sleepDocument, "enabled": on})
			w := onlyFlow(t, sim)
			p := newProtocol(t, sim)
			sim.ResetRequests()
			state, text := p.moved(official, officialType, jsonOf(t, map[string]any{"id": w.ID, "definition": sleepReformatted, "enabled": on}))
			if text != "" {
				t.Fatal(text)
			}
			state = p.refreshed(state)
			leftOut := arguments{"definition": sleepDocument}
			for range 2 { // each plan says so, until it is written down
				planned, diags := p.plan(state, leftOut)
				p.wantFine(diags)
				if !planned.value.Equal(state.value) {
					t.Errorf("planned %s\nof %s", planned.value, state.value)
				}
				wantEach(t, messages(diags, tfprotov6.DiagnosticSeverityWarning), []string{fmt.Sprintf("^enabled: enabled is not set: .*Write enabled = %t", on)})
			}
			if n := writes(sim); n != 0 {
				t.Errorf("%d writes, want none", n)
			}

			changed := arguments{"definition": strings.Replace(sleepDocument, "1m", "2m", 1)}
			state, diags := p.apply(state, changed)
			p.wantFine(diags)
			if now := onlyFlow(t, sim); now.Enabled != on || now.Version != w.Version+1 {
				t.Errorf("after a change enabled is %t, want %t, in version %d", now.Enabled, on, now.Version)
			}
			changed["enabled"] = !on
			state, diags = p.apply(p.refreshed(state), changed)
			p.wantFine(diags)
			if text := messages(diags, tfprotov6.DiagnosticSeverityWarning); strings.Contains(text, "enabled is not set") {
				t.Errorf("a warning although it is set: %s", text)
			}
			if now := onlyFlow(t, sim); now.Enabled == on {
				t.Errorf("enabled is still %t", on)
			}
			delete(changed, "enabled")
			if planned, diags := p.plan(p.refreshed(state), changed); p.text(planned, "enabled") != `tftypes.Bool<"true">` || messages(diags, tfprotov6.DiagnosticSeverityWarning) != "" {
				t.Errorf("planned enabled %s, with %s", p.text(planned, "enabled"), messages(diags, tfprotov6.DiagnosticSeverityWarning))
			}
		})
	}
}
