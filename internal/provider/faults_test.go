package provider_test

import (
	"fmt"
	"math/big"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

var (
	aNotice = func(b *acctest.Harness) acctest.Arguments {
		return acctest.Arguments{"name": "notify", "notify_webhook": acctest.Arguments{"webhook_id": b.ReceiverID, "trigger": "score_changed"}}
	}
)

// operations are the rows of the table, each for every call that it makes.
var operations = []acctest.Operation{
	{Name: "create client", Resource: acctest.APIClientType, Config: acctest.Fixed(acctest.ClientArguments)},
	{Name: "refresh client", Resource: acctest.APIClientType, Before: acctest.Fixed(acctest.ClientArguments), Reads: true},
	{Name: "import client", Resource: acctest.APIClientType, Before: acctest.Fixed(acctest.ClientArguments), Imports: true},
	{Name: "change client", Resource: acctest.APIClientType, Before: acctest.Fixed(acctest.ClientArguments), Config: acctest.Fixed(acctest.ClientArguments.With(acctest.Arguments{"scopes": []string{"alerts:read"}}))},
	{Name: "rotate secret", Resource: acctest.APIClientType, Before: acctest.Fixed(acctest.ClientArguments), Config: acctest.Fixed(acctest.ClientArguments.With(acctest.Arguments{"secret_rotation": map[string]tftypes.Value{"n": tftypes.NewValue(tftypes.String, "1")}}))},
	{Name: "delete client", Resource: acctest.APIClientType, Before: acctest.Fixed(acctest.ClientArguments)},
	{Name: "client is gone", Resource: acctest.APIClientType, Before: acctest.Fixed(acctest.ClientArguments), Config: acctest.Fixed(acctest.ClientArguments), Outside: func(b *acctest.Harness, id string) error { return b.Sim.DeleteClient(id) }},

	{Name: "create webhook", Resource: acctest.WebhookType, Config: acctest.Fixed(acctest.WebhookArguments)},
	{Name: "refresh webhook", Resource: acctest.WebhookType, Before: acctest.Fixed(acctest.WebhookArguments), Reads: true},
	{Name: "import webhook", Resource: acctest.WebhookType, Before: acctest.Fixed(acctest.WebhookArguments), Imports: true},
	{Name: "change webhook", Resource: acctest.WebhookType, Before: acctest.Fixed(acctest.WebhookArguments), Config: acctest.Fixed(acctest.WebhookArguments.With(acctest.Arguments{"url": acctest.MovedURL, "hmac_secret_wo": acctest.SecondKey}))},
	{Name: "delete webhook", Resource: acctest.WebhookType, Before: acctest.Fixed(acctest.WebhookArguments)},

	{Name: "create workflow", Resource: acctest.WorkflowType, Config: acctest.Fixed(acctest.WorkflowArguments)},
	{Name: "refresh workflow", Resource: acctest.WorkflowType, Before: acctest.Fixed(acctest.WorkflowArguments), Reads: true},
	{Name: "refresh changed workflow", Resource: acctest.WorkflowType, Before: acctest.Fixed(acctest.WorkflowArguments), Reads: true, Outside: func(b *acctest.Harness, id string) error {
		return b.Sim.ReplaceWorkflow(id, []byte(strings.Replace(acctest.SleepDocument, "1m", "2m", 1)))
	}},
	{Name: "import workflow", Resource: acctest.WorkflowType, Before: acctest.Fixed(acctest.WorkflowArguments), Imports: true},
	{Name: "change workflow", Resource: acctest.WorkflowType, Before: acctest.Fixed(acctest.WorkflowArguments), Config: acctest.Fixed(acctest.Arguments{"definition": strings.Replace(acctest.SleepDocument, "1m", "3m", 1)})},
	{Name: "disable workflow", Resource: acctest.WorkflowType, Before: acctest.Fixed(acctest.WorkflowArguments), Config: acctest.Fixed(acctest.WorkflowArguments.With(acctest.Arguments{"enabled": false}))},
	{Name: "delete workflow", Resource: acctest.WorkflowType, Before: acctest.Fixed(acctest.WorkflowArguments)},
	{Name: "create notify_webhook", Resource: acctest.WorkflowType, Config: aNotice},
}

// sources are read with every fault, too.
var sources = map[string]func(*acctest.Harness) acctest.Arguments{
	"falcon_tenant":     acctest.Fixed(acctest.Arguments{}),
	"falcon_api_scopes": acctest.Fixed(acctest.Arguments{}),
	"falcon_api_client": acctest.Fixed(acctest.Arguments{"id": coretest.OtherConfigID}),
	"falcon_webhook":    acctest.Fixed(acctest.Arguments{"name": "receiver"}),
	"falcon_host_score": func(b *acctest.Harness) acctest.Arguments {
		return acctest.Arguments{"hostname": b.Sim.Hosts()[0].Hostname}
	},
	"falcon_host_scores":        acctest.Fixed(acctest.Arguments{"rows": "list", "detail": true}),
	"falcon_host_score_summary": acctest.Fixed(acctest.Arguments{}),
	"falcon_user_score": func(b *acctest.Harness) acctest.Arguments {
		return acctest.Arguments{"entity_id": b.Sim.Users()[0].EntityID}
	},
	"falcon_user_scores":       acctest.Fixed(acctest.Arguments{"rows": "list", "limit": big.NewFloat(5)}),
	"falcon_domains":           acctest.Fixed(acctest.Arguments{}),
	"falcon_domain_assessment": acctest.Fixed(acctest.Arguments{"domain": "CORP.EXAMPLE.COM"}),
	"falcon_workflow_trigger":  acctest.Fixed(acctest.Arguments{"event": "Case/Created"}),
	"falcon_workflow_action":   acctest.Fixed(acctest.Arguments{"name": "Send email"}),
}

// Whatever happens to one call, once or for as long as the run lasts: the operation succeeds or says why not, the next
// run finishes it, nothing is left over, doubled or taken from others, and no secret goes astray.
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
				b.Transport.SetFault(nil)
				state, problem := o.Do(b, state)
				if problem != "" {
					t.Fatal(problem)
				}
				calls, want = b.Transport.Calls(), b.DescribeManaged()
				o.WantEmptyPlan(b, state)
			})
			for _, c := range calls {
				for _, f := range acctest.Faults {
					for _, lasting := range acctest.FaultDurations(c, f) {
						name := fmt.Sprintf("%s %s %d/%s/%v", c.Method, c.Path, c.N, f.Name, lasting)
						if t.Failed() {
							return // one broken row of an operation is enough to read
						}
						t.Run(name, func(t *testing.T) {
							synctest.Test(t, func(t *testing.T) { o.RunUnderFault(t, c, f, lasting, want) })
						})
					}
				}
			}
		})
	}
}

// A data source that meets a fault fails, or gives what it gives without: never less, never something else.
func TestFaults_dataSources(t *testing.T) {
	t.Parallel()
	if _, err := acctest.ProviderSchema(); err != nil {
		t.Fatal(err)
	}
	for source, config := range sources {
		t.Run(source, func(t *testing.T) {
			t.Parallel()
			var calls []acctest.SentCall
			var want acctest.Instance
			synctest.Test(t, func(t *testing.T) {
				b := acctest.NewHarness(t, falconsim.Options{})
				p := b.Start("")
				state, diags := p.Data(source, config(b))
				p.WantNoError(diags)
				calls, want = b.Transport.Calls(), state
			})
			for _, c := range calls {
				for _, f := range acctest.Faults {
					for _, lasting := range acctest.FaultDurations(c, f) {
						t.Run(fmt.Sprintf("%s %s %d/%s/%v", c.Method, c.Path, c.N, f.Name, lasting), func(t *testing.T) {
							synctest.Test(t, func(t *testing.T) {
								b := acctest.NewHarness(t, falconsim.Options{})
								b.Transport.SetFault(acctest.FaultAt(c, f, lasting))
								p, problem := b.TryStart("")
								if problem == "" {
									got, diags := p.Data(source, config(b))
									if problem = b.CheckDiagnostics(diags); problem == "" && !got.Value.Equal(want.Value) {
										t.Errorf("got %s, want %s", got.Value, want.Value)
									}
								}
								if problem != "" && f.Harmless {
									t.Error(problem)
								}
								if len(b.Transport.ForeignHosts) > 0 {
									t.Errorf("called %v", b.Transport.ForeignHosts)
								}
							})
						})
					}
				}
			}
		})
	}
}
