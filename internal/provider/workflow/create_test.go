package workflow_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// A create that fails reports the reason and deletes what it created.
func TestCreate_errors(t *testing.T) {
	t.Parallel()
	slack := `name: hello
trigger: {type: On demand, next: [say]}
actions:
  say:
    id: 184239ceb8a046cfb159228abd7cc67e
    name: Slack v2 - Chat PostMessage
    version_constraint: ~0
    properties: {json: {channel: general, text: hi}}
`
	for _, tt := range []struct {
		name, definition, want string
		options                falconsim.Options
		enabling               string // the fault of the request that enables the workflow
	}{
		{
			name: "a key that Falcon drops", definition: strings.Replace(acctest.SleepDocument, "    properties:", "    colour: red\n    properties:", 1),
			want: `(?s)did not keep all of it.*colour`,
		},
		{name: "not accepted when enabled", definition: slack, want: `code 2035`, options: falconsim.Options{NoSlackConfig: true}},
		{name: "enabling fails", definition: acctest.SleepDocument, want: `500`, enabling: "500"},
		{
			name: "no scope", definition: acctest.SleepDocument, want: `lacks the scope workflow:write`,
			options: falconsim.Options{Scopes: []string{"workflow:read"}},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			acctest.WithFakeClock(t, tt.options, func(t *testing.T, b *acctest.Harness) {
				p, _ := b.Run(acctest.WorkflowType)
				b.Transport.Arm(func(c acctest.SentCall) *acctest.Fault {
					if tt.enabling != "" && c.Path == acctest.WorkflowActionsPath {
						return acctest.FaultNamed(tt.enabling)
					}
					return nil
				})
				created, diags := p.Apply(p.None(), acctest.Arguments{"definition": tt.definition})
				if text := b.Checked(diags); !regexp.MustCompile(tt.want).MatchString(text) {
					t.Errorf("got %q, want %s", text, tt.want)
				}
				if n := len(b.Sim.Workflows()); n != 0 || !created.Value.IsNull() {
					t.Errorf("%d workflows in the tenant, state %s", n, created.Value)
				}
			})
		})
	}
}

// The error about a name that is taken says how to import the workflow, and that the replaced object may have the name.
func TestCreate_nameTaken(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	p := acctest.NewProtocol(t, sim)
	created := p.Created(acctest.Arguments{"definition": acctest.SleepDocument})
	_, diags := p.Apply(p.None(), acctest.Arguments{"definition": acctest.SleepDocument})
	text := acctest.Messages(diags, tfprotov6.DiagnosticSeverityError)
	for _, want := range []string{
		"name: Name already taken", p.Text(created, "id"), "the name is held by the object that this resource replaces", "Remove create_before_destroy",
		fmt.Sprintf("terraform import falcon_workflow.this %s", p.Text(created, "id")),
	} {
		if !strings.Contains(text, want) {
			t.Errorf("got %q, want %q in it", text, want)
		}
	}
}

// A workflow that could neither be enabled nor deleted stays in the state, and the next apply replaces it.
func TestCreate_leftInFalcon(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	p := acctest.NewProtocol(t, sim)
	acctest.Inject(t, sim, falconsim.Fault{Method: http.MethodPost, Path: acctest.WorkflowActionsPath, Status: http.StatusBadRequest})
	acctest.Inject(t, sim, falconsim.Fault{Method: http.MethodDelete, Path: acctest.Definitions, Status: http.StatusForbidden})
	left, diags := p.Apply(p.None(), acctest.Arguments{"definition": acctest.SleepDocument})
	if got := acctest.Messages(diags, tfprotov6.DiagnosticSeverityError); !strings.Contains(got, "could not be deleted") || !strings.Contains(got, "next apply deletes it") {
		t.Errorf("got %q", got)
	}
	if id := acctest.OnlyWorkflow(t, sim).ID; p.Text(left, "id") != id {
		t.Errorf("the id in the state is %s, want %s", p.Text(left, "id"), id)
	}
	p.Refreshed(left)
}
