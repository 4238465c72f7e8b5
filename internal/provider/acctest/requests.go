package acctest

import (
	"net/http"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

// Paths of the operations that tests count or make fail.
const (
	TokenPath           = "/oauth2/token" //nolint:gosec // a path
	TenantPath          = "/sensors/queries/installers/ccid/v1"
	ClientsPath         = "/api-clients/entities/api-clients/v1"
	ActionsPath         = "/api-clients/entities/api-clients-actions/v1"
	ScopesPath          = "/api-clients/entities/accessible-scopes/v1"
	ConfigsPath         = "/plugins/entities/configs/v1"
	ConfigsListPath     = "/plugins/combined/configs/v1"
	DefinitionsPath     = "/workflows/entities/definitions/v1"
	ImportPath          = "/workflows/entities/definitions/import/v1"
	ExportPath          = "/workflows/entities/definitions/export/v1"
	WorkflowActionsPath = "/workflows/entities/definition-actions/v1"
	TriggersPath        = "/workflows/combined/triggers/v1"
	ExecutePath         = "/workflows/entities/execute/v1"
	ResultsPath         = "/workflows/entities/execution-results/v1"
	GraphQLPath         = "/identity-protection/combined/graphql/v1"
)

// requestLog is a simulator, with or without a server.
type requestLog interface{ Requests() []falconsim.Request }

// CountRequests returns how many requests of one kind the simulator has logged.
func CountRequests(sim requestLog, method, path string) int {
	return count(sim.Requests(), func(r falconsim.Request) bool { return r.Method == method && r.Path == path })
}

// CountSuccessful returns how many requests to a path succeeded.
func CountSuccessful(sim requestLog, path string) int {
	return count(sim.Requests(), func(r falconsim.Request) bool { return r.Path == path && r.Status < http.StatusMultipleChoices })
}

// CountWrites returns how many requests that change something were sent since the fault was last set.
func CountWrites(w *Transport) int {
	return count(w.Calls(), func(c SentCall) bool { return isWrite(c.Method, c.Path) })
}

func isWrite(method, path string) bool {
	return method != http.MethodGet && !strings.HasPrefix(path, "/oauth2/")
}

func count[T any](items []T, matches func(T) bool) int {
	n := 0
	for _, item := range items {
		if matches(item) {
			n++
		}
	}
	return n
}

// Inject adds a fault to a simulator that was started with NewSim.
func Inject(t *testing.T, sim *falconsim.Running, f falconsim.Fault) {
	t.Helper()
	if err := sim.Inject(f); err != nil {
		t.Fatal(err)
	}
}
