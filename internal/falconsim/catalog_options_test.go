package falconsim

import (
	"slices"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/definition"
)

// Two tenants with ids of their own have none in common, and the rules about certain actions hold for the own ids.
func TestCatalog_ownIDs(t *testing.T) {
	t.Parallel()
	usual := New(Options{})
	a, b := New(Options{Seed: 11, Catalog: Catalog{OwnIDs: true}}), New(Options{Seed: 22, Catalog: Catalog{OwnIDs: true}})
	ids := map[string]bool{}
	for _, s := range []*Server{usual, a, b} {
		var own []string
		for _, x := range s.definitions.Activities {
			own = append(own, x.ID)
			if app := x.ShownAppID(); app != "" && !slices.Contains(own, app) {
				own = append(own, app)
			}
		}
		for _, x := range s.definitions.Triggers {
			own = append(own, x.ID)
		}
		for _, c := range s.configs {
			own = append(own, c.configID, s.shownDefinitionID(c))
		}
		if len(own) < 80 {
			t.Errorf("only %d ids", len(own))
		}
		slices.Sort(own)
		for _, id := range slices.Compact(own) {
			if ids[id] {
				t.Errorf("two tenants have the id %s", id)
			}
			ids[id] = true
		}
	}
	document := func(id string) []byte {
		return []byte(`{"name": "x", "trigger": {"type": "On demand", "next": ["a"]}, "actions": {"a": {"id": "` + id + `", "version_constraint": "~1", "properties": {"sleep_time": "1m"}}}}`)
	}
	const sleep = "4f1af1ae4c13dc1e3bcd725f8dc0f63b"
	if _, err := a.CreateWorkflow(document(sleep), true); err == nil {
		t.Error("a public id is known in a tenant with ids of its own")
	}
	if _, err := a.CreateWorkflow(document(a.CatalogID(sleep)), true); err != nil {
		t.Error(err)
	}
	if !a.definitions.IsCallWebhook(definition.Document{"id": a.CatalogID(definition.CallWebhookID)}) {
		t.Error("Call webhook is not known by its own id")
	}
}

// The credentials of HTTP actions are in the list of configurations, or are not.
func TestHTTPCredential(t *testing.T) {
	t.Parallel()
	for letter, want := range map[string]int{"a": 2, "b": 1} {
		s := New(Options{Readings: Readings{"Q110": letter}})
		s.CreateHTTPCredential("Inventory")
		if n := len(s.shownConfigs()); n != want {
			t.Errorf("Q110=%s: %d configurations, want %d", letter, n, want)
		}
	}
}
