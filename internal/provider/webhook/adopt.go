package webhook

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

// pick finds the configuration to adopt: that of config_id, else that of the
// name. Nil without an error: there is none. inState says which configurations
// are in the state, and so known to be webhooks.
func (m webhookModel) pick(candidates falcon.WebhookCandidates, inState func(id string) bool, diags *diag.Diagnostics) *falcon.PluginConfig {
	if !m.ConfigID.IsNull() && !m.ConfigID.IsUnknown() {
		return m.pickByID(candidates, diags)
	}
	var found []falcon.PluginConfig
	for _, c := range candidates.Configs {
		if c.Name != nil && *c.Name == m.Name.ValueString() {
			found = append(found, c)
		}
	}
	certain := candidates.AppKnown || len(found) == 1 && (candidates.OneApp() && m.isShownBy(found[0]) || inState(found[0].ID))
	switch {
	case len(found) == 0:
		return nil
	case !certain:
		diags.AddAttributeError(core.Attribute("name"), "A configuration of this name may be another app's", m.maybeOthers(found, candidates))
		return nil
	case len(found) > 1:
		diags.AddAttributeError(core.Attribute("name"), "Several webhook configurations of this name", fmt.Sprintf(
			"Falcon has %d configurations named %q: %s. Set config_id to the id of the one that is meant.", len(found), m.Name.ValueString(), strings.Join(idsOf(found), ", ")))
		return nil
	}
	return &found[0]
}

func (m webhookModel) pickByID(candidates falcon.WebhookCandidates, diags *diag.Diagnostics) *falcon.PluginConfig {
	id := m.ConfigID.ValueString()
	if found := falcon.ConfigWithID(candidates.Configs, id); found != nil && found.ID == id {
		return found
	}
	if other := falcon.ConfigWithID(candidates.Others, id); other != nil {
		diags.AddAttributeError(core.Attribute("config_id"), "Configuration of another app", otherApp(*other, candidates))
		return nil
	}
	diags.AddAttributeError(core.Attribute("config_id"), "Unknown webhook configuration", fmt.Sprintf(
		"The tenant has no configuration of the CrowdStrike Webhook app with the id %s. %s", id, known(candidates.Configs)))
	return nil
}

// isShownBy says that Falcon shows in c what the plan asks for. A configuration
// of that name and that very address is a webhook's, whatever its app_id says.
func (m webhookModel) isShownBy(c falcon.PluginConfig) bool {
	return c.URL != nil && len(m.differences(c)) == 0
}

// maybeOthers asks for the choice that the provider can't make: what it takes
// over by mistake would get this configuration's URL and key.
func (m webhookModel) maybeOthers(found []falcon.PluginConfig, candidates falcon.WebhookCandidates) string {
	why := "the catalogue of actions does not tell the app's id here"
	if candidates.AppID != "" {
		why = fmt.Sprintf("the catalogue of actions says that the app's id is %s, and no configuration has that app_id", candidates.AppID)
	}
	return fmt.Sprintf("Falcon has a configuration named %q. Whether it belongs to the CrowdStrike Webhook app can't be told: %s. Nothing was changed. %s",
		m.Name.ValueString(), why, shownConfigs("Of that name there is", found)) +
		"If it is the right one, set config_id to its id. Otherwise choose another name, here and in the console."
}

// otherApp refuses a configuration that is known to be another app's.
func otherApp(c falcon.PluginConfig, candidates falcon.WebhookCandidates) string {
	return fmt.Sprintf("The configuration with the id %s belongs to another Store app (app_id %s), not to CrowdStrike Webhook (app_id %s). %s Where only its id is needed, use the data source falcon_webhook.",
		c.ID, c.AppID, candidates.AppID, known(candidates.Configs))
}

// known lists what a wrong config_id could have been.
func known(configs []falcon.PluginConfig) string {
	if len(configs) == 0 {
		return "It has none at all: leave config_id out to have one made."
	}
	shown := make([]string, 0, len(configs))
	for _, c := range configs {
		name := "name not shown"
		if c.Name != nil {
			name = fmt.Sprintf("%q", *c.Name)
		}
		shown = append(shown, fmt.Sprintf("%s (%s)", c.ID, name))
	}
	return "It has " + strings.Join(shown, ", ") + "."
}

func idsOf(configs []falcon.PluginConfig) []string {
	ids := make([]string, 0, len(configs))
	for _, c := range configs {
		ids = append(ids, c.ID)
	}
	return ids
}

// hiddenNames gives the ids of the configurations whose names Falcon does not show.
func hiddenNames(configs []falcon.PluginConfig) []string {
	var hidden []falcon.PluginConfig
	for _, c := range configs {
		if c.Name == nil {
			hidden = append(hidden, c)
		}
	}
	return idsOf(hidden)
}
