package tenantcheck

import (
	"fmt"
	"slices"
	"strings"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/integrations"
)

// essentials are the scopes without which an integration has nothing to read. The provider drops other scopes that a tenant does
// not offer.
var essentials = map[string][]string{
	"zscaler_adaptive_access": {scopeAssessments},
	"cortex_xsoar":            {"alerts:read", scopeHosts},
	"zscaler_uvm_identity":    {scopeGraphQL, scopeEntities},
	"netskope_risk_exchange":  {scopeGraphQL, scopeEntities},
}

func integrationVerdicts(o *observations, types map[string]*verdictBuilder) []Verdict {
	names := integrations.Names()
	out := make([]Verdict, 0, len(names))
	for _, name := range names {
		preset, err := integrations.Find(name)
		if err != nil { // the names are its own
			panic("tenantcheck: " + err.Error())
		}
		b := newVerdict()
		b.addOffered(o, preset)
		b.addClient(types["falcon_api_client"])
		if len(preset.Triggers) > 0 {
			for _, needed := range []string{"falcon_webhook", "falcon_workflow"} {
				b.merge(types[needed])
			}
			b.addTriggers(o, preset)
		}
		out = append(out, b.verdict(name, true))
	}
	return out
}

func (b *verdictBuilder) merge(other *verdictBuilder) {
	for i, why := range other.why {
		do := ""
		if i < len(other.do) {
			do = other.do[i]
		}
		b.add(other.state, why, do)
	}
}

// addOffered adds the scopes of the integration's own API client, which is not the one in use: what counts is that the tenant offers
// them, and has the product.
func (b *verdictBuilder) addOffered(o *observations, preset integrations.Preset) {
	offered, known := o.offered()
	if !known {
		b.addScope(o, scopeClientsRead)
		b.add(NotChecked, "which scopes the tenant offers is not known", "")
	}
	var dropped []string
	for _, scope := range slices.Concat(preset.Scopes, preset.Recommended) {
		_, retired := falcon.RetiredScope(scope)
		essential := slices.Contains(essentials[preset.Name], scope)
		switch {
		case known && !slices.Contains(offered, scope) && essential:
			b.addScope(o, scope)
		case known && !slices.Contains(offered, scope) && !retired:
			dropped = append(dropped, scope)
		case essential && o.access(probeOfScope[scope]) == refused:
			b.addScope(o, scope)
		}
	}
	if len(dropped) > 0 {
		b.add(Works, "without "+strings.Join(dropped, ", ")+", which the tenant does not offer", "")
	}
}

// addClient adds a console step where the provider cannot create the integration's API client.
func (b *verdictBuilder) addClient(client *verdictBuilder) {
	if client.state == DoesNot || client.state == NotChecked {
		b.add(ConsoleStep, clientByHand+": "+strings.Join(client.why, "; "), createClient)
	}
}

// addTriggers adds the triggers of the integration's workflows that the catalog does not have.
func (b *verdictBuilder) addTriggers(o *observations, preset integrations.Preset) {
	facts, chosen := o.presetTriggers()
	if facts == nil {
		b.addScope(o, scopeWorkflowRead)
		if o.access(probeWorkflows) == granted {
			b.add(NotChecked, "the triggers of the catalog could not be read: "+o.failure(probeTriggers), "Repeat the check.")
		}
		return
	}
	for _, name := range preset.Triggers {
		if chosen[name] == "" {
			b.add(DoesNot, fmt.Sprintf("the catalog has no trigger for %s, such as %s", name, strings.Join(integrations.Wanted(name), " or ")),
				"Set event of notify_webhook to a trigger of your catalog, or leave the workflow out.")
		}
	}
}
