package apiclient_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// peerClient is an API client with some scopes.
func peerClient(scopes []string, changes ...acctest.Arguments) acctest.Arguments {
	config := acctest.Arguments{"name": "mine", "scopes": scopes}
	for _, c := range changes {
		config = config.With(c)
	}
	return config
}

// rotated is a secret_rotation.
func rotated(values map[string]string) acctest.Arguments {
	texts := map[string]tftypes.Value{}
	for key, value := range values {
		texts[key] = tftypes.NewValue(tftypes.String, value)
	}
	return acctest.Arguments{"secret_rotation": texts}
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
var auth0Scenarios = []acctest.Scenario{
	{
		Peer: "auth0", Name: "required arguments only, then all, then empty ones",
		Steps: []acctest.Step{
			{
				Config: peerClient(reading), Plans: "create", Writes: 1,
				State:  map[string]string{"name": "mine", "description": "", "encrypted_client_secret": "null", "secret_rotation": "tftypes.Map[tftypes.String]<null>"},
				Falcon: hasClient("mine", "", "devices:read"),
			},
			{Imports: true, Hidden: secretOnly},
			{
				Config: peerClient(twoScopes, acctest.Arguments{"description": "for a test"}), Plans: "update", Changes: []string{"description", "scopes"}, Writes: 1,
				Falcon: hasClient("mine", "for a test", "alerts:read", "devices:read"),
			},
			{Imports: true, Hidden: secretOnly},
			{Config: peerClient(twoScopes, acctest.Arguments{"description": ""}), Plans: "update", Changes: []string{"description"}, Writes: 1, Falcon: hasClient("mine", "", "alerts:read", "devices:read")},
			{Config: peerClient(twoScopes), Plans: "nothing"},
			{Writes: 1, Falcon: noClient("mine")},
		},
	},
	{
		Peer: "auth0", Name: "renamed, keeping its secret",
		Steps: []acctest.Step{
			{Config: peerClient(reading), Plans: "create", Writes: 1},
			{Config: peerClient(reading, acctest.Arguments{"name": "yours"}), Plans: "update", Changes: []string{"name"}, Writes: 1, Falcon: hasClient("yours", "", "devices:read")},
			{Config: peerClient(reading), Plans: "update", Changes: []string{"name"}, Writes: 1, Falcon: hasClient("mine", "", "devices:read")},
		},
	},
	{
		Peer: "auth0", Name: "description left out",
		Steps: []acctest.Step{
			{Config: peerClient(reading, acctest.Arguments{"description": "for a test"}), Plans: "create", Writes: 1},
			{Config: peerClient(reading), Plans: "update", Changes: []string{"description"}, Writes: 1, Falcon: hasClient("mine", "", "devices:read")},
		},
	},
	{
		Peer: "auth0", Name: "scopes of a grant", Differs: "a scope that the tenant does not offer is found while planning; all scopes at once have no short form, as no one should request that",
		Steps: []acctest.Step{
			{Config: peerClient(reading), Plans: "create", Writes: 1},
			{Config: peerClient([]string{"alerts:read"}), Plans: "update", Changes: []string{"scopes"}, Writes: 1, Falcon: hasClient("mine", "", "alerts:read")},
			{Config: peerClient([]string{"alerts:read", "devices:read", "hosts:read"}), Fails: "scopes.*hosts:read"},
			{Config: peerClient([]string{"alerts:read", "devices:read"}), Plans: "update", Changes: []string{"scopes"}, Writes: 1, Falcon: hasClient("mine", "", "alerts:read", "devices:read")},
			{Config: peerClient([]string{"devices:read", "alerts:read"}), Plans: "nothing"},
			{Config: peerClient([]string{}), Fails: "scopes.*at least 1 elements"},
			{Imports: true, Hidden: secretOnly},
			{Config: peerClient(twoScopes), Plans: "nothing"},
		},
	},
	{
		Peer: "auth0", Name: "scopes that others reorder and change",
		Steps: []acctest.Step{
			{Config: peerClient(twoScopes), Plans: "create", Writes: 1},
			{
				Outside: func(sim *falconsim.Server, id string) error {
					return sim.EditClient(id, falconsim.ClientEdit{Scopes: []string{"devices:read", "alerts:read"}})
				},
				Config: peerClient(twoScopes), Plans: "nothing",
			},
			{
				Outside: func(sim *falconsim.Server, id string) error {
					return sim.EditClient(id, falconsim.ClientEdit{Name: new("by hand"), Description: new("by hand"), Scopes: reading})
				},
				Config: peerClient(twoScopes), Plans: "update", Changes: []string{"description", "name", "scopes"}, Writes: 1,
				Falcon: hasClient("mine", "", "alerts:read", "devices:read"),
			},
		},
	},
	{
		Peer: "auth0", Name: "disappears",
		Steps: []acctest.Step{
			{Config: peerClient(reading), Plans: "create", Writes: 1},
			{Outside: (*falconsim.Server).DeleteClient, Config: peerClient(reading), Plans: "create", Writes: 1, Warns: ".*", Falcon: hasClient("mine", "", "devices:read")},
		},
	},
	{
		Peer: "auth0", Name: "invalid arguments",
		Steps: []acctest.Step{
			{Config: peerClient(reading, acctest.Arguments{"name": ""}), Fails: "name: "},
			{Config: peerClient([]string{"Hosts: read"}), Fails: "scopes.*is not a valid scope id"},
			{Config: peerClient(reading, acctest.Arguments{"secret_recipient": "not a key"}), Fails: "secret_recipient: ", Falcon: noClient("mine")},
		},
	},
}

func TestPeerScenarios_auth0Client(t *testing.T) {
	t.Parallel()
	acctest.RunScenarios(t, acctest.APIClientType, falconsim.Options{}, auth0Scenarios)
}

// A map of metadata that is changed, partly removed, emptied and left out is secret_rotation here. It differs in what a
// change does: each resets the secret once, leaving the map out included, and nothing else does. The map never reaches
// Falcon.
func TestPeerScenarios_auth0Rotation(t *testing.T) {
	t.Parallel()
	acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness) {
		life := &acctest.ScenarioRun{Harness: b, Resource: acctest.APIClientType}
		life.State = life.NewRun().None()
		life.Step(acctest.Step{Config: peerClient(reading, rotated(map[string]string{"year": "2025", "reason": "yearly"})), Plans: "create", Writes: 1})
		secrets := map[string]bool{life.NewRun().Text(life.State, "client_secret"): true}
		for _, tt := range []struct {
			name   string
			config acctest.Arguments
			resets bool
			writes int
		}{
			{"the same again", rotated(map[string]string{"reason": "yearly", "year": "2025"}), false, 0},
			{"one changed and one renamed", rotated(map[string]string{"year": "2026", "because": "yearly"}), true, 1},
			{"one removed", rotated(map[string]string{"year": "2026"}), true, 1},
			{"changed with the description", rotated(map[string]string{"year": "2027"}).With(acctest.Arguments{"description": "for a test"}), true, 2},
			{"emptied", rotated(map[string]string{}), true, 2},
			{"left out", nil, true, 1},
			{"given again", rotated(map[string]string{"year": "2027"}).With(acctest.Arguments{"description": "for a test"}), true, 2},
			{"another description only", rotated(map[string]string{"year": "2027"}).With(acctest.Arguments{"description": "for tests"}), false, 1},
		} {
			config := peerClient(reading, tt.config)
			plans := map[bool]string{true: "nothing", false: "update"}[tt.writes == 0]
			life.At++
			warns := map[bool]string{true: "Secret reset planned"}[tt.resets]
			life.Step(acctest.Step{Config: config, Plans: plans, Warns: warns, Writes: tt.writes})
			p := life.NewRun()
			secret := p.Text(life.State, "client_secret")
			if secrets[secret] == tt.resets {
				t.Errorf("%s: the secret is a new one: %t, want %t", tt.name, !secrets[secret], tt.resets)
			}
			secrets[secret] = true
			b.WantWorkingSecret(p, life.State)
			for _, c := range b.Sim.Clients() {
				if text := acctest.JSONText(c); strings.Contains(text, "yearly") {
					t.Errorf("%s: the rotation was sent to Falcon: %s", tt.name, text)
				}
			}
		}
		if n := len(slices.Collect(maps.Keys(secrets))); n != 7 {
			t.Errorf("%d secrets in all, want 7", n)
		}
	})
}
