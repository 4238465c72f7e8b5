package apiclient_test

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// idOfOther is the id of a client that someone else creates.
const idOfOther = "07e207e207e207e207e207e207e207e2"

// createsFirst lets someone else create a client of the name "mine" when the provider sends its create, which then fails.
func createsFirst(t *testing.T, b *acctest.Harness, description string, then func(w *acctest.Transport, req *http.Request) (*http.Response, error)) *acctest.Fault {
	return &acctest.Fault{Do: func(w *acctest.Transport, req *http.Request) (*http.Response, error) {
		b.Sim.AddClient(idOfOther, "secret of someone else", []string{"devices:read"})
		if err := b.Sim.EditClient(idOfOther, falconsim.ClientEdit{Name: new("mine"), Description: &description}); err != nil {
			t.Error(err)
		}
		return then(w, req)
	}}
}

func dropped(*acctest.Transport, *http.Request) (*http.Response, error) { return nil, io.EOF }

// After a lost response, the client that was created is in the state with a secret that works, and a warning says what
// happened. It is the only trace of a secret that was reset, perhaps for someone else.
func TestCreate_responseLost(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		fault           func(t *testing.T, b *acctest.Harness) *acctest.Fault
		times           int
		creates, resets int
	}{
		"truncated":            {named("truncated"), 1, 1, 1},
		"empty body":           {named("empty body"), 1, 1, 1},
		"connection dropped":   {named("dropped after the change"), 1, 1, 1},
		"500 after the change": {named("500 after the change"), 1, 1, 1},
		"rate limit":           {named("429, seconds"), 2, 3, 0},
		"nothing arrived, and someone else created an equal client": {func(t *testing.T, b *acctest.Harness) *acctest.Fault {
			return createsFirst(t, b, "for a test", dropped)
		}, 1, 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			withRun(t, falconsim.Options{Readings: falconsim.Readings{"Q01": "b", "Q02": "b"}}, func(t *testing.T, b *acctest.Harness, p *acctest.Protocol) {
				b.Transport.SetFault(on(http.MethodPost, acctest.ClientsPath, tt.times, tt.fault(t, b)))
				state, diags := p.Apply(p.None(), client(nil))
				if problem := b.CheckDiagnostics(diags); problem != "" {
					t.Fatal(problem)
				}
				wantWrites(t, b, tt.creates, 0, tt.resets)
				b.WantWorkingSecret(p, state)
				id := p.Text(state, "id")
				if !b.Exists(acctest.APIClientType, id) || p.Attributes(state.Value)["client_secret"].IsNull() {
					t.Errorf("state %s", state.Value)
				}
				got := warnings(diags)
				if tt.resets == 0 {
					if got != "" {
						t.Errorf("warnings %q", got)
					}
					return
				}
				for _, text := range []string{"API client created with warnings", "with the id " + id, "secret was reset", "someone else"} {
					if !strings.Contains(got, text) {
						t.Errorf("the warning lacks %q: %q", text, got)
					}
				}
			})
		})
	}
}

func named(fault string) func(*testing.T, *acctest.Harness) *acctest.Fault {
	return func(*testing.T, *acctest.Harness) *acctest.Fault { return acctest.FindFault(fault) }
}

// A different client that someone else creates at the moment of the create is not touched.
func TestCreate_raceForName(t *testing.T) {
	t.Parallel()
	for name, then := range map[string]func(*acctest.Transport, *http.Request) (*http.Response, error){
		"name taken":         (*acctest.Transport).Send,
		"connection dropped": dropped,
		"502":                acctest.FindFault("502, HTML").Do,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			withRun(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness, p *acctest.Protocol) {
				b.Transport.SetFault(on(http.MethodPost, acctest.ClientsPath, 1, createsFirst(t, b, "of another team", then)))
				state, diags := p.Apply(p.None(), client(nil))
				acctest.WantError(t, "create", diags, "terraform import falcon_api_client.this "+idOfOther)
				if !state.Value.IsNull() {
					t.Errorf("state %s", state.Value)
				}
				wantWrites(t, b, 1, 0, 0)
				clients := b.Sim.Clients()
				i := slices.IndexFunc(clients, func(c falconsim.APIClient) bool { return c.ID == idOfOther })
				if i < 0 || clients[i].Description != "of another team" || len(clients) != len(b.Unmanaged.APIClients)+1 {
					t.Errorf("the tenant has %v", clients)
				}
			})
		})
	}
}

// A failed read after the create is a warning.
func TestCreate_readBackFails(t *testing.T) {
	t.Parallel()
	withRun(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness, p *acctest.Protocol) {
		refused := refusal(400, "no")
		b.Transport.SetFault(func(c acctest.SentCall) *acctest.Fault {
			if c.Method == http.MethodGet && c.Path == acctest.ClientsPath && c.N == 3 { // plan and apply look up the name
				return refused
			}
			return nil
		})
		state, diags := p.Apply(p.None(), client(nil))
		if problem := b.CheckDiagnostics(diags); problem != "" {
			t.Fatal(problem)
		}
		if got := warnings(diags); !strings.Contains(got, "could not be read afterwards") {
			t.Errorf("warnings %q", got)
		}
		wantWrites(t, b, 1, 0, 0)
		b.WantWorkingSecret(p, state)
	})
}
