package webhook

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

const (
	hookApp  = "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a"
	slackApp = "5555555555555555555555555555aaaa"
)

// ofApp is c as a configuration of an app.
func ofApp(c falcon.PluginConfig, app string) falcon.PluginConfig {
	c.AppID = app
	return c
}

func TestWebhookPick(t *testing.T) {
	t.Parallel()
	twin, hidden := shownConfig(), hiddenConfig()
	twin.ID, hidden.ID = coretest.OtherConfigID, coretest.OtherConfigID
	nameOnly, moved := shownConfig(), shownConfig()
	nameOnly.URL, nameOnly.SignatureHeader = nil, nil
	moved.URL = new("https://elsewhere.example")
	type configs = []falcon.PluginConfig
	app := func(c ...falcon.PluginConfig) falcon.WebhookCandidates {
		return falcon.WebhookCandidates{AppID: hookApp, AppKnown: true, Configs: c}
	}
	guess := func(appID string, c ...falcon.PluginConfig) falcon.WebhookCandidates {
		return falcon.WebhookCandidates{AppID: appID, Configs: c}
	}
	named := types.StringValue(coretest.OtherConfigID)
	undecided := []string{"may be another app's", coretest.TestConfigID, "config_id"}
	tests := map[string]struct {
		configID   types.String
		candidates falcon.WebhookCandidates
		want       string
		refused    []string
		inState    bool
	}{
		"by name":                {candidates: app(hidden, shownConfig()), want: coretest.TestConfigID},
		"by name, to be changed": {candidates: app(moved), want: coretest.TestConfigID},
		"by name, URL hidden":    {candidates: app(nameOnly), want: coretest.TestConfigID},
		"none":                   {candidates: app(hidden)},
		"none at all":            {candidates: guess(hookApp)},
		"two of one name":        {candidates: app(shownConfig(), twin), refused: []string{coretest.TestConfigID, coretest.OtherConfigID, "config_id"}},
		"one of two by id":       {configID: named, candidates: app(shownConfig(), twin), want: coretest.OtherConfigID},
		"hidden name by id":      {configID: named, candidates: app(shownConfig(), hidden), want: coretest.OtherConfigID},
		"unknown id":             {configID: named, candidates: app(shownConfig()), refused: []string{coretest.OtherConfigID, coretest.TestConfigID, "zscaler"}},
		"unknown id, no configs": {configID: named, refused: []string{"none at all"}},
		"another app's, by id": {
			configID:   named,
			candidates: falcon.WebhookCandidates{AppID: hookApp, AppKnown: true, Configs: configs{shownConfig()}, Others: configs{ofApp(twin, slackApp)}},
			refused:    []string{"another Store app", slackApp, hookApp},
		},
		"another app's, by name": {candidates: falcon.WebhookCandidates{AppID: hookApp, AppKnown: true, Configs: configs{hidden}, Others: configs{shownConfig()}}},

		"app not told, the same content":           {candidates: guess("", ofApp(shownConfig(), slackApp)), want: coretest.TestConfigID},
		"app not listed, the same content":         {candidates: guess(hookApp, ofApp(shownConfig(), slackApp)), want: coretest.TestConfigID},
		"app not told, in the state":               {inState: true, candidates: guess("", ofApp(moved, slackApp)), want: coretest.TestConfigID},
		"app not told, another URL":                {candidates: guess("", ofApp(moved, slackApp)), refused: undecided},
		"app not listed, another URL":              {candidates: guess(hookApp, ofApp(moved, slackApp)), refused: append(undecided, slackApp, hookApp)},
		"app not told, URL hidden":                 {candidates: guess("", ofApp(nameOnly, slackApp)), refused: undecided},
		"app not told, the same content, two apps": {candidates: guess("", ofApp(shownConfig(), slackApp), ofApp(hidden, hookApp)), refused: undecided},
		"app not told, two of one name":            {candidates: guess("", shownConfig(), twin), refused: append(undecided, coretest.OtherConfigID)},
		"app not told, another name":               {candidates: guess("", hidden)},
		"app not told, by id":                      {configID: named, candidates: guess("", ofApp(shownConfig(), slackApp), ofApp(twin, hookApp)), want: coretest.OtherConfigID},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := webhookPlan()
			if !tt.configID.IsNull() {
				m.ConfigID = tt.configID
			}
			var diags diag.Diagnostics
			got := m.pick(tt.candidates, func(string) bool { return tt.inState }, &diags)
			if tt.refused != nil {
				coretest.MustSay(t, diags, tt.refused...)
				return
			}
			if diags.HasError() {
				t.Fatal(coretest.DiagText(diags))
			}
			if got == nil && tt.want != "" || got != nil && got.ID != tt.want {
				t.Errorf("picked %v, want %q", got, tt.want)
			}
		})
	}
}
