package provider

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// previous_tenants names a tenant that is left: what is found belongs to the new one, what is not is created there.
func TestTenantGuard_intendedMove(t *testing.T) {
	t.Parallel()
	for resource, config := range guarded {
		t.Run(resource, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				first, second := tenants(t)
				p := runIn(t, first, resource, loginAs{wire: first.wire})
				made, diags := p.apply(p.none(), config)
				p.wantFine(diags)

				cid := strings.ToUpper(first.sim.Tenant().CID) + "-A1"
				p = runIn(t, second, resource, loginAs{wire: second.wire, previous: []string{cid}})
				gone, diags := p.read(made)
				p.wantFine(diags)
				warning := messages(diags, tfprotov6.DiagnosticSeverityWarning)
				if !gone.value.IsNull() || !strings.Contains(warning, "Object left behind in another tenant") {
					t.Errorf("state %s, warnings %q", gone.value, warning)
				}
				moved, diags := p.apply(p.none(), config)
				p.wantFine(diags)
				p = runIn(t, first, resource, loginAs{wire: first.wire})
				_, diags = p.read(moved)
				wantError(t, "read in the former tenant", diags, "Wrong Falcon tenant")

				// The first tenant got another address.
				p = runIn(t, first, resource, loginAs{wire: first.wire, id: blindID})
				kept, diags := p.apply(p.none(), config.with(arguments{"name": "kept"}))
				p.wantFine(diags)
				first.wire.host = strings.TrimPrefix(secondURL, "http://")
				p = runIn(t, first, resource, loginAs{wire: first.wire, id: blindID, url: secondURL, previous: []string{wireURL + "/"}})
				kept, diags = p.read(kept)
				p.wantFine(diags)
				p = runIn(t, first, resource, loginAs{wire: first.wire, id: blindID, url: secondURL})
				_, diags = p.read(kept)
				p.wantFine(diags)
			})
		})
	}
}

// previous_tenants is refused where it can't be understood.
func TestPreviousTenants(t *testing.T) {
	t.Parallel()
	schema, err := providerSchema()
	if err != nil {
		t.Fatal(err)
	}
	unknownElement := []tftypes.Value{tftypes.NewValue(tftypes.String, tftypes.UnknownValue)}
	for name, set := range map[string]any{"unknown": unknown{}, "unknown element": unknownElement} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := &protocol{t: t, server: serverOf(New("test")())(), schema: schema}
			diags := p.configure(arguments{"base_url": wireURL, "client_id": "x", "client_secret": "y", "previous_tenants": set})
			wantError(t, "configure", diags, "previous_tenants: Unknown provider argument")
		})
	}
	for text, want := range map[string]string{
		"https://API.us-2.crowdstrike.com/":   "https://api.us-2.crowdstrike.com",
		"0123456789ABCDEF0123456789abcdef-1A": "0123456789abcdef0123456789abcdef",
		"0123456789abcdef0123456789ABCDEF":    "0123456789abcdef0123456789abcdef",
		"https://api.eu-1.crowdstrike.com":    "https://api.eu-1.crowdstrike.com",
	} {
		if got := previousTenant(text); got != want {
			t.Errorf("previousTenant(%q) = %q, want %q", text, got, want)
		}
	}
	for text, good := range map[string]bool{"https://api.us-2.crowdstrike.com": true, childCID: true, "us-2": false, "": false, "http://falcon.example": false} {
		if err := checkCIDOrBaseURL(text); (err == nil) != good {
			t.Errorf("%q: %v", text, err)
		}
	}
}
