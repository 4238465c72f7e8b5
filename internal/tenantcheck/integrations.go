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

// addOffered adds the scopes of the integration's own API client, which is not the one in use: what counts is that the tenant offers
// them, and that a response showed the product of each essential one.
func (b *verdictBuilder) addOffered(o *observations, preset integrations.Preset) {
	offered, known := o.offered()
	if !known {
		b.addListUnread(o)
	}
	var dropped []string
	for _, scope := range slices.Concat(preset.Scopes, preset.Recommended) {
		_, retired := falcon.RetiredScope(scope)
		probe, readable := probeOfScope[scope]
		essential := slices.Contains(essentials[preset.Name], scope)
		switch {
		case known && !slices.Contains(offered, scope) && essential:
			b.addNotOffered(scope)
		case known && !slices.Contains(offered, scope) && !retired:
			dropped = append(dropped, scope)
		case essential && readable:
			b.addProbe(o, probe, scope)
		}
	}
	if len(dropped) > 0 {
		b.remark("without "+strings.Join(dropped, ", ")+", which the tenant does not offer", "")
	}
}

// addListUnread adds why the scopes that the tenant offers are not known. It is never a reason why an integration does not work: only
// creating its API client needs the list.
func (b *verdictBuilder) addListUnread(o *observations) {
	unread := newVerdict()
	unread.addProbe(o, probeScopes, scopeClientsRead)
	if unread.state == Works {
		unread.add(NotChecked, "the response has no scopes", "Repeat the check.")
	}
	b.add(NotChecked, "which scopes the tenant offers is not known: "+unread.reason(), strings.Join(unread.do, " "))
}

// addClient adds a console step where the provider cannot create the integration's API client, or perhaps cannot.
func (b *verdictBuilder) addClient(client *verdictBuilder) {
	switch client.state {
	case DoesNot, NotChecked:
		b.add(ConsoleStep, clientByHand+": "+client.reason(), createClient)
	case ConsoleStep, Works:
		b.merge(client)
	}
}

// addTriggers adds the triggers of the integration's workflows that the catalog does not have.
func (b *verdictBuilder) addTriggers(o *observations, preset integrations.Preset) {
	facts, chosen := o.presetTriggers()
	if facts == nil {
		b.addProbe(o, probeTriggers, scopeWorkflowRead)
		if o.access(probeTriggers) == granted {
			b.add(NotChecked, "the triggers of the catalog could not be read to their end", "Repeat the check.")
		}
		return
	}
	var legacy []string
	for _, name := range preset.Triggers {
		switch category := chosen[name]; {
		case category == "":
			b.add(DoesNot, fmt.Sprintf("the catalog has no trigger for %s, such as %s", name, strings.Join(integrations.Wanted(name), " or ")),
				"Set event of notify_webhook to a trigger of your catalog, or leave the workflow out.")
		case integrations.IsLegacyIncident(category):
			legacy = append(legacy, fmt.Sprintf("%s (%s)", name, category))
		}
	}
	if len(legacy) > 0 {
		b.remark("nothing starts the workflows of "+strings.Join(legacy, " and ")+
			", because CrowdStrike has not created CrowdScore incidents since 2026-01-01 and the catalog has no case events for them",
			"Leave these workflows out until the catalog has Case/Created and Case/Updated.")
	}
}
