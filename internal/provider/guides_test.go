package provider_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/integrations"
)

func guidePage(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "templates", "guides", name+".md.tmpl"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The guide's table of names is the one that the function scopes uses.
func TestGuideOfScopes(t *testing.T) {
	t.Parallel()
	text := guidePage(t, "scopes")
	for _, name := range falcon.ScopeGroupNames() {
		id, _, ok := falcon.ScopeGroupID(name)
		if !ok {
			t.Errorf("%q has no id", name)
		}
		row := "| " + name + " | `" + id + "` |"
		if name == id {
			row = "`" + id + "`"
		}
		if !strings.Contains(text, row) {
			t.Errorf("the guide lacks %s", row)
		}
	}
}

// Every integration has a guide, and the guide of an integration with many scopes lists them all.
func TestGuidesOfIntegrations(t *testing.T) {
	t.Parallel()
	for _, name := range integrations.Names() {
		preset, err := integrations.Find(name)
		if err != nil {
			t.Fatal(err)
		}
		text := guidePage(t, name)
		if !strings.Contains(text, "examples/integrations/"+name+")") {
			t.Errorf("the guide of %s does not lead to its example", name)
		}
		for _, scope := range append(preset.Recommended, preset.Scopes...) {
			if name != "zscaler_adaptive_access" && !strings.Contains(text, "`"+scope+"`") {
				t.Errorf("the guide of %s does not name %s", name, scope)
			}
		}
	}
}
