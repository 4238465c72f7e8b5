package workflow_test

import (
	"maps"
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
	hookURL   = "https://receiver.example/hook"
	requestID = "1ba474f407d9228fc8fa02cdce8ae8ef"
)

// requestWorkflow returns a tenant without the Store app, and the arguments of a workflow that sends a request.
func requestWorkflow(t *testing.T, block, request acctest.Arguments) (*falconsim.Running, *acctest.Protocol, acctest.Arguments) {
	t.Helper()
	sim := acctest.NewSim(t, falconsim.Options{NoCallWebhook: true})
	block = maps.Clone(block)
	block["http"] = acctest.Arguments{"url": hookURL}.With(request)
	return sim, acctest.NewProtocol(t, sim), acctest.Arguments{"name": "notify", "notify_webhook": block}
}

func TestNotifyHTTP(t *testing.T) {
	t.Parallel()
	const score = "data['" + scorePath
	id := strings.Repeat("a", 32)
	for _, tt := range []struct {
		name           string
		block, request acctest.Arguments
		properties     map[string]any // other than http_transaction
		transaction    map[string]any // other than URL and method
		action         map[string]any // other keys of the action
		warns          string
	}{
		{
			name: "score_changed has default fields", block: acctest.Arguments{"trigger": "score_changed"}, request: acctest.Arguments{},
			transaction: map[string]any{"request_content_type": "JSON", "request_body": `{"overall_score": "${` + score + `OverallScore']}", "previous_overall_score": "${` + score + `PreviousOverallScore']}", ` +
				`"os_score": "${` + score + `OSScore']}", "sensor_score": "${` + score + `SensorScore']}", "sensor_id": "${` + score + `SensorID']}", "cid": "${data['Trigger.CID']}"}`},
		},
		{
			name: "fields, headers and a credential", block: acctest.Arguments{"trigger": "new_incident", "fields": []string{"Trigger.Case.CaseID"}},
			request:     acctest.Arguments{"method": "PUT", "headers": acctest.Arguments{"X-CID": "${data['Trigger.CID']}"}, "credential": acctest.Arguments{"config_id": id, "name": "Receiver"}},
			properties:  map[string]any{"authentication_option": "UseExisting", "config_id": id, "config_name": "Receiver"},
			transaction: map[string]any{"request_http_method": "PUT", "request_content_type": "JSON", "request_body": `{"case_id": "${data['Trigger.Case.CaseID']}"}`, "request_headers": map[string]any{"X-CID": "${data['Trigger.CID']}"}},
		},
		{
			name: "a template", block: acctest.Arguments{"trigger": "new_incident"}, request: acctest.Arguments{"body": `{"n": ${data['Trigger.Case.Severity']}, "run": "${data['Workflow.Execution.ID']}"}`, "on_failure": "continue"},
			transaction: map[string]any{"request_content_type": "JSON", "request_body": `{"n": ${data['Trigger.Case.Severity']}, "run": "${data['Workflow.Execution.ID']}"}`},
			action:      map[string]any{"continue_on_error": true},
		},
		{
			name: "a GET request with a reference in the URL", block: acctest.Arguments{"trigger": "new_incident"}, request: acctest.Arguments{"method": "GET", "url": hookURL + "/${data['Trigger.Case.CaseID']}"},
			transaction: map[string]any{"request_http_method": "GET", "request_url": hookURL + "/${data['Trigger.Case.CaseID']}", "request_content_type": "NONE"},
		},
		{
			name: "text, and more properties", block: acctest.Arguments{"trigger": "new_incident", "action": acctest.Arguments{"properties": `{"oauth_token_url": "https://login.example/t"}`}},
			request:     acctest.Arguments{"body": "case ${data['Trigger.Case.CaseID']}", "content_type": "NONE", "credential": acctest.Arguments{"definition_id": id, "api_key_header": "x-apikey"}},
			properties:  map[string]any{"authentication_option": "UseExisting", "definition_id": id, "api_key_header_label": "x-apikey", "api_key_location": "Header", "oauth_token_url": "https://login.example/t"},
			transaction: map[string]any{"request_content_type": "NONE", "request_body": "case ${data['Trigger.Case.CaseID']}"},
		},
		{
			name: "secrets in plain text", block: acctest.Arguments{"trigger": "new_incident"},
			request:     acctest.Arguments{"headers": acctest.Arguments{"Authorization": "Bearer abc", "X-Token": "${data['Trigger.CID']}"}, "body": `{"routing_key": "abc", "auth": "${data['Trigger.CID']}"}`, "url": "https://hooks.slack.com/services/T/B/x"},
			transaction: map[string]any{"request_url": "https://hooks.slack.com/services/T/B/x", "request_content_type": "JSON", "request_body": `{"routing_key": "abc", "auth": "${data['Trigger.CID']}"}`, "request_headers": map[string]any{"Authorization": "Bearer abc", "X-Token": "${data['Trigger.CID']}"}},
			warns:       `(?s)routing_key.*Authorization.*credential.*path of the URL`,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sim, p, config := requestWorkflow(t, tt.block, tt.request)
			warnings := acctest.Messages(p.Validate(config), tfprotov6.DiagnosticSeverityWarning)
			if (tt.warns == "") != (warnings == "") || !regexp.MustCompile(tt.warns).MatchString(warnings) {
				t.Errorf("warnings %q, want %q", warnings, tt.warns)
			}
			if strings.Contains(warnings, "abc") || strings.Contains(warnings, "T/B/x") {
				t.Errorf("a warning shows a secret: %q", warnings)
			}
			planned, diags := p.Plan(p.None(), config)
			p.WantNoError(diags)
			created, diags := p.ApplyPlanned(p.None(), planned, config)
			p.WantNoError(diags)
			if got, want := p.Text(created, "document"), p.Text(planned, "document"); got != want {
				t.Errorf("document %s\nplanned %s", got, want)
			}
			w := acctest.OnlyWorkflow(t, sim)
			if !w.Enabled || w.Invalid {
				t.Errorf("enabled %t, has validation errors %t", w.Enabled, w.Invalid)
			}
			transaction := map[string]any{"request_url": hookURL, "request_http_method": "POST"}
			maps.Copy(transaction, tt.transaction)
			properties := map[string]any{"http_transaction": transaction}
			maps.Copy(properties, tt.properties)
			want := map[string]any{"id": requestID, "class": "Inline.HTTPRequest", "version_constraint": "~1", "properties": properties}
			maps.Copy(want, tt.action)
			got := maps.Clone(nodeOf(w, "actions", "SendRequest"))
			delete(got, "name")
			delete(got, "default_name")
			if jsonOf(t, got) != jsonOf(t, want) {
				t.Errorf("action %s\nwant   %s", jsonOf(t, got), jsonOf(t, want))
			}
			p.WantEmptyPlan(p.Refresh(created), config)
		})
	}
}

// Another status than the expected ones is recorded by an action of the catalog.
func TestNotifyHTTP_successCodes(t *testing.T) {
	t.Parallel()
	sim, p, config := requestWorkflow(t, acctest.Arguments{"trigger": "score_changed"}, acctest.Arguments{"success_codes": []int{200, 202}})
	created := p.Create(config)
	w := acctest.OnlyWorkflow(t, sim)
	if got := nodeOf(w, "actions", "ReportStatus")["version_constraint"]; got != "~1" || !w.Enabled || w.Invalid {
		t.Errorf("pin %v, enabled %t, has validation errors %t", got, w.Enabled, w.Invalid)
	}
	p.WantEmptyPlan(p.Refresh(created), config)
}

func TestNotifyHTTP_errors(t *testing.T) {
	t.Parallel()
	webhookID := strings.Repeat("b", 32)
	score := acctest.Arguments{"trigger": "score_changed"}
	for _, tt := range []struct {
		name, wantError string
		block, request  acctest.Arguments
	}{
		{name: "both receivers", block: acctest.Arguments{"trigger": "score_changed", "webhook_id": webhookID}, wantError: `http.*Set one of webhook_id and http, not both`},
		{name: "a data format", block: acctest.Arguments{"trigger": "score_changed", "data_format": "Default"}, wantError: `data_format.*no data format`},
		{name: "fields and a body", block: acctest.Arguments{"trigger": "score_changed", "fields": []string{"Trigger.CID"}}, request: acctest.Arguments{"body": "{}"}, wantError: `fields.*Set one of fields and http\.body`},
		{name: "fields without a body", block: acctest.Arguments{"trigger": "score_changed", "fields": []string{"Trigger.CID"}}, request: acctest.Arguments{"method": "GET"}, wantError: `fields.*would not be sent`},
		{name: "no fields", block: acctest.Arguments{"trigger": "new_incident"}, wantError: `fields.*Missing fields`},
		{name: "an expression as a field", block: acctest.Arguments{"trigger": "new_incident", "fields": []string{"${data['Trigger.CID'].size()}"}}, wantError: `fields.*Set the body`},
		{name: "http", block: acctest.Arguments{"trigger": "score_changed"}, request: acctest.Arguments{"url": "http://receiver.example/"}, wantError: `url.*unencrypted`},
		{name: "no URL", block: acctest.Arguments{"trigger": "score_changed"}, request: acctest.Arguments{"url": "receiver"}, wantError: `url.*not a valid URL`},
		{name: "a password in the URL", block: acctest.Arguments{"trigger": "score_changed"}, request: acctest.Arguments{"url": "https://u:p@receiver.example/"}, wantError: `url.*must not contain a user name`},
		{name: "the host from the event", block: acctest.Arguments{"trigger": "score_changed"}, request: acctest.Arguments{"url": "https://${data['Trigger.CID']}/"}, wantError: `url.*must not contain references`},
		{name: "method", block: acctest.Arguments{"trigger": "score_changed"}, request: acctest.Arguments{"method": "post"}, wantError: `method.*POST`},
		{name: "not JSON", block: acctest.Arguments{"trigger": "new_incident"}, request: acctest.Arguments{"body": `{"a": }`}, wantError: `body.*Invalid JSON.*line 1`},
		{name: "unknown root", block: acctest.Arguments{"trigger": "new_incident"}, request: acctest.Arguments{"body": `{"a": "${data['Triger.CID']}"}`}, wantError: `body.*"Triger.CID" is not a field of the event.*Nearest: Trigger`},
		{name: "unknown field in the body", block: acctest.Arguments{"trigger": "new_incident"}, request: acctest.Arguments{"body": `{"a": "${data['Trigger.Case.CaseId']}"}`}, wantError: `http.*body.*Trigger\.Case\.CaseId.*Trigger\.Case\.CaseID`},
		{name: "unknown field in the URL", block: acctest.Arguments{"trigger": "new_incident"}, request: acctest.Arguments{"body": `{}`, "url": hookURL + "?c=${data['Trigger.CDI']}"}, wantError: `http.*url.*Trigger\.CDI.*Trigger\.CID`},
		{name: "unknown field in a header", block: acctest.Arguments{"trigger": "new_incident"}, request: acctest.Arguments{"body": `{}`, "headers": acctest.Arguments{"X-C": "${data['Trigger.CDI']}"}}, wantError: `http.*headers.*Trigger\.CDI.*Trigger\.CID`},
		{name: "unknown field in the fields", block: acctest.Arguments{"trigger": "new_incident", "fields": []string{"Trigger.CID", "Trigger.CDI"}}, wantError: `notify_webhook.*fields.*1.*Trigger\.CDI.*Trigger\.CID`},
		{name: "misspelled field of the main trigger in the body", block: score, request: acctest.Arguments{"body": `{"a": "${data['` + scorePath + `OveralScore']}"}`}, wantError: `http.*body.*has no Trigger\.Category\.\S+\.OveralScore.*OverallScore`},
		{name: "misspelled field of the main trigger in the fields", block: acctest.Arguments{"trigger": "score_changed", "fields": []string{scorePath + "OveralScore"}}, wantError: `fields.*0.*has no Trigger\.Category\.\S+\.OveralScore.*OverallScore`},
		{name: "header name", block: acctest.Arguments{"trigger": "score_changed"}, request: acctest.Arguments{"headers": acctest.Arguments{"X Y": "a"}}, wantError: `headers.*Invalid header name`},
		{name: "header value", block: acctest.Arguments{"trigger": "score_changed"}, request: acctest.Arguments{"headers": acctest.Arguments{"X-Y": "a\nb"}}, wantError: `headers.*line breaks`},
		{name: "an empty credential", block: acctest.Arguments{"trigger": "score_changed"}, request: acctest.Arguments{"credential": acctest.Arguments{"api_key_header": "x"}}, wantError: `credential.*Set definition_id`},
		{name: "a config without a name", block: acctest.Arguments{"trigger": "score_changed"}, request: acctest.Arguments{"credential": acctest.Arguments{"config_id": webhookID}}, wantError: `config_id.*name`},
		{name: "status", block: acctest.Arguments{"trigger": "score_changed"}, request: acctest.Arguments{"success_codes": []int{2}}, wantError: `success_codes.*100`},
		{name: "a fraction as a status", block: score, request: acctest.Arguments{"success_codes": []tftypes.Value{tftypes.NewValue(tftypes.Number, 200.5)}}, wantError: `success_codes.*200\.5 is not a status code`},
		{name: "a port", block: score, request: acctest.Arguments{"url": "https://receiver.example:99999/hook"}, wantError: `url.*port 99999`},
		{name: "a space in the URL", block: score, request: acctest.Arguments{"url": "https://receiver.example/a b"}, wantError: `url.*contains a space`},
		{name: "a fragment", block: score, request: acctest.Arguments{"url": hookURL + "#part"}, wantError: `url.*what follows #`},
		{name: "the same header", block: score, request: acctest.Arguments{"headers": acctest.Arguments{"X-Source": "a", "x-source": "b"}}, wantError: `headers.*X-Source and x-source are the same header`},
		{name: "the header Host", block: score, request: acctest.Arguments{"headers": acctest.Arguments{"host": "other.example"}}, wantError: `headers.*The header host comes from the URL`},
		{name: "the header Content-Length", block: score, request: acctest.Arguments{"headers": acctest.Arguments{"Content-Length": "5"}}, wantError: `headers.*Content-Length comes from`},
		{name: "GET with a body", block: score, request: acctest.Arguments{"method": "GET", "body": "{}"}, wantError: `body.*A GET request has no body`},
		{name: "the text names the id", block: score, request: acctest.Arguments{"credential": acctest.Arguments{"definition_id": "x-y"}}, wantError: `Invalid id: .*The argument is notify_webhook\.http\.credential\.definition_id\.`},
		{name: "the text names the header", block: score, request: acctest.Arguments{"headers": acctest.Arguments{"X-Y": " "}}, wantError: `Invalid header: .*The argument is notify_webhook\.http\.headers\["X-Y"\]\.`},
		{name: "an empty name of a credential", block: score, request: acctest.Arguments{"credential": acctest.Arguments{"config_id": webhookID, "name": " "}}, wantError: `\.credential: Invalid credential: .*credential\.name is empty`},
		{name: "a name without a config", block: score, request: acctest.Arguments{"credential": acctest.Arguments{"definition_id": webhookID, "name": "n"}}, wantError: `\.credential: Invalid credential: .*belong together`},
		{name: "another action", block: acctest.Arguments{"trigger": "score_changed", "action": acctest.Arguments{"id": "4f1af1ae4c13dc1e3bcd725f8dc0f63b"}}, wantError: `action.*id.*Not an HTTP request.*"Sleep"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sim, p, config := requestWorkflow(t, tt.block, tt.request)
			diags := p.Validate(config)
			if acctest.Messages(diags, tfprotov6.DiagnosticSeverityError) == "" {
				_, diags = p.Apply(p.None(), config)
			}
			got := acctest.Messages(diags, tfprotov6.DiagnosticSeverityError)
			if !regexp.MustCompile(tt.wantError).MatchString(got) {
				t.Errorf("got %q\nwant %s", got, tt.wantError)
			}
			if n := len(sim.Workflows()); n != 0 {
				t.Errorf("%d workflows were left", n)
			}
		})
	}
	t.Run("no receiver", func(t *testing.T) {
		t.Parallel()
		p := acctest.NewProtocol(t, acctest.NewSim(t, falconsim.Options{}))
		diags := p.Validate(acctest.Arguments{"name": "notify", "notify_webhook": acctest.Arguments{"trigger": "score_changed"}})
		if got := acctest.Messages(diags, tfprotov6.DiagnosticSeverityError); !strings.Contains(got, "Set webhook_id") || !strings.Contains(got, "not signed") {
			t.Errorf("got %q", got)
		}
	})
}

// The action is found by its exact name and its class, and its pin is that of the catalog.
func TestNotifyHTTP_catalog(t *testing.T) {
	t.Parallel()
	entry := func(name, class string) string {
		return `{"id": "` + strings.Repeat("c", 32) + `", "name": "` + name + `", "class": "` + class + `", "semantic_version": "3.1.0"}`
	}
	for name, tt := range map[string]struct{ entries, wantError string }{
		"another version": {entries: entry("Cloud HTTP Request", "Inline.HTTPRequest")},
		"another class":   {entries: entry("Cloud HTTP Request", ""), wantError: `no action named "Cloud HTTP Request" of the class Inline\.HTTPRequest`},
		"a connector":     {entries: entry("Cloud HTTP Request - Slack", "Inline.HTTPRequest"), wantError: `no action named "Cloud HTTP Request".*similar name: Cloud HTTP Request - Slack`},
		"two of this class": {
			entries:   entry("Cloud HTTP Request", "Inline.HTTPRequest") + "," + strings.ReplaceAll(entry("Cloud HTTP Request", "Inline.HTTPRequest"), strings.Repeat("c", 32), strings.Repeat("d", 32)),
			wantError: `2 actions named "Cloud HTTP Request" of the class.*Set action\.id`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim, p, config := requestWorkflow(t, acctest.Arguments{"trigger": "score_changed"}, nil)
			acctest.Inject(t, sim, falconsim.Fault{Path: activitiesPath, Status: http.StatusOK, Body: `{"resources": [` + tt.entries + `], "errors": []}`})
			planned, diags := p.Plan(p.None(), config)
			got := acctest.Messages(diags, tfprotov6.DiagnosticSeverityError)
			if (tt.wantError == "") != (got == "") || !regexp.MustCompile(tt.wantError).MatchString(got) {
				t.Fatalf("got %q\nwant %s", got, tt.wantError)
			}
			if got == "" && !strings.Contains(p.Text(planned, "document"), `"version_constraint":"~3"`) {
				t.Errorf("planned %s", p.Text(planned, "document"))
			}
		})
	}
}

// While a part of the request is unknown, the document is unknown; what the catalog shows to be wrong is reported anyway
// where only the URL is unknown.
func TestNotifyHTTP_unknown(t *testing.T) {
	t.Parallel()
	for name, request := range map[string]acctest.Arguments{
		"url":           {"url": acctest.Unknown{}},
		"method":        {"method": acctest.Unknown{}},
		"headers":       {"headers": acctest.Unknown{}},
		"header":        {"headers": acctest.Arguments{"X-A": acctest.Unknown{}}},
		"body":          {"body": acctest.Unknown{}},
		"content_type":  {"content_type": acctest.Unknown{}},
		"credential":    {"credential": acctest.Unknown{}},
		"definition_id": {"credential": acctest.Arguments{"definition_id": acctest.Unknown{}}},
		"name":          {"credential": acctest.Arguments{"definition_id": strings.Repeat("a", 32), "name": acctest.Unknown{}}},
		"success_codes": {"success_codes": acctest.Unknown{}},
		"on_failure":    {"on_failure": acctest.Unknown{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, p, config := requestWorkflow(t, acctest.Arguments{"trigger": "score_changed"}, request)
			p.WantNoError(p.Validate(config))
			planned, diags := p.Plan(p.None(), config)
			p.WantNoError(diags)
			if known := p.Attributes(planned.Value); known["document"].IsKnown() || !known["name"].IsKnown() {
				t.Errorf("planned %v", known)
			}
		})
	}
	t.Run("whole request", func(t *testing.T) {
		t.Parallel()
		p := acctest.NewProtocol(t, acctest.NewSim(t, falconsim.Options{}))
		config := acctest.Arguments{"name": "notify", "notify_webhook": acctest.Arguments{"trigger": "new_incident", "http": acctest.Unknown{}}}
		p.WantNoError(p.Validate(config))
		_, diags := p.Plan(p.None(), config)
		p.WantNoError(diags)
	})
	t.Run("a wrong field before the URL is known", func(t *testing.T) {
		t.Parallel()
		_, p, config := requestWorkflow(t, acctest.Arguments{"trigger": "new_incident", "fields": []string{"Trigger.CDI"}}, acctest.Arguments{"url": acctest.Unknown{}})
		_, diags := p.Plan(p.None(), config)
		if got := acctest.Messages(diags, tfprotov6.DiagnosticSeverityError); !regexp.MustCompile(`fields.*Trigger\.CDI.*Trigger\.CID`).MatchString(got) {
			t.Errorf("got %q", got)
		}
	})
}

// A change from a webhook configuration to a request and back is an update in place.
func TestNotifyHTTP_switch(t *testing.T) {
	t.Parallel()
	sim, p, config := notifyWorkflow(t, falconsim.Options{}, acctest.Arguments{"trigger": "score_changed"})
	request := acctest.Arguments{"name": "notify", "notify_webhook": acctest.Arguments{"trigger": "score_changed", "http": acctest.Arguments{"url": hookURL}}}
	state := p.Create(config)
	id := p.Text(state, "id")
	for _, next := range []acctest.Arguments{request, config} {
		planned, diags := p.Plan(state, next)
		p.WantNoError(diags)
		if p.Text(planned, "id") != id {
			t.Errorf("the plan changes the id")
		}
		if state, diags = p.Apply(state, next); acctest.Messages(diags, tfprotov6.DiagnosticSeverityError) != "" {
			t.Fatal(acctest.Messages(diags, tfprotov6.DiagnosticSeverityError))
		}
		w := acctest.OnlyWorkflow(t, sim)
		if w.ID != id || !w.Enabled || w.Invalid {
			t.Errorf("workflow %s, enabled %t, has validation errors %t", w.ID, w.Enabled, w.Invalid)
		}
		p.WantEmptyPlan(p.Refresh(state), next)
	}
}

// A change in the console shows in document, and a workflow that was imported needs no write.
func TestNotifyHTTP_driftAndImport(t *testing.T) {
	t.Parallel()
	sim, p, config := requestWorkflow(t, acctest.Arguments{"trigger": "score_changed"}, nil)
	created := p.Create(config)
	w := acctest.OnlyWorkflow(t, sim)
	if err := sim.ReplaceWorkflow(w.ID, []byte(strings.Replace(jsonOf(t, w.Document), hookURL, "https://elsewhere.example/", 1))); err != nil {
		t.Fatal(err)
	}
	drifted := p.Refresh(created)
	planned, diags := p.Plan(drifted, config)
	p.WantNoError(diags)
	if got, want := changedKeys(t, p.Text(drifted, "document"), p.Text(planned, "document")), []string{".actions.SendRequest.properties.http_transaction.request_url"}; !slices.Equal(got, want) {
		t.Errorf("the plan changes %q, want %q", got, want)
	}
	reverted, diags := p.Apply(drifted, config)
	p.WantNoError(diags)
	p.WantEmptyPlan(p.Refresh(reverted), config)

	state, diags := p.Import(w.ID)
	p.WantNoError(diags)
	sim.ResetRequests()
	state, diags = p.Apply(state, config)
	p.WantNoError(diags)
	if n := writes(sim); n != 0 {
		t.Errorf("%d writes after an import, want none", n)
	}
	p.WantEmptyPlan(p.Refresh(state), config)
}
