package provider_test

import (
	"math/big"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

func notifyArguments(h *acctest.Harness) acctest.Arguments {
	return acctest.Arguments{"name": "notify", "notify_webhook": acctest.Arguments{"webhook_id": h.ReceiverID, "trigger": "score_changed"}}
}

// operations are run with every fault at every request that they send.
var operations = []acctest.Operation{
	{Name: "create client", Resource: acctest.APIClientType, Config: acctest.Fixed(acctest.ClientArguments)},
	{Name: "refresh client", Resource: acctest.APIClientType, Before: acctest.Fixed(acctest.ClientArguments), Reads: true},
	{Name: "import client", Resource: acctest.APIClientType, Before: acctest.Fixed(acctest.ClientArguments), Imports: true},
	{Name: "change client", Resource: acctest.APIClientType, Before: acctest.Fixed(acctest.ClientArguments), Config: acctest.Fixed(acctest.ClientArguments.With(acctest.Arguments{"scopes": []string{"alerts:read"}}))},
	{Name: "rotate secret", Resource: acctest.APIClientType, Before: acctest.Fixed(acctest.ClientArguments), Config: acctest.Fixed(acctest.ClientArguments.With(acctest.Arguments{"secret_rotation": map[string]tftypes.Value{"n": tftypes.NewValue(tftypes.String, "1")}}))},
	{Name: "delete client", Resource: acctest.APIClientType, Before: acctest.Fixed(acctest.ClientArguments)},
	{Name: "client is gone", Resource: acctest.APIClientType, Before: acctest.Fixed(acctest.ClientArguments), Config: acctest.Fixed(acctest.ClientArguments), Outside: func(h *acctest.Harness, id string) error { return h.Sim.DeleteClient(id) }},

	{Name: "create webhook", Resource: acctest.WebhookType, Config: acctest.Fixed(acctest.WebhookArguments)},
	{Name: "refresh webhook", Resource: acctest.WebhookType, Before: acctest.Fixed(acctest.WebhookArguments), Reads: true},
	{Name: "import webhook", Resource: acctest.WebhookType, Before: acctest.Fixed(acctest.WebhookArguments), Imports: true},
	{Name: "change webhook", Resource: acctest.WebhookType, Before: acctest.Fixed(acctest.WebhookArguments), Config: acctest.Fixed(acctest.WebhookArguments.With(acctest.Arguments{"url": acctest.MovedURL, "hmac_secret_wo": acctest.SecondKey}))},
	{Name: "delete webhook", Resource: acctest.WebhookType, Before: acctest.Fixed(acctest.WebhookArguments)},

	{Name: "create workflow", Resource: acctest.WorkflowType, Config: acctest.Fixed(acctest.WorkflowArguments)},
	{Name: "refresh workflow", Resource: acctest.WorkflowType, Before: acctest.Fixed(acctest.WorkflowArguments), Reads: true},
	{Name: "refresh changed workflow", Resource: acctest.WorkflowType, Before: acctest.Fixed(acctest.WorkflowArguments), Reads: true, Outside: func(h *acctest.Harness, id string) error {
		return h.Sim.ReplaceWorkflow(id, []byte(strings.Replace(acctest.SleepDocument, "1m", "2m", 1)))
	}},
	{Name: "import workflow", Resource: acctest.WorkflowType, Before: acctest.Fixed(acctest.WorkflowArguments), Imports: true},
	{Name: "change workflow", Resource: acctest.WorkflowType, Before: acctest.Fixed(acctest.WorkflowArguments), Config: acctest.Fixed(acctest.Arguments{"definition": strings.Replace(acctest.SleepDocument, "1m", "3m", 1)})},
	{Name: "disable workflow", Resource: acctest.WorkflowType, Before: acctest.Fixed(acctest.WorkflowArguments), Config: acctest.Fixed(acctest.WorkflowArguments.With(acctest.Arguments{"enabled": false}))},
	{Name: "delete workflow", Resource: acctest.WorkflowType, Before: acctest.Fixed(acctest.WorkflowArguments)},
	{Name: "create notify_webhook", Resource: acctest.WorkflowType, Config: notifyArguments},
}

// childCID is the Flight Control child of tests that have one.
const childCID = "c0ffee00c0ffee00c0ffee00c0ffee00"

// sources are the data sources and their arguments, which are read with every fault too.
var sources = map[string]func(*acctest.Harness) acctest.Arguments{
	"falcon_tenant":      acctest.Fixed(acctest.Arguments{}),
	"falcon_api_scopes":  acctest.Fixed(acctest.Arguments{}),
	"falcon_api_client":  acctest.Fixed(acctest.Arguments{"id": coretest.OtherConfigID}),
	"falcon_api_clients": acctest.Fixed(acctest.Arguments{}),
	"falcon_webhook":     acctest.Fixed(acctest.Arguments{"name": "receiver"}),
	"falcon_child_tenants": func(h *acctest.Harness) acctest.Arguments {
		if err := h.Sim.AddMember(childCID); err != nil {
			h.T.Fatal(err)
		}
		return acctest.Arguments{}
	},
	"falcon_integration_probe": func(h *acctest.Harness) acctest.Arguments {
		return acctest.Arguments{"integration": "zscaler_uvm_identity", "client_id": h.Sim.ClientID(), "client_secret": h.Sim.ClientSecret()}
	},
	"falcon_host_score": func(h *acctest.Harness) acctest.Arguments {
		return acctest.Arguments{"hostname": h.Sim.Hosts()[0].Hostname}
	},
	"falcon_host_scores":        acctest.Fixed(acctest.Arguments{"rows": "list", "detail": true}),
	"falcon_host_score_summary": acctest.Fixed(acctest.Arguments{}),
	"falcon_user_score": func(h *acctest.Harness) acctest.Arguments {
		return acctest.Arguments{"entity_id": h.Sim.Users()[0].EntityID}
	},
	"falcon_user_scores":       acctest.Fixed(acctest.Arguments{"rows": "list", "limit": big.NewFloat(5)}),
	"falcon_domains":           acctest.Fixed(acctest.Arguments{}),
	"falcon_domain_assessment": acctest.Fixed(acctest.Arguments{"domain": "CORP.EXAMPLE.COM"}),
	"falcon_workflow": func(h *acctest.Harness) acctest.Arguments {
		p := h.Start(acctest.WorkflowType)
		return acctest.Arguments{"id": p.Text(p.Create(acctest.WorkflowArguments), "id")}
	},
	"falcon_workflow_trigger": acctest.Fixed(acctest.Arguments{"event": "Case/Created"}),
	"falcon_workflow_catalog": acctest.Fixed(acctest.Arguments{"actions": []string{"Send email", "No such action"}, "triggers": []string{"Case/Created", "No/Such"}}),
	"falcon_workflow_action":  acctest.Fixed(acctest.Arguments{"name": "Send email"}),
	"falcon_workflow_document": acctest.Fixed(acctest.Arguments{"portable_definition": `
name: Document with references
trigger: {type: Signal, event: "falcon::trigger('Detection').event", next: [sleep]}
actions:
  sleep: {id: "falcon::action('Sleep', vendor='CrowdStrike').id", properties: {sleep_time: 1m}, next: [call]}
  call: {id: "falcon::action('Call webhook').id", properties: {config_id: "falcon::config('receiver').id"}}
`}),
}

// Whatever happens to one request, once or for the rest of the run: the operation succeeds or reports why not, the next run
// completes it, no object is left behind, created twice or taken from others, and no secret is lost or disclosed.
func TestFaults(t *testing.T) {
	t.Parallel()
	for i, o := range operations {
		t.Run(o.Name, func(t *testing.T) {
			t.Parallel()
			var calls []acctest.SentCall
			var want string
			acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, h *acctest.Harness) {
				state := o.Prepare(h)
				h.Transport.SetFault(nil)
				state, problem := o.Do(h, state)
				if problem != "" {
					t.Fatal(problem)
				}
				calls, want = h.Transport.Calls(), h.DescribeManaged()
				o.WantEmptyPlan(h, state)
			})
			for n, row := range acctest.FaultRows(calls, i == 0) {
				if t.Failed() {
					return // one failed row of an operation is enough to read
				}
				if !acctest.FullTests() && i > 0 && !sampled(i+n, 2) {
					continue // operations share most requests, so that each fault still meets each kind of request
				}
				t.Run(row.Name(), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) { o.RunUnderFault(t, row, want) })
				})
			}
		})
	}
}

// ephemerals are the ephemeral resources and their arguments, which are opened with every fault too.
var ephemerals = map[string]func(*acctest.Harness) acctest.Arguments{
	"falcon_access_token": acctest.Fixed(acctest.Arguments{}),
	"falcon_host_scores":  acctest.Fixed(acctest.Arguments{"rows": "list"}),
	"falcon_user_scores":  acctest.Fixed(acctest.Arguments{"rows": "list", "limit": big.NewFloat(5)}),
	"falcon_integration_probe": func(h *acctest.Harness) acctest.Arguments {
		return acctest.Arguments{"integration": "cortex_xsoar", "client_id": h.Sim.ClientID(), "client_secret": h.Sim.ClientSecret()}
	},
}

// A data source that meets a fault either reports it or returns what it returns without the fault.
func TestFaults_dataSources(t *testing.T) {
	t.Parallel()
	for name, config := range sources {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testReaderFaults(t, name, config, func(p *acctest.Protocol, config acctest.Arguments) (acctest.Instance, []*tfprotov6.Diagnostic) {
				return p.Data(name, config)
			})
		})
	}
}

// The same is true for ephemeral resources.
func TestFaults_ephemeralResources(t *testing.T) {
	t.Parallel()
	for name, config := range ephemerals {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testReaderFaults(t, name, config, func(p *acctest.Protocol, config acctest.Arguments) (acctest.Instance, []*tfprotov6.Diagnostic) {
				return p.Open(name, config)
			})
		})
	}
}

// sampled reports whether a row is one of the one in so many that run by default. Each request meets other faults than the one
// before it.
func sampled(row, oneIn int) bool { return (row+row/len(acctest.Faults))%oneIn == 0 }

// testReaderFaults reads without a fault, and then with each fault at each request of that.
func testReaderFaults(t *testing.T, name string, configOf func(*acctest.Harness) acctest.Arguments, read func(*acctest.Protocol, acctest.Arguments) (acctest.Instance, []*tfprotov6.Diagnostic)) {
	t.Helper()
	// A token is always another one, and the probe reports the fault in its result.
	same := name != "falcon_access_token" && name != "falcon_integration_probe"
	var calls []acctest.SentCall
	var want acctest.Instance
	acctest.WithFakeClock(t, falconsim.Options{}, func(_ *testing.T, h *acctest.Harness) {
		config := configOf(h)
		h.Transport.SetFault(nil)
		p := h.Start("")
		result, diags := read(p, config)
		p.WantNoError(diags)
		calls, want = h.Transport.Calls(), result
	})
	for i, row := range acctest.FaultRows(calls, name == "falcon_tenant" || !same) {
		if !acctest.FullTests() && !sampled(i+len(name), 4) {
			continue // the data sources share their clients: together they meet each fault many times
		}
		t.Run(row.Name(), func(t *testing.T) {
			acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, h *acctest.Harness) {
				config := configOf(h)
				h.Transport.SetFault(acctest.FaultAt(row.At, row.Fault, row.Lasting))
				p, problem := h.TryStart("")
				if problem == "" {
					got, diags := read(p, config)
					if problem = h.CheckDiagnostics(diags); problem == "" && same && !got.Value.Equal(want.Value) {
						t.Errorf("got %s, want %s", got.Value, want.Value)
					}
					if problem == "" && got.Value.IsNull() {
						t.Error("no result and no error")
					}
				}
				if problem != "" && row.Fault.Harmless {
					t.Error(problem)
				}
				if len(h.Transport.ForeignHosts) > 0 {
					t.Errorf("requests to other hosts: %v", h.Transport.ForeignHosts)
				}
			})
		})
	}
}
