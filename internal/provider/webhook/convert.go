package webhook

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
)

// defaultSignatureHeader is what the console's form proposes
// (wire/webhooks.md#store-app); header names ignore letter case.
const defaultSignatureHeader = "X-Cs-Primary-Signature"

type webhookModel struct {
	Name               types.String   `tfsdk:"name"`
	URL                types.String   `tfsdk:"url"`
	HMACSecret         types.String   `tfsdk:"hmac_secret_wo"` // write-only: null in plan and state
	HMACSecretVersion  types.Int64    `tfsdk:"hmac_secret_wo_version"`
	SignatureHeader    types.String   `tfsdk:"signature_header"`
	ConfigID           types.String   `tfsdk:"config_id"`
	ID                 types.String   `tfsdk:"id"`
	DefinitionID       types.String   `tfsdk:"definition_id"`
	State              types.String   `tfsdk:"state"`
	CreatedByTerraform types.Bool     `tfsdk:"created_by_terraform"`
	Timeouts           timeouts.Value `tfsdk:"timeouts"`
}

// spec is what the write call is asked for; an empty secret leaves the key as it is.
func (m webhookModel) spec(secret string) falcon.WebhookSpec {
	return falcon.WebhookSpec{
		Name:            m.Name.ValueString(),
		URL:             m.URL.ValueString(),
		HMACSecret:      secret,
		SignatureHeader: m.SignatureHeader.ValueString(),
	}
}

// difference is an attribute that is one thing in Falcon and another here.
type difference struct{ attribute, falcon, here string }

type differences []difference

// String gives one indented line for each, which Terraform prints unwrapped.
func (d differences) String() string {
	lines := make([]string, 0, len(d))
	for _, x := range d {
		lines = append(lines, fmt.Sprintf("  %s: %q in Falcon, %q in the configuration here", x.attribute, x.falcon, x.here))
	}
	return strings.Join(lines, "\n")
}

// differences compares the plan with what Falcon shows; what it hides differs in nothing.
func (m webhookModel) differences(c falcon.PluginConfig) differences {
	var out differences
	add := func(name string, shown *string, here types.String, equal func(a, b string) bool) {
		if shown != nil && !equal(*shown, here.ValueString()) {
			out = append(out, difference{name, *shown, here.ValueString()})
		}
	}
	add("name", c.Name, m.Name, equalText)
	add("url", c.URL, m.URL, equalText)
	add("signature_header", c.SignatureHeader, m.SignatureHeader, strings.EqualFold)
	return out
}

func equalText(a, b string) bool { return a == b }

// refreshed is the state after a read: what Falcon shows, and for the rest what was known before.
func (m webhookModel) refreshed(c falcon.PluginConfig) webhookModel {
	m.ID = types.StringValue(c.ID)
	m.ConfigID = types.StringValue(c.ID)
	m.DefinitionID = types.StringValue(c.DefinitionID)
	m.State = types.StringValue(c.State)
	m.HMACSecret = types.StringNull()
	if c.Name != nil {
		m.Name = types.StringValue(*c.Name)
	}
	if c.URL != nil {
		m.URL = types.StringValue(*c.URL)
	}
	if c.SignatureHeader != nil && !strings.EqualFold(*c.SignatureHeader, m.SignatureHeader.ValueString()) {
		m.SignatureHeader = types.StringValue(*c.SignatureHeader)
	}
	if m.CreatedByTerraform.IsNull() { // after import
		m.CreatedByTerraform = types.BoolValue(false)
	}
	return m
}

// stateAfterWrite is the planned state with what only Falcon knows filled in.
// What the plan promised stays, even where Falcon shows it otherwise: the next
// refresh reports that as drift.
func (m webhookModel) stateAfterWrite(c falcon.PluginConfig) webhookModel {
	fill := func(planned types.String, value string) types.String {
		if planned.IsUnknown() {
			return types.StringValue(value)
		}
		return planned
	}
	m.ID = fill(m.ID, c.ID)
	m.ConfigID = fill(m.ConfigID, c.ID)
	m.DefinitionID = fill(m.DefinitionID, c.DefinitionID)
	m.State = fill(m.State, c.State)
	m.HMACSecret = types.StringNull()
	return m
}

// holder is how other resources of the run see this one.
func (m webhookModel) holder(instance string) webhookHolder {
	return webhookHolder{instance: instance, name: m.Name.ValueString(), url: m.URL.ValueString(), created: m.CreatedByTerraform.ValueBool()}
}

// madeUnseen is the state of a configuration that Falcon made and of which
// nothing but the id is known.
func (m webhookModel) madeUnseen(id string) webhookModel {
	m = m.stateAfterWrite(falcon.PluginConfig{ID: id})
	m.HMACSecretVersion = firstVersion(m.HMACSecretVersion)
	m.DefinitionID, m.State = types.StringNull(), types.StringNull()
	m.CreatedByTerraform = types.BoolValue(true)
	return m
}

// webhookChange is what an update has to bring about.
type webhookChange struct {
	differences differences // between the plan and what Falcon shows now
	hidden      []string    // attributes that change and that Falcon does not show
	newKey      bool        // the version changed, so the key does
	sendSecret  bool        // the key goes with the write
	explicit    bool        // the version is the user's own number
	key         string      // the key to send, else empty; never printed
}

// planChange works out an update. state is the prior state, current what Falcon shows now, and known says that Falcon
// has this key already.
func planChange(state, plan webhookModel, current falcon.PluginConfig, secret types.String, explicit, known bool) webhookChange {
	c := webhookChange{differences: plan.differences(current), explicit: explicit}
	hide := func(name string, shown *string, before, after types.String) {
		// Null before means imported without being shown: nothing says that it differs.
		if shown == nil && !before.IsNull() && !before.Equal(after) {
			c.hidden = append(c.hidden, name)
		}
	}
	hide("name", current.Name, state.Name, plan.Name)
	hide("url", current.URL, state.URL, plan.URL)
	hide("signature_header", current.SignatureHeader, state.SignatureHeader, plan.SignatureHeader)

	c.newKey = !plan.HMACSecretVersion.Equal(state.HMACSecretVersion) && !secret.IsNull()
	// A key that Falcon may not have is only sent when the plan shows a new version. One that it has goes with each
	// change: whether the request would keep it otherwise is not known.
	c.sendSecret = !secret.IsNull() && (c.newKey || !explicit && known && c.needed())
	if c.sendSecret {
		c.key = secret.ValueString()
	}
	return c
}

// needed says whether anything has to be written.
func (c webhookChange) needed() bool {
	return len(c.differences) > 0 || len(c.hidden) > 0 || c.newKey
}
