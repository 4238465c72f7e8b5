package workflow_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/tenantfacts"
)

// In a tenant like a recorded one, notify_webhook is built from the recorded action and checked against the recorded trigger.
func TestNotify_recordedTenant(t *testing.T) {
	t.Parallel()
	facts := tenantfacts.New()
	facts.WebhookApp = tenantfacts.AppInstalled
	facts.Activities = []tenantfacts.Activity{{
		ID: "00112233445566778899aabbccddeeff", Name: "Call webhook", Version: "3.2.1", Properties: []tenantfacts.Property{
			{Key: "<key 1>", Title: "Webhook name", Type: "string", Required: true}, {Key: "include", Title: "Data to include", Type: "array", Required: true},
		},
	}}
	facts.Triggers = []tenantfacts.Trigger{{Category: "Case/Created", Name: "Case > Case Created", Version: "1.0.0", Fields: []tenantfacts.Field{{Path: "Trigger.Case.Number", Type: "string"}}}}
	for field, wantErr := range map[string]bool{"Trigger.Case.Number": false, "Trigger.Case.Severity": true} {
		sim, p, config := notifyWorkflow(t, falconsim.Options{Facts: facts}, acctest.Arguments{"trigger": "new_incident", "fields": []string{field}})
		planned, diags := p.Plan(p.None(), config)
		if wantErr {
			if errors := acctest.Messages(diags, tfprotov6.DiagnosticSeverityError); !strings.Contains(errors, field) {
				t.Errorf("errors %q, want one about %s", errors, field)
			}
			continue
		}
		p.WantNoError(diags)
		created, diags := p.ApplyPlanned(p.None(), planned, config)
		p.WantNoError(diags)
		document := p.Text(created, "document")
		for _, want := range []string{`"00112233445566778899aabbccddeeff"`, `"~3"`, `"<key 1>"`, `"include"`} {
			if !strings.Contains(strings.NewReplacer(`\u003c`, "<", `\u003e`, ">").Replace(document), want) {
				t.Errorf("%s is not in %s", want, document)
			}
		}
		if workflows := sim.Workflows(); len(workflows) != 1 || !workflows[0].Enabled {
			t.Errorf("workflows %+v", workflows)
		}
	}
}
