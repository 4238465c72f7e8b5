package webhook

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

func webhookPlan() webhookModel {
	return webhookModel{
		Name: types.StringValue("zscaler"), URL: types.StringValue("https://receiver.example/hook"),
		SignatureHeader: types.StringValue(defaultSignatureHeader), HMACSecretVersion: types.Int64Value(1),
		ConfigID: types.StringUnknown(), ID: types.StringUnknown(), DefinitionID: types.StringUnknown(), State: types.StringUnknown(),
		CreatedByTerraform: types.BoolUnknown(),
	}
}

func webhookState() webhookModel {
	m := webhookPlan().stateAfterWrite(shownConfig())
	m.CreatedByTerraform = types.BoolValue(true)
	return m
}

func shownConfig() falcon.PluginConfig {
	return falcon.PluginConfig{
		ID: coretest.TestConfigID, DefinitionID: "def", State: "active",
		Name: new("zscaler"), URL: new("https://receiver.example/hook"), SignatureHeader: new("X-CS-Primary-Signature"),
	}
}

func hiddenConfig() falcon.PluginConfig {
	return falcon.PluginConfig{ID: coretest.TestConfigID, DefinitionID: "def", State: "active"}
}

func TestWebhookDifferences(t *testing.T) {
	t.Parallel()
	if d := webhookPlan().differences(shownConfig()); len(d) != 0 {
		t.Errorf("header names ignore letter case, got %s", d)
	}
	if d := webhookPlan().differences(hiddenConfig()); len(d) != 0 {
		t.Errorf("what is hidden differs in nothing, got %s", d)
	}
	other := shownConfig()
	other.Name, other.URL, other.SignatureHeader = new("x"), new("https://elsewhere.example"), new("X-Other")
	text := webhookPlan().differences(other).String()
	for _, want := range []string{`name: "x" in Falcon, "zscaler"`, `url: "https://elsewhere.example" in Falcon`, `signature_header: "X-Other"`} {
		if !strings.Contains(text, want) {
			t.Errorf("%q lacks %q", text, want)
		}
	}
}

func TestWebhookRefreshed(t *testing.T) {
	t.Parallel()
	state := webhookState()
	if got := state.refreshed(shownConfig()); !reflect.DeepEqual(got, state) {
		t.Errorf("unchanged configuration gives %+v, want %+v", got, state)
	}
	if got := state.refreshed(hiddenConfig()); !reflect.DeepEqual(got, state) {
		t.Errorf("hidden attributes give %+v, want %+v", got, state)
	}
	moved := shownConfig()
	moved.URL, moved.State = new("https://elsewhere.example"), "off"
	got := state.refreshed(moved)
	if got.URL.ValueString() != "https://elsewhere.example" || got.State.ValueString() != "off" {
		t.Errorf("drift is not shown: %+v", got)
	}
	imported := webhookModel{ID: types.StringValue(coretest.TestConfigID)}.refreshed(shownConfig())
	if imported.CreatedByTerraform.ValueBool() || imported.CreatedByTerraform.IsNull() {
		t.Error("an imported configuration was not created by Terraform")
	}
	if !imported.HMACSecretVersion.IsNull() {
		t.Error("nothing is known of the key after import")
	}
	if imported.Name.ValueString() != "zscaler" || imported.SignatureHeader.ValueString() != "X-CS-Primary-Signature" {
		t.Errorf("import reads what Falcon shows, got %+v", imported)
	}
}

func TestWebhookPlanChange(t *testing.T) {
	t.Parallel()
	key := types.StringValue(coretest.TestKey)
	tests := map[string]struct {
		edit     func(state, plan *webhookModel)
		current  falcon.PluginConfig
		secret   types.String
		explicit bool
		unsent   bool // the key in Falcon is not known
		needed   bool
		hidden   int
		sent     bool
	}{
		"nothing (timeouts only)":          {current: shownConfig(), secret: key},
		"url":                              {edit: func(_, p *webhookModel) { p.URL = types.StringValue("https://b.example") }, current: shownConfig(), secret: key, needed: true, sent: true},
		"url after import":                 {edit: func(_, p *webhookModel) { p.URL = types.StringValue("https://b.example") }, current: shownConfig(), secret: key, unsent: true, needed: true},
		"url, already so in Falcon":        {edit: func(s, _ *webhookModel) { s.URL = types.StringValue("https://b.example") }, current: shownConfig(), secret: key},
		"hidden url":                       {edit: func(_, p *webhookModel) { p.URL = types.StringValue("https://b.example") }, current: hiddenConfig(), secret: key, needed: true, hidden: 1, sent: true},
		"url never shown, after import":    {edit: func(s, _ *webhookModel) { s.URL = types.StringNull() }, current: hiddenConfig(), secret: key},
		"url with a version of one's own":  {edit: func(_, p *webhookModel) { p.URL = types.StringValue("https://b.example") }, current: shownConfig(), secret: key, explicit: true, needed: true},
		"version raised":                   {edit: func(_, p *webhookModel) { p.HMACSecretVersion = types.Int64Value(2) }, current: shownConfig(), secret: key, explicit: true, needed: true, sent: true},
		"key changed":                      {edit: func(_, p *webhookModel) { p.HMACSecretVersion = types.Int64Value(2) }, current: shownConfig(), secret: key, needed: true, sent: true},
		"url without a key in the config":  {edit: func(_, p *webhookModel) { p.URL = types.StringValue("https://b.example") }, current: shownConfig(), secret: types.StringNull(), needed: true},
		"first version after import":       {edit: func(s, _ *webhookModel) { s.HMACSecretVersion = types.Int64Null() }, current: shownConfig(), secret: key, explicit: true, needed: true, sent: true},
		"letter case of the header's name": {edit: func(_, p *webhookModel) { p.SignatureHeader = types.StringValue("x-cs-primary-signature") }, current: shownConfig(), secret: key},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			state, plan := webhookState(), webhookState()
			if tt.edit != nil {
				tt.edit(&state, &plan)
			}
			got := planChange(state, plan, tt.current, tt.secret, tt.explicit, !tt.unsent)
			if got.needed() != tt.needed || len(got.hidden) != tt.hidden || got.sendSecret != tt.sent || (got.key != "") != tt.sent {
				t.Errorf("got needed %t, hidden %v, key sent %t", got.needed(), got.hidden, got.sendSecret)
			}
		})
	}
}

func TestWebhookStateAfterWriteKeepsThePlan(t *testing.T) {
	t.Parallel()
	plan := webhookState()
	plan.HMACSecret = types.StringValue(coretest.TestKey)
	changed := shownConfig()
	changed.State, changed.URL = "off", new("https://elsewhere.example")
	got := plan.stateAfterWrite(changed)
	if got.State.ValueString() != "active" || got.URL.ValueString() != "https://receiver.example/hook" {
		t.Errorf("the planned values have to stay, got %+v", got)
	}
	if !got.HMACSecret.IsNull() {
		t.Error("the write-only secret must never be in state")
	}
}

func TestWebhookGuidesNameEverythingButTheKey(t *testing.T) {
	t.Parallel()
	m := webhookState()
	m.HMACSecret = types.StringValue(coretest.TestKey)
	refused := &falcon.WritesUnavailableError{Status: http.StatusNotFound, Reason: "Falcon returned 404"}
	change := planChange(webhookState(), webhookState(), shownConfig(), types.StringValue(coretest.TestKey), false, true)
	change.key, change.sendSecret, change.newKey = coretest.TestKey, true, true
	other := shownConfig()
	other.URL = new("https://elsewhere.example")
	texts := map[string]string{
		"create": createGuide(m, refused, []string{coretest.OtherConfigID}),
		"update": updateGuide(m, shownConfig(), change, refused, true),
	}
	for name, text := range texts {
		for _, want := range []string{consolePath, "zscaler", "https://receiver.example/hook", defaultSignatureHeader, "Falcon returned 404", "pply again"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s guide lacks %q:\n%s", name, want, text)
			}
		}
		if strings.Contains(text, coretest.TestKey) {
			t.Errorf("%s guide prints the key", name)
		}
	}
	if !strings.Contains(texts["create"], coretest.OtherConfigID) {
		t.Error("the create guide has to point to the configurations whose names are hidden")
	}
	if text := differsText(m, other); !strings.Contains(text, "https://elsewhere.example") || !strings.Contains(text, "terraform import falcon_webhook.this "+coretest.TestConfigID) {
		t.Errorf("the refusal has to say what differs, and how to import: %s", text)
	}
	for _, text := range []string{takenWarning(m, change), adoptedWarning(m, hiddenConfig()), staysWarning(m, "Why.")} {
		if strings.Contains(text, coretest.TestKey) {
			t.Errorf("warning prints the key: %s", text)
		}
	}
}

func TestWriteRefused(t *testing.T) {
	t.Parallel()
	status := func(n int) error { return &falcon.Error{Doing: "x", Status: n} }
	tests := map[string]struct {
		err  error
		want int // status, -1: not refused
	}{
		"none":            {nil, -1},
		"not offered":     {&falcon.WritesUnavailableError{Status: http.StatusNotFound}, http.StatusNotFound},
		"switched off":    {fmt.Errorf("x: %w", &falcon.WritesUnavailableError{}), 0},
		"forbidden":       {status(http.StatusForbidden), http.StatusForbidden},
		"server error":    {status(http.StatusInternalServerError), http.StatusInternalServerError},
		"gone":            {status(http.StatusNotFound), -1},
		"no answer":       {status(0), -1},
		"queue":           {status(http.StatusTooManyRequests), -1},
		"token":           {status(http.StatusUnauthorized), -1},
		"name taken":      {&falcon.ExistsError{Err: status(http.StatusConflict)}, -1},
		"outcome unknown": {&falcon.UnsettledError{Err: status(http.StatusBadGateway)}, -1},
		"another error":   {errors.New("x"), -1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := writeRefused(tt.err)
			if got == nil && tt.want != -1 || got != nil && got.Status != tt.want {
				t.Errorf("got %+v, want %d", got, tt.want)
			}
		})
	}
}
