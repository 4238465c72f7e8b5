package core_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

// previous_tenants names a tenant that is left: what is found belongs to the new one, what is not is created there.
func TestTenantGuard_intendedMove(t *testing.T) {
	t.Parallel()
	for resource, config := range guarded {
		t.Run(resource, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				first, second := tenants(t)
				p := runIn(t, first, resource, loginAs{wire: first.Transport})
				made, diags := p.Apply(p.None(), config)
				p.WantNoError(diags)

				cid := strings.ToUpper(first.Sim.Tenant().CID) + "-A1"
				p = runIn(t, second, resource, loginAs{wire: second.Transport, previous: []string{cid}})
				gone, diags := p.Read(made)
				p.WantNoError(diags)
				warning := acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning)
				if !gone.Value.IsNull() || !strings.HasPrefix(warning, "Object left behind in another tenant") || strings.Count(warning, "\n") > 0 {
					t.Errorf("state %s, warnings %q", gone.Value, warning)
				}
				wantNotReplaced(t, p, gone, config)
				p = runIn(t, second, resource, loginAs{wire: second.Transport, previous: []string{cid}}) // the apply is another process
				moved, diags := p.Apply(p.None(), config)
				p.WantNoError(diags)
				p = runIn(t, first, resource, loginAs{wire: first.Transport})
				_, diags = p.Read(moved)
				acctest.WantError(t, "read in the former tenant", diags, "Wrong Falcon tenant")

				// The first tenant got another address.
				p = runIn(t, first, resource, loginAs{wire: first.Transport, id: blindID})
				kept, diags := p.Apply(p.None(), config.With(acctest.Arguments{"name": "kept"}))
				p.WantNoError(diags)
				first.Transport.Host = strings.TrimPrefix(secondURL, "http://")
				p = runIn(t, first, resource, loginAs{wire: first.Transport, id: blindID, url: secondURL, previous: []string{acctest.BaseURL + "/"}})
				kept, diags = p.Read(kept)
				p.WantNoError(diags)
				p = runIn(t, first, resource, loginAs{wire: first.Transport, id: blindID, url: secondURL})
				_, diags = p.Read(kept)
				p.WantNoError(diags)
			})
		})
	}
}

// wantNotReplaced fails if the plan of the create after a refresh warns about a replacement.
func wantNotReplaced(t *testing.T, p *acctest.Protocol, gone acctest.Instance, config acctest.Arguments) {
	t.Helper()
	_, diags := p.Plan(gone, config)
	p.WantNoError(diags)
	if text := acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning); strings.Contains(text, "replaced") {
		t.Errorf("the plan of the create warns: %s", text)
	}
}

// An object that was deleted in Falcon is created again and replaces nothing.
func TestTenantGuard_goneObject(t *testing.T) {
	t.Parallel()
	for resource, config := range guarded {
		t.Run(resource, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				first, _ := tenants(t)
				p := runIn(t, first, resource, loginAs{wire: first.Transport})
				made, diags := p.Apply(p.None(), config)
				p.WantNoError(diags)
				_, diags = p.Destroy(made)
				p.WantNoError(diags)
				p = runIn(t, first, resource, loginAs{wire: first.Transport})
				gone, diags := p.Read(made)
				p.WantNoError(diags)
				if !gone.Value.IsNull() {
					t.Fatal("the object is still there")
				}
				wantNotReplaced(t, p, gone, config)
			})
		})
	}
}

// previous_tenants is refused where it can't be understood.
func TestPreviousTenants(t *testing.T) {
	t.Parallel()
	unknownElement := []tftypes.Value{tftypes.NewValue(tftypes.String, tftypes.UnknownValue)}
	for name, set := range map[string]any{"unknown": acctest.Unknown{}, "unknown element": unknownElement} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := acctest.NewUnconfigured(t, nil, "")
			diags := p.Configure(acctest.Arguments{"base_url": acctest.BaseURL, "client_id": "x", "client_secret": "y", "previous_tenants": set})
			acctest.WantError(t, "configure", diags, "previous_tenants: Unknown provider argument")
		})
	}
	for text, want := range map[string]string{
		"https://API.us-2.crowdstrike.com/":   "https://api.us-2.crowdstrike.com",
		"0123456789ABCDEF0123456789abcdef-1A": "0123456789abcdef0123456789abcdef",
		"0123456789abcdef0123456789ABCDEF":    "0123456789abcdef0123456789abcdef",
		"https://api.eu-1.crowdstrike.com":    "https://api.eu-1.crowdstrike.com",
	} {
		if got := core.PreviousTenant(text); got != want {
			t.Errorf("previousTenant(%q) = %q, want %q", text, got, want)
		}
	}
	for text, good := range map[string]bool{"https://api.us-2.crowdstrike.com": true, childCID: true, "us-2": false, "": false, "http://falcon.example": false} {
		if err := core.CheckCIDOrBaseURL(text); (err == nil) != good {
			t.Errorf("%q: %v", text, err)
		}
	}
}
