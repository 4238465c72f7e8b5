package integration_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// The probe tests what the receiver's page documents, and on request what it leaves out. Scopes of retired products are
// called retired, to write as well as to read.
func TestProbeOfRecommendedScopes(t *testing.T) {
	t.Parallel()
	acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness) {
		p := b.Start("")
		typ := p.Schema.EphemeralResourceSchemas["falcon_integration_probe"].ValueType()
		for _, tt := range []struct {
			recommended any
			states      map[string]string
		}{
			{nil, map[string]string{"workflow:read": "", "workflow:write": "", "detects:read": "retired", "detects:write": "retired", "incidents:write": "retired", "devices:write": "not_tested"}},
			{true, map[string]string{"workflow:read": "works", "workflow:write": "not_tested", "identity-graphql:write": "not_tested", "devices:read": "works"}},
		} {
			resp, err := p.Server.OpenEphemeralResource(t.Context(), &tfprotov6.OpenEphemeralResourceRequest{
				TypeName: "falcon_integration_probe", Config: p.Dynamic(p.ValueOf(typ, acctest.Arguments{
					"integration": "cortex_xsoar", "client_id": b.Sim.ClientID(), "client_secret": b.Sim.ClientSecret(), "recommended": tt.recommended,
				})),
			})
			if err != nil {
				t.Fatal(err)
			}
			p.WantNoError(resp.Diagnostics)
			scopes := p.Attributes(p.Attributes(p.Unmarshal(resp.Result, typ))["scopes"])
			for id, want := range tt.states {
				var got string
				if v, ok := scopes[id]; ok {
					if err := v.As(&got); err != nil {
						t.Fatal(err)
					}
				}
				if got != want {
					t.Errorf("recommended = %v: %s is %q, want %q", tt.recommended, id, got, want)
				}
			}
		}
	})
}
