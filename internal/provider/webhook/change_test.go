package webhook

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

func TestPlanChange(t *testing.T) {
	t.Parallel()
	key := types.StringValue(coretest.TestKey)
	tests := map[string]struct {
		edit     func(state, plan *model)
		current  falcon.PluginConfig
		secret   types.String
		explicit bool
		unsent   bool // the secret in Falcon is not known
		needed   bool
		hidden   int
		sent     bool
	}{
		"nothing (timeouts only)":          {current: shownConfig(), secret: key},
		"url":                              {edit: func(_, p *model) { p.URL = types.StringValue("https://b.example") }, current: shownConfig(), secret: key, needed: true, sent: true},
		"url after import":                 {edit: func(_, p *model) { p.URL = types.StringValue("https://b.example") }, current: shownConfig(), secret: key, unsent: true, needed: true},
		"url, already so in Falcon":        {edit: func(s, _ *model) { s.URL = types.StringValue("https://b.example") }, current: shownConfig(), secret: key},
		"hidden url":                       {edit: func(_, p *model) { p.URL = types.StringValue("https://b.example") }, current: hiddenConfig(), secret: key, needed: true, hidden: 1, sent: true},
		"url never shown, after import":    {edit: func(s, _ *model) { s.URL = types.StringNull() }, current: hiddenConfig(), secret: key},
		"url with the user's own version":  {edit: func(_, p *model) { p.URL = types.StringValue("https://b.example") }, current: shownConfig(), secret: key, explicit: true, needed: true},
		"version raised":                   {edit: func(_, p *model) { p.HMACSecretVersion = types.Int64Value(2) }, current: shownConfig(), secret: key, explicit: true, needed: true, sent: true},
		"new secret":                       {edit: func(_, p *model) { p.HMACSecretVersion = types.Int64Value(2) }, current: shownConfig(), secret: key, needed: true, sent: true},
		"url without a secret":             {edit: func(_, p *model) { p.URL = types.StringValue("https://b.example") }, current: shownConfig(), secret: types.StringNull(), needed: true},
		"first version after import":       {edit: func(s, _ *model) { s.HMACSecretVersion = types.Int64Null() }, current: shownConfig(), secret: key, explicit: true, needed: true, sent: true},
		"letter case of the header's name": {edit: func(_, p *model) { p.SignatureHeader = types.StringValue("x-cs-primary-signature") }, current: shownConfig(), secret: key},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			state, plan := exampleState(), exampleState()
			if tt.edit != nil {
				tt.edit(&state, &plan)
			}
			got := planChange(state, plan, tt.current, tt.secret, tt.explicit, !tt.unsent)
			if got.needed() != tt.needed || len(got.hidden) != tt.hidden || (got.secret != "") != tt.sent {
				t.Errorf("needed %t, hidden %v, secret sent %t", got.needed(), got.hidden, got.secret != "")
			}
		})
	}
}
