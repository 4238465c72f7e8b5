package acctest

import (
	"context"
	"net/http"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

// CreateWebhook creates a falcon_webhook in a run of its own.
func (h *Harness) CreateWebhook(config Arguments) Instance {
	h.T.Helper()
	return h.Start(WebhookType).Create(config)
}

// StartWithWebhookWrites starts a run for falcon_webhook with a value of the provider argument webhook_writes.
func (h *Harness) StartWithWebhookWrites(writes string) *Protocol {
	h.T.Helper()
	p := NewUnconfigured(h.T, h.Transport, WebhookType)
	p.WantNoError(p.Configure(h.ProviderArguments(Arguments{"webhook_writes": writes})))
	return p
}

// CreateInterrupted creates a falcon_webhook in an apply that is canceled after a second.
func (h *Harness) CreateInterrupted(config Arguments) (*Protocol, Instance, []*tfprotov6.Diagnostic) {
	h.T.Helper()
	p := h.Start(WebhookType)
	planned, diags := p.Plan(p.None(), config)
	p.WantNoError(diags)
	ctx, cancel := context.WithTimeout(h.T.Context(), time.Second)
	defer cancel()
	p.Ctx = ctx
	state, diags := p.ApplyPlanned(p.None(), planned, config)
	return p, state, diags
}

// ManagedWebhooks returns the webhook configurations that the test created: those named "zscaler".
func (h *Harness) ManagedWebhooks() []falconsim.PluginConfig {
	var managed []falconsim.PluginConfig
	for _, c := range h.Sim.PluginConfigs() {
		if c.Name == "zscaler" {
			managed = append(managed, c)
		}
	}
	return managed
}

// WebhookWrites returns how many requests to write a configuration were sent since the fault was last set.
func (h *Harness) WebhookWrites() int {
	return count(h.Transport.Calls(), func(c SentCall) bool { return c.Path == ConfigsPath && isWrite(c.Method, c.Path) })
}

// DelayDeletes delays every DELETE on the fake clock.
func (h *Harness) DelayDeletes(d time.Duration) {
	slow := Delay(d, func() {})
	h.Transport.SetFault(func(c SentCall) *Fault {
		if c.Method == http.MethodDelete {
			return slow
		}
		return nil
	})
}
