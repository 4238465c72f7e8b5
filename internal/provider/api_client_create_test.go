package provider

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

// onCreate is a fault in the create of an API client.
func onCreate(f *fault) func(sentCall) *fault {
	return func(c sentCall) *fault {
		if c.method == http.MethodPost && c.path == clientsPath {
			return f
		}
		return nil
	}
}

// slowly delays a request on the fake clock; sent is called before the delay.
func slowly(wait time.Duration, sent func()) *fault {
	return &fault{do: func(w *wire, req *http.Request) (*http.Response, error) {
		sent()
		select {
		case <-time.After(wait):
			return w.carry(req)
		case <-req.Context().Done():
			return nil, context.Cause(req.Context())
		}
	}}
}

// Neither Ctrl-C nor timeouts.create interrupts a create that is under way: the response holds the only copy of the secret.
func TestAPIClientCreate_interrupted(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		config    arguments
		interrupt bool
		wait      time.Duration
		created   bool
	}{
		"Ctrl-C":          {aClient, true, 20 * time.Second, true},
		"timeouts.create": {aClient.with(arguments{"timeouts": arguments{"create": "5s"}}), false, 20 * time.Second, true},
		"for too long":    {aClient, true, 50 * time.Second, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, falconsim.Options{}, func(t *testing.T, b *bubble) {
				p, problem := b.run(apiClientType)
				if problem != "" {
					t.Fatal(problem)
				}
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				p.ctx = ctx
				b.wire.arm(onCreate(slowly(tt.wait, func() {
					if tt.interrupt {
						cancel()
					}
				})))
				made, diags := p.apply(p.none(), tt.config)
				text := messages(diags, tfprotov6.DiagnosticSeverityError)
				if !tt.created {
					if !made.value.IsNull() {
						t.Errorf("state holds %s", made.value)
					}
					wantError(t, "create", diags, `the API client "mine"`, "may appear later under this name", "apply again", "secret_rotation")
					return
				}
				if text != "" {
					t.Fatal(text)
				}
				b.wire.arm(nil)
				b.wantSecret(p, made)
				if note := noteIn(t, made); note.CID != b.sim.Tenant().CID {
					t.Errorf("the note is %+v", note)
				}
			})
		})
	}
}

// A reset that is under way is not interrupted either: the old secret may have stopped working.
func TestAPIClientReset_interrupted(t *testing.T) {
	t.Parallel()
	inBubble(t, falconsim.Options{}, func(t *testing.T, b *bubble) {
		p, problem := b.run(apiClientType)
		if problem != "" {
			t.Fatal(problem)
		}
		made, diags := p.apply(p.none(), aClient)
		p.wantFine(diags)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		p.ctx = ctx
		b.wire.arm(func(c sentCall) *fault {
			if c.path == actionsPath {
				return slowly(20*time.Second, cancel)
			}
			return nil
		})
		rotated := aClient.with(arguments{"secret_rotation": map[string]tftypes.Value{"n": tftypes.NewValue(tftypes.String, "1")}})
		reset, diags := p.apply(made, rotated)
		p.wantFine(diags)
		b.wire.arm(nil)
		if p.text(reset, "client_secret") == p.text(made, "client_secret") {
			t.Error("the secret was not reset")
		}
		b.wantSecret(p, reset)
	})
}

// A create whose outcome stays unknown says under which name the object may appear, and what to do; nothing is in state.
func TestAPIClientCreate_unknownOutcome(t *testing.T) {
	t.Parallel()
	inBubble(t, falconsim.Options{}, func(t *testing.T, b *bubble) {
		p, problem := b.run(apiClientType)
		if problem != "" {
			t.Fatal(problem)
		}
		var late *http.Request
		b.wire.arm(onCreate(&fault{do: func(_ *wire, req *http.Request) (*http.Response, error) {
			body, err := io.ReadAll(req.Body)
			late = req.Clone(context.WithoutCancel(req.Context()))
			late.Body = io.NopCloser(bytes.NewReader(body))
			return nil, errors.Join(err, io.ErrUnexpectedEOF)
		}}))
		made, diags := p.apply(p.none(), aClient)
		wantError(t, "create", diags, "Could not create API client", `"mine"`, "may appear later under this name", "secret_rotation")
		if !made.value.IsNull() {
			t.Errorf("state holds %s", made.value)
		}
		// It does appear, after the run. The next one says how to get hold of it, and what holds the name otherwise.
		resp, err := b.wire.carry(late)
		if err != nil {
			t.Fatal(err)
		}
		if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusCreated {
			t.Fatal(resp.Status, err)
		}
		if p, problem = b.run(apiClientType); problem != "" {
			t.Fatal(problem)
		}
		_, diags = p.apply(p.none(), aClient)
		wantError(t, "create again", diags, "name: Name already taken", "terraform import falcon_api_client.this", "object that this resource replaces", "create_before_destroy")
	})
}

// A replacement is told from a create while planning: with create_before_destroy the old client still holds the name.
func TestAPIClientPlan_replacement(t *testing.T) {
	t.Parallel()
	inBubble(t, falconsim.Options{}, func(t *testing.T, b *bubble) {
		p, problem := b.run(apiClientType)
		if problem != "" {
			t.Fatal(problem)
		}
		made, diags := p.apply(p.none(), aClient)
		if len(diags) > 0 {
			t.Errorf("a create warns: %s", messages(diags, tfprotov6.DiagnosticSeverityWarning))
		}
		_, diags = p.plan(instance{p.none().value, made.private}, aClient) // the second plan of -replace
		if text := messages(diags, tfprotov6.DiagnosticSeverityWarning); !strings.Contains(text, "held by the object that is being replaced") {
			t.Errorf("a replacement warns: %q", text)
		}
	})
}

// An id in the response is believed only after a read: another client's would be changed and destroyed as our own.
func TestAPIClientCreate_wrongID(t *testing.T) {
	t.Parallel()
	for name, wrong := range map[string]string{"of another client": otherConfigID, "of none": "00000000000000000000000000000000"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, falconsim.Options{}, func(t *testing.T, b *bubble) {
				p, problem := b.run(apiClientType)
				if problem != "" {
					t.Fatal(problem)
				}
				b.wire.arm(onCreate(&fault{do: func(w *wire, req *http.Request) (*http.Response, error) {
					return w.altered(req, func(body []byte) []byte {
						var doc struct {
							Meta      json.RawMessage  `json:"meta"`
							Resources []map[string]any `json:"resources"`
						}
						if err := json.Unmarshal(body, &doc); err != nil || len(doc.Resources) != 1 {
							t.Errorf("%v: %s", err, body)
							return body
						}
						doc.Resources[0]["id"] = wrong
						return []byte(asJSONText(doc))
					})
				}}))
				made, diags := p.apply(p.none(), aClient)
				p.wantFine(diags)
				b.wire.arm(nil)
				if id := p.text(made, "id"); id == wrong || !b.holds(apiClientType, id) {
					t.Fatalf("state holds the id %s", id)
				}
				b.wantSecret(p, made)
				_, diags = p.destroy(made)
				p.wantFine(diags)
				if !b.holds(apiClientType, otherConfigID) {
					t.Error("another client was deleted")
				}
			})
		})
	}
}

// Two resources of one name in one run: one is created, whether Falcon would accept the second or not.
func TestAPIClientCreate_nameTwice(t *testing.T) {
	t.Parallel()
	for _, reading := range []string{"a", "b"} {
		t.Run(reading, func(t *testing.T) {
			t.Parallel()
			inBubble(t, falconsim.Options{Readings: falconsim.Readings{"Q07": reading}}, func(t *testing.T, b *bubble) {
				p, problem := b.run(apiClientType)
				if problem != "" {
					t.Fatal(problem)
				}
				var problems []string
				var mu sync.Mutex
				var wg sync.WaitGroup
				for range 2 {
					wg.Go(func() {
						_, diags := p.apply(p.none(), aClient)
						if text := messages(diags, tfprotov6.DiagnosticSeverityError); text != "" {
							mu.Lock()
							defer mu.Unlock()
							problems = append(problems, text)
						}
					})
				}
				wg.Wait()
				if len(problems) != 1 || !strings.HasPrefix(problems[0], "name: Name used twice: ") {
					t.Errorf("errors %q", problems)
				}
				if n := len(b.sim.Clients()) - len(b.strangers.APIClients); n != 1 {
					t.Errorf("%d clients were created", n)
				}
			})
		})
	}
}

// A resource whose address changed is deleted and created at the same time: the create waits for the deletion.
func TestAPIClientCreate_waitsForADelete(t *testing.T) {
	t.Parallel()
	inBubble(t, falconsim.Options{Readings: falconsim.Readings{"Q08": "b"}}, func(t *testing.T, b *bubble) {
		p, problem := b.run(apiClientType)
		if problem != "" {
			t.Fatal(problem)
		}
		made, diags := p.apply(p.none(), aClient)
		p.wantFine(diags)
		if p, problem = b.run(apiClientType); problem != "" {
			t.Fatal(problem)
		}
		b.deleteTakes(5 * time.Second)
		var wg sync.WaitGroup
		wg.Go(func() {
			_, diags := p.destroy(made)
			p.wantFine(diags)
		})
		time.Sleep(time.Second) // by the fake clock: the deletion is under way
		again, diags := p.apply(p.none(), aClient)
		wg.Wait()
		p.wantFine(diags)
		b.wantSecret(p, again)
		if n := len(b.sim.Clients()) - len(b.strangers.APIClients); n != 1 {
			t.Errorf("%d clients", n)
		}
	})
}

// What Falcon shows late counts once it is shown: no warning, no second plan, and few reads.
func TestAPIClient_readsLagBehindWrites(t *testing.T) {
	t.Parallel()
	inBubble(t, falconsim.Options{Readings: falconsim.Readings{"Q09": "c"}}, func(t *testing.T, b *bubble) {
		p, problem := b.run(apiClientType)
		if problem != "" {
			t.Fatal(problem)
		}
		config := aClient
		state := p.none()
		for _, description := range []string{"created", "changed"} {
			b.wire.arm(nil)
			config = aClient.with(arguments{"description": description})
			var diags []*tfprotov6.Diagnostic
			state, diags = p.apply(state, config)
			if len(diags) > 0 {
				t.Errorf("%s: %s%s", description, messages(diags, tfprotov6.DiagnosticSeverityError), messages(diags, tfprotov6.DiagnosticSeverityWarning))
			}
			if reads := b.count(http.MethodGet, clientsPath); reads < 3 || reads > 12 {
				t.Errorf("%s: %d reads", description, reads)
			}
		}
		operation{resource: apiClientType, config: fixed(config)}.wantQuiet(b, state)
	})
}

// An API client that was deleted after the plan is named as such, however Falcon refuses the write.
func TestAPIClient_goneBeforeTheWrite(t *testing.T) {
	t.Parallel()
	for _, reading := range []string{"a", "b", "c"} {
		t.Run(reading, func(t *testing.T) {
			t.Parallel()
			inBubble(t, falconsim.Options{Readings: falconsim.Readings{"Q06": reading}}, func(t *testing.T, b *bubble) {
				p, problem := b.run(apiClientType)
				if problem != "" {
					t.Fatal(problem)
				}
				made, diags := p.apply(p.none(), aClient)
				p.wantFine(diags)
				if err := b.sim.DeleteClient(p.text(made, "id")); err != nil {
					t.Fatal(err)
				}
				_, diags = p.apply(made, aClient.with(arguments{"description": "changed"}))
				wantError(t, "update", diags, "API client is gone", "Plan again")
				gone, diags := p.destroy(made)
				p.wantFine(diags)
				if !gone.value.IsNull() {
					t.Error("the destroy left the object in state")
				}
			})
		})
	}
}
