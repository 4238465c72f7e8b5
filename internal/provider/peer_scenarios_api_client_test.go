package provider

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

// peerClient is an API client with some scopes.
func peerClient(scopes []string, changes ...arguments) arguments {
	config := arguments{"name": "mine", "scopes": scopes}
	for _, c := range changes {
		config = config.with(c)
	}
	return config
}

// rotated is a secret_rotation.
func rotated(values map[string]string) arguments {
	texts := map[string]tftypes.Value{}
	for key, value := range values {
		texts[key] = tftypes.NewValue(tftypes.String, value)
	}
	return arguments{"secret_rotation": texts}
}

// hasClient checks the API client that the scenario is about.
func hasClient(name, description string, scopes ...string) func(*falconsim.Server) string {
	return func(sim *falconsim.Server) string {
		all := sim.Clients()
		i := slices.IndexFunc(all, func(c falconsim.APIClient) bool { return c.Name == name })
		if i < 0 {
			return fmt.Sprintf("the tenant has no API client %q", name)
		}
		c := all[i]
		if got := slices.Sorted(slices.Values(c.Scopes)); c.Description != description || !slices.Equal(got, scopes) {
			return fmt.Sprintf("the tenant has %q with %q; want %q with %q", c.Description, got, description, scopes)
		}
		return ""
	}
}

func noClient(name string) func(*falconsim.Server) string {
	return func(sim *falconsim.Server) string {
		if slices.ContainsFunc(sim.Clients(), func(c falconsim.APIClient) bool { return c.Name == name }) {
			return fmt.Sprintf("the tenant has an API client %q", name)
		}
		return ""
	}
}

var (
	reading    = []string{"devices:read"}
	twoScopes  = []string{"alerts:read", "devices:read"}
	secretOnly = []string{"client_secret"}
)

// What auth0_client, auth0_client_credentials and auth0_client_grant go through. Kinds of applications, add-ons, keys and
// certificates have no counterpart; nor has a secret of one's own choice, as Falcon makes it.
var auth0Scenarios = []peerScenario{
	{
		peer: "auth0", name: "required arguments only, then all, then empty ones",
		steps: []peerStep{
			{
				config: peerClient(reading), plans: "create", writes: 1,
				state:  map[string]string{"name": "mine", "description": "", "encrypted_client_secret": "null", "secret_rotation": "tftypes.Map[tftypes.String]<null>"},
				falcon: hasClient("mine", "", "devices:read"),
			},
			{imports: true, hidden: secretOnly},
			{
				config: peerClient(twoScopes, arguments{"description": "for a test"}), plans: "update", changes: []string{"description", "scopes"}, writes: 1,
				falcon: hasClient("mine", "for a test", "alerts:read", "devices:read"),
			},
			{imports: true, hidden: secretOnly},
			{config: peerClient(twoScopes, arguments{"description": ""}), plans: "update", changes: []string{"description"}, writes: 1, falcon: hasClient("mine", "", "alerts:read", "devices:read")},
			{config: peerClient(twoScopes), plans: "nothing"},
			{writes: 1, falcon: noClient("mine")},
		},
	},
	{
		peer: "auth0", name: "renamed, keeping its secret",
		steps: []peerStep{
			{config: peerClient(reading), plans: "create", writes: 1},
			{config: peerClient(reading, arguments{"name": "yours"}), plans: "update", changes: []string{"name"}, writes: 1, falcon: hasClient("yours", "", "devices:read")},
			{config: peerClient(reading), plans: "update", changes: []string{"name"}, writes: 1, falcon: hasClient("mine", "", "devices:read")},
		},
	},
	{
		peer: "auth0", name: "description left out",
		steps: []peerStep{
			{config: peerClient(reading, arguments{"description": "for a test"}), plans: "create", writes: 1},
			{config: peerClient(reading), plans: "update", changes: []string{"description"}, writes: 1, falcon: hasClient("mine", "", "devices:read")},
		},
	},
	{
		peer: "auth0", name: "scopes of a grant", differs: "a scope that the tenant does not offer is found while planning; all scopes at once have no short form, as nobody should ask for that",
		steps: []peerStep{
			{config: peerClient(reading), plans: "create", writes: 1},
			{config: peerClient([]string{"alerts:read"}), plans: "update", changes: []string{"scopes"}, writes: 1, falcon: hasClient("mine", "", "alerts:read")},
			{config: peerClient([]string{"alerts:read", "devices:read", "hosts:read"}), fails: "scopes.*hosts:read"},
			{config: peerClient([]string{"alerts:read", "devices:read"}), plans: "update", changes: []string{"scopes"}, writes: 1, falcon: hasClient("mine", "", "alerts:read", "devices:read")},
			{config: peerClient([]string{"devices:read", "alerts:read"}), plans: "nothing"},
			{config: peerClient([]string{}), plans: "update", changes: []string{"scopes"}, writes: 1, falcon: hasClient("mine", "")},
			{imports: true, hidden: secretOnly},
			{config: peerClient(twoScopes), plans: "update", changes: []string{"scopes"}, writes: 1, falcon: hasClient("mine", "", "alerts:read", "devices:read")},
		},
	},
	{
		peer: "auth0", name: "scopes that others reorder and change",
		steps: []peerStep{
			{config: peerClient(twoScopes), plans: "create", writes: 1},
			{
				outside: func(sim *falconsim.Server, id string) error {
					return sim.EditClient(id, falconsim.ClientEdit{Scopes: []string{"devices:read", "alerts:read"}})
				},
				config: peerClient(twoScopes), plans: "nothing",
			},
			{
				outside: func(sim *falconsim.Server, id string) error {
					return sim.EditClient(id, falconsim.ClientEdit{Name: new("by hand"), Description: new("by hand"), Scopes: reading})
				},
				config: peerClient(twoScopes), plans: "update", changes: []string{"description", "name", "scopes"}, writes: 1,
				falcon: hasClient("mine", "", "alerts:read", "devices:read"),
			},
		},
	},
	{
		peer: "auth0", name: "disappears",
		steps: []peerStep{
			{config: peerClient(reading), plans: "create", writes: 1},
			{outside: (*falconsim.Server).DeleteClient, config: peerClient(reading), plans: "create", writes: 1, warns: ".*", falcon: hasClient("mine", "", "devices:read")},
		},
	},
	{
		peer: "auth0", name: "invalid arguments",
		steps: []peerStep{
			{config: peerClient(reading, arguments{"name": ""}), fails: "name: "},
			{config: peerClient([]string{"Hosts: read"}), fails: "scopes.*is not a valid scope id"},
			{config: peerClient(reading, arguments{"secret_recipient": "not a key"}), fails: "secret_recipient: ", falcon: noClient("mine")},
		},
	},
}

func TestPeerScenarios_auth0Client(t *testing.T) {
	t.Parallel()
	runPeerScenarios(t, apiClientType, falconsim.Options{}, auth0Scenarios)
}

// A map of metadata that is changed, partly removed, emptied and left out is secret_rotation here. It differs in what a
// change does: each resets the secret once, leaving the map out included, and nothing else does. The map never reaches
// Falcon.
func TestPeerScenarios_auth0Rotation(t *testing.T) {
	t.Parallel()
	inBubble(t, falconsim.Options{}, func(t *testing.T, b *bubble) {
		life := &peerLife{bubble: b, resource: apiClientType}
		life.state = life.run().none()
		life.step(peerStep{config: peerClient(reading, rotated(map[string]string{"year": "2025", "reason": "yearly"})), plans: "create", writes: 1})
		secrets := map[string]bool{life.run().text(life.state, "client_secret"): true}
		for _, tt := range []struct {
			name   string
			config arguments
			resets bool
			writes int
		}{
			{"the same again", rotated(map[string]string{"reason": "yearly", "year": "2025"}), false, 0},
			{"one changed and one renamed", rotated(map[string]string{"year": "2026", "because": "yearly"}), true, 1},
			{"one removed", rotated(map[string]string{"year": "2026"}), true, 1},
			{"changed with the description", rotated(map[string]string{"year": "2027"}).with(arguments{"description": "for a test"}), true, 2},
			{"emptied", rotated(map[string]string{}), true, 2},
			{"left out", nil, true, 1},
			{"given again", rotated(map[string]string{"year": "2027"}).with(arguments{"description": "for a test"}), true, 2},
			{"another description only", rotated(map[string]string{"year": "2027"}).with(arguments{"description": "for tests"}), false, 1},
		} {
			config := peerClient(reading, tt.config)
			plans := map[bool]string{true: "nothing", false: "update"}[tt.writes == 0]
			life.at++
			warns := map[bool]string{true: "Secret reset planned"}[tt.resets]
			life.step(peerStep{config: config, plans: plans, warns: warns, writes: tt.writes})
			p := life.run()
			secret := p.text(life.state, "client_secret")
			if secrets[secret] == tt.resets {
				t.Errorf("%s: the secret is a new one: %t, want %t", tt.name, !secrets[secret], tt.resets)
			}
			secrets[secret] = true
			b.wantSecret(p, life.state)
			for _, c := range b.sim.Clients() {
				if text := asJSONText(c); strings.Contains(text, "yearly") {
					t.Errorf("%s: Falcon was told of the rotation: %s", tt.name, text)
				}
			}
		}
		if n := len(slices.Collect(maps.Keys(secrets))); n != 7 {
			t.Errorf("%d secrets in all, want 7", n)
		}
	})
}
