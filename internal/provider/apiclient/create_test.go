package apiclient_test

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
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

// onCreate is a fault in the create of an API client.
func onCreate(f *acctest.Fault) func(acctest.SentCall) *acctest.Fault {
	return func(c acctest.SentCall) *acctest.Fault {
		if c.Method == http.MethodPost && c.Path == acctest.ClientsPath {
			return f
		}
		return nil
	}
}

// Neither Ctrl-C nor timeouts.create interrupts a create that is under way: the response holds the only copy of the secret.
func TestAPIClientCreate_interrupted(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		config    acctest.Arguments
		interrupt bool
		wait      time.Duration
		created   bool
	}{
		"Ctrl-C":          {acctest.ClientArguments, true, 20 * time.Second, true},
		"timeouts.create": {acctest.ClientArguments.With(acctest.Arguments{"timeouts": acctest.Arguments{"create": "5s"}}), false, 20 * time.Second, true},
		"for too long":    {acctest.ClientArguments, true, 50 * time.Second, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness) {
				p := b.Start(acctest.APIClientType)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				p.Ctx = ctx
				b.Transport.SetFault(onCreate(acctest.Delay(tt.wait, func() {
					if tt.interrupt {
						cancel()
					}
				})))
				made, diags := p.Apply(p.None(), tt.config)
				text := acctest.Messages(diags, tfprotov6.DiagnosticSeverityError)
				if !tt.created {
					if !made.Value.IsNull() {
						t.Errorf("state holds %s", made.Value)
					}
					acctest.WantError(t, "create", diags, `the API client "mine"`, "may appear later under this name", "apply again", "secret_rotation")
					return
				}
				if text != "" {
					t.Fatal(text)
				}
				b.Transport.SetFault(nil)
				b.WantWorkingSecret(p, made)
				if note := acctest.PrivateTenant(t, made); note.CID != b.Sim.Tenant().CID {
					t.Errorf("the note is %+v", note)
				}
			})
		})
	}
}

// A reset that is under way is not interrupted either: the old secret may have stopped working.
func TestAPIClientReset_interrupted(t *testing.T) {
	t.Parallel()
	acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness) {
		p := b.Start(acctest.APIClientType)
		made, diags := p.Apply(p.None(), acctest.ClientArguments)
		p.WantNoError(diags)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		p.Ctx = ctx
		b.Transport.SetFault(func(c acctest.SentCall) *acctest.Fault {
			if c.Path == acctest.ActionsPath {
				return acctest.Delay(20*time.Second, cancel)
			}
			return nil
		})
		rotated := acctest.ClientArguments.With(acctest.Arguments{"secret_rotation": map[string]tftypes.Value{"n": tftypes.NewValue(tftypes.String, "1")}})
		reset, diags := p.Apply(made, rotated)
		p.WantNoError(diags)
		b.Transport.SetFault(nil)
		if p.Text(reset, "client_secret") == p.Text(made, "client_secret") {
			t.Error("the secret was not reset")
		}
		b.WantWorkingSecret(p, reset)
	})
}

// A create whose outcome stays unknown says under which name the object may appear, and what to do; nothing is in state.
func TestAPIClientCreate_unknownOutcome(t *testing.T) {
	t.Parallel()
	acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness) {
		p := b.Start(acctest.APIClientType)
		var late *http.Request
		b.Transport.SetFault(onCreate(&acctest.Fault{Do: func(_ *acctest.Transport, req *http.Request) (*http.Response, error) {
			body, err := io.ReadAll(req.Body)
			late = req.Clone(context.WithoutCancel(req.Context()))
			late.Body = io.NopCloser(bytes.NewReader(body))
			return nil, errors.Join(err, io.ErrUnexpectedEOF)
		}}))
		made, diags := p.Apply(p.None(), acctest.ClientArguments)
		acctest.WantError(t, "create", diags, "Could not create API client", `"mine"`, "may appear later under this name", "secret_rotation")
		if !made.Value.IsNull() {
			t.Errorf("state holds %s", made.Value)
		}
		// It does appear, after the run. The next one says how to get hold of it, and what holds the name otherwise.
		resp, err := b.Transport.Send(late)
		if err != nil {
			t.Fatal(err)
		}
		if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusCreated {
			t.Fatal(resp.Status, err)
		}
		p = b.Start(acctest.APIClientType)
		_, diags = p.Apply(p.None(), acctest.ClientArguments)
		acctest.WantError(t, "create again", diags, "name: Name already taken", "terraform import falcon_api_client.this", "object that this resource replaces", "create_before_destroy")
	})
}

// A replacement is told from a create while planning: with create_before_destroy the old client still holds the name.
func TestAPIClientPlan_replacement(t *testing.T) {
	t.Parallel()
	acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness) {
		p := b.Start(acctest.APIClientType)
		made, diags := p.Apply(p.None(), acctest.ClientArguments)
		if len(diags) > 0 {
			t.Errorf("a create warns: %s", acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning))
		}
		_, diags = p.Plan(acctest.Instance{Value: p.None().Value, Private: made.Private}, acctest.ClientArguments) // the second plan of -replace
		if text := acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning); !strings.Contains(text, "held by the object that is being replaced") {
			t.Errorf("a replacement warns: %q", text)
		}
	})
}

// An id in the response is believed only after a read: another client's would be changed and destroyed as our own.
func TestAPIClientCreate_wrongID(t *testing.T) {
	t.Parallel()
	for name, wrong := range map[string]string{"of another client": coretest.OtherConfigID, "of none": "00000000000000000000000000000000"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness) {
				p := b.Start(acctest.APIClientType)
				b.Transport.SetFault(onCreate(&acctest.Fault{Do: func(w *acctest.Transport, req *http.Request) (*http.Response, error) {
					return w.SendAltered(req, func(body []byte) []byte {
						var doc struct {
							Meta      json.RawMessage  `json:"meta"`
							Resources []map[string]any `json:"resources"`
						}
						if err := json.Unmarshal(body, &doc); err != nil || len(doc.Resources) != 1 {
							t.Errorf("%v: %s", err, body)
							return body
						}
						doc.Resources[0]["id"] = wrong
						return []byte(acctest.JSONText(doc))
					})
				}}))
				made, diags := p.Apply(p.None(), acctest.ClientArguments)
				p.WantNoError(diags)
				b.Transport.SetFault(nil)
				if id := p.Text(made, "id"); id == wrong || !b.Exists(acctest.APIClientType, id) {
					t.Fatalf("state holds the id %s", id)
				}
				b.WantWorkingSecret(p, made)
				_, diags = p.Destroy(made)
				p.WantNoError(diags)
				if !b.Exists(acctest.APIClientType, coretest.OtherConfigID) {
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
			acctest.WithFakeClock(t, falconsim.Options{Readings: falconsim.Readings{"Q07": reading}}, func(t *testing.T, b *acctest.Harness) {
				p := b.Start(acctest.APIClientType)
				var problems []string
				var mu sync.Mutex
				var wg sync.WaitGroup
				for range 2 {
					wg.Go(func() {
						_, diags := p.Apply(p.None(), acctest.ClientArguments)
						if text := acctest.Messages(diags, tfprotov6.DiagnosticSeverityError); text != "" {
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
				if n := len(b.Sim.Clients()) - len(b.Unmanaged.APIClients); n != 1 {
					t.Errorf("%d clients were created", n)
				}
			})
		})
	}
}

// A resource whose address changed is deleted and created at the same time: the create waits for the deletion.
func TestAPIClientCreate_waitsForADelete(t *testing.T) {
	t.Parallel()
	acctest.WithFakeClock(t, falconsim.Options{Readings: falconsim.Readings{"Q08": "b"}}, func(t *testing.T, b *acctest.Harness) {
		p := b.Start(acctest.APIClientType)
		made, diags := p.Apply(p.None(), acctest.ClientArguments)
		p.WantNoError(diags)
		p = b.Start(acctest.APIClientType)
		b.DelayDeletes(5 * time.Second)
		var wg sync.WaitGroup
		wg.Go(func() {
			_, diags := p.Destroy(made)
			p.WantNoError(diags)
		})
		time.Sleep(time.Second) // by the fake clock: the deletion is under way
		again, diags := p.Apply(p.None(), acctest.ClientArguments)
		wg.Wait()
		p.WantNoError(diags)
		b.WantWorkingSecret(p, again)
		if n := len(b.Sim.Clients()) - len(b.Unmanaged.APIClients); n != 1 {
			t.Errorf("%d clients", n)
		}
	})
}

// What Falcon shows late counts once it is shown: no warning, no second plan, and few reads.
func TestAPIClient_readsLagBehindWrites(t *testing.T) {
	t.Parallel()
	acctest.WithFakeClock(t, falconsim.Options{Readings: falconsim.Readings{"Q09": "c"}}, func(t *testing.T, b *acctest.Harness) {
		p := b.Start(acctest.APIClientType)
		config := acctest.ClientArguments
		state := p.None()
		for _, description := range []string{"created", "changed"} {
			b.Transport.SetFault(nil)
			config = acctest.ClientArguments.With(acctest.Arguments{"description": description})
			var diags []*tfprotov6.Diagnostic
			state, diags = p.Apply(state, config)
			if len(diags) > 0 {
				t.Errorf("%s: %s%s", description, acctest.Messages(diags, tfprotov6.DiagnosticSeverityError), acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning))
			}
			if reads := b.CountRequests(http.MethodGet, acctest.ClientsPath); reads < 3 || reads > 12 {
				t.Errorf("%s: %d reads", description, reads)
			}
		}
		acctest.Operation{Resource: acctest.APIClientType, Config: acctest.Fixed(config)}.WantEmptyPlan(b, state)
	})
}

// An API client that was deleted after the plan is named as such, however Falcon refuses the write.
func TestAPIClient_goneBeforeTheWrite(t *testing.T) {
	t.Parallel()
	for _, reading := range []string{"a", "b", "c"} {
		t.Run(reading, func(t *testing.T) {
			t.Parallel()
			acctest.WithFakeClock(t, falconsim.Options{Readings: falconsim.Readings{"Q06": reading}}, func(t *testing.T, b *acctest.Harness) {
				p := b.Start(acctest.APIClientType)
				made, diags := p.Apply(p.None(), acctest.ClientArguments)
				p.WantNoError(diags)
				if err := b.Sim.DeleteClient(p.Text(made, "id")); err != nil {
					t.Fatal(err)
				}
				_, diags = p.Apply(made, acctest.ClientArguments.With(acctest.Arguments{"description": "changed"}))
				acctest.WantError(t, "update", diags, "API client is gone", "Plan again")
				gone, diags := p.Destroy(made)
				p.WantNoError(diags)
				if !gone.Value.IsNull() {
					t.Error("the destroy left the object in state")
				}
			})
		})
	}
}
