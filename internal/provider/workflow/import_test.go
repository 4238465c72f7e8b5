package workflow_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// An export with a warning (status 299) is a warning once: on the import that stores it as the definition.
func TestImport_exportWarning(t *testing.T) {
	t.Parallel()
	sim, p, config := notifyWorkflow(t, falconsim.Options{Readings: falconsim.Readings{"Q42": "b"}}, acctest.Arguments{"trigger": "score_changed"})
	p.Created(config)
	imported, diags := p.Imported("name:notify")
	p.WantNoError(diags)
	if got := acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning); !strings.Contains(got, `"notify" with a warning: The workflow has custom trigger or action configuration`) {
		t.Errorf("warnings %q", got)
	}
	if err := sim.SetWorkflowEnabled(acctest.OnlyWorkflow(t, sim).ID, false); err != nil {
		t.Fatal(err)
	}
	if _, diags = p.Read(imported); len(diags) != 0 {
		t.Errorf("a refresh reports %q", acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning))
	}
}

func TestImport_errors(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, id, wantError string
		fault               falconsim.Fault
	}{
		{name: "not an id", id: "nap", wantError: `Invalid import id: A workflow is imported by its id \(or by its name, as "name:My Workflow"\)`},
		{name: "unknown name", id: "name:nab", wantError: `0 workflows named "nab".*Nearest: "nap"`},
		{
			name: "created from a Foundry template", id: "name:nap", wantError: `Workflow "nap" \([0-9a-f]{32}\) exists, but Falcon does not export it.*Foundry`,
			fault: falconsim.Fault{Path: acctest.ExportPath, Status: http.StatusNotFound},
		},
		{
			name: "an export that is not a document", id: "name:nap", wantError: `Falcon's export of the workflow "nap" \(id [0-9a-f]{32}\) is not a workflow document`,
			fault: falconsim.Fault{Path: acctest.ExportPath, Status: http.StatusOK, Body: "[1, 2]"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sim := acctest.NewSim(t, falconsim.Options{})
			p := acctest.NewProtocol(t, sim)
			p.Created(acctest.Arguments{"definition": acctest.SleepDocument})
			if tt.fault.Path != "" {
				acctest.Inject(t, sim, tt.fault)
			}
			_, diags := p.Imported(tt.id)
			if got := acctest.Messages(diags, tfprotov6.DiagnosticSeverityError); !regexp.MustCompile("(?s)" + tt.wantError).MatchString(got) {
				t.Errorf("got %q\nwant %s", got, tt.wantError)
			}
		})
	}
}
