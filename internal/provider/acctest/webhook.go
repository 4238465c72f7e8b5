package acctest

import (
	"context"
	"net/http"
	"time"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// WebhookRun starts a run, or a phase of a run, for falcon_webhook.
func (b *Harness) WebhookRun() *Protocol {
	b.T.Helper()
	p, problem := b.Run(WebhookType)
	if problem != "" {
		b.T.Fatal(problem)
	}
	return p
}

// WebhookState applies a falcon_webhook that is created, in a run of its own.
func (b *Harness) WebhookState(config Arguments) Instance {
	b.T.Helper()
	p := b.WebhookRun()
	state, diags := p.Apply(p.None(), config)
	p.WantNoError(diags)
	return state
}

// Count is how often a request was sent since the wire was last armed.
func (b *Harness) Count(method, path string) int {
	n := 0
	for _, c := range b.Transport.Calls() {
		if c.Method == method && c.Path == path {
			n++
		}
	}
	return n
}

// Ours are the configurations besides those of others.
func (b *Harness) Ours() []falconsim.PluginConfig {
	var ours []falconsim.PluginConfig
	for _, c := range b.Sim.PluginConfigs() {
		if c.Name == "zscaler" {
			ours = append(ours, c)
		}
	}
	return ours
}

// DeleteTakes delays every DELETE.
func (b *Harness) DeleteTakes(d time.Duration) {
	slow := Slowly(d, func() {})
	b.Transport.Arm(func(c SentCall) *Fault {
		if c.Method == http.MethodDelete {
			return slow
		}
		return nil
	})
}

// PlanDestroy plans a destroy, which must be fine.
func (b *Harness) PlanDestroy(p *Protocol, prior Instance) {
	b.T.Helper()
	nothing := p.Dynamic(p.None().Value)
	plan, err := p.Server.PlanResourceChange(p.context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: p.Resource, Config: nothing, PriorPrivate: prior.Private, PriorState: p.Dynamic(prior.Value), ProposedNewState: nothing,
	})
	if err != nil {
		b.T.Fatal(err)
	}
	p.WantNoError(plan.Diagnostics)
}

// WithWrites starts a run in which the unpublished request may or may not be tried.
func (b *Harness) WithWrites(writes string) *Protocol {
	b.T.Helper()
	p := b.WebhookRun()
	p.WantNoError(p.Configure(Arguments{"base_url": BaseURL, "client_id": b.Sim.ClientID(), "client_secret": b.Sim.ClientSecret(), "webhook_writes": writes}))
	return p
}

// Writes is how many requests to write a configuration were sent since the wire was last armed.
func (b *Harness) Writes() int {
	return b.Count(http.MethodPost, ConfigsPath) + b.Count(http.MethodPatch, ConfigsPath) + b.Count(http.MethodDelete, ConfigsPath)
}

// Interrupted runs an apply of a new falcon_webhook that is canceled after a second.
func (b *Harness) Interrupted(config Arguments) (*Protocol, Instance, []*tfprotov6.Diagnostic) {
	b.T.Helper()
	p := b.WebhookRun()
	planned, diags := p.Plan(p.None(), config)
	p.WantNoError(diags)
	ctx, cancel := context.WithTimeout(b.T.Context(), time.Second)
	defer cancel()
	p.Ctx = ctx
	state, diags := p.ApplyPlanned(p.None(), planned, config)
	return p, state, diags
}
