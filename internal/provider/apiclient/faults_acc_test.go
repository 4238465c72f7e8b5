package apiclient_test

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

// signsIn checks that the secret in state is the one that Falcon knows.
func signsIn(sim *falconsim.Running) resource.TestCheckFunc {
	return func(s *terraform.State) error {
		attributes := s.RootModule().Resources[testClient].Primary.Attributes
		c, err := falcon.New(context.Background(), falcon.Config{ClientID: attributes["client_id"], ClientSecret: attributes["client_secret"], BaseURL: sim.URL})
		if err != nil {
			return err
		}
		return c.Authenticate(context.Background())
	}
}

// A create that took effect, whatever became of its answer, leaves one client
// with a secret that works. How the provider is paced does not matter.
func TestAccAPIClient_createFaults(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		fault         falconsim.Fault
		posts, resets int
	}{
		"cut off": {falconsim.Fault{Kind: falconsim.FaultTruncate, Times: 1}, 1, 1},
		"lost":    {falconsim.Fault{Kind: falconsim.FaultDropAfter, Times: 1}, 1, 1},
		"paced":   {falconsim.Fault{Status: http.StatusTooManyRequests, Times: 2}, 3, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := acctest.NewSim(t, falconsim.Options{Readings: falconsim.Readings{"Q01": "b", "Q02": "b"}})
			tt.fault.Method, tt.fault.Path = http.MethodPost, acctest.ClientsPath
			acctest.Inject(t, sim, tt.fault)
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.Factories(),
				Steps: []resource.TestStep{{
					Config: apiClientConfig(sim, "mine", `"devices:read"`),
					Check: resource.ComposeTestCheckFunc(signsIn(sim), func(s *terraform.State) error {
						if made := acctest.ClientNamed(t, acctest.ConsoleClient(t, sim), "mine"); made.ID != s.RootModule().Resources[testClient].Primary.ID {
							return fmt.Errorf("state holds another client than %s", made.ID)
						}
						return nil
					}, wantCalls(sim, tt.posts, 0, tt.resets)),
				}},
			})
		})
	}
}

// A client that another team makes in the moment of the create is never touched.
func TestAccAPIClient_raceForTheName(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]falconsim.Fault{
		"then the name is taken":   {Kind: falconsim.FaultDelay},
		"then the answer is lost":  {Kind: falconsim.FaultDropBefore},
		"then the answer is a 502": {Status: http.StatusBadGateway},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := acctest.NewSim(t, falconsim.Options{})
			console := acctest.ConsoleClient(t, sim)
			theirs := falcon.APIClientSpec{Name: "mine", Description: "of another team", Scopes: []string{"alerts:read"}}
			fault.Method, fault.Path, fault.Times = http.MethodPost, acctest.ClientsPath, 1
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.Factories(),
				Steps: []resource.TestStep{{
					PreConfig: func() {
						if _, _, err := console.CreateAPIClient(context.Background(), theirs); err != nil {
							t.Fatal(err)
						}
						// Their create comes after the provider's look-up.
						acctest.Inject(t, sim, falconsim.Fault{
							Method: http.MethodGet, Path: "/api-clients/queries/api-clients/v1", Times: 1,
							Status: http.StatusOK, Body: `{"meta":{"pagination":{"total":0}},"errors":[],"resources":[]}`,
						})
						acctest.Inject(t, sim, fault)
						sim.ResetRequests()
					},
					Config:      apiClientConfig(sim, "mine", `"devices:read"`),
					ExpectError: regexp.MustCompile(`(?s)terraform\s+import\s+falcon_api_client\.this\s+[0-9a-f]{32}`),
				}},
			})
			if err := wantCalls(sim, 1, 0, 0)(nil); err != nil {
				t.Error(err)
			}
			if left := acctest.ClientNamed(t, console, "mine"); *left.Description != theirs.Description || len(left.Scopes) != 1 || left.Scopes[0] != "alerts:read" {
				t.Errorf("their client was changed: %v %v", left, left.Scopes)
			}
		})
	}
}

// A reset whose answer is lost is repeated: the newest secret counts. Neither a
// plan nor a refresh resets anything.
func TestAccAPIClient_resetAnswerLost(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{Readings: falconsim.Readings{"Q01": "b"}})
	rotated := apiClientConfig(sim, "mine", `"devices:read"`, `secret_rotation = { n = "1" }`)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{Config: apiClientConfig(sim, "mine", `"devices:read"`), Check: wantCalls(sim, 1, 0, 0)},
			{Config: rotated, PlanOnly: true, ExpectNonEmptyPlan: true},
			{
				PreConfig: func() {
					if err := wantCalls(sim, 0, 0, 0)(nil); err != nil {
						t.Error(err)
					}
					acctest.Inject(t, sim, falconsim.Fault{Method: http.MethodPost, Path: acctest.ActionsPath, Kind: falconsim.FaultDropAfter, Times: 1})
				},
				Config: rotated,
				Check:  resource.ComposeTestCheckFunc(signsIn(sim), wantCalls(sim, 0, 0, 2)),
			},
			{RefreshState: true, Check: resource.ComposeTestCheckFunc(signsIn(sim), wantCalls(sim, 0, 0, 0))},
			{Config: apiClientConfig(sim, "mine", `"devices:read"`), Check: resource.ComposeTestCheckFunc(signsIn(sim), wantCalls(sim, 0, 0, 1))}, // to null is a change, too
		},
	})
}

// Scopes of retired products that a client holds do no harm until it changes.
func TestAccAPIClient_retiredScopeHeld(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{RetiredScopes: true})
	config := apiClientConfig(sim, "mine", `"devices:read", "detects:read"`)
	offered := `{"meta":{},"errors":null,"resources":[{"id":"devices:read","group":"Hosts","action":"read"}]}`
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{Config: config},
			{
				PreConfig: func() {
					acctest.Inject(t, sim, falconsim.Fault{Method: http.MethodGet, Path: acctest.ScopesPath, Status: http.StatusOK, Body: offered})
				},
				Config: config, PlanOnly: true,
			},
			{Config: apiClientConfig(sim, "mine", `"devices:read", "detects:read", "incidents:read"`), ExpectError: regexp.MustCompile(`does not offer the scope "incidents:read"`)},
			{
				Config:            apiClientConfig(sim, "mine", `"devices:read"`),
				ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(testClient, tfjsonpath.New("scopes"), knownvalue.SetSizeExact(1))},
			},
		},
	})
}

// The warnings that keep a user from locking the provider, or another product, out.
func TestAccAPIClient_planWarnings(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	const id, secret = coretest.OtherConfigID, "secret-of-the-provider's-client"
	sim.AddClient(id, secret, []string{"api-client-mgmt:read", "api-client-mgmt:write", "workflow:read", "alerts:read"})
	w := acctest.NewTerraform(t, nil, nil)
	plan := func(scopes, more string) string {
		w.Write("main.tf", "terraform {\n  required_providers {\n    falcon = { source = \"falcon-integrations/falcon\" }\n  }\n}\n"+
			acctest.ProviderConfigFor(sim, id, secret)+
			fmt.Sprintf("resource \"falcon_api_client\" \"own\" {\n  name = %q\n  scopes = [%s]\n  %s\n}\n", "client "+id, scopes, more))
		return strings.Join(strings.Fields(w.Run("plan")), " ") // Terraform breaks lines where it likes
	}
	plan(`"alerts:read"`, "")
	w.Run("import", "falcon_api_client.own", id)
	if out := plan(`"api-client-mgmt:read", "api-client-mgmt:write", "workflow:read"`, ""); strings.Contains(out, "signs in with") {
		t.Errorf("a scope that the provider does not need was taken away, with a warning:\n%s", out)
	}
	if out := plan(`"api-client-mgmt:read", "alerts:read"`, ""); !strings.Contains(out, "signs in with") || !strings.Contains(out, "takes from it api-client-mgmt:write, workflow:read") {
		t.Errorf("no warning of the scopes that the provider loses:\n%s", out)
	}
	if out := plan(`"api-client-mgmt:read"`, `secret_rotation = { n = "1" }`); !strings.Contains(out, "Secret reset planned") {
		t.Errorf("no warning of the reset:\n%s", out)
	}
	if n := acctest.CountRequests(sim, http.MethodPost, acctest.ActionsPath); n > 0 {
		t.Errorf("%d resets by plans", n)
	}
}
