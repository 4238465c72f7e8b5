package core_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

const (
	ccidPath      = "/sensors/queries/installers/ccid/v1"
	secondURL     = "http://127.0.0.1:2"
	blindID       = "b11db11db11db11db11db11db11db11d"
	secondBlindID = "07e207e207e207e207e207e207e207e2"
	childCID      = "0123456789abcdef0123456789abcdef"
)

// guarded is a configuration of each resource.
var guarded = map[string]acctest.Arguments{acctest.APIClientType: acctest.ClientArguments, acctest.WebhookType: acctest.WebhookArguments, acctest.WorkflowType: acctest.WorkflowArguments}

// loginAs describes how a run of the provider signs in.
type loginAs struct {
	wire     *acctest.Transport
	id       string // of the API client; "" is the tenant's own, with every scope
	url      string // "" is wireURL
	member   string
	previous []string
	cid      any // the argument cid
}

// runIn starts a provider that signs in as described.
func runIn(t *testing.T, b *acctest.Harness, resource string, s loginAs) *acctest.Protocol {
	t.Helper()
	p, diags := signIn(t, b, resource, s)
	p.WantNoError(diags)
	return p
}

func signIn(t *testing.T, b *acctest.Harness, resource string, s loginAs) (*acctest.Protocol, []*tfprotov6.Diagnostic) {
	t.Helper()
	schema, err := acctest.ProviderSchema()
	if err != nil {
		t.Fatal(err)
	}
	block := acctest.Arguments{"base_url": acctest.BaseURL, "client_id": b.Sim.ClientID(), "client_secret": b.Sim.ClientSecret()}
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
	if s.cid != nil {
		block["cid"] = s.cid
	}
	p := &acctest.Protocol{T: t, Server: acctest.NewServer(provider.NewWithTransport("test", s.wire)())(), Schema: schema, Resource: resource}
	return p, p.Configure(block)
}

// tenants returns two tenants. Each has a child tenant and, in addition to the API client with all scopes, two clients
// without permission to read the customer id.
func tenants(t *testing.T) (first, second *acctest.Harness) {
	t.Helper()
	made := make([]*acctest.Harness, 2)
	for i := range made {
		made[i] = acctest.NewHarness(t, falconsim.Options{Seed: int64(i + 1), MemberCIDs: []string{childCID}})
		var scopes []string
		for _, s := range core.ProviderScopes {
			if s != "sensor-installers:read" {
				scopes = append(scopes, s)
			}
		}
		made[i].Sim.AddClient(blindID, "secret of "+blindID, scopes)
		made[i].Sim.AddClient(secondBlindID, "secret of "+secondBlindID, scopes)
	}
	return made[0], made[1]
}

// With another tenant's credentials every object would look deleted, and a destroy would leave all of them behind.
func TestTenantGuard_refusesElsewhere(t *testing.T) {
	t.Parallel()
	ways := map[string]struct {
		here, there func(first, second *acctest.Harness) loginAs
		names       func(first, second *acctest.Harness) []string // what the error names
	}{
		"CID": {
			func(first, _ *acctest.Harness) loginAs { return loginAs{wire: first.Transport} },
			func(_, second *acctest.Harness) loginAs { return loginAs{wire: second.Transport} },
			func(first, second *acctest.Harness) []string {
				return []string{first.Sim.Tenant().CID, second.Sim.Tenant().CID}
			},
		},
		"base URL": {
			func(first, _ *acctest.Harness) loginAs { return loginAs{wire: first.Transport, id: blindID} },
			func(_, second *acctest.Harness) loginAs {
				second.Transport.Host = strings.TrimPrefix(secondURL, "http://")
				return loginAs{wire: second.Transport, id: blindID, url: secondURL}
			},
			func(_, _ *acctest.Harness) []string { return []string{acctest.BaseURL, secondURL} },
		},
		"CID is readable only here": {
			func(first, _ *acctest.Harness) loginAs { return loginAs{wire: first.Transport} },
			func(_, second *acctest.Harness) loginAs {
				second.Transport.Host = strings.TrimPrefix(secondURL, "http://")
				return loginAs{wire: second.Transport, id: blindID, url: secondURL}
			},
			func(first, _ *acctest.Harness) []string { return []string{first.Sim.Tenant().CID, secondURL} },
		},
		"child tenant": {
			func(first, _ *acctest.Harness) loginAs { return loginAs{wire: first.Transport, id: blindID} },
			func(first, _ *acctest.Harness) loginAs {
				return loginAs{wire: first.Transport, id: blindID, member: strings.ToUpper(childCID) + "-AB"}
			},
			func(_, _ *acctest.Harness) []string { return []string{blindID, childCID} },
		},
	}
	for resource, config := range guarded {
		for name, way := range ways {
			t.Run(resource+"/"+name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					first, second := tenants(t)
					p := runIn(t, first, resource, way.here(first, second))
					made, diags := p.Apply(p.None(), config)
					p.WantNoError(diags)
					names := append(way.names(first, second), "Wrong Falcon tenant", p.Text(made, "id"), "previous_tenants")

					there := way.there(first, second)
					there.wire.Arm(nil)
					p = runIn(t, second, resource, there)
					after, diags := p.Read(made)
					acctest.WantError(t, "read", diags, names...)
					if !after.Value.Equal(made.Value) {
						t.Errorf("the read changed the state to %s", after.Value)
					}
					_, diags = p.Plan(made, config.With(acctest.Arguments{"name": "renamed"}))
					acctest.WantError(t, "plan", diags, names...)
					after, diags = p.Destroy(made)
					acctest.WantError(t, "destroy", diags, names...)
					if after.Value.IsNull() {
						t.Error("the destroy emptied the state")
					}
					if n := acctest.CountWrites(there.wire); n > 0 {
						t.Errorf("%d writes were sent to the wrong tenant", n)
					}
					first.Transport.Arm(nil)
					p = runIn(t, first, resource, way.here(first, second))
					_, diags = p.Destroy(made)
					p.WantNoError(diags)
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
				p := runIn(t, first, resource, loginAs{wire: first.Transport, id: blindID})
				made, diags := p.Apply(p.None(), config)
				p.WantNoError(diags)

				elsewhere := loginAs{wire: second.Transport, id: secondBlindID}
				p = runIn(t, second, resource, elsewhere)
				after, diags := p.Read(made)
				acctest.WantError(t, "read", diags, "Wrong Falcon tenant or deleted object", blindID, secondBlindID, "sensor-installers:read")
				if !after.Value.Equal(made.Value) {
					t.Errorf("the read changed the state to %s", after.Value)
				}
				after, diags = p.Destroy(made)
				acctest.WantError(t, "destroy", diags, "Wrong Falcon tenant or deleted object")
				if after.Value.IsNull() {
					t.Error("the destroy emptied the state")
				}

				// The same tenant with a new API client, and then that one alone.
				p = runIn(t, first, resource, loginAs{wire: first.Transport, id: secondBlindID})
				found, diags := p.Read(made)
				p.WantNoError(diags)
				if note := acctest.NoteIn(t, found); note.ClientID != secondBlindID {
					t.Errorf("the note was not renewed: %+v", note)
				}
				gone, diags := p.Destroy(made) // without a refresh
				p.WantNoError(diags)
				if !gone.Value.IsNull() {
					t.Error("the destroy left the object in state")
				}
				gone, diags = p.Read(found) // really deleted, and the tenant is proven by now
				p.WantNoError(diags)
				if !gone.Value.IsNull() {
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
				p := runIn(t, first, resource, loginAs{wire: first.Transport})
				made, diags := p.Apply(p.None(), config)
				p.WantNoError(diags)
				made.Private = nil
				found, diags := p.Read(made)
				p.WantNoError(diags)
				imported, diags := p.Imported(p.Text(made, "id"))
				p.WantNoError(diags)

				p = runIn(t, second, resource, loginAs{wire: second.Transport})
				for what, object := range map[string]acctest.Instance{"read": found, "imported": imported} {
					if _, diags = p.Read(object); acctest.Messages(diags, tfprotov6.DiagnosticSeverityError) == "" {
						t.Errorf("%s: the object of another tenant was read", what)
					}
				}
				gone, diags := p.Read(made) // still without a note: nothing says where it belongs
				p.WantNoError(diags)
				if !gone.Value.IsNull() {
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
		p := runIn(t, first, acctest.WorkflowType, loginAs{wire: first.Transport, id: blindID})
		object, diags := p.Apply(p.None(), acctest.WorkflowArguments) // unknown
		p.WantNoError(diags)
		for _, id := range []string{"", blindID, secondBlindID} { // known, unknown, unknown with another client
			p = runIn(t, first, acctest.WorkflowType, loginAs{wire: first.Transport, id: id})
			object, diags = p.Read(object)
			p.WantNoError(diags)
		}
		p = runIn(t, second, acctest.WorkflowType, loginAs{wire: second.Transport})
		_, diags = p.Read(object)
		acctest.WantError(t, "read", diags, first.Sim.Tenant().CID, second.Sim.Tenant().CID)

		// The same tenant at another address, which the customer id proves.
		first.Transport.Host = strings.TrimPrefix(secondURL, "http://")
		p = runIn(t, first, acctest.WorkflowType, loginAs{wire: first.Transport, url: secondURL})
		object, diags = p.Read(object)
		p.WantNoError(diags)
		p = runIn(t, first, acctest.WorkflowType, loginAs{wire: first.Transport, id: secondBlindID, url: secondURL})
		_, diags = p.Read(object)
		p.WantNoError(diags)
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
				p := runIn(t, first, acctest.APIClientType, loginAs{wire: first.Transport, id: id})
				var objects []acctest.Instance
				for _, name := range []string{"a", "b", "c"} {
					made, diags := p.Apply(p.None(), acctest.ClientArguments.With(acctest.Arguments{"name": name}))
					p.WantNoError(diags)
					objects = append(objects, made)
				}
				want := func(what string, n int) {
					t.Helper()
					got := 0
					for _, c := range first.Transport.Calls() {
						if c.Path == ccidPath {
							got++
						}
					}
					if got != n {
						t.Errorf("%s: %d requests for the customer id, want %d", what, got, n)
					}
				}
				want("creates", 1)
				first.Transport.Arm(nil)
				p = runIn(t, first, acctest.APIClientType, loginAs{wire: first.Transport, id: id})
				for _, made := range objects {
					read, diags := p.Read(made)
					p.WantNoError(diags)
					_, diags = p.Destroy(read)
					p.WantNoError(diags)
				}
				want("refresh and destroy", 1)
				first.Transport.Arm(nil)
				p = runIn(t, first, acctest.APIClientType, loginAs{wire: first.Transport, id: id, member: childCID})
				made, diags := p.Apply(p.None(), acctest.ClientArguments)
				p.WantNoError(diags)
				_, diags = p.Read(made)
				p.WantNoError(diags)
				want("in a child tenant, whose id is known", 0)
			})
		})
	}
}
