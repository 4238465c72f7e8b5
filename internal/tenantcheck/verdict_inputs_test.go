package tenantcheck

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/integrations"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// integrationInputs are the probes on which integrations depend. The state is that of a refusal: a product that is not licensed.
var integrationInputs = []struct {
	probe        string
	integrations []string
	refused      State
}{
	{probeScopes, integrations.Names(), NotChecked}, // only the list of scopes is missing
	{probeScores, []string{"zscaler_adaptive_access"}, DoesNot},
	{probeCallWebhook, []string{"zscaler_adaptive_access"}, DoesNot},
	{probeTriggers, []string{"zscaler_adaptive_access"}, DoesNot},
	{probeConfigs, []string{"zscaler_adaptive_access"}, DoesNot},
	{probeWorkflows, []string{"zscaler_adaptive_access"}, DoesNot},
	{probeHostIDs, []string{"cortex_xsoar"}, DoesNot},
	{probeGraphQL, []string{"zscaler_uvm_identity", "netskope_risk_exchange"}, DoesNot},
	{probeUserCount, []string{"zscaler_uvm_identity", "netskope_risk_exchange"}, DoesNot},
}

// withResponse are the observations with another response to a probe, and without those to the probes that need its success; nil is no
// response.
func withResponse(o *observations, probe string, replace *response) *observations {
	changed := *o
	changed.responses = nil
	replaced := false
	for _, r := range o.responses {
		switch {
		case r.probe == probe && replace != nil && !replaced:
			replaced = true
			other := *replace
			other.probe, other.path = probe, r.path
			changed.responses = append(changed.responses, other)
		case r.probe == probe, earlierProbes[r.probe].probe == probe:
		default:
			changed.responses = append(changed.responses, r)
		}
	}
	return &changed
}

// An integration is only said to work if each of its inputs was seen.
func TestVerdicts_everyInputOfAnIntegration(t *testing.T) {
	t.Parallel()
	base := checked(t, falconsim.New(falconsim.Options{}), Options{})
	for _, input := range integrationInputs {
		for name, test := range map[string]struct {
			response *response
			state    State
			why      string
		}{
			"refused":  {&response{status: 403, body: decode([]byte(forbidden("access denied, authorization failed")))}, input.refused, "refuses the requests"},
			"no scope": {&response{status: 403, body: decode([]byte(forbidden("access denied, scope not permitted")))}, NotChecked, "needs the scope"},
			"500":      {&response{status: 500, body: decode([]byte(forbidden("internal")))}, NotChecked, "status 500"},
			"web page": {&response{status: 200}, NotChecked, "is not usable (status 200)"},
			"errors in a 200": {
				&response{status: 200, body: decode([]byte(`{"errors":[{"code":1,"message":"m"}],"resources":[]}`))}, NotChecked, "errors and no results",
			},
			"not reached": {nil, NotChecked, "the check ended before"},
		} {
			t.Run(input.probe+"/"+name, func(t *testing.T) {
				t.Parallel()
				o := withResponse(base.observed, input.probe, test.response)
				report := &Report{Verdicts: verdicts(o, base.Answers)}
				for _, integration := range integrations.Names() {
					v, before := verdictOf(t, report, integration), verdictOf(t, base, integration)
					if !slices.Contains(input.integrations, integration) {
						if v != before {
							t.Errorf("%+v, want %+v", v, before)
						}
						continue
					}
					if v.State != test.state || !strings.Contains(v.Why, test.why) || v.Do == "" {
						t.Errorf("%+v, want %s: %s", v, test.state, test.why)
					}
				}
				want := StatusNotChecked
				if test.state == DoesNot {
					want = StatusMissing
				}
				if report.Status() != want {
					t.Errorf("exit status %d, want %d", report.Status(), want)
				}
			})
		}
	}
}

// The same with the responses of a tenant: the products fail, or the API client lacks their scopes.
func TestCheck_unseenProducts(t *testing.T) {
	t.Parallel()
	all := falconsim.New(falconsim.Options{}).Clients()[0].Scopes
	products := []string{"/identity-protection/", "/zero-trust-assessment/"}
	for name, test := range map[string]struct {
		fault   *falconsim.Fault
		without []string
		why     map[string]string
	}{
		"500":             {fault: &falconsim.Fault{Status: 500}, why: map[string]string{"netskope_risk_exchange": "500", "zscaler_adaptive_access": "500"}},
		"web pages":       {fault: &falconsim.Fault{Kind: falconsim.FaultHTML}, why: map[string]string{"netskope_risk_exchange": "HTML"}},
		"web pages, 200":  {fault: &falconsim.Fault{Kind: falconsim.FaultHTML, Status: 200}, why: map[string]string{"netskope_risk_exchange": "HTML"}},
		"lost responses":  {fault: &falconsim.Fault{Kind: falconsim.FaultDropAfter}},
		"without scopes":  {without: []string{scopeGraphQL, scopeEntities, scopeAssessments}, why: map[string]string{"zscaler_adaptive_access": "needs the scope " + scopeAssessments}},
		"refused queries": {fault: &falconsim.Fault{Status: 403, Body: forbidden("access denied, scope not permitted")}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.WithFakeClock(t, falconsim.Options{Scopes: slices.DeleteFunc(slices.Clone(all), func(s string) bool {
				return slices.Contains(test.without, s)
			})}, func(t *testing.T, h *acctest.Harness) {
				if test.fault != nil {
					test.fault.Match = func(r *http.Request) bool {
						return slices.ContainsFunc(products, func(p string) bool { return strings.HasPrefix(r.URL.Path, p) })
					}
					if err := h.Sim.Inject(*test.fault); err != nil {
						t.Fatal(err)
					}
				}
				report := checked(t, h.Sim, Options{Config: configOf(h.Sim, &inProcess{handler: h.Sim})})
				for _, subject := range []string{"zscaler_adaptive_access", "zscaler_uvm_identity", "netskope_risk_exchange"} {
					if v := verdictOf(t, report, subject); v.State != NotChecked || v.Do == "" || !strings.Contains(v.Why, test.why[subject]) {
						t.Errorf("%+v, want %s: %s", v, NotChecked, test.why[subject])
					}
				}
				if v := verdictOf(t, report, "cortex_xsoar"); v.State != Works {
					t.Errorf("%+v", v)
				}
				if report.Status() != StatusNotChecked {
					t.Errorf("exit status %d", report.Status())
				}
			})
		})
	}
}

// The advice is about the request that failed, not about those that were not sent because of it.
func TestVerdicts_dependentProbes(t *testing.T) {
	t.Parallel()
	all := falconsim.New(falconsim.Options{}).Clients()[0].Scopes
	for name, test := range map[string]struct {
		without []string
		why, do string
	}{
		"one scope": {
			[]string{scopeGraphQL},
			"needs the scope identity-graphql:write (Identity Protection GraphQL: write)",
			"Add the scope identity-graphql:write to the API client in the console.",
		},
		"both scopes": {
			[]string{scopeGraphQL, scopeEntities},
			"needs the scope identity-graphql:write (Identity Protection GraphQL: write); needs the scope identity-entities:read (Identity Protection Entities: read)",
			"Add the scope identity-graphql:write to the API client in the console. Add the scope identity-entities:read to the API client in the console.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			scopes := slices.DeleteFunc(slices.Clone(all), func(s string) bool { return slices.Contains(test.without, s) })
			report := checked(t, falconsim.New(falconsim.Options{Scopes: scopes}), Options{})
			for _, subject := range []string{"data.falcon_user_scores", "netskope_risk_exchange"} {
				if v := verdictOf(t, report, subject); v.State != NotChecked || v.Why != test.why || v.Do != test.do {
					t.Errorf("%+v\nwant %s\n%s", v, test.why, test.do)
				}
			}
		})
	}
}

// Where Falcon does not show scopes, the other evidence decides: the tenant offers the scope, reading is allowed, a change succeeded.
func TestVerdicts_hiddenScopes(t *testing.T) {
	t.Parallel()
	all := falconsim.New(falconsim.Options{}).Clients()[0].Scopes
	const hides = "Falcon does not show the scopes of API clients"
	for name, test := range map[string]struct {
		without string
		write   bool
		want    map[string]State
		why     map[string]string
	}{
		"reading": {
			want: map[string]State{"falcon_workflow": ConsoleStep, "falcon_api_client": ConsoleStep, "cortex_xsoar": ConsoleStep, "zscaler_adaptive_access": ConsoleStep},
			why:  map[string]string{"falcon_workflow": hides, "falcon_api_client": hides, "cortex_xsoar": hides},
		},
		"reading is not allowed": {
			without: scopeWorkflowRead,
			want:    map[string]State{"falcon_workflow": NotChecked, "zscaler_adaptive_access": NotChecked},
			why:     map[string]string{"falcon_workflow": "needs the scope workflow:read"},
		},
		"writing succeeds": {
			write: true,
			want:  map[string]State{"falcon_workflow": Works, "falcon_api_client": Works, "cortex_xsoar": Works},
		},
		"writing lacks the scope": {
			without: scopeWorkflowWrite, write: true,
			want: map[string]State{"falcon_workflow": NotChecked, "falcon_api_client": Works},
			why:  map[string]string{"falcon_workflow": "needs the scope workflow:write"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			scopes := slices.DeleteFunc(slices.Clone(all), func(s string) bool { return s == test.without })
			acctest.WithFakeClock(t, falconsim.Options{Readings: falconsim.Readings{"Q03": "c"}, Scopes: scopes}, func(t *testing.T, h *acctest.Harness) {
				opts := writeCheck(h)
				if !test.write {
					opts.Write = nil
				}
				report := checked(t, h.Sim, opts)
				for subject, state := range test.want {
					if v := verdictOf(t, report, subject); v.State != state || !strings.Contains(v.Why, test.why[subject]) || strings.Contains(v.Do, scopeClientsRead) {
						t.Errorf("%+v, want %s: %s", v, state, test.why[subject])
					}
				}
			})
		})
	}
}

// The first line says why the customer id is not known.
func TestReport_unknownCustomerID(t *testing.T) {
	t.Parallel()
	base := checked(t, falconsim.New(falconsim.Options{}), Options{})
	for name, test := range map[string]struct {
		response *response
		err      error
		want     string
	}{
		"no scope": {&response{status: 403, body: decode([]byte(forbidden("access denied, scope not permitted")))}, nil, "needs the scope sensor-installers:read"},
		"refused":  {&response{status: 403, body: decode([]byte(forbidden("access denied, authorization failed")))}, nil, "Falcon refuses the requests of the scope sensor-installers:read"},
		"failure":  {&response{status: 500}, fmt.Errorf("Falcon returned %d.", 500), "Falcon returned 500)"},
		"empty":    {&response{status: 200, body: decode([]byte(`{"errors":[],"resources":[]}`))}, nil, "the response has none"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := withResponse(base.observed, probeTenant, test.response)
			o.errs = map[string]error{probeTenant: test.err}
			report := &Report{Tenant: Tenant{CIDUnknown: o.cidUnknown()}}
			var text strings.Builder
			if err := report.WriteText(&text); err != nil {
				t.Fatal(err)
			}
			if first, _, _ := strings.Cut(text.String(), "\n"); !strings.Contains(first, test.want) {
				t.Errorf("%q, want %q", first, test.want)
			}
		})
	}
	scopes := slices.DeleteFunc(falconsim.New(falconsim.Options{}).Clients()[0].Scopes, func(s string) bool { return s == scopeSensorDownload })
	if narrow := checked(t, falconsim.New(falconsim.Options{Scopes: scopes}), Options{}); narrow.Tenant.CID != "" || !strings.Contains(narrow.Tenant.CIDUnknown, scopeSensorDownload) {
		t.Errorf("%+v", narrow.Tenant)
	}
	if base.Tenant.CIDUnknown != "" {
		t.Errorf("%+v", base.Tenant)
	}
}

// A tenant that refuses every request is one sentence, not a table.
func TestCheck_refusesEveryRequest(t *testing.T) {
	t.Parallel()
	sim := falconsim.New(falconsim.Options{})
	fault(t, sim, falconsim.Fault{Status: 403, Body: forbidden("access denied, authorization failed")})
	transport := &inProcess{handler: sim}
	report, err := Check(t.Context(), Options{Config: configOf(sim, transport), Write: &WriteOptions{}})
	if report != nil || err == nil || !strings.HasPrefix(err.Error(), "Falcon refuses every request") {
		t.Errorf("report %v, error %v", report, err)
	}
	if transport.sent > 20 {
		t.Errorf("%d requests", transport.sent)
	}
}
