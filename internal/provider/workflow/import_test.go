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

// An export with a warning (status 299) matters to someone who takes the document to another tenant, not to an import.
func TestImport_exportWarning(t *testing.T) {
	t.Parallel()
	_, p, config := notifyWorkflow(t, falconsim.Options{Readings: falconsim.Readings{"Q42": "b"}}, acctest.Arguments{"trigger": "score_changed"})
	p.Create(config)
	imported, diags := p.Import("name:notify")
	if len(diags) != 0 {
		t.Errorf("an import reports %q", diags[0].Detail)
	}
	for _, r := range p.Query(nil, true, 0) {
		if len(r.Diagnostics) != 0 {
			t.Errorf("a list reports %q", r.Diagnostics[0].Detail)
		}
	}
	var got []string
	for range 2 {
		_, diags = p.Data(acctest.WorkflowType, acctest.Arguments{"id": p.Text(imported, "id")})
		p.WantNoError(diags)
		for _, d := range diags {
			got = append(got, d.Summary+": "+d.Detail)
		}
	}
	if len(got) != 1 || !strings.Contains(got[0], `"notify" with a warning: The workflow has custom trigger or action configuration`) {
		t.Errorf("two reads of the data source report %q, want one warning", got)
	}
}

// An identity is an id, so an error about it does not offer names.
func TestImport_identity(t *testing.T) {
	t.Parallel()
	p := acctest.NewProtocol(t, acctest.NewSim(t, falconsim.Options{}))
	_, _, diags := p.ImportByIdentity("nap")
	if got := acctest.Messages(diags, tfprotov6.DiagnosticSeverityError); !strings.Contains(got, "A workflow is imported by its id, which") || strings.Contains(got, "name") {
		t.Errorf("got %q", got)
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
			p.Create(acctest.Arguments{"definition": acctest.SleepDocument})
			if tt.fault.Path != "" {
				acctest.Inject(t, sim, tt.fault)
			}
			_, diags := p.Import(tt.id)
			if got := acctest.Messages(diags, tfprotov6.DiagnosticSeverityError); !regexp.MustCompile("(?s)" + tt.wantError).MatchString(got) {
				t.Errorf("got %q\nwant %s", got, tt.wantError)
			}
		})
	}
}
