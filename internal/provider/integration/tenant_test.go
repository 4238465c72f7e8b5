package integration_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

func TestTenantAndScopes(t *testing.T) {
	t.Parallel()
	acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness) {
		p, problem := b.Run("")
		if problem != "" {
			t.Fatal(problem)
		}
		tenant, diags := p.Data("falcon_tenant", nil)
		p.WantNoError(diags)
		for attribute, want := range map[string]string{"cid": strings.ToLower(b.Sim.CID()), "ccid": b.Sim.CCID(), "base_url": acctest.BaseURL} {
			if got := p.Text(tenant, attribute); got != want {
				t.Errorf("%s is %q, want %q", attribute, got, want)
			}
		}
		scopes, diags := p.Data("falcon_api_scopes", acctest.Arguments{"group": "hosts", "action": "write"})
		p.WantNoError(diags)
		ids := p.Members(scopes.Value)["ids"]
		if want := tftypes.NewValue(ids.Type(), []tftypes.Value{tftypes.NewValue(tftypes.String, "devices:write")}); !ids.Equal(want) {
			t.Errorf("ids are %s, want %s", ids, want)
		}
	})
}
