package acctest

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
)

// Calls counts the requests of one kind since the log was emptied.
func Calls(sim *falconsim.Running, method, path string) int {
	n := 0
	for _, r := range sim.Requests() {
		if r.Method == method && r.Path == path {
			n++
		}
	}
	return n
}

// DoneCalls counts the requests to a path that succeeded.
func DoneCalls(sim *falconsim.Running, path string) int {
	n := 0
	for _, r := range sim.Requests() {
		if r.Path == path && r.Status < 300 {
			n++
		}
	}
	return n
}

func Inject(t *testing.T, sim *falconsim.Running, f falconsim.Fault) {
	t.Helper()
	if err := sim.Inject(f); err != nil {
		t.Fatal(err)
	}
}

// Operator works in the tenant beside Terraform.
func Operator(t *testing.T, sim *falconsim.Running) *falcon.Client {
	t.Helper()
	c, err := falcon.New(context.Background(), falcon.Config{ClientID: sim.ClientID(), ClientSecret: sim.ClientSecret(), BaseURL: sim.URL})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// CompareSame is a value comparer that wants all values equal.
type CompareSame struct{}

// ClientNamed is the one API client of the name.
func ClientNamed(t *testing.T, c *falcon.Client, name string) falcon.APIClient {
	t.Helper()
	found, err := c.APIClientsByName(context.Background(), name)
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != 1 {
		t.Fatalf("%d API clients are named %q, want one", len(found), name)
	}
	return found[0]
}

const ClientsPath = "/api-clients/entities/api-clients/v1"

const ActionsPath = "/api-clients/entities/api-clients-actions/v1"

const ScopesPath = "/api-clients/entities/accessible-scopes/v1"

const TokenPath = "/oauth2/token"

const ConfigsPath = "/plugins/entities/configs/v1"

const ImportPath = "/workflows/entities/definitions/import/v1"

const ExportPath = "/workflows/entities/definitions/export/v1"

const WorkflowActionsPath = "/workflows/entities/definition-actions/v1"

const TriggersPath = "/workflows/combined/triggers/v1"

const Definitions = "/workflows/entities/definitions/v1"

const GraphqlPath = "/identity-protection/combined/graphql/v1"

const ExecutePath = "/workflows/entities/execute/v1"

const ResultsPath = "/workflows/entities/execution-results/v1"

// MatchWords matches a message however Terraform breaks its lines.
func MatchWords(pattern string) *regexp.Regexp {
	return regexp.MustCompile("(?s)" + strings.ReplaceAll(pattern, " ", `\s+`))
}

func Expect(address, attribute string, check knownvalue.Check) statecheck.StateCheck {
	path := tfjsonpath.New(strings.Split(attribute, ".")[0])
	for _, step := range strings.Split(attribute, ".")[1:] {
		path = path.AtMapKey(step)
	}
	return statecheck.ExpectKnownValue(address, path, check)
}

func WantError(t *testing.T, what string, diags []*tfprotov6.Diagnostic, parts ...string) {
	t.Helper()
	text := Messages(diags, tfprotov6.DiagnosticSeverityError)
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%s: the error lacks %q: %q", what, part, text)
		}
	}
}

// CountWrites counts the calls that change something.
func CountWrites(w *Transport) int {
	n := 0
	for _, c := range w.Calls() {
		if c.Method != http.MethodGet && !strings.HasPrefix(c.Path, "/oauth2/") {
			n++
		}
	}
	return n
}

func (CompareSame) CompareValues(values ...any) error {
	for _, v := range values[1:] {
		if v != values[0] {
			return fmt.Errorf("values differ: %v", values)
		}
	}
	return nil
}

const ConfigsListPath = "/plugins/combined/configs/v1"
