package webhook

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

// toAPI is the request of a create or update. An empty secret leaves the one in Falcon unchanged.
func (m model) toAPI(secret string) falcon.WebhookSpec {
	return falcon.WebhookSpec{
		Name:            m.Name.ValueString(),
		URL:             m.URL.ValueString(),
		HMACSecret:      secret,
		SignatureHeader: m.SignatureHeader.ValueString(),
	}
}

// stateFromRead is the state after a refresh. What Falcon does not show stays as it was.
func (m model) stateFromRead(c falcon.PluginConfig) model {
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
	if m.CreatedByTerraform.IsNull() { // after an import
		m.CreatedByTerraform = types.BoolValue(false)
	}
	return m
}

// stateFromWrite is the planned state with the values that only Falcon knows. Planned values stay, even where Falcon
// shows others: the next refresh reports these as drift.
func (m model) stateFromWrite(c falcon.PluginConfig) model {
	known := func(planned types.String, value string) types.String {
		if planned.IsUnknown() {
			return core.StringOrNull(value)
		}
		return planned
	}
	m.ID = known(m.ID, c.ID)
	m.ConfigID = known(m.ConfigID, c.ID)
	m.DefinitionID = known(m.DefinitionID, c.DefinitionID)
	m.State = known(m.State, c.State)
	m.HMACSecret = types.StringNull()
	return m
}

// holder is how other resources of the run see this one.
func (m model) holder(instance string) holder {
	return holder{instance: instance, name: m.Name.ValueString(), url: m.URL.ValueString(), created: m.CreatedByTerraform.ValueBool()}
}

// difference is an attribute with another value in Falcon than in the plan.
type difference struct{ attribute, falcon, planned string }

type differences []difference

// String returns indented lines, which Terraform does not wrap.
func (d differences) String() string {
	lines := make([]string, 0, len(d))
	for _, x := range d {
		lines = append(lines, fmt.Sprintf("  %s: %q in Falcon, %q in the configuration here", x.attribute, x.falcon, x.planned))
	}
	return strings.Join(lines, "\n")
}

// differencesFrom compares the plan with what Falcon shows. An attribute that Falcon does not show does not differ.
func (m model) differencesFrom(c falcon.PluginConfig) differences {
	var out differences
	compare := func(name string, shown *string, planned types.String, equal func(a, b string) bool) {
		if shown != nil && !equal(*shown, planned.ValueString()) {
			out = append(out, difference{name, *shown, planned.ValueString()})
		}
	}
	exactly := func(a, b string) bool { return a == b }
	compare("name", c.Name, m.Name, exactly)
	compare("url", c.URL, m.URL, exactly)
	compare("signature_header", c.SignatureHeader, m.SignatureHeader, strings.EqualFold) // as HTTP headers are
	return out
}
