package webhook

import (
	"strings"
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

func TestToAdopt(t *testing.T) {
	t.Parallel()
	twin, hidden := shownConfig(), hiddenConfig()
	twin.ID, hidden.ID = coretest.OtherConfigID, coretest.OtherConfigID
	nameOnly, moved, capitals := shownConfig(), shownConfig(), twin
	capitals.ID = strings.ToUpper(twin.ID)
	nameOnly.URL, nameOnly.SignatureHeader = nil, nil
	moved.URL = new("https://elsewhere.example")
	type configs = []falcon.PluginConfig
	app := func(c ...falcon.PluginConfig) falcon.WebhookCandidates {
		return falcon.WebhookCandidates{AppID: hookApp, AppKnown: true, Configs: c}
	}
	appUnknown := func(appID string, c ...falcon.PluginConfig) falcon.WebhookCandidates {
		return falcon.WebhookCandidates{AppID: appID, Configs: c}
	}
	named := types.StringValue(coretest.OtherConfigID)
	undecided := []string{"may belong to another app", coretest.TestConfigID, "config_id"}
	tests := map[string]struct {
		configID   types.String
		candidates falcon.WebhookCandidates
		want       string
		refused    []string
		inState    bool
	}{
		"by name":                {candidates: app(hidden, shownConfig()), want: coretest.TestConfigID},
		"by name, another URL":   {candidates: app(moved), want: coretest.TestConfigID},
		"by name, URL hidden":    {candidates: app(nameOnly), want: coretest.TestConfigID},
		"none":                   {candidates: app(hidden)},
		"none at all":            {candidates: appUnknown(hookApp)},
		"two of one name":        {candidates: app(shownConfig(), twin), refused: []string{coretest.TestConfigID, coretest.OtherConfigID, "config_id"}},
		"one of two by id":       {configID: named, candidates: app(shownConfig(), twin), want: coretest.OtherConfigID},
		"hidden name by id":      {configID: named, candidates: app(shownConfig(), hidden), want: coretest.OtherConfigID},
		"unknown id":             {configID: named, candidates: app(shownConfig()), refused: []string{coretest.OtherConfigID, coretest.TestConfigID, "zscaler"}},
		"id in capitals":         {configID: named, candidates: app(capitals), refused: []string{coretest.OtherConfigID}}, // config_id and id would differ
		"unknown id, no configs": {configID: named, refused: []string{"There are none", "remove config_id"}},
		"of another app, by id": {
			configID:   named,
			candidates: falcon.WebhookCandidates{AppID: hookApp, AppKnown: true, Configs: configs{shownConfig()}, Others: configs{ofApp(twin, slackApp)}},
			refused:    []string{"another Store app", slackApp, hookApp},
		},
		"of another app, by name": {candidates: falcon.WebhookCandidates{AppID: hookApp, AppKnown: true, Configs: configs{hidden}, Others: configs{shownConfig()}}},

		"app unknown, the same content":           {candidates: appUnknown("", ofApp(shownConfig(), slackApp)), want: coretest.TestConfigID},
		"app not in the list, the same content":   {candidates: appUnknown(hookApp, ofApp(shownConfig(), slackApp)), want: coretest.TestConfigID},
		"app unknown, in the state":               {inState: true, candidates: appUnknown("", ofApp(moved, slackApp)), want: coretest.TestConfigID},
		"app unknown, another URL":                {candidates: appUnknown("", ofApp(moved, slackApp)), refused: undecided},
		"app not in the list, another URL":        {candidates: appUnknown(hookApp, ofApp(moved, slackApp)), refused: append(undecided, slackApp, hookApp)},
		"app unknown, URL hidden":                 {candidates: appUnknown("", ofApp(nameOnly, slackApp)), refused: undecided},
		"app unknown, the same content, two apps": {candidates: appUnknown("", ofApp(shownConfig(), slackApp), ofApp(hidden, hookApp)), refused: undecided},
		"app unknown, two of one name":            {candidates: appUnknown("", shownConfig(), twin), refused: append(undecided, coretest.OtherConfigID)},
		"app unknown, another name":               {candidates: appUnknown("", hidden)},
		"app unknown, by id":                      {configID: named, candidates: appUnknown("", ofApp(shownConfig(), slackApp), ofApp(twin, hookApp)), want: coretest.OtherConfigID},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := examplePlan()
			if !tt.configID.IsNull() {
				m.ConfigID = tt.configID
			}
			got, problem := m.toAdopt(tt.candidates, func(string) bool { return tt.inState })
			if tt.refused != nil {
				coretest.MustSay(t, diag.Diagnostics{problem}, tt.refused...)
				return
			}
			if problem != nil {
				t.Fatal(problem.Summary(), problem.Detail())
			}
			if got == nil && tt.want != "" || got != nil && got.ID != tt.want {
				t.Errorf("adopts %v, want %q", got, tt.want)
			}
		})
	}
}
