package workflow_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

const (
	triggerData = "falcon_workflow_trigger"
	actionData  = "falcon_workflow_action"
)

func TestCatalogDataSources(t *testing.T) {
	t.Parallel()
	p := acctest.NewProtocol(t, acctest.NewSim(t, falconsim.Options{}))
	for _, tt := range []struct {
		name, source string
		config       acctest.Arguments
		want         map[string]string // attributes
		contains     map[string]string // parts of attributes
		wantError    string            // or an error
	}{
		{
			name: "trigger by name", source: triggerData, config: acctest.Arguments{"name": "Case > Case Created"},
			want:     map[string]string{"event": "Case/Created", "version": "1.0.0", "version_constraint": "~1"},
			contains: map[string]string{"fields": "Trigger.Case.CaseID"},
		},
		{
			name: "trigger by event", source: triggerData, config: acctest.Arguments{"event": "Investigatable/IDP"},
			want:     map[string]string{"name": "Detection > Identity Detection", "version_constraint": "~0"},
			contains: map[string]string{"fields": "Trigger.Category.Investigatable.Product.IDP.DetectName"},
		},
		{name: "unknown event", source: triggerData, config: acctest.Arguments{"event": "Case/Create"}, wantError: `event: Trigger not found: .*"Case/Create".*Nearest: Case/Created`},
		{name: "names are exact", source: triggerData, config: acctest.Arguments{"name": "case > case created"}, wantError: `Nearest: Case > Case Created`},
		{
			name: "action by name", source: actionData, config: acctest.Arguments{"name": "Sleep"},
			want:     map[string]string{"id": "4f1af1ae4c13dc1e3bcd725f8dc0f63b", "vendor": "CrowdStrike", "version_constraint": "~1"},
			contains: map[string]string{"input_schema": `"sleep_time"`, "properties": "sleep_time"},
		},
		{
			name: "action by id", source: actionData, config: acctest.Arguments{"id": "702d15788dbbffdf0b68d8e2f3599aa4"},
			want: map[string]string{"name": "Create variable", "class": "CreateVariable"},
		},
		{
			name: "action without a version", source: actionData, config: acctest.Arguments{"name": "Contain device"},
			want: map[string]string{"version_constraint": "~0"},
		},
		{
			name: "action by name and vendor", source: actionData, config: acctest.Arguments{"name": "Slack v2 - Chat PostMessage", "vendor": "slack"},
			want: map[string]string{"id": "184239ceb8a046cfb159228abd7cc67e"},
		},
		{name: "another vendor", source: actionData, config: acctest.Arguments{"name": "Sleep", "vendor": "Slack"}, wantError: `no action named "Sleep"`},
		{name: "unknown action", source: actionData, config: acctest.Arguments{"name": "Send mail"}, wantError: `name: Action not found: .*similar.*Send email \(07413ef9ba7c47bf5a242799f59902cc\)`},
		{name: "unknown id", source: actionData, config: acctest.Arguments{"id": strings.Repeat("0", 32)}, wantError: `id: Unable to look up action`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, diags := p.Data(tt.source, tt.config)
			text := acctest.Messages(diags, tfprotov6.DiagnosticSeverityError)
			if !regexp.MustCompile(tt.wantError).MatchString(text) || (text == "") != (tt.wantError == "") {
				t.Fatalf("error %q, want %q", text, tt.wantError)
			}
			for name, want := range tt.want {
				if text = p.Text(got, name); text != want {
					t.Errorf("%s is %q, want %q", name, text, want)
				}
			}
			for name, part := range tt.contains {
				if text = p.Text(got, name); !strings.Contains(text, part) {
					t.Errorf("%s lacks %q: %s", name, part, text)
				}
			}
		})
	}
}

// Within one run of the provider, an entry of the catalog is read once.
func TestCatalogDataSources_readOnce(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	p := acctest.NewProtocol(t, sim)
	for range 2 {
		for source, configs := range map[string][]acctest.Arguments{
			triggerData: {{"event": "Case/Created"}, {"name": "Detection"}},
			actionData:  {{"name": "Sleep"}, {"id": "4f1af1ae4c13dc1e3bcd725f8dc0f63b"}},
		} {
			for _, config := range configs {
				_, diags := p.Data(source, config)
				p.WantNoError(diags)
			}
		}
	}
	if n := acctest.Calls(sim, http.MethodGet, acctest.TriggersPath); n != 1 {
		t.Errorf("the triggers were read %d times, want once", n)
	}
	if n := acctest.Calls(sim, http.MethodGet, activitiesPath); n != 2 {
		t.Errorf("actions were looked up %d times, want twice: by name and by id", n)
	}
}

// The properties of an action are one row each.
func TestActionDataSource_properties(t *testing.T) {
	t.Parallel()
	p := acctest.NewProtocol(t, acctest.NewSim(t, falconsim.Options{}))
	got, diags := p.Data(actionData, acctest.Arguments{"name": "Send email"})
	p.WantNoError(diags)
	var rows []tftypes.Value
	if err := p.Members(got.Value)["properties"].As(&rows); err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, row := range rows {
		i := acctest.Instance{Value: row}
		texts = append(texts, strings.Join([]string{p.Text(i, "name"), p.Text(i, "title"), p.Text(i, "type"), p.Text(i, "required")}, "|"))
	}
	const yes, no = `tftypes.Bool<"true">`, `tftypes.Bool<"false">`
	want := []string{
		"_fields|Data to include|array|" + no, "msg|Message|string|" + yes, "msg_type|Message type|string|" + no,
		"subject|Subject|string|" + yes, "to|Recipients|array|" + yes,
	}
	if !slices.Equal(texts, want) {
		t.Errorf("properties %q\nwant %q", texts, want)
	}
}

func TestDataSource(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	p := acctest.NewProtocol(t, sim)
	p.Created(acctest.Arguments{"definition": acctest.SleepDocument})
	id := acctest.OnlyWorkflow(t, sim).ID
	for name, config := range map[string]acctest.Arguments{"by id": {"id": id}, "by name": {"name": "nap"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, diags := p.Data(acctest.WorkflowType, config)
			p.WantNoError(diags)
			for attribute, want := range map[string]string{"id": id, "name": "nap", "description": "waits", "enabled": `tftypes.Bool<"true">`, "has_validation_errors": `tftypes.Bool<"false">`} {
				if text := p.Text(got, attribute); text != want {
					t.Errorf("%s is %s, want %s", attribute, text, want)
				}
			}
			for _, attribute := range []string{"definition", "document"} {
				if text := p.Text(got, attribute); !acctest.SameDocumentText(text, acctest.SleepDocument) {
					t.Errorf("%s is another workflow: %s", attribute, text)
				}
			}
		})
	}
	for name, tt := range map[string]struct {
		config    acctest.Arguments
		wantError string
	}{
		"unknown name": {acctest.Arguments{"name": "nab"}, `name: Workflow not found: The tenant has 0 workflows named "nab".*Nearest: "nap"`},
		"unknown id":   {acctest.Arguments{"id": strings.Repeat("0", 32)}, `id: Unable to read workflow`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, diags := p.Data(acctest.WorkflowType, tt.config)
			if text := acctest.Messages(diags, tfprotov6.DiagnosticSeverityError); !regexp.MustCompile(tt.wantError).MatchString(text) {
				t.Errorf("error %q, want %s", text, tt.wantError)
			}
		})
	}
}
