package provider

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

const (
	ccidPath      = "/sensors/queries/installers/ccid/v1"
	secondURL     = "http://127.0.0.1:2"
	blindID       = "b11db11db11db11db11db11db11db11d"
	secondBlindID = "07e207e207e207e207e207e207e207e2"
	childCID      = "0123456789abcdef0123456789abcdef"
)

// guarded are objects of each resource, as they are configured.
var guarded = map[string]arguments{apiClientType: aClient, webhookType: aWebhook, flowType: aFlow}

// loginAs says how a run of the provider signs in.
type loginAs struct {
	wire     *wire
	id       string // of the API client; "" is the tenant's own, with every scope
	url      string // "" is wireURL
	member   string
	previous []string
}

// runIn starts a provider that signs in that way.
func runIn(t *testing.T, b *bubble, resource string, s loginAs) *protocol {
	t.Helper()
	schema, err := providerSchema()
	if err != nil {
		t.Fatal(err)
	}
	block := arguments{"base_url": wireURL, "client_id": b.sim.ClientID(), "client_secret": b.sim.ClientSecret()}
	if s.id != "" {
		block["client_id"], block["client_secret"] = s.id, "secret of "+s.id
	}
	if s.url != "" {
		block["base_url"] = s.url
	}
	if s.member != "" {
		block["member_cid"] = s.member
	}
	if s.previous != nil {
		block["previous_tenants"] = s.previous
	}
	p := &protocol{t: t, server: serverOf(&falconProvider{version: "test", transport: s.wire})(), schema: schema, resource: resource}
	p.wantFine(p.configure(block))
	return p
}

// tenants are two tenants, the first of which has children. Beside the client that holds every scope each has two that
// can do all but read the customer id.
func tenants(t *testing.T) (first, second *bubble) {
	t.Helper()
	made := make([]*bubble, 2)
	for i := range made {
		made[i] = newBubble(t, falconsim.Options{Seed: int64(i + 1), MemberCIDs: []string{childCID}})
		var scopes []string
		for _, s := range providerScopes {
			if s != "sensor-installers:read" {
				scopes = append(scopes, s)
			}
		}
		made[i].sim.AddClient(blindID, "secret of "+blindID, scopes)
		made[i].sim.AddClient(secondBlindID, "secret of "+secondBlindID, scopes)
	}
	return made[0], made[1]
}

// noteIn is the tenant that an object's private state names.
func noteIn(t *testing.T, object instance) tenantNote {
	t.Helper()
	var private map[string][]byte
	var note tenantNote
	if err := json.Unmarshal(object.private, &private); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(private[tenantKey], &note); err != nil {
		t.Fatal(err)
	}
	return note
}

func wantError(t *testing.T, what string, diags []*tfprotov6.Diagnostic, parts ...string) {
	t.Helper()
	text := messages(diags, tfprotov6.DiagnosticSeverityError)
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%s: the error lacks %q: %q", what, part, text)
		}
	}
}

// countWrites counts the calls that change something.
func countWrites(w *wire) int {
	n := 0
	for _, c := range w.calls() {
		if c.method != http.MethodGet && !strings.HasPrefix(c.path, "/oauth2/") {
			n++
		}
	}
	return n
}

// With another tenant's credentials every object would look deleted, and a destroy would leave all of them behind.
func TestTenantGuard_refusesElsewhere(t *testing.T) {
	t.Parallel()
	ways := map[string]struct {
		here, there func(first, second *bubble) loginAs
		names       func(first, second *bubble) []string // what the error names
	}{
		"CID": {
			func(first, _ *bubble) loginAs { return loginAs{wire: first.wire} },
			func(_, second *bubble) loginAs { return loginAs{wire: second.wire} },
			func(first, second *bubble) []string { return []string{first.sim.Tenant().CID, second.sim.Tenant().CID} },
		},
		"base URL": {
			func(first, _ *bubble) loginAs { return loginAs{wire: first.wire, id: blindID} },
			func(_, second *bubble) loginAs {
				second.wire.host = strings.TrimPrefix(secondURL, "http://")
				return loginAs{wire: second.wire, id: blindID, url: secondURL}
			},
			func(_, _ *bubble) []string { return []string{wireURL, secondURL} },
		},
		"CID is readable only here": {
			func(first, _ *bubble) loginAs { return loginAs{wire: first.wire} },
			func(_, second *bubble) loginAs {
				second.wire.host = strings.TrimPrefix(secondURL, "http://")
				return loginAs{wire: second.wire, id: blindID, url: secondURL}
			},
			func(first, _ *bubble) []string { return []string{first.sim.Tenant().CID, secondURL} },
		},
		"child tenant": {
			func(first, _ *bubble) loginAs { return loginAs{wire: first.wire, id: blindID} },
			func(first, _ *bubble) loginAs {
				return loginAs{wire: first.wire, id: blindID, member: strings.ToUpper(childCID) + "-AB"}
			},
			func(_, _ *bubble) []string { return []string{blindID, childCID} },
		},
	}
	for resource, config := range guarded {
		for name, way := range ways {
			t.Run(resource+"/"+name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					first, second := tenants(t)
					p := runIn(t, first, resource, way.here(first, second))
					made, diags := p.apply(p.none(), config)
					p.wantFine(diags)
					names := append(way.names(first, second), "Wrong Falcon tenant", p.text(made, "id"), "previous_tenants")

					there := way.there(first, second)
					there.wire.arm(nil)
					p = runIn(t, second, resource, there)
					after, diags := p.read(made)
					wantError(t, "read", diags, names...)
					if !after.value.Equal(made.value) {
						t.Errorf("the read changed the state to %s", after.value)
					}
					_, diags = p.plan(made, config.with(arguments{"name": "renamed"}))
					wantError(t, "plan", diags, names...)
					after, diags = p.destroy(made)
					wantError(t, "destroy", diags, names...)
					if after.value.IsNull() {
						t.Error("the destroy emptied the state")
					}
					if n := countWrites(there.wire); n > 0 {
						t.Errorf("%d writes were sent to the wrong tenant", n)
					}
					first.wire.arm(nil)
					p = runIn(t, first, resource, way.here(first, second))
					_, diags = p.destroy(made)
					p.wantFine(diags)
				})
			})
		}
	}
}

// Without the customer id, at the same address and with another API client, only finding the object proves the tenant.
func TestTenantGuard_unproven(t *testing.T) {
	t.Parallel()
	for resource, config := range guarded {
		t.Run(resource, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				first, second := tenants(t)
				p := runIn(t, first, resource, loginAs{wire: first.wire, id: blindID})
				made, diags := p.apply(p.none(), config)
				p.wantFine(diags)

				elsewhere := loginAs{wire: second.wire, id: secondBlindID}
				p = runIn(t, second, resource, elsewhere)
				after, diags := p.read(made)
				wantError(t, "read", diags, "Wrong Falcon tenant or deleted object", blindID, secondBlindID, "sensor-installers:read")
				if !after.value.Equal(made.value) {
					t.Errorf("the read changed the state to %s", after.value)
				}
				after, diags = p.destroy(made)
				wantError(t, "destroy", diags, "Wrong Falcon tenant or deleted object")
				if after.value.IsNull() {
					t.Error("the destroy emptied the state")
				}

				// The same tenant with a new API client, and then that one alone.
				p = runIn(t, first, resource, loginAs{wire: first.wire, id: secondBlindID})
				found, diags := p.read(made)
				p.wantFine(diags)
				if note := noteIn(t, found); note.ClientID != secondBlindID {
					t.Errorf("the note was not renewed: %+v", note)
				}
				gone, diags := p.destroy(made) // without a refresh
				p.wantFine(diags)
				if !gone.value.IsNull() {
					t.Error("the destroy left the object in state")
				}
				gone, diags = p.read(found) // really deleted, and the tenant is proven by now
				p.wantFine(diags)
				if !gone.value.IsNull() {
					t.Error("a deleted object stays in state")
				}
			})
		})
	}
}

// An object of an older version, or an imported one, takes its tenant from the first read that finds it.
func TestTenantGuard_adopts(t *testing.T) {
	t.Parallel()
	for resource, config := range guarded {
		t.Run(resource, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				first, second := tenants(t)
				p := runIn(t, first, resource, loginAs{wire: first.wire})
				made, diags := p.apply(p.none(), config)
				p.wantFine(diags)
				made.private = nil
				found, diags := p.read(made)
				p.wantFine(diags)
				imported, diags := p.imported(p.text(made, "id"))
				p.wantFine(diags)

				p = runIn(t, second, resource, loginAs{wire: second.wire})
				for what, object := range map[string]instance{"read": found, "imported": imported} {
					if _, diags = p.read(object); messages(diags, tfprotov6.DiagnosticSeverityError) == "" {
						t.Errorf("%s: the object of another tenant was read", what)
					}
				}
				gone, diags := p.read(made) // still without a note: nothing says where it belongs
				p.wantFine(diags)
				if !gone.value.IsNull() {
					t.Error("an object without a note is not called gone")
				}
			})
		})
	}
}

// The customer id is readable in one run and not in another; what was known stays known.
func TestTenantGuard_customerIDComesAndGoes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		first, second := tenants(t)
		p := runIn(t, first, flowType, loginAs{wire: first.wire, id: blindID})
		object, diags := p.apply(p.none(), aFlow) // unknown
		p.wantFine(diags)
		for _, id := range []string{"", blindID, secondBlindID} { // known, unknown, unknown with another client
			p = runIn(t, first, flowType, loginAs{wire: first.wire, id: id})
			object, diags = p.read(object)
			p.wantFine(diags)
		}
		p = runIn(t, second, flowType, loginAs{wire: second.wire})
		_, diags = p.read(object)
		wantError(t, "read", diags, first.sim.Tenant().CID, second.sim.Tenant().CID)

		// The same tenant at another address, which the customer id proves.
		first.wire.host = strings.TrimPrefix(secondURL, "http://")
		p = runIn(t, first, flowType, loginAs{wire: first.wire, url: secondURL})
		object, diags = p.read(object)
		p.wantFine(diags)
		p = runIn(t, first, flowType, loginAs{wire: first.wire, id: secondBlindID, url: secondURL})
		_, diags = p.read(object)
		p.wantFine(diags)
	})
}

// The customer id costs one request in a run, whether it can be read or not.
func TestTenantGuard_oneRequest(t *testing.T) {
	t.Parallel()
	for name, id := range map[string]string{"readable": "", "refused": blindID} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				first, _ := tenants(t)
				p := runIn(t, first, apiClientType, loginAs{wire: first.wire, id: id})
				var objects []instance
				for _, name := range []string{"a", "b", "c"} {
					made, diags := p.apply(p.none(), aClient.with(arguments{"name": name}))
					p.wantFine(diags)
					objects = append(objects, made)
				}
				want := func(what string, n int) {
					t.Helper()
					got := 0
					for _, c := range first.wire.calls() {
						if c.path == ccidPath {
							got++
						}
					}
					if got != n {
						t.Errorf("%s: %d requests for the customer id, want %d", what, got, n)
					}
				}
				want("creates", 1)
				first.wire.arm(nil)
				p = runIn(t, first, apiClientType, loginAs{wire: first.wire, id: id})
				for _, made := range objects {
					read, diags := p.read(made)
					p.wantFine(diags)
					_, diags = p.destroy(read)
					p.wantFine(diags)
				}
				want("refresh and destroy", 1)
				first.wire.arm(nil)
				p = runIn(t, first, apiClientType, loginAs{wire: first.wire, id: id, member: childCID})
				made, diags := p.apply(p.none(), aClient)
				p.wantFine(diags)
				_, diags = p.read(made)
				p.wantFine(diags)
				want("in a child tenant, whose id is known", 0)
			})
		})
	}
}
