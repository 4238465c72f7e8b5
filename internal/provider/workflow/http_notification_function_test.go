package workflow

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

// notificationOptions returns an object of strings, with the given fields.
func notificationOptions(fields attr.Value, pairs ...string) types.Dynamic {
	kinds, values := map[string]attr.Type{}, map[string]attr.Value{}
	for i := 0; i < len(pairs); i += 2 {
		kinds[pairs[i]], values[pairs[i]] = types.StringType, types.StringValue(pairs[i+1])
	}
	if fields != nil {
		kinds["fields"], values["fields"] = fields.Type(context.Background()), fields
	}
	return types.DynamicValue(types.ObjectValueMust(kinds, values))
}

func TestHTTPNotificationFunction(t *testing.T) {
	t.Parallel()
	fields := coretest.TextMap("Host", "Trigger.Case.Name", "CID", "${Trigger.CID}", "Note", "from Falcon", "Via", "tiger.example")
	got, err := coretest.RunFunction(t, httpNotificationFunction{}, types.StringValue("google_chat"),
		notificationOptions(fields, "url", "https://chat.example/x?key=k", "title", "Case ${data['Trigger.Case.CaseID']}"))
	if err != nil {
		t.Fatal(err)
	}
	object, ok := got.(types.Object)
	if !ok {
		t.Fatalf("got %T", got)
	}
	for name, value := range object.Attributes() {
		switch name {
		case "url":
			if !value.Equal(types.StringValue("https://chat.example/x?key=k")) {
				t.Errorf("url %s", value)
			}
		case "body":
			want := types.StringValue(`{"text":"*Case ${data['Trigger.Case.CaseID']}*\nCID: ${data['Trigger.CID']}\nHost: ${data['Trigger.Case.Name']}\nNote: from Falcon\nVia: tiger.example"}`)
			if !value.Equal(want) {
				t.Errorf("body %s\nwant %s", value, want)
			}
		default:
			if !value.IsNull() {
				t.Errorf("%s is %s", name, value)
			}
		}
	}

	got, err = coretest.RunFunction(t, httpNotificationFunction{}, types.StringValue("pagerduty"), notificationOptions(nil, "routing_key", "key", "title", "x"))
	if err != nil {
		t.Fatal(err)
	}
	if text := got.String(); !strings.Contains(text, "https://events.pagerduty.com/v2/enqueue") || !strings.Contains(text, `\"severity\":\"warning\"`) || !strings.Contains(text, "CrowdStrike Falcon") {
		t.Errorf("defaults of PagerDuty: %s", text)
	}
}

func TestHTTPNotificationFunction_refusals(t *testing.T) {
	t.Parallel()
	_, err := coretest.RunFunction(t, httpNotificationFunction{}, types.StringValue("slak"), notificationOptions(nil, "url", "u", "title", "x"))
	coretest.WantRefusal(t, err, 0, `"slak"`, "slack, teams, pagerduty")
	for name, tt := range map[string]struct {
		receiver string
		options  attr.Value
		want     []string
	}{
		"not an object":            {"slack", types.DynamicValue(types.StringValue("https://x")), []string{"must be an object"}},
		"nothing":                  {"pagerduty", notificationOptions(nil), []string{"routing_key is required", "title is required"}},
		"an option of another":     {"slack", notificationOptions(nil, "url", "u", "title", "x", "severity", "info"), []string{`options of slack`, `no option "severity"`}},
		"misspelled":               {"slack", notificationOptions(nil, "url", "u", "titel", "x"), []string{`no option "titel". Nearest: title`, "title is required"}},
		"too long":                 {"slack", notificationOptions(nil, "url", "u", "title", strings.Repeat("é", 151)), []string{"151 characters", "accepts 150"}},
		"severity":                 {"pagerduty", notificationOptions(nil, "routing_key", "k", "title", "x", "severity", "high"), []string{"critical, error, warning, info", `"high"`}},
		"a reference JSON escapes": {"slack", notificationOptions(nil, "url", "u", "title", `${data["Trigger.CID"]}`), []string{"single quotes"}},
		"a misspelled path":        {"generic", notificationOptions(coretest.TextMap("Severity", "Triger.Case.Severity"), "url", "u", "title", "x"), []string{`fields.Severity is "Triger.Case.Severity"`, "Nearest: Trigger.Case.Severity"}},
		"a path in lower case":     {"generic", notificationOptions(coretest.TextMap("Run", "workflow.Execution.ID"), "url", "u", "title", "x"), []string{"Nearest: Workflow.Execution.ID"}},
		"a misspelled expression":  {"generic", notificationOptions(coretest.TextMap("CID", "${data['Triger.CID']}"), "url", "u", "title", "x"), []string{"Nearest: Trigger.CID"}},
		"fields":                   {"slack", notificationOptions(types.StringValue("x"), "url", "u", "title", "x"), []string{"fields must be a map"}},
		"a field without a value":  {"slack", notificationOptions(types.MapValueMust(types.StringType, map[string]attr.Value{"A": types.StringNull()}), "url", "u", "title", "x"), []string{"fields.A must be a string"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := coretest.RunFunction(t, httpNotificationFunction{}, types.StringValue(tt.receiver), tt.options)
			coretest.WantRefusal(t, err, 1, tt.want...)
		})
	}
}
