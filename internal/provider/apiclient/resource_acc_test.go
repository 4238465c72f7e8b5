package apiclient_test

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

const (
	testClient = "falcon_api_client.test"
)

// apiClientConfig is a client of the name with further arguments.
func apiClientConfig(sim *falconsim.Running, name, scopes string, more ...string) string {
	return acctest.ProviderConfig(sim) + fmt.Sprintf("resource \"falcon_api_client\" \"test\" {\n  name = %q\n  scopes = [%s]\n  %s\n}\n", name, scopes, strings.Join(more, "\n  "))
}

// wantCalls checks, after a step, how often Falcon was called, and empties the log.
func wantCalls(sim *falconsim.Running, creates, patches, resets int) resource.TestCheckFunc {
	return func(*terraform.State) error {
		got := [3]int{acctest.Calls(sim, http.MethodPost, acctest.ClientsPath), acctest.Calls(sim, http.MethodPatch, acctest.ClientsPath), acctest.Calls(sim, http.MethodPost, acctest.ActionsPath)}
		sim.ResetRequests()
		if want := [3]int{creates, patches, resets}; got != want {
			return fmt.Errorf("creates, patches and resets are %v, want %v", got, want)
		}
		return nil
	}
}

// The tenants differ in how Falcon shows an API client: nobody knows the real
// shape (wire/api-clients.md#resource).
func TestAccAPIClient_lifecycle(t *testing.T) {
	t.Parallel()
	tenants := map[string]falconsim.Options{
		"usual":                  {},
		"other keys and objects": {Readings: falconsim.Readings{"Q01": "b", "Q02": "b", "Q03": "b", "Q04": "c", "Q06": "b"}},
		"scopes hidden":          {Readings: falconsim.Readings{"Q03": "c", "Q04": "b"}},
	}
	for name, opts := range tenants {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := acctest.NewSim(t, opts)
			sameID := statecheck.CompareValue(acctest.CompareSame{})
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.Factories(),
				CheckDestroy: func(*terraform.State) error {
					for _, name := range []string{"first", "second"} {
						if found, err := acctest.Operator(t, sim).APIClientsByName(context.Background(), name); err != nil || len(found) > 0 {
							return fmt.Errorf("after destroy: %v, %w", found, err)
						}
					}
					return nil
				},
				Steps: []resource.TestStep{
					{
						Config: apiClientConfig(sim, "first", `"devices:read", "alerts:read"`),
						ConfigPlanChecks: resource.ConfigPlanChecks{
							PreApply: []plancheck.PlanCheck{
								plancheck.ExpectKnownValue(testClient, tfjsonpath.New("base_url"), knownvalue.StringExact(sim.URL)),
								plancheck.ExpectUnknownValue(testClient, tfjsonpath.New("client_secret")),
							},
						},
						ConfigStateChecks: []statecheck.StateCheck{
							statecheck.ExpectKnownValue(testClient, tfjsonpath.New("description"), knownvalue.StringExact("")),
							statecheck.ExpectKnownValue(testClient, tfjsonpath.New("client_secret"), knownvalue.StringRegexp(regexp.MustCompile(`^\S{20,}$`))),
							statecheck.ExpectKnownValue(testClient, tfjsonpath.New("encrypted_client_secret"), knownvalue.Null()),
							sameID.AddStateValue(testClient, tfjsonpath.New("id")),
							sameID.AddStateValue(testClient, tfjsonpath.New("client_id")),
						},
						Check: wantCalls(sim, 1, 0, 0),
					},
					{
						Config: apiClientConfig(sim, "second", `"devices:read", "devices:write"`, `description = "changed"`, `timeouts = { update = "5m" }`),
						ConfigPlanChecks: resource.ConfigPlanChecks{
							PreApply: []plancheck.PlanCheck{
								plancheck.ExpectResourceAction(testClient, plancheck.ResourceActionUpdate),
								plancheck.ExpectKnownValue(testClient, tfjsonpath.New("client_secret"), knownvalue.NotNull()),
							},
						},
						ConfigStateChecks: []statecheck.StateCheck{sameID.AddStateValue(testClient, tfjsonpath.New("id"))},
						Check:             wantCalls(sim, 0, 1, 0),
					},
					{
						Config: apiClientConfig(sim, "second", `"devices:read", "devices:write"`, `description = "changed"`), // only timeouts changed
						Check:  wantCalls(sim, 0, 0, 0),
					},
					{
						ResourceName:            testClient,
						ImportState:             true,
						ImportStateVerify:       true,
						ImportStateVerifyIgnore: importIgnores(opts),
					},
				},
			})
		})
	}
}

// importIgnores are the attributes that Falcon does not show.
func importIgnores(opts falconsim.Options) []string {
	ignored := []string{"client_secret"}
	if opts.Readings["Q03"] == "c" {
		ignored = append(ignored, "scopes.#", "scopes.0", "scopes.1")
	}
	return ignored
}

func TestAccAPIClient_drift(t *testing.T) {
	t.Parallel()
	edits := map[string]struct {
		edit      func(*falcon.APIClientSpec)
		attribute string
	}{
		"name":          {func(s *falcon.APIClientSpec) { s.Name = "renamed" }, "name"},
		"description":   {func(s *falcon.APIClientSpec) { s.Description = "by hand" }, "description"},
		"scope added":   {func(s *falcon.APIClientSpec) { s.Scopes = append(s.Scopes, "alerts:write") }, "scopes"},
		"scope removed": {func(s *falcon.APIClientSpec) { s.Scopes = s.Scopes[:1] }, "scopes"},
	}
	for name, tt := range edits {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := acctest.NewSim(t, falconsim.Options{})
			config := apiClientConfig(sim, "drifting", `"devices:read", "alerts:read"`, `description = "as planned"`)
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.Factories(),
				Steps: []resource.TestStep{
					{Config: config},
					{
						PreConfig: func() {
							console := acctest.Operator(t, sim)
							spec := falcon.APIClientSpec{Name: "drifting", Description: "as planned", Scopes: []string{"alerts:read", "devices:read"}}
							tt.edit(&spec)
							if err := console.UpdateAPIClient(context.Background(), acctest.ClientNamed(t, console, "drifting").ID, spec); err != nil {
								t.Fatal(err)
							}
							sim.ResetRequests()
						},
						Config: config,
						ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
							plancheck.ExpectResourceAction(testClient, plancheck.ResourceActionUpdate),
							changesOnly{testClient, tt.attribute},
						}},
						Check: wantCalls(sim, 0, 1, 0),
					},
				},
			})
		})
	}
}

// changesOnly checks that a plan changes one attribute of a resource and no other.
type changesOnly struct{ address, attribute string }

func (c changesOnly) CheckPlan(_ context.Context, req plancheck.CheckPlanRequest, resp *plancheck.CheckPlanResponse) {
	for _, r := range req.Plan.ResourceChanges {
		if r.Address != c.address {
			continue
		}
		before, _ := r.Change.Before.(map[string]any)
		after, _ := r.Change.After.(map[string]any)
		var changed []string
		for key := range after {
			if fmt.Sprint(before[key]) != fmt.Sprint(after[key]) {
				changed = append(changed, key)
			}
		}
		if !slices.Equal(changed, []string{c.attribute}) {
			resp.Error = fmt.Errorf("changed attributes of %s are %v, want %s", c.address, changed, c.attribute)
		}
		return
	}
	resp.Error = fmt.Errorf("%s is not in the plan", c.address)
}

func TestAccAPIClient_deletedOutside(t *testing.T) {
	t.Parallel()
	for _, missing := range []string{"a", "b", "c"} {
		t.Run(missing, func(t *testing.T) {
			t.Parallel()
			sim := acctest.NewSim(t, falconsim.Options{Readings: falconsim.Readings{"Q04": missing}})
			remove := func() {
				console := acctest.Operator(t, sim)
				if err := console.DeleteAPIClient(context.Background(), acctest.ClientNamed(t, console, "mine").ID); err != nil {
					t.Fatal(err)
				}
				sim.ResetRequests()
			}
			config := apiClientConfig(sim, "mine", `"devices:read"`)
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.Factories(),
				Steps: []resource.TestStep{
					{Config: config},
					{
						PreConfig:        remove,
						Config:           config,
						ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(testClient, plancheck.ResourceActionCreate)}},
						Check:            wantCalls(sim, 1, 0, 0),
					},
					{PreConfig: remove, Config: config, Destroy: true},
				},
			})
		})
	}
}

func TestAccAPIClient_import(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	var id string
	made, _, err := acctest.Operator(t, sim).CreateAPIClient(context.Background(), falcon.APIClientSpec{Name: "old", Description: "by hand", Scopes: []string{"devices:read"}})
	if err != nil {
		t.Fatal(err)
	}
	id = made.ID
	sim.ResetRequests()
	config := func(more string) string {
		return apiClientConfig(sim, "old", `"devices:read"`, `description = "by hand"`, more)
	}
	importBlock := fmt.Sprintf("import {\n  to = %s\n  id = %q\n}\n", testClient, id)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config:      config("") + strings.Replace(importBlock, id, "old", 1),
				ExpectError: regexp.MustCompile(`(?s)imported by its client id.*32.*hexadecimal digits`),
			},
			{
				Config:            config("") + importBlock,
				ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(testClient, tfjsonpath.New("client_secret"), knownvalue.Null())},
				Check:             wantCalls(sim, 0, 0, 0),
			},
			{
				Config:            config(`secret_rotation = { first = "1" }`),
				ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(testClient, tfjsonpath.New("client_secret"), knownvalue.NotNull())},
				Check:             wantCalls(sim, 0, 0, 1),
			},
		},
	})
}

func TestAccAPIClient_errors(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		opts   falconsim.Options
		fault  *falconsim.Fault
		config string // scopes of the client "mine"
		taken  bool   // a client "mine" exists
		want   string
	}{
		"scope misspelt":         {config: `"device:read"`, want: `(?s)does not offer the scope.*devices:read`},
		"console name":           {config: `"Hosts: read-write"`, want: `is\s+not\s+a\s+valid\s+scope\s+id`},
		"name taken":             {config: `"devices:read"`, taken: true, want: `(?s)already\s+exists\s+\(id\s+[0-9a-f]{32}\).*terraform\s+import\s+falcon_api_client\.this\s+[0-9a-f]{32}`},
		"scope missing":          {opts: falconsim.Options{Scopes: []string{"api-client-mgmt:read"}}, config: `"devices:read"`, want: `(?s)403.*api-client-mgmt:write`},
		"address not allowed":    {fault: &falconsim.Fault{Method: http.MethodPost, Path: acctest.ClientsPath, Status: 403, Body: `{"meta":{"query_time":0,"trace_id":"t"},"errors":[{"code":403,"message":"access denied, authorization failed"}],"resources":null}`}, config: `"devices:read"`, want: `(?s)access\s+denied,\s+authorization\s+failed`},
		"HTML":                   {fault: &falconsim.Fault{Method: http.MethodGet, Path: "/api-clients/queries/api-clients/v1", Kind: falconsim.FaultHTML, Status: 403}, config: `"devices:read"`, want: `(?s)Could not create API client`},
		"name unknown to Falcon": {fault: &falconsim.Fault{Method: http.MethodPost, Path: acctest.ClientsPath, Status: 400}, config: `"devices:read"`, want: `(?s)Could not create API client.*400`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := acctest.NewSim(t, tt.opts)
			if tt.taken {
				if _, _, err := acctest.Operator(t, sim).CreateAPIClient(context.Background(), falcon.APIClientSpec{Name: "mine"}); err != nil {
					t.Fatal(err)
				}
				sim.ResetRequests()
			}
			if tt.fault != nil {
				acctest.Inject(t, sim, *tt.fault)
			}
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.Factories(),
				Steps:                    []resource.TestStep{{Config: apiClientConfig(sim, "mine", tt.config), ExpectError: regexp.MustCompile(tt.want)}},
			})
			if tt.taken && acctest.Calls(sim, http.MethodPost, acctest.ClientsPath) > 0 {
				t.Error("a create was sent although the name is taken")
			}
		})
	}
}

// A provider whose API client may not read the offered scopes plans without that check.
func TestAccAPIClient_scopesUnreadable(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]falconsim.Fault{
		"forbidden": {Path: acctest.ScopesPath, Status: http.StatusForbidden},
		"broken":    {Path: acctest.ScopesPath, Status: http.StatusBadRequest},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := acctest.NewSim(t, falconsim.Options{})
			acctest.Inject(t, sim, fault)
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.Factories(),
				Steps:                    []resource.TestStep{{Config: apiClientConfig(sim, "mine", `"devices:read"`), Check: wantCalls(sim, 1, 0, 0)}},
			})
		})
	}
}

// A renaming that Falcon refuses leaves the client and the state as they were.
func TestAccAPIClient_renameToTakenName(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	if _, _, err := acctest.Operator(t, sim).CreateAPIClient(context.Background(), falcon.APIClientSpec{Name: "theirs", Scopes: []string{"devices:read"}}); err != nil {
		t.Fatal(err)
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{Config: apiClientConfig(sim, "mine", `"devices:read"`)},
			{Config: apiClientConfig(sim, "theirs", `"devices:read"`), ExpectError: regexp.MustCompile(`(?s)id\s+[0-9a-f]{32}\s+holds\s+the\s+name\s+"theirs"`)},
			{Config: apiClientConfig(sim, "mine", `"devices:read"`), PlanOnly: true},
		},
	})
}

// A create whose answer is lost leaves one client, in state, with a secret.
func TestAccAPIClient_lostAnswer(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	acctest.Inject(t, sim, falconsim.Fault{Method: http.MethodPost, Path: acctest.ClientsPath, Kind: falconsim.FaultDropAfter, Times: 1})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{{
			Config:            apiClientConfig(sim, "mine", `"devices:read"`),
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(testClient, tfjsonpath.New("client_secret"), knownvalue.NotNull())},
			Check: func(s *terraform.State) error {
				if made := acctest.ClientNamed(t, acctest.Operator(t, sim), "mine"); made.ID != s.RootModule().Resources[testClient].Primary.ID {
					return fmt.Errorf("state holds another client than %s", made.ID)
				}
				return wantCalls(sim, 1, 0, 1)(s)
			},
		}},
	})
}

// What fails after the create, or is found to differ, is no error.
func TestAccAPIClient_readBackFails(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	// The first of these reads looks the name up, the second reads back.
	acctest.Inject(t, sim, falconsim.Fault{Method: http.MethodGet, Path: acctest.ClientsPath, Status: http.StatusBadRequest, Skip: 1, Times: 1})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{{
			Config:            apiClientConfig(sim, "mine", `"devices:read"`),
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(testClient, tfjsonpath.New("client_secret"), knownvalue.NotNull())},
			Check: func(*terraform.State) error {
				for _, r := range sim.Requests() {
					if r.Method == http.MethodGet && r.Path == acctest.ClientsPath && r.Status == http.StatusBadRequest {
						return nil
					}
				}
				return fmt.Errorf("the fault was never met")
			},
		}},
	})
}
