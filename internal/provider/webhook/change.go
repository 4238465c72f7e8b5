package webhook

import (
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
)

// change is what an update has to change.
type change struct {
	differences differences // between the plan and what Falcon shows now
	hidden      []string    // attributes that change and that Falcon does not show
	newSecret   bool        // the version changed
	ownVersion  bool        // the user sets the version
	secret      string      // the secret to send; "" if it is not part of the request; never printed
}

// needed reports whether anything has to be written.
func (c change) needed() bool {
	return len(c.differences) > 0 || len(c.hidden) > 0 || c.newSecret
}

// planChange compares the plan with the prior state and with what Falcon shows now. sent says that Falcon has this
// secret already.
func planChange(state, plan model, current falcon.PluginConfig, secret types.String, ownVersion, sent bool) change {
	c := change{differences: plan.differencesFrom(current), ownVersion: ownVersion}
	for _, a := range []struct {
		name          string
		shown         *string
		before, after types.String
	}{
		{"name", current.Name, state.Name, plan.Name},
		{"url", current.URL, state.URL, plan.URL},
		{"signature_header", current.SignatureHeader, state.SignatureHeader, plan.SignatureHeader},
	} {
		// Null before means that an import did not show it: nothing says that it differs.
		if a.shown == nil && !a.before.IsNull() && !a.before.Equal(a.after) {
			c.hidden = append(c.hidden, a.name)
		}
	}
	c.newSecret = !plan.HMACSecretVersion.Equal(state.HMACSecretVersion) && !secret.IsNull()
	// A secret that Falcon may not have is only sent when the plan shows a new version. One that Falcon has is part of
	// every update, because it is not known whether the request would keep it otherwise.
	if c.newSecret || !secret.IsNull() && !ownVersion && sent && c.needed() {
		c.secret = secret.ValueString()
	}
	return c
}
