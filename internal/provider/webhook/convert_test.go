package webhook

import (
	"reflect"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

func examplePlan() model {
	return model{
		Name: types.StringValue("zscaler"), URL: types.StringValue("https://receiver.example/hook"),
		SignatureHeader: types.StringValue(defaultSignatureHeader), HMACSecretVersion: types.Int64Value(1),
		ConfigID: types.StringUnknown(), ID: types.StringUnknown(), DefinitionID: types.StringUnknown(), State: types.StringUnknown(),
		CreatedByTerraform: types.BoolUnknown(),
	}
}

func exampleState() model {
	m := examplePlan().stateFromWrite(shownConfig())
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

func TestDifferences(t *testing.T) {
	t.Parallel()
	if d := examplePlan().differencesFrom(shownConfig()); len(d) != 0 {
		t.Errorf("header names ignore letter case, got %s", d)
	}
	if d := examplePlan().differencesFrom(hiddenConfig()); len(d) != 0 {
		t.Errorf("a hidden attribute does not differ, got %s", d)
	}
	other := shownConfig()
	other.Name, other.URL, other.SignatureHeader = new("x"), new("https://elsewhere.example"), new("X-Other")
	text := examplePlan().differencesFrom(other).String()
	for _, want := range []string{`name: "x" in Falcon, "zscaler"`, `url: "https://elsewhere.example" in Falcon`, `signature_header: "X-Other"`} {
		if !strings.Contains(text, want) {
			t.Errorf("%q lacks %q", text, want)
		}
	}
}

func TestStateFromRead(t *testing.T) {
	t.Parallel()
	state := exampleState()
	if got := state.stateFromRead(shownConfig()); !reflect.DeepEqual(got, state) {
		t.Errorf("an unchanged configuration returns %+v, want %+v", got, state)
	}
	if got := state.stateFromRead(hiddenConfig()); !reflect.DeepEqual(got, state) {
		t.Errorf("hidden attributes return %+v, want %+v", got, state)
	}
	moved := shownConfig()
	moved.URL, moved.State = new("https://elsewhere.example"), "off"
	got := state.stateFromRead(moved)
	if got.URL.ValueString() != "https://elsewhere.example" || got.State.ValueString() != "off" {
		t.Errorf("drift is not shown: %+v", got)
	}
	imported := model{ID: types.StringValue(coretest.TestConfigID)}.stateFromRead(shownConfig())
	if imported.CreatedByTerraform.ValueBool() || imported.CreatedByTerraform.IsNull() {
		t.Error("an imported configuration was not created by Terraform")
	}
	if !imported.HMACSecretVersion.IsNull() {
		t.Error("the secret is not known after an import")
	}
	if imported.Name.ValueString() != "zscaler" || imported.SignatureHeader.ValueString() != "X-CS-Primary-Signature" {
		t.Errorf("an import reads what Falcon shows, got %+v", imported)
	}
}

func TestStateFromWrite(t *testing.T) {
	t.Parallel()
	plan := exampleState()
	plan.HMACSecret = types.StringValue(coretest.TestKey)
	changed := shownConfig()
	changed.State, changed.URL = "off", new("https://elsewhere.example")
	got := plan.stateFromWrite(changed)
	if got.State.ValueString() != "active" || got.URL.ValueString() != "https://receiver.example/hook" {
		t.Errorf("planned values have to stay, got %+v", got)
	}
	if !got.HMACSecret.IsNull() {
		t.Error("the write-only secret must never be in state")
	}
}
