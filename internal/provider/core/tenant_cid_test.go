package core_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// With cid in the provider block, no saved plan is applied in another tenant. A plan that creates has no state that the
// guard could compare.
func TestProviderCID(t *testing.T) {
	t.Parallel()
	for resource, config := range guarded {
		t.Run(resource, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				first, second := tenants(t)
				cid := strings.ToUpper(first.Sim.Tenant().CID) + "-A1"
				p := runIn(t, first, resource, loginAs{wire: first.Transport, cid: cid})
				planned, diags := p.Plan(p.None(), config)
				p.WantNoError(diags)

				for name, tt := range map[string]struct {
					login loginAs
					host  string
					want  []string
				}{
					"same address":  {loginAs{wire: second.Transport}, acctest.BaseURL, []string{"cid: Wrong Falcon tenant", cid, second.Sim.Tenant().CID}},
					"other address": {loginAs{wire: second.Transport, url: secondURL}, secondURL, []string{"cid: Wrong Falcon tenant", cid, secondURL}},
					"child tenant":  {loginAs{wire: second.Transport, member: childCID}, acctest.BaseURL, []string{"cid: Wrong Falcon tenant", cid, childCID}},
					"not readable":  {loginAs{wire: second.Transport, id: blindID}, acctest.BaseURL, []string{"cid: Unable to verify Falcon tenant", "sensor-installers:read"}},
				} {
					second.Transport.Host = strings.TrimPrefix(tt.host, "http://")
					tt.login.cid = cid
					_, diags := signIn(t, second, resource, tt.login)
					acctest.WantError(t, name, diags, tt.want...)
				}
				_, diags = signIn(t, first, resource, loginAs{wire: first.Transport, cid: acctest.Unknown{}})
				acctest.WantError(t, "unknown", diags, "cid: Unknown provider argument")
				if n := acctest.CountWrites(second.Transport); n > 0 {
					t.Errorf("%d writes were sent to the wrong tenant", n)
				}

				p = runIn(t, first, resource, loginAs{wire: first.Transport, cid: cid})
				_, diags = p.ApplyPlanned(p.None(), planned, config)
				p.WantNoError(diags)
				runIn(t, first, resource, loginAs{wire: first.Transport, member: childCID, cid: childCID})
			})
		})
	}
}
