package provider

import (
	"fmt"
	"maps"
	"math/big"
	"os"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

func fixed(a arguments) func(*bubble) arguments { return func(*bubble) arguments { return a } }

// with is a configuration with some arguments changed.
func (a arguments) with(more arguments) arguments {
	out := maps.Clone(a)
	maps.Copy(out, more)
	return out
}

var (
	aClient  = arguments{"name": "mine", "description": "for a test", "scopes": []string{"devices:read"}}
	aWebhook = arguments{"name": "zscaler", "url": hookURL, "hmac_secret_wo": testKey}
	aFlow    = arguments{"definition": sleepDocument}
	aNotice  = func(b *bubble) arguments {
		return arguments{"name": "notify", "notify_webhook": arguments{"webhook_id": b.receiver, "trigger": "score_changed"}}
	}
)

// operations are the rows of the table, each for every call that it makes.
var operations = []operation{
	{name: "create client", resource: apiClientType, config: fixed(aClient)},
	{name: "refresh client", resource: apiClientType, before: fixed(aClient), reads: true},
	{name: "import client", resource: apiClientType, before: fixed(aClient), imports: true},
	{name: "change client", resource: apiClientType, before: fixed(aClient), config: fixed(aClient.with(arguments{"scopes": []string{"alerts:read"}}))},
	{name: "rotate secret", resource: apiClientType, before: fixed(aClient), config: fixed(aClient.with(arguments{"secret_rotation": map[string]tftypes.Value{"n": tftypes.NewValue(tftypes.String, "1")}}))},
	{name: "delete client", resource: apiClientType, before: fixed(aClient)},
	{name: "client is gone", resource: apiClientType, before: fixed(aClient), config: fixed(aClient), outside: func(b *bubble, id string) error { return b.sim.DeleteClient(id) }},

	{name: "create webhook", resource: webhookType, config: fixed(aWebhook)},
	{name: "refresh webhook", resource: webhookType, before: fixed(aWebhook), reads: true},
	{name: "import webhook", resource: webhookType, before: fixed(aWebhook), imports: true},
	{name: "change webhook", resource: webhookType, before: fixed(aWebhook), config: fixed(aWebhook.with(arguments{"url": movedURL, "hmac_secret_wo": secondKey}))},
	{name: "delete webhook", resource: webhookType, before: fixed(aWebhook)},

	{name: "create workflow", resource: flowType, config: fixed(aFlow)},
	{name: "refresh workflow", resource: flowType, before: fixed(aFlow), reads: true},
	{name: "refresh changed workflow", resource: flowType, before: fixed(aFlow), reads: true, outside: func(b *bubble, id string) error {
		return b.sim.ReplaceWorkflow(id, []byte(strings.Replace(sleepDocument, "1m", "2m", 1)))
	}},
	{name: "import workflow", resource: flowType, before: fixed(aFlow), imports: true},
	{name: "change workflow", resource: flowType, before: fixed(aFlow), config: fixed(arguments{"definition": strings.Replace(sleepDocument, "1m", "3m", 1)})},
	{name: "disable workflow", resource: flowType, before: fixed(aFlow), config: fixed(aFlow.with(arguments{"enabled": false}))},
	{name: "delete workflow", resource: flowType, before: fixed(aFlow)},
	{name: "create notify_webhook", resource: flowType, config: aNotice},
}

// sources are read with every fault, too.
var sources = map[string]func(*bubble) arguments{
	"falcon_tenant":             fixed(arguments{}),
	"falcon_api_scopes":         fixed(arguments{}),
	"falcon_api_client":         fixed(arguments{"id": otherConfigID}),
	"falcon_webhook":            fixed(arguments{"name": "receiver"}),
	"falcon_host_score":         func(b *bubble) arguments { return arguments{"hostname": b.sim.Hosts()[0].Hostname} },
	"falcon_host_scores":        fixed(arguments{"rows": "list", "detail": true}),
	"falcon_host_score_summary": fixed(arguments{}),
	"falcon_user_score":         func(b *bubble) arguments { return arguments{"entity_id": b.sim.Users()[0].EntityID} },
	"falcon_user_scores":        fixed(arguments{"rows": "list", "limit": big.NewFloat(5)}),
	"falcon_domains":            fixed(arguments{}),
	"falcon_domain_assessment":  fixed(arguments{"domain": "CORP.EXAMPLE.COM"}),
	"falcon_workflow_trigger":   fixed(arguments{"event": "Case/Created"}),
	"falcon_workflow_action":    fixed(arguments{"name": "Send email"}),
}

// Whatever happens to one call, once or for as long as the run lasts: the operation succeeds or says why not, the next
// run finishes it, nothing is left over, doubled or taken from others, and no secret goes astray.
func TestFaults(t *testing.T) {
	t.Parallel()
	if _, err := providerSchema(); err != nil {
		t.Fatal(err)
	}
	for _, o := range operations {
		t.Run(o.name, func(t *testing.T) {
			t.Parallel()
			var calls []sentCall
			var want string
			synctest.Test(t, func(t *testing.T) {
				b := newBubble(t, falconsim.Options{})
				state := o.prepare(b)
				b.wire.arm(nil)
				state, problem := o.do(b, state)
				if problem != "" {
					t.Fatal(problem)
				}
				calls, want = b.wire.calls(), b.holdings()
				o.wantQuiet(b, state)
			})
			for _, c := range calls {
				for _, f := range faults {
					for _, lasting := range lengths(c, f) {
						name := fmt.Sprintf("%s %s %d/%s/%v", c.method, c.path, c.n, f.name, lasting)
						if t.Failed() {
							return // one broken row of an operation is enough to read
						}
						t.Run(name, func(t *testing.T) {
							synctest.Test(t, func(t *testing.T) { o.underFault(t, c, f, lasting, want) })
						})
					}
				}
			}
		})
	}
}

// lengths says whether the fault strikes once or for the rest of the run: both with FALCON_TEST_FULL=1, else one of them,
// always the same.
func lengths(c sentCall, f fault) []bool {
	if os.Getenv("FALCON_TEST_FULL") != "" {
		return []bool{false, true}
	}
	return []bool{(len(c.path)+len(f.name)+c.n)%2 == 0}
}

func (o operation) underFault(t *testing.T, at sentCall, f fault, lasting bool, want string) {
	b := newBubble(t, falconsim.Options{})
	state := o.prepare(b)
	b.wire.arm(strikes(at, f, lasting))
	state, problem := o.do(b, state)
	b.wire.arm(nil)
	if problem != "" && f.harmless {
		t.Fatal(problem)
	}
	if b.lost {
		t.Error("a refresh lost an object that exists")
		return
	}
	state = o.finish(b, state, problem)
	o.wantQuiet(b, state)
	if b.stays.Load() && (f.name == "403" || f.name == "hostile refusal") {
		return // the tenant does not offer the delete
	}
	if got := b.holdings(); got != want {
		t.Errorf("the tenant holds\n%s\nwant\n%s\nafter: %s", got, want, problem)
	}
	p, refused := b.run(o.resource)
	if refused != "" {
		t.Fatal(refused)
	}
	b.wantSecret(p, state)
	if len(b.wire.abroad) > 0 {
		t.Errorf("called %v", b.wire.abroad)
	}
}

// A data source that meets a fault fails, or gives what it gives without: never less, never something else.
func TestFaults_dataSources(t *testing.T) {
	t.Parallel()
	if _, err := providerSchema(); err != nil {
		t.Fatal(err)
	}
	for source, config := range sources {
		t.Run(source, func(t *testing.T) {
			t.Parallel()
			var calls []sentCall
			var want instance
			synctest.Test(t, func(t *testing.T) {
				b := newBubble(t, falconsim.Options{})
				p, problem := b.run("")
				if problem != "" {
					t.Fatal(problem)
				}
				state, diags := p.data(source, config(b))
				p.wantFine(diags)
				calls, want = b.wire.calls(), state
			})
			for _, c := range calls {
				for _, f := range faults {
					for _, lasting := range lengths(c, f) {
						t.Run(fmt.Sprintf("%s %s %d/%s/%v", c.method, c.path, c.n, f.name, lasting), func(t *testing.T) {
							synctest.Test(t, func(t *testing.T) {
								b := newBubble(t, falconsim.Options{})
								b.wire.arm(strikes(c, f, lasting))
								p, problem := b.run("")
								if problem == "" {
									got, diags := p.data(source, config(b))
									if problem = b.checked(diags); problem == "" && !got.value.Equal(want.value) {
										t.Errorf("got %s, want %s", got.value, want.value)
									}
								}
								if problem != "" && f.harmless {
									t.Error(problem)
								}
								if len(b.wire.abroad) > 0 {
									t.Errorf("called %v", b.wire.abroad)
								}
							})
						})
					}
				}
			}
		})
	}
}

// strikes is the fault at a call and, if it lasts, at the later ones of its kind.
func strikes(at sentCall, f fault, lasting bool) func(sentCall) *fault {
	return func(c sentCall) *fault {
		if c.method == at.method && c.path == at.path && (c.n == at.n || lasting && c.n > at.n) {
			return &f
		}
		return nil
	}
}
