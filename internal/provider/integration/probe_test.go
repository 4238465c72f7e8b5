package integration_test

import (
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// open opens a probe and returns its result and its warnings.
func open(t *testing.T, p *acctest.Protocol, config acctest.Arguments) (acctest.Instance, string) {
	t.Helper()
	result, diags := p.Open("falcon_integration_probe", config)
	p.WantNoError(diags)
	return result, acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning)
}

// states returns the states of the tested scopes.
func states(t *testing.T, p *acctest.Protocol, result acctest.Instance) map[string]string {
	t.Helper()
	out := map[string]string{}
	for id, v := range p.Attributes(p.Attributes(result.Value)["scopes"]) {
		var state string
		if err := v.As(&state); err != nil {
			t.Fatal(err)
		}
		out[id] = state
	}
	return out
}

func TestProbe(t *testing.T) {
	t.Parallel()
	const id, secret = "7e577e577e577e577e577e577e577e57", "secret of the tested client"
	zscaler := []string{"workflow:read", "api-integrations:read", "devices:read", "zero-trust-assessment:read"}
	for name, tt := range map[string]struct {
		opts          falconsim.Options
		scopes        []string // of the tested client
		integration   string
		secret        any // nil is null
		revokeFails   bool
		ok            any // nil is null
		region, limit any
		states        map[string]string
		hint, warning bool
	}{
		"works": {
			opts: falconsim.Options{Cloud: "us-2"}, scopes: zscaler, integration: "zscaler_adaptive_access", secret: secret, ok: true, region: "us-2", limit: 6000,
			states: map[string]string{
				"workflow:read": "works", "devices:read": "works", "zero-trust-assessment:read": "works", "api-integrations:read": "works",
				"detects:read": "retired", "incidents:read": "retired", "iocs:read": "retired",
			},
		},
		"missing scope": {
			scopes: []string{"workflow:read", "api-integrations:read", "zero-trust-assessment:read"}, integration: "zscaler_adaptive_access", secret: secret, ok: false,
			region: "sim-1", limit: 6000, hint: true, warning: true, states: map[string]string{"devices:read": "denied", "workflow:read": "works"},
		},
		"identity": {
			scopes: []string{"identity-graphql:write", "identity-entities:read"}, integration: "zscaler_uvm_identity", secret: secret, ok: false,
			region: "sim-1", limit: 6000, hint: true, warning: true,
			states: map[string]string{"identity-graphql:write": "not_tested", "identity-entities:read": "works", "identity-assessment:read": "denied"},
		},
		"write scopes only": {
			scopes: []string{"identity-graphql:write"}, integration: "netskope_risk_exchange", secret: secret, ok: true, region: "sim-1",
			states: map[string]string{"identity-graphql:write": "not_tested"},
		},
		"no secret": {scopes: []string{"devices:read"}, integration: "cortex_xsoar"},
		"wrong secret": {
			scopes: []string{"devices:read"}, integration: "cortex_xsoar", secret: "wrong", ok: false, region: "sim-1", hint: true, warning: true,
			states: map[string]string{"devices:read": "not_tested"},
		},
		"token not revoked": {
			scopes: []string{"identity-graphql:write"}, integration: "netskope_risk_exchange", secret: secret, ok: true, region: "sim-1",
			revokeFails: true, warning: true, states: map[string]string{"identity-graphql:write": "not_tested"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.WithFakeClock(t, tt.opts, func(t *testing.T, b *acctest.Harness) {
				b.Sim.AddClient(id, secret, tt.scopes)
				p := b.Start("")
				if tt.revokeFails {
					b.Transport.SetFault(func(c acctest.SentCall) *acctest.Fault {
						if c.Path == "/oauth2/revoke" {
							return acctest.FindFault("500")
						}
						return nil
					})
				}
				before := string(b.Sim.Dump())
				result, warning := open(t, p, acctest.Arguments{"integration": tt.integration, "client_id": id, "client_secret": tt.secret})
				if after := string(b.Sim.Dump()); after != before {
					t.Errorf("the probe changed the tenant:\n%s", after)
				}
				members := p.Attributes(result.Value)
				for attribute, value := range map[string]tftypes.Value{
					"ok": tftypes.NewValue(tftypes.Bool, tt.ok), "region": tftypes.NewValue(tftypes.String, tt.region), "rate_limit": tftypes.NewValue(tftypes.Number, tt.limit),
				} {
					if !members[attribute].Equal(value) {
						t.Errorf("%s is %s, want %s", attribute, members[attribute], value)
					}
				}
				if members["hint"].IsNull() == tt.hint || (warning != "") != tt.warning || strings.Contains(warning, secret) ||
					name == "missing scope" && !strings.Contains(warning, "\n  - devices:read (") || name == "wrong secret" && !strings.Contains(warning, "\n  - Falcon ") {
					t.Errorf("hint %s, warning %q", members["hint"], warning)
				}
				read, diags := p.Data("falcon_integration_probe", acctest.Arguments{"integration": tt.integration, "client_id": id, "client_secret": tt.secret})
				p.WantNoError(diags)
				shown := p.Attributes(read.Value)
				if !shown["client_secret"].IsNull() {
					t.Error("the data source keeps the secret")
				}
				for _, attribute := range []string{"ok", "scopes", "region", "rate_limit", "hint"} {
					if !shown[attribute].Equal(members[attribute]) {
						t.Errorf("the data source shows %s = %s, want %s", attribute, shown[attribute], members[attribute])
					}
				}
				got := states(t, p, result)
				if members["scopes"].IsNull() != (tt.states == nil) {
					t.Errorf("scopes %s", members["scopes"])
				}
				for scope, state := range tt.states {
					if got[scope] != state {
						t.Errorf("%s is %q, want %q", scope, got[scope], state)
					}
				}
			})
		})
	}
}

// The probe tests the scopes that the receiver's documentation lists and, on request, those that it omits. Scopes of retired
// products are "retired", also for write.
func TestProbe_recommendedScopes(t *testing.T) {
	t.Parallel()
	acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness) {
		p := b.Start("")
		for _, tt := range []struct {
			recommended any
			states      map[string]string
		}{
			{nil, map[string]string{"workflow:read": "", "workflow:write": "", "detects:read": "retired", "detects:write": "retired", "incidents:write": "retired", "devices:write": "not_tested"}},
			{true, map[string]string{"workflow:read": "works", "workflow:write": "not_tested", "identity-graphql:write": "not_tested", "devices:read": "works"}},
		} {
			result, _ := open(t, p, acctest.Arguments{
				"integration": "cortex_xsoar", "client_id": b.Sim.ClientID(), "client_secret": b.Sim.ClientSecret(), "recommended": tt.recommended,
			})
			got := states(t, p, result)
			for id, want := range tt.states {
				if got[id] != want {
					t.Errorf("recommended = %v: %s is %q, want %q", tt.recommended, id, got[id], want)
				}
			}
		}
	})
}

// A test may take longer than a minute if the configuration says so.
func TestProbeDataSource_timeout(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		timeouts any
		ok       bool
	}{
		"default":      {ok: false},
		"five minutes": {timeouts: acctest.Arguments{"read": "5m"}, ok: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, h *acctest.Harness) {
				p := h.Start("")
				h.Transport.SetFault(func(c acctest.SentCall) *acctest.Fault {
					if c.Path != "/devices/queries/devices/v1" {
						return nil
					}
					return acctest.Delay(90*time.Second, func() {})
				})
				config := acctest.Arguments{"integration": "cortex_xsoar", "client_id": h.Sim.ClientID(), "client_secret": h.Sim.ClientSecret()}
				if tt.timeouts != nil {
					config["timeouts"] = tt.timeouts
				}
				result, diags := p.Data("falcon_integration_probe", config)
				p.WantNoError(diags)
				var ok bool
				if err := p.Attributes(result.Value)["ok"].As(&ok); err != nil || ok != tt.ok {
					t.Errorf("ok is %t, want %t (%v): %s", ok, tt.ok, err, acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning))
				}
			})
		})
	}
}
