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

// onCreate returns a fault of every create of an API client.
func onCreate(f *acctest.Fault) func(acctest.SentCall) *acctest.Fault {
	return func(c acctest.SentCall) *acctest.Fault {
		if c.Method == http.MethodPost && c.Path == acctest.ClientsPath {
			return f
		}
		return nil
	}
}

// Neither Ctrl-C nor timeouts.create interrupts a create in progress: the response contains the only copy of the secret.
func TestCreate_interrupted(t *testing.T) {
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
			withRun(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness, p *acctest.Protocol) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				p.Ctx = ctx
				b.Transport.Arm(onCreate(acctest.Slowly(tt.wait, func() {
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
				b.Transport.Arm(nil)
				b.WantSecret(p, made)
				if note := acctest.NoteIn(t, made); note.CID != b.Sim.Tenant().CID {
					t.Errorf("the note is %+v", note)
				}
			})
		})
	}
}

// A reset in progress is not interrupted either: the old secret may have stopped working.
func TestReset_interrupted(t *testing.T) {
	t.Parallel()
	withRun(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness, p *acctest.Protocol) {
		made, diags := p.Apply(p.None(), acctest.ClientArguments)
		p.WantNoError(diags)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		p.Ctx = ctx
		b.Transport.Arm(func(c acctest.SentCall) *acctest.Fault {
			if c.Path == acctest.ActionsPath {
				return acctest.Slowly(20*time.Second, cancel)
			}
			return nil
		})
		rotated := acctest.ClientArguments.With(acctest.Arguments{"secret_rotation": map[string]tftypes.Value{"n": tftypes.NewValue(tftypes.String, "1")}})
		reset, diags := p.Apply(made, rotated)
		p.WantNoError(diags)
		b.Transport.Arm(nil)
		if p.Text(reset, "client_secret") == p.Text(made, "client_secret") {
			t.Error("the secret was not reset")
		}
		b.WantSecret(p, reset)
	})
}

// The error of a create with an unknown outcome says under which name the object may appear, and what to do. The state is empty.
func TestCreate_unknownOutcome(t *testing.T) {
	t.Parallel()
	withRun(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness, p *acctest.Protocol) {
		var late *http.Request
		b.Transport.Arm(onCreate(&acctest.Fault{Do: func(_ *acctest.Transport, req *http.Request) (*http.Response, error) {
			body, err := io.ReadAll(req.Body)
			late = req.Clone(context.WithoutCancel(req.Context()))
			late.Body = io.NopCloser(bytes.NewReader(body))
			return nil, errors.Join(err, io.ErrUnexpectedEOF)
		}}))
		made, diags := p.Apply(p.None(), acctest.ClientArguments)
		acctest.WantError(t, "create", diags, "Unable to create API client", `"mine"`, "may appear later under this name", "secret_rotation")
		if !made.Value.IsNull() {
			t.Errorf("state holds %s", made.Value)
		}
		// It appears after the run. The error of the next run says how to import it.
		resp, err := b.Transport.Carry(late)
		if err != nil {
			t.Fatal(err)
		}
		if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusCreated {
			t.Fatal(resp.Status, err)
		}
		p = newRun(t, b)
		_, diags = p.Apply(p.None(), acctest.ClientArguments)
		acctest.WantError(t, "create again", diags, "name: Name already taken", "terraform import falcon_api_client.this", "object that this resource replaces", "create_before_destroy")
	})
}

// The plan distinguishes a replacement from a create: with create_before_destroy the old client still has the name.
func TestPlan_replacement(t *testing.T) {
	t.Parallel()
	withRun(t, falconsim.Options{}, func(t *testing.T, _ *acctest.Harness, p *acctest.Protocol) {
		made, diags := p.Apply(p.None(), acctest.ClientArguments)
		if len(diags) > 0 {
			t.Errorf("the create warns: %s", acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning))
		}
		_, diags = p.Plan(acctest.Instance{Value: p.None().Value, Private: made.Private}, acctest.ClientArguments) // the second plan of -replace
		if text := acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning); !strings.Contains(text, "held by the object that is being replaced") {
			t.Errorf("the replacement warns: %q", text)
		}
	})
}

// The id in the response is verified by a read. With the id of another client, Terraform would change and destroy that one.
func TestCreate_wrongID(t *testing.T) {
	t.Parallel()
	for name, wrong := range map[string]string{"of another client": coretest.OtherConfigID, "of no client": "00000000000000000000000000000000"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			withRun(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness, p *acctest.Protocol) {
				b.Transport.Arm(onCreate(&acctest.Fault{Do: func(w *acctest.Transport, req *http.Request) (*http.Response, error) {
					return w.Altered(req, func(body []byte) []byte {
						var doc struct {
							Meta      json.RawMessage  `json:"meta"`
							Resources []map[string]any `json:"resources"`
						}
						if err := json.Unmarshal(body, &doc); err != nil || len(doc.Resources) != 1 {
							t.Errorf("%v: %s", err, body)
							return body
						}
						doc.Resources[0]["id"] = wrong
						return []byte(acctest.AsJSONText(doc))
					})
				}}))
				made, diags := p.Apply(p.None(), acctest.ClientArguments)
				p.WantNoError(diags)
				b.Transport.Arm(nil)
				if id := p.Text(made, "id"); id == wrong || !b.Holds(acctest.APIClientType, id) {
					t.Fatalf("state holds the id %s", id)
				}
				b.WantSecret(p, made)
				_, diags = p.Destroy(made)
				p.WantNoError(diags)
				if !b.Holds(acctest.APIClientType, coretest.OtherConfigID) {
					t.Error("another client was deleted")
				}
			})
		})
	}
}

// Of two resources with the same name, one is created, whether Falcon would accept the second or not.
func TestCreate_nameTwice(t *testing.T) {
	t.Parallel()
	for _, reading := range []string{"a", "b"} {
		t.Run(reading, func(t *testing.T) {
			t.Parallel()
			withRun(t, falconsim.Options{Readings: falconsim.Readings{"Q07": reading}}, func(t *testing.T, b *acctest.Harness, p *acctest.Protocol) {
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
				if n := len(b.Sim.Clients()) - len(b.Strangers.APIClients); n != 1 {
					t.Errorf("%d clients were created", n)
				}
			})
		})
	}
}

// A resource whose address changed is deleted and created in the same run. The create waits for the deletion.
func TestCreate_waitsForADelete(t *testing.T) {
	t.Parallel()
	withRun(t, falconsim.Options{Readings: falconsim.Readings{"Q08": "b"}}, func(t *testing.T, b *acctest.Harness, p *acctest.Protocol) {
		made, diags := p.Apply(p.None(), acctest.ClientArguments)
		p.WantNoError(diags)
		p = newRun(t, b)
		b.DeleteTakes(5 * time.Second)
		var wg sync.WaitGroup
		wg.Go(func() {
			_, diags := p.Destroy(made)
			p.WantNoError(diags)
		})
		time.Sleep(time.Second) // on the fake clock: the deletion is in progress
		again, diags := p.Apply(p.None(), acctest.ClientArguments)
		wg.Wait()
		p.WantNoError(diags)
		b.WantSecret(p, again)
		if n := len(b.Sim.Clients()) - len(b.Strangers.APIClients); n != 1 {
			t.Errorf("%d clients", n)
		}
	})
}

// Reads that lag behind writes are repeated: no warning, an empty second plan, and few reads.
func TestReadsLagBehindWrites(t *testing.T) {
	t.Parallel()
	withRun(t, falconsim.Options{Readings: falconsim.Readings{"Q09": "c"}}, func(t *testing.T, b *acctest.Harness, p *acctest.Protocol) {
		config := acctest.ClientArguments
		state := p.None()
		for _, description := range []string{"created", "changed"} {
			b.Transport.Arm(nil)
			config = acctest.ClientArguments.With(acctest.Arguments{"description": description})
			var diags []*tfprotov6.Diagnostic
			state, diags = p.Apply(state, config)
			if len(diags) > 0 {
				t.Errorf("%s: %s%s", description, acctest.Messages(diags, tfprotov6.DiagnosticSeverityError), acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning))
			}
			if reads := b.Count(http.MethodGet, acctest.ClientsPath); reads < 3 || reads > 12 {
				t.Errorf("%s: %d reads", description, reads)
			}
		}
		acctest.Operation{Resource: acctest.APIClientType, Config: acctest.Constant(config)}.WantQuiet(b, state)
	})
}

// The error says that the API client was deleted after the plan, however Falcon refuses the write.
func TestGoneBeforeTheWrite(t *testing.T) {
	t.Parallel()
	for _, reading := range []string{"a", "b", "c"} {
		t.Run(reading, func(t *testing.T) {
			t.Parallel()
			withRun(t, falconsim.Options{Readings: falconsim.Readings{"Q06": reading}}, func(t *testing.T, b *acctest.Harness, p *acctest.Protocol) {
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
