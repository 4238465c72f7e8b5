package falcon

import (
	"strings"
	"testing"
)

// Each refusal names the scopes that were refused before it, so that one run shows all that is known to be missing.
func TestRefusedScopes(t *testing.T) {
	t.Parallel()
	denied := []step{refuse(403, "access denied, scope not permitted")}
	_, c := newScript(t, map[string][]step{readLine: denied, graphqlLine: denied, ccidLine: denied, pluginsLine: denied, activityLine: denied})
	const also = "Falcon has refused earlier requests because it also lacks: "
	for _, tt := range []struct {
		request  func() error
		id, also string
	}{
		{func() error { _, err := c.Tenant(t.Context()); return err }, "sensor-installers:read", ""},
		{func() error { _, err := domainsOf(t.Context(), c); return err }, "identity-graphql:write", ""}, // not the scope of the data
		{func() error { _, err := c.AccessibleScopes(t.Context()); return err }, "api-client-mgmt:read", "identity-graphql:write."},
		{func() error { _, err := c.PluginConfig(t.Context(), "c1"); return err }, "api-integrations:read", "api-client-mgmt:read, identity-graphql:write."},
		{func() error { _, err := c.PluginConfig(t.Context(), "c1"); return err }, "api-integrations:read", "api-client-mgmt:read, identity-graphql:write."},
	} {
		err := tt.request()
		if !IsScopeMissing(err) || !strings.Contains(err.Error(), "lacks the scope "+tt.id) {
			t.Fatalf("got %v, want the scope %s", err, tt.id)
		}
		if got := err.Error(); strings.Contains(got, also) != (tt.also != "") || !strings.Contains(got, tt.also) {
			t.Errorf("%s: %s\nwant %q", tt.id, got, tt.also)
		}
	}
}
