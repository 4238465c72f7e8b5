package provider_test

import (
	"fmt"
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

var (
	aNotice = func(b *acctest.Harness) acctest.Arguments {
		return acctest.Arguments{"name": "notify", "notify_webhook": acctest.Arguments{"webhook_id": b.Receiver, "trigger": "score_changed"}}
	}
)

// operations are the rows of the table. Each is tested with a fault at every request that it sends.
var operations = []acctest.Operation{
	{Name: "create client", Resource: acctest.APIClientType, Config: acctest.Constant(acctest.ClientArguments)},
	{Name: "refresh client", Resource: acctest.APIClientType, Before: acctest.Constant(acctest.ClientArguments), Reads: true},
	{Name: "import client", Resource: acctest.APIClientType, Before: acctest.Constant(acctest.ClientArguments), Imports: true},
	{Name: "change client", Resource: acctest.APIClientType, Before: acctest.Constant(acctest.ClientArguments), Config: acctest.Constant(acctest.ClientArguments.With(acctest.Arguments{"scopes": []string{"alerts:read"}}))},
	{Name: "rotate secret", Resource: acctest.APIClientType, Before: acctest.Constant(acctest.ClientArguments), Config: acctest.Constant(acctest.ClientArguments.With(acctest.Arguments{"secret_rotation": map[string]tftypes.Value{"n": tftypes.NewValue(tftypes.String, "1")}}))},
	{Name: "delete client", Resource: acctest.APIClientType, Before: acctest.Constant(acctest.ClientArguments)},
	{Name: "client is gone", Resource: acctest.APIClientType, Before: acctest.Constant(acctest.ClientArguments), Config: acctest.Constant(acctest.ClientArguments), Outside: func(b *acctest.Harness, id string) error { return b.Sim.DeleteClient(id) }},

	{Name: "create webhook", Resource: acctest.WebhookType, Config: acctest.Constant(acctest.WebhookArguments)},
	{Name: "refresh webhook", Resource: acctest.WebhookType, Before: acctest.Constant(acctest.WebhookArguments), Reads: true},
	{Name: "import webhook", Resource: acctest.WebhookType, Before: acctest.Constant(acctest.WebhookArguments), Imports: true},
	{Name: "change webhook", Resource: acctest.WebhookType, Before: acctest.Constant(acctest.WebhookArguments), Config: acctest.Constant(acctest.WebhookArguments.With(acctest.Arguments{"url": acctest.MovedURL, "hmac_secret_wo": acctest.SecondKey}))},
	{Name: "delete webhook", Resource: acctest.WebhookType, Before: acctest.Constant(acctest.WebhookArguments)},

	{Name: "create workflow", Resource: acctest.WorkflowType, Config: acctest.Constant(acctest.WorkflowArguments)},
	{Name: "refresh workflow", Resource: acctest.WorkflowType, Before: acctest.Constant(acctest.WorkflowArguments), Reads: true},
	{Name: "refresh changed workflow", Resource: acctest.WorkflowType, Before: acctest.Constant(acctest.WorkflowArguments), Reads: true, Outside: func(b *acctest.Harness, id string) error {
		return b.Sim.ReplaceWorkflow(id, []byte(strings.Replace(acctest.SleepDocument, "1m", "2m", 1)))
	}},
	{Name: "import workflow", Resource: acctest.WorkflowType, Before: acctest.Constant(acctest.WorkflowArguments), Imports: true},
	{Name: "change workflow", Resource: acctest.WorkflowType, Before: acctest.Constant(acctest.WorkflowArguments), Config: acctest.Constant(acctest.Arguments{"definition": strings.Replace(acctest.SleepDocument, "1m", "3m", 1)})},
	{Name: "disable workflow", Resource: acctest.WorkflowType, Before: acctest.Constant(acctest.WorkflowArguments), Config: acctest.Constant(acctest.WorkflowArguments.With(acctest.Arguments{"enabled": false}))},
	{Name: "delete workflow", Resource: acctest.WorkflowType, Before: acctest.Constant(acctest.WorkflowArguments)},
	{Name: "create notify_webhook", Resource: acctest.WorkflowType, Config: aNotice},
}

// sources are the data sources that are read under every fault and every open question.
var sources = map[string]func(*acctest.Harness) acctest.Arguments{
	"falcon_tenant":     acctest.Constant(acctest.Arguments{}),
	"falcon_api_scopes": acctest.Constant(acctest.Arguments{}),
	"falcon_api_client": acctest.Constant(acctest.Arguments{"id": coretest.OtherConfigID}),
	"falcon_webhook":    acctest.Constant(acctest.Arguments{"name": "receiver"}),
	"falcon_integration_probe": func(b *acctest.Harness) acctest.Arguments {
		return acctest.Arguments{"integration": "zscaler_uvm_identity", "client_id": b.Sim.ClientID(), "client_secret": b.Sim.ClientSecret()}
	},
	"falcon_host_score": func(b *acctest.Harness) acctest.Arguments {
		return acctest.Arguments{"hostname": b.Sim.Hosts()[0].Hostname}
	},
	"falcon_host_scores":        acctest.Constant(acctest.Arguments{"rows": "list", "detail": true}),
	"falcon_host_score_summary": acctest.Constant(acctest.Arguments{}),
	"falcon_user_score": func(b *acctest.Harness) acctest.Arguments {
		return acctest.Arguments{"entity_id": b.Sim.Users()[0].EntityID}
	},
	"falcon_user_scores":       acctest.Constant(acctest.Arguments{"rows": "list", "limit": big.NewFloat(5)}),
	"falcon_domains":           acctest.Constant(acctest.Arguments{}),
	"falcon_domain_assessment": acctest.Constant(acctest.Arguments{"domain": "CORP.EXAMPLE.COM"}),
	"falcon_workflow": func(b *acctest.Harness) acctest.Arguments {
		return acctest.Arguments{"id": aWorkflow(b)}
	},
	"falcon_workflow_trigger": acctest.Constant(acctest.Arguments{"event": "Case/Created"}),
	"falcon_workflow_action":  acctest.Constant(acctest.Arguments{"name": "Send email"}),
}

// Whatever happens to one request, once or until the run ends: the operation succeeds or reports why not, the next run
// finishes it, no object is left over, created twice or taken from others, and no secret leaks.
func TestFaults(t *testing.T) {
	t.Parallel()
	if _, err := acctest.ProviderSchema(); err != nil {
		t.Fatal(err)
	}
	for _, o := range operations {
		t.Run(o.Name, func(t *testing.T) {
			t.Parallel()
			var calls []acctest.SentCall
			var want string
			synctest.Test(t, func(t *testing.T) {
				b := acctest.NewHarness(t, falconsim.Options{})
				state := o.Prepare(b)
				b.Transport.Arm(nil)
				state, problem := o.Do(b, state)
				if problem != "" {
					t.Fatal(problem)
				}
				calls, want = b.Transport.Calls(), b.Holdings()
				o.WantQuiet(b, state)
			})
			for _, c := range calls {
				for _, f := range acctest.Faults {
					for _, lasting := range acctest.Lengths(c, f) {
						name := fmt.Sprintf("%s %s %d/%s/%v", c.Method, c.Path, c.N, f.Name, lasting)
						if t.Failed() {
							return // one broken row of an operation is enough to read
						}
						t.Run(name, func(t *testing.T) {
							synctest.Test(t, func(t *testing.T) { o.UnderFault(t, c, f, lasting, want) })
						})
					}
				}
			}
		})
	}
}

// ephemerals are opened with every fault, too.
var ephemerals = map[string]func(*acctest.Harness) acctest.Arguments{
	"falcon_access_token": acctest.Constant(acctest.Arguments{}),
	"falcon_host_scores":  acctest.Constant(acctest.Arguments{"rows": "list"}),
	"falcon_user_scores":  acctest.Constant(acctest.Arguments{"rows": "list", "limit": big.NewFloat(5)}),
	"falcon_integration_probe": func(b *acctest.Harness) acctest.Arguments {
		return acctest.Arguments{"integration": "cortex_xsoar", "client_id": b.Sim.ClientID(), "client_secret": b.Sim.ClientSecret()}
	},
}

// differs are the readers whose result is another one each time, or the report of the fault.
var differs = map[string]bool{"falcon_access_token": true, "falcon_integration_probe": true}

// aWorkflow creates a workflow and returns its id.
func aWorkflow(b *acctest.Harness) string {
	b.T.Helper()
	p, problem := b.Run(acctest.WorkflowType)
	if problem != "" {
		b.T.Fatal(problem)
	}
	created, diags := p.Apply(p.None(), acctest.WorkflowArguments)
	p.WantNoError(diags)
	return p.Text(created, "id")
}

// A data source that meets a fault reports it, or returns what it returns without: never less, never something else.
func TestFaults_dataSources(t *testing.T) {
	t.Parallel()
	for name, config := range sources {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			faultsOfReader(t, config, !differs[name], func(p *acctest.Protocol, config acctest.Arguments) (acctest.Instance, []*tfprotov6.Diagnostic) {
				return p.Data(name, config)
			})
		})
	}
}

// The same holds for ephemeral resources.
func TestFaults_ephemeralResources(t *testing.T) {
	t.Parallel()
	for name, config := range ephemerals {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			faultsOfReader(t, config, !differs[name], func(p *acctest.Protocol, config acctest.Arguments) (acctest.Instance, []*tfprotov6.Diagnostic) {
				return p.Open(name, config)
			})
		})
	}
}

type reader func(*acctest.Protocol, acctest.Arguments) (acctest.Instance, []*tfprotov6.Diagnostic)

// faultsOfReader reads once without a fault, and then with each fault at each request of that.
func faultsOfReader(t *testing.T, configOf func(*acctest.Harness) acctest.Arguments, same bool, read reader) {
	t.Helper()
	if _, err := acctest.ProviderSchema(); err != nil {
		t.Fatal(err)
	}
	var calls []acctest.SentCall
	var want acctest.Instance
	synctest.Test(t, func(t *testing.T) {
		b := acctest.NewHarness(t, falconsim.Options{})
		config := configOf(b)
		b.Transport.Arm(nil)
		p, problem := b.Run("")
		if problem != "" {
			t.Fatal(problem)
		}
		result, diags := read(p, config)
		p.WantNoError(diags)
		calls, want = b.Transport.Calls(), result
	})
	for _, c := range calls {
		for _, f := range acctest.Faults {
			for _, lasting := range acctest.Lengths(c, f) {
				t.Run(fmt.Sprintf("%s %s %d/%s/%v", c.Method, c.Path, c.N, f.Name, lasting), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						b := acctest.NewHarness(t, falconsim.Options{})
						config := configOf(b)
						b.Transport.Arm(acctest.FaultAt(c, f, lasting))
						p, problem := b.Run("")
						if problem == "" {
							got, diags := read(p, config)
							if problem = b.Checked(diags); problem == "" && same && !got.Value.Equal(want.Value) {
								t.Errorf("got %s, want %s", got.Value, want.Value)
							}
							if problem == "" && got.Value.IsNull() {
								t.Error("no result and no error")
							}
						}
						if problem != "" && f.Harmless {
							t.Error(problem)
						}
						if len(b.Transport.Abroad) > 0 {
							t.Errorf("called %v", b.Transport.Abroad)
						}
					})
				})
			}
		}
	}
}
