package workflow_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// What terraform validate reports.
func TestValidate(t *testing.T) {
	t.Parallel()
	p := acctest.NewProtocol(t, acctest.NewSim(t, falconsim.Options{}))
	nameless := strings.Replace(acctest.SleepDocument, "name: nap\n", "", 1)
	for _, tt := range []struct {
		name          string
		config        acctest.Arguments
		errors, warns string
	}{
		{name: "a document", config: acctest.Arguments{"definition": acctest.SleepDocument}},
		{name: "unknown", config: acctest.Arguments{"definition": acctest.Unknown{}, "name": acctest.Unknown{}}},
		{name: "JSON", config: acctest.Arguments{"definition": acctest.SleepReformatted}},
		{name: "neither", config: acctest.Arguments{"name": "x"}, errors: `Exactly one`},
		{name: "both, one of them unknown", config: acctest.Arguments{"definition": acctest.SleepDocument, "notify_webhook": acctest.Unknown{}}},
		{name: "both", config: acctest.Arguments{"definition": acctest.SleepDocument, "name": "x", "notify_webhook": acctest.Arguments{"trigger": "score_changed", "webhook_id": acctest.Unknown{}}}, errors: `(?s)definition.*notify_webhook|notify_webhook.*definition`},
		{name: "no name", config: acctest.Arguments{"definition": nameless}, errors: `definition: Missing name: The document has no name`},
		{name: "name as an attribute", config: acctest.Arguments{"definition": nameless, "name": "nap"}},
		{name: "unknown name", config: acctest.Arguments{"definition": nameless, "name": acctest.Unknown{}}},
		{name: "notify_webhook without name", config: acctest.Arguments{"notify_webhook": acctest.Arguments{"trigger": "score_changed", "webhook_id": acctest.Unknown{}}}, errors: `name: Missing name`},
		{name: "disabled in the document", config: acctest.Arguments{"definition": acctest.SleepDocument + "enabled: false\n"}, warns: `^enabled: enabled is not set: The document contains enabled: false, which is not sent`},
		{name: "disabled in the document and here", config: acctest.Arguments{"definition": acctest.SleepDocument + "enabled: false\n", "enabled": false}},
		{name: "enabled in the document", config: acctest.Arguments{"definition": acctest.SleepDocument + "enabled: true\n"}},
		{
			name: "several errors at once", errors: `(?s)line 5.*weit.*Line|(?s)line 6.*weit.*line 8.*unreachable`,
			config: acctest.Arguments{"definition": strings.Replace(acctest.SleepDocument, "- wait", "- weit", 1)},
		},
		{
			name: "legacy event", warns: `definition: .*2026-01-01.*Case/Created`,
			config: acctest.Arguments{"definition": strings.Replace(acctest.SleepDocument, "type: On demand", "type: Signal\n  event: Incident", 1)},
		},
		{
			name: "legacy event in a block", warns: `notify_webhook.event: Legacy incident event: .*2026-01-01.*Case/Created`,
			config: acctest.Arguments{"name": "x", "notify_webhook": acctest.Arguments{"event": "Incident", "webhook_id": acctest.Unknown{}, "fields": []string{"Trigger.CID"}}},
		},
		{
			name: "unknown key", warns: `line \d+.*propertis.*properties`,
			config: acctest.Arguments{"definition": acctest.SleepDocument + "    propertis: {}\n"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			diags := p.Validate(tt.config)
			for severity, want := range map[tfprotov6.DiagnosticSeverity]string{tfprotov6.DiagnosticSeverityError: tt.errors, tfprotov6.DiagnosticSeverityWarning: tt.warns} {
				if got := acctest.Messages(diags, severity); !regexp.MustCompile(want).MatchString(got) || (got == "") != (want == "") {
					t.Errorf("%s: got %q, want %q", severity, got, want)
				}
			}
		})
	}
}
