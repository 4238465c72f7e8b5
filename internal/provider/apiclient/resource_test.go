package apiclient_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"filippo.io/age"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

// withRun starts one run of the provider on the fake clock.
func withRun(t *testing.T, opts falconsim.Options, do func(t *testing.T, b *acctest.Harness, p *acctest.Protocol)) {
	t.Helper()
	acctest.WithFakeClock(t, opts, func(t *testing.T, b *acctest.Harness) { do(t, b, newRun(t, b)) })
}

// newRun starts the next run of the provider. It shares no cached listing with the one before.
func newRun(t *testing.T, b *acctest.Harness) *acctest.Protocol {
	t.Helper()
	p := b.Start(acctest.APIClientType)
	return p
}

// client returns the configuration of the client "mine" with some arguments changed.
func client(more acctest.Arguments) acctest.Arguments { return acctest.ClientArguments.With(more) }

func rotation(value string) map[string]tftypes.Value {
	return map[string]tftypes.Value{"n": tftypes.NewValue(tftypes.String, value)}
}

// on returns a fault for one kind of request, at its first occurrences.
func on(method, path string, times int, f *acctest.Fault) func(acctest.SentCall) *acctest.Fault {
	return func(c acctest.SentCall) *acctest.Fault {
		if c.Method == method && c.Path == path && c.N <= times {
			return f
		}
		return nil
	}
}

func refusal(status int, message string) *acctest.Fault {
	return &acctest.Fault{Do: func(_ *acctest.Transport, req *http.Request) (*http.Response, error) {
		return acctest.Respond(req, status, acctest.ErrorBody(status, message))
	}}
}

// wantWrites checks how often the client was created, updated and reset since the last check, and removes the faults.
func wantWrites(t *testing.T, b *acctest.Harness, creates, updates, resets int) {
	t.Helper()
	got := [3]int{b.CountRequests(http.MethodPost, acctest.ClientsPath), b.CountRequests(http.MethodPatch, acctest.ClientsPath), b.CountRequests(http.MethodPost, acctest.ActionsPath)}
	b.Transport.SetFault(nil)
	if want := [3]int{creates, updates, resets}; got != want {
		t.Errorf("creates, updates and resets are %v, want %v", got, want)
	}
}

func apply(t *testing.T, b *acctest.Harness, p *acctest.Protocol, prior acctest.Instance, config acctest.Arguments) acctest.Instance {
	t.Helper()
	state, diags := p.Apply(prior, config)
	if problem := b.CheckDiagnostics(diags); problem != "" {
		t.Fatal(problem)
	}
	return state
}

func warnings(diags []*tfprotov6.Diagnostic) string {
	return acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning)
}

// How Falcon shows an API client is an open question (wire/api-clients.md#resource).
func TestLifecycle(t *testing.T) {
	t.Parallel()
	for name, readings := range map[string]falconsim.Readings{
		"best supported":         nil,
		"other keys and objects": {"Q01": "b", "Q02": "b", "Q03": "b", "Q04": "c", "Q06": "b"},
		"scopes hidden":          {"Q03": "c", "Q04": "b"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			withRun(t, falconsim.Options{Readings: readings}, func(t *testing.T, b *acctest.Harness, p *acctest.Protocol) {
				planned, diags := p.Plan(p.None(), client(nil))
				p.WantNoError(diags)
				if p.Text(planned, "base_url") != acctest.BaseURL || p.Attributes(planned.Value)["client_secret"].IsKnown() {
					t.Errorf("planned %s", planned.Value)
				}
				p = b.Start(acctest.APIClientType) // the apply is another process
				created := apply(t, b, p, p.None(), client(nil))
				wantWrites(t, b, 1, 0, 0)
				b.WantWorkingSecret(p, created)
				if p.Text(created, "client_id") != p.Text(created, "id") || !p.Attributes(created.Value)["encrypted_client_secret"].IsNull() {
					t.Errorf("created %s", created.Value)
				}

				changed := client(acctest.Arguments{"name": "second", "description": "changed", "scopes": []string{"devices:read", "devices:write"}})
				updated := apply(t, b, p, created, changed.With(acctest.Arguments{"timeouts": acctest.Arguments{"update": "5m"}}))
				wantWrites(t, b, 0, 1, 0)
				if p.Text(updated, "id") != p.Text(created, "id") || p.Text(updated, "client_secret") != p.Text(created, "client_secret") {
					t.Errorf("updated %s", updated.Value)
				}
				updated = apply(t, b, p, updated, changed) // only the timeouts differ
				wantWrites(t, b, 0, 0, 0)

				p = newRun(t, b)
				p.WantEmptyPlan(p.Refresh(updated), changed)
				imported, diags := p.Import(p.Text(updated, "id"))
				p.WantNoError(diags)
				members := p.Attributes(imported.Value)
				for attribute, want := range p.Attributes(updated.Value) {
					hidden := attribute == "client_secret" || attribute == "scopes" && readings["Q03"] == "c"
					if hidden && !members[attribute].IsNull() || !hidden && !members[attribute].Equal(want) {
						t.Errorf("imported %s is %s, want %s", attribute, members[attribute], want)
					}
				}
				_, diags = p.Destroy(updated)
				p.WantNoError(diags)
				if b.Exists(acctest.APIClientType, p.Text(updated, "id")) {
					t.Error("the client was not deleted")
				}
			})
		})
	}
}

func TestDrift(t *testing.T) {
	t.Parallel()
	for attribute, edit := range map[string]falconsim.ClientEdit{
		"name":        {Name: new("renamed")},
		"description": {Description: new("by hand")},
		"scopes":      {Scopes: []string{"alerts:write"}},
	} {
		t.Run(attribute, func(t *testing.T) {
			t.Parallel()
			withRun(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness, p *acctest.Protocol) {
				created := apply(t, b, p, p.None(), client(nil))
				if err := b.Sim.EditClient(p.Text(created, "id"), edit); err != nil {
					t.Fatal(err)
				}
				p = newRun(t, b)
				found := p.Refresh(created)
				planned, diags := p.Plan(found, client(nil))
				p.WantNoError(diags)
				before := p.Attributes(found.Value)
				for name, value := range p.Attributes(planned.Value) {
					if value.Equal(before[name]) == (name == attribute) {
						t.Errorf("%s was %s and is planned as %s", name, before[name], value)
					}
				}
				wantWrites(t, b, 1, 0, 0)
				apply(t, b, p, found, client(nil))
				wantWrites(t, b, 0, 1, 0)
			})
		})
	}
}

func TestDeletedOutside(t *testing.T) {
	t.Parallel()
	for _, reading := range []string{"a", "b", "c"} {
		t.Run(reading, func(t *testing.T) {
			t.Parallel()
			withRun(t, falconsim.Options{Readings: falconsim.Readings{"Q04": reading}}, func(t *testing.T, b *acctest.Harness, p *acctest.Protocol) {
				state := apply(t, b, p, p.None(), client(nil))
				if err := b.Sim.DeleteClient(p.Text(state, "id")); err != nil {
					t.Fatal(err)
				}
				p = newRun(t, b)
				gone, diags := p.Read(state)
				p.WantNoError(diags)
				if !gone.Value.IsNull() || !strings.Contains(warnings(diags), "API client is gone") {
					t.Errorf("state %s, warnings %q", gone.Value, warnings(diags))
				}
				again := apply(t, b, p, gone, client(nil))
				wantWrites(t, b, 2, 0, 0)
				if err := b.Sim.DeleteClient(p.Text(again, "id")); err != nil {
					t.Fatal(err)
				}
				_, diags = newRun(t, b).Destroy(again)
				p.WantNoError(diags)
			})
		})
	}
}

func TestImport(t *testing.T) {
	t.Parallel()
	withRun(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness, p *acctest.Protocol) {
		_, diags := p.Import("mine")
		acctest.WantError(t, "import by name", diags, "imported by its client id", "32 hexadecimal digits")
		imported, diags := p.Import(coretest.OtherConfigID)
		p.WantNoError(diags)
		wantWrites(t, b, 0, 0, 0)
		if !p.Attributes(imported.Value)["client_secret"].IsNull() {
			t.Errorf("imported %s", imported.Value)
		}
		reset := apply(t, b, p, imported, acctest.Arguments{"name": p.Text(imported, "name"), "scopes": []string{"alerts:read"}, "secret_rotation": rotation("1")})
		wantWrites(t, b, 0, 0, 1)
		b.WantWorkingSecret(p, reset)
	})
}

func TestErrors(t *testing.T) {
	t.Parallel()
	const list = "/api-clients/queries/api-clients/v1"
	taken := "client " + coretest.OtherConfigID // its name in the simulated tenant
	tests := map[string]struct {
		granted []string // scopes of the provider's client; nil is all
		fault   func(acctest.SentCall) *acctest.Fault
		config  acctest.Arguments
		want    []string
		creates int
	}{
		"scope misspelled":       {config: acctest.Arguments{"scopes": []string{"device:read"}}, want: []string{"does not offer the scope", "devices:read"}},
		"console name":           {config: acctest.Arguments{"scopes": []string{"Hosts: read-write"}}, want: []string{"is not a valid scope id"}},
		"name taken":             {config: acctest.Arguments{"name": taken}, want: []string{"name: Name already taken", "already exists (id " + coretest.OtherConfigID, "terraform import falcon_api_client.this " + coretest.OtherConfigID}},
		"scope missing":          {granted: []string{"api-client-mgmt:read"}, want: []string{"403", "api-client-mgmt:write"}, creates: 1},
		"address not allowed":    {fault: on(http.MethodPost, acctest.ClientsPath, 9, refusal(403, "access denied, authorization failed")), want: []string{"Unable to create API client", "access denied, authorization failed"}, creates: 1},
		"HTML":                   {fault: on(http.MethodGet, list, 99, acctest.FindFault("404, HTML")), want: []string{"Unable to create API client"}},
		"name refused by Falcon": {fault: on(http.MethodPost, acctest.ClientsPath, 9, refusal(400, "invalid name")), want: []string{"Unable to create API client", "400", "invalid name"}, creates: 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			withRun(t, falconsim.Options{Scopes: tt.granted}, func(t *testing.T, b *acctest.Harness, p *acctest.Protocol) {
				b.Transport.SetFault(tt.fault)
				diags := p.Validate(client(tt.config))
				if len(diags) == 0 {
					var state acctest.Instance
					if state, diags = p.Apply(p.None(), client(tt.config)); !state.Value.IsNull() {
						t.Errorf("state %s", state.Value)
					}
				}
				b.CheckDiagnostics(diags)
				acctest.WantError(t, "create", diags, tt.want...)
				wantWrites(t, b, tt.creates, 0, 0)
			})
		})
	}
}

// Without permission to read the offered scopes, the plan does not check them.
func TestScopesNotReadable(t *testing.T) {
	t.Parallel()
	for status, warning := range map[int]string{http.StatusForbidden: "", http.StatusBadRequest: "Scopes were not checked"} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			t.Parallel()
			withRun(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness, p *acctest.Protocol) {
				b.Transport.SetFault(on(http.MethodGet, acctest.ScopesPath, 9, refusal(status, "no")))
				_, diags := p.Apply(p.None(), client(nil))
				p.WantNoError(diags)
				if got := warnings(diags); (got == "") != (warning == "") || !strings.Contains(got, warning) {
					t.Errorf("warnings %q, want %q", got, warning)
				}
				wantWrites(t, b, 1, 0, 0)
			})
		})
	}
}

// Scopes of retired products do no harm until the client changes.
func TestRetiredScopes(t *testing.T) {
	t.Parallel()
	withRun(t, falconsim.Options{RetiredScopes: true}, func(t *testing.T, b *acctest.Harness, p *acctest.Protocol) {
		retired := client(acctest.Arguments{"scopes": []string{"devices:read", "detects:read"}})
		state := apply(t, b, p, p.None(), retired)
		p = newRun(t, b)
		b.Transport.SetFault(on(http.MethodGet, acctest.ScopesPath, 9, &acctest.Fault{Do: func(_ *acctest.Transport, req *http.Request) (*http.Response, error) {
			return acctest.Respond(req, http.StatusOK, `{"meta":{},"errors":null,"resources":[{"id":"devices:read","group":"Hosts","action":"read"}]}`)
		}}))
		p.WantEmptyPlan(state, retired)
		_, diags := p.Plan(state, client(acctest.Arguments{"scopes": []string{"devices:read", "detects:read", "incidents:read"}}))
		acctest.WantError(t, "plan", diags, "scopes: Retired scopes: ", "retired: incidents:read.")
		acctest.WantError(t, "no scopes", p.Validate(client(acctest.Arguments{"scopes": []string{}})), "scopes: ", "at least 1 elements")
		state = apply(t, b, p, state, client(nil))
		if scopes := p.Attributes(state.Value)["scopes"]; !scopes.Equal(p.ValueOf(scopes.Type(), []string{"devices:read"})) {
			t.Errorf("scopes are %s", scopes)
		}
	})
}

// A rename that Falcon refuses changes neither the client nor the state.
func TestRenameToTakenName(t *testing.T) {
	t.Parallel()
	withRun(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness, p *acctest.Protocol) {
		state := apply(t, b, p, p.None(), client(nil))
		taken := "client " + coretest.OtherConfigID
		_, diags := p.Apply(state, client(acctest.Arguments{"name": taken}))
		acctest.WantError(t, "rename", diags, "name: Unable to update API client", "The API client with the id "+coretest.OtherConfigID+` has the name "`+taken, "terraform import falcon_api_client.this "+coretest.OtherConfigID)
		p = newRun(t, b)
		p.WantEmptyPlan(p.Refresh(state), client(nil))
	})
}

// The provider warns before it locks itself, or the user of a secret, out.
func TestPlanWarnings(t *testing.T) {
	t.Parallel()
	acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness) {
		const id, secret = "0a5e0a5e0a5e0a5e0a5e0a5e0a5e0a5e", "secret of the provider's client"
		b.Sim.AddClient(id, secret, []string{"api-client-mgmt:read", "api-client-mgmt:write", "workflow:read", "alerts:read"})
		p, problem := b.TryStartAs(acctest.APIClientType, id, secret)
		if problem != "" {
			t.Fatal(problem)
		}
		state, diags := p.Import(id)
		p.WantNoError(diags)
		config := acctest.Arguments{"name": "client " + id, "scopes": []string{"api-client-mgmt:read", "api-client-mgmt:write", "workflow:read", "alerts:read"}}
		for _, tt := range []struct {
			more acctest.Arguments
			want []string
		}{
			{acctest.Arguments{"scopes": []string{"api-client-mgmt:read", "api-client-mgmt:write", "workflow:read"}}, nil},
			{acctest.Arguments{"scopes": []string{"api-client-mgmt:read", "alerts:read"}}, []string{"The provider signs in with", "removes api-client-mgmt:write, workflow:read"}},
			{acctest.Arguments{"secret_rotation": rotation("1")}, []string{"Secret reset planned", "the provider needs the new secret"}},
			{acctest.Arguments{"secret_rotation": acctest.Unknown{}}, []string{"Secret reset possible"}},
		} {
			_, diags := p.Plan(state, config.With(tt.more))
			p.WantNoError(diags)
			got := warnings(diags)
			if (got == "") != (len(tt.want) == 0) || slices.ContainsFunc(tt.want, func(text string) bool { return !strings.Contains(got, text) }) {
				t.Errorf("warnings %q, want %q", got, tt.want)
			}
		}
		wantWrites(t, b, 0, 0, 0)
	})
}

// A reset whose response was lost is repeated, because the newest secret is valid. Plan and refresh reset nothing.
func TestReset_responseLost(t *testing.T) {
	t.Parallel()
	withRun(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness, p *acctest.Protocol) {
		rotated := client(acctest.Arguments{"secret_rotation": rotation("1")})
		state := apply(t, b, p, p.None(), client(nil))
		_, diags := p.Plan(state, rotated)
		p.WantNoError(diags)
		wantWrites(t, b, 1, 0, 0)
		b.Transport.SetFault(on(http.MethodPost, acctest.ActionsPath, 1, acctest.FindFault("dropped after the change")))
		state = apply(t, b, p, state, rotated)
		wantWrites(t, b, 0, 0, 2)
		b.WantWorkingSecret(p, p.Refresh(state))
		state = apply(t, b, p, state, client(nil)) // removing secret_rotation is a change, too
		wantWrites(t, b, 0, 0, 1)
		b.WantWorkingSecret(p, state)
	})
}

// The next apply repeats a failed reset, but not the update before it.
func TestReset_fails(t *testing.T) {
	t.Parallel()
	withRun(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness, p *acctest.Protocol) {
		state := apply(t, b, p, p.None(), client(nil))
		wantWrites(t, b, 1, 0, 0)
		changed := client(acctest.Arguments{"scopes": []string{"devices:read", "alerts:read"}, "secret_rotation": rotation("1")})
		b.Transport.SetFault(on(http.MethodPost, acctest.ActionsPath, 1, refusal(400, "no")))
		state, diags := p.Apply(state, changed)
		acctest.WantError(t, "reset", diags, "Unable to reset the secret of API client", "Apply again")
		wantWrites(t, b, 0, 1, 1)
		state = apply(t, b, p, state, changed)
		wantWrites(t, b, 0, 0, 1)
		b.WantWorkingSecret(p, state)
	})
}

// With a recipient, the state contains the encrypted secret only.
func TestSecretRecipient(t *testing.T) {
	t.Parallel()
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	withRun(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness, p *acctest.Protocol) {
		recipient := identity.Recipient().String()
		state := p.None()
		for _, step := range []struct {
			name            string
			config          acctest.Arguments
			creates, resets int
			encrypted       bool
			plain           bool
		}{
			{"create", acctest.Arguments{"secret_recipient": recipient}, 1, 0, true, false},
			{"rotate", acctest.Arguments{"secret_recipient": recipient, "secret_rotation": rotation("1")}, 0, 1, true, false},
			{"remove the recipient", acctest.Arguments{"secret_rotation": rotation("1")}, 0, 0, false, false},
			{"rotate without recipient", acctest.Arguments{"secret_rotation": rotation("2")}, 0, 1, false, true},
			{"set the recipient", acctest.Arguments{"secret_recipient": recipient, "secret_rotation": rotation("2")}, 0, 1, true, false},
		} {
			state = apply(t, b, p, state, client(step.config))
			wantWrites(t, b, step.creates, 0, step.resets)
			members := p.Attributes(state.Value)
			if members["client_secret"].IsNull() == step.plain || members["encrypted_client_secret"].IsNull() == step.encrypted {
				t.Fatalf("%s: state %s", step.name, state.Value)
			}
			b.WantWorkingSecret(p, state)
			if step.encrypted {
				c, err := falcon.New(t.Context(), falcon.Config{
					ClientID: p.Text(state, "id"), BaseURL: acctest.BaseURL, HTTPTransport: b.Transport,
					ClientSecret: coretest.OpenAge(t, p.Text(state, "encrypted_client_secret"), identity),
				})
				if err == nil {
					err = c.Authenticate(t.Context())
				}
				if err != nil {
					t.Errorf("%s: %v", step.name, err)
				}
			}
		}
	})
}
