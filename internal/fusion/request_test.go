package fusion

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// cloudRequestSchema is the part of the action's schema that matters.
const cloudRequestSchema = `{"properties":{"authentication_option":{},"http_transaction":{"type":"object"}},"required":["http_transaction"]}`

func request(change func(*Notify)) Notify {
	n := Notify{
		Name: "Scores", Event: "Case/Created", TriggerVersion: "1.2.0",
		Action: Action{ID: "1ba474f407d9228fc8fa02cdce8ae8ef", Name: "Cloud HTTP Request", Class: "Inline.HTTPRequest", VersionConstraint: "1.0.0", InputSchema: json.RawMessage(cloudRequestSchema)},
		HTTP:   &HTTPRequest{URL: "https://receiver.example/hook", Method: "POST", ContentType: ContentJSON, Body: `{"cid": "${data['Trigger.CID']}"}`},
	}
	change(&n)
	return n
}

func TestComposeRequest(t *testing.T) {
	t.Parallel()
	const trigger = `"trigger":{"event":"Case/Created","next":["SendRequest"],"type":"Signal","version_constraint":"~1"}`
	action := func(keys, properties string) string {
		return `"SendRequest":{"class":"Inline.HTTPRequest",` + keys + `"properties":{` + properties + `},"version_constraint":"~1"}`
	}
	const id = `"id":"1ba474f407d9228fc8fa02cdce8ae8ef",`
	const body = `"request_body":"{\"cid\": \"${data['Trigger.CID']}\"}",`
	const post = `"request_content_type":"JSON",`
	const rest = `"request_http_method":"POST","request_url":"https://receiver.example/hook"`
	for _, tc := range []struct {
		name   string
		change func(*Notify)
		want   string
	}{
		{"a body", func(*Notify) {}, `{"actions":{` + action(id, `"http_transaction":{`+body+post+rest+`}`) + `},"name":"Scores",` + trigger + `}`},
		{"headers and no body", func(n *Notify) {
			n.HTTP.Body, n.HTTP.ContentType, n.HTTP.Headers = "", ContentNone, map[string]string{"X-Source": "${data['Trigger.CID']}"}
		}, `{"actions":{` + action(id, `"http_transaction":{"request_content_type":"NONE","request_headers":{"X-Source":"${data['Trigger.CID']}"},"request_http_method":"POST","request_url":"https://receiver.example/hook"}`) + `},"name":"Scores",` + trigger + `}`},
		{"a credential", func(n *Notify) {
			n.HTTP.Credential = &Credential{DefinitionID: strings.Repeat("a", 32), ConfigID: strings.Repeat("b", 32), ConfigName: "Receiver", APIKeyHeader: "x-apikey"}
		}, `{"actions":{` + action(id, `"api_key_header_label":"x-apikey","api_key_location":"Header","authentication_option":"UseExisting","config_id":"`+strings.Repeat("b", 32)+
			`","config_name":"Receiver","definition_id":"`+strings.Repeat("a", 32)+`","http_transaction":{`+body+post+rest+`}`) + `},"name":"Scores",` + trigger + `}`},
		{"properties of its own", func(n *Notify) {
			n.Action.Properties = map[string]any{"oauth_token_url": "https://login.example/token"}
		}, `{"actions":{` + action(id, `"http_transaction":{`+body+post+rest+`},"oauth_token_url":"https://login.example/token"`) + `},"name":"Scores",` + trigger + `}`},
		{"a query", func(n *Notify) { n.HTTP.URL = "https://receiver.example/hook?sp=%2Frun&cid=${data['Trigger.CID']}" },
			`{"actions":{` + action(id, `"http_transaction":{`+body+post+`"request_http_method":"POST","request_query":{"`+queryKey(0, "sp")+`":{"name":"sp","value":"/run"},"`+
				queryKey(1, "cid")+`":{"name":"cid","value":"${data['Trigger.CID']}"}},"request_url":"https://receiver.example/hook"}`) + `},"name":"Scores",` + trigger + `}`},
		{"jsonencode escapes a reference", func(n *Notify) { n.HTTP.Body = `"${data['Trigger.A'] \u003e 1 ? 'a\u0026b' : ''} \u003c"` },
			`{"actions":{` + action(id, `"http_transaction":{"request_body":"\"${data['Trigger.A'] > 1 ? 'a&b' : ''} \\u003c\"",`+post+rest+`}`) + `},"name":"Scores",` + trigger + `}`},
		{"codes and continue", func(n *Notify) {
			n.HTTP.SuccessCodes, n.HTTP.ContinueOnError = []int64{200, 202}, true
			n.HTTP.Report = Action{ID: "aadbf530e35fc452a032f5f8acaaac2a", VersionConstraint: "1.0.0"}
		}, `{"actions":{"ReportStatus":{"id":"aadbf530e35fc452a032f5f8acaaac2a","properties":{"text_data":"Not delivered: the receiver responded with status ` +
			`${data[?'SendRequest.response_status_code'].orValue(0)}, expected 200 or 202."},"version_constraint":"~1"},` +
			action(`"continue_on_error":true,`+id+`"next":["NotDelivered"],`, `"http_transaction":{`+body+post+rest+`}`) +
			`},"conditions":{"NotDelivered":{"cel_expression":"data[?'SendRequest.response_status_code'].orValue(0) != 200 && data[?'SendRequest.response_status_code'].orValue(0) != 202",` +
			`"display":["data[?'SendRequest.response_status_code'].orValue(0) != 200 && data[?'SendRequest.response_status_code'].orValue(0) != 202"],"next":["ReportStatus"]}},"name":"Scores",` + trigger + `}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d, err := Compose(request(tc.change))
			if err != nil {
				t.Fatal(err)
			}
			if got, want := d.Canonical(), canonical(t, tc.want); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
			if problems := d.Check(CheckOptions{}); len(problems) > 0 {
				t.Errorf("problems: %s", problems)
			}
			for _, a := range d.Actions() {
				if a.Node != requestAction {
					continue
				}
				catalog := []CatalogAction{{Name: "Cloud HTTP Request", Class: classHTTP, Version: "1.0.0", InputSchema: json.RawMessage(cloudRequestSchema)}}
				if problems := d.CheckAction(a, catalog, CheckOptions{}); len(problems) > 0 {
					t.Errorf("problems in the catalog: %s", problems)
				}
			}
		})
	}
}

func canonical(t *testing.T, text string) string {
	t.Helper()
	d, problems := Parse(text)
	if d == nil {
		t.Fatal(problems)
	}
	return d.Canonical()
}

// queryKey is the UUID of a parameter.
func queryKey(i int, name string) string {
	address := RequestURL{Query: make([]QueryParameter, i+1)}
	address.Query[i].Name = name
	for key, value := range address.queryProperty() {
		if value.(map[string]any)["name"] == name {
			return key
		}
	}
	return ""
}

func TestComposeRequestWithCondition(t *testing.T) {
	t.Parallel()
	d, err := Compose(request(func(n *Notify) { n.Condition = "data['Trigger.Score'] < 50" }))
	if err != nil {
		t.Fatal(err)
	}
	if want := `"conditions":{"SendOnlyIf":{"cel_expression":"data['Trigger.Score'] < 50","display":["data['Trigger.Score'] < 50"],"next":["SendRequest"]}}`; !strings.Contains(d.Canonical(), want) {
		t.Errorf("%s is missing in %s", want, d.Canonical())
	}
}

func TestComposeRequestErrors(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		change func(*Notify)
		want   string
	}{
		"codes without the action": {func(n *Notify) { n.HTTP.SuccessCodes = []int64{200} }, "records another one"},
		"another action": {func(n *Notify) {
			n.Action.InputSchema = json.RawMessage(`{"properties":{"sleep_time":{}},"required":["sleep_time"]}`)
		}, "no value for the required sleep_time"},
		"reference in the host": {func(n *Notify) { n.HTTP.URL = "https://${data['Trigger.Host']}/hook" }, "must not contain references"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := Compose(request(tc.change)); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}

func TestSplitRequestURL(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		address string
		query   []QueryParameter
		err     string
	}{
		"https://a.example/b":                                    {address: "https://a.example/b"},
		"https://a.example/${data['Trigger.CID']}/c?":            {address: "https://a.example/${data['Trigger.CID']}/c"},
		"https://a.example?k=a%26b&&t=%3D&empty":                 {address: "https://a.example", query: []QueryParameter{{"k", "a&b"}, {"t", "="}, {"empty", ""}}},
		"https://a.example/reference0x?x=${data['Trigger.A?b']}": {address: "https://a.example/reference0x", query: []QueryParameter{{"x", "${data['Trigger.A?b']}"}}},
		"https://a.example:${data['Trigger.Port']}/":             {err: "not a valid URL"},
		"https://${data['Trigger.Host']}/":                       {err: "must not contain references"},
		"${data['Trigger.URL']}":                                 {err: "must not contain references"},
		"https://a.example/${data['Trigger.CID']":                {err: "no closing brace"},
		"https://a.example/?k=%zz":                               {err: "not correctly encoded"},
		"https://a.example/b?k=1#top":                            {err: "does not send what follows #"},
		"https://a.example/b?k=${data['Trigger.A#b']}":           {address: "https://a.example/b", query: []QueryParameter{{"k", "${data['Trigger.A#b']}"}}},
	} {
		got, err := SplitRequestURL(text)
		if want.err != "" {
			if err == nil || !strings.Contains(err.Error(), want.err) {
				t.Errorf("%s: got %v, want %q", text, err, want.err)
			}
			continue
		}
		if err != nil || got.Address != want.address || !slices.Equal(got.Query, want.query) {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
}

func TestFieldsBody(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		fields []string
		want   string
	}{
		{[]string{"Trigger.CID", "${Trigger.CID}", "${data['Trigger.Category.ZeroTrust.EventType.HostScoreChange.OSScore']}"},
			`{"cid": "${data['Trigger.CID']}", "os_score": "${data['Trigger.Category.ZeroTrust.EventType.HostScoreChange.OSScore']}"}`},
		{[]string{"Trigger.Case.Name", "Trigger.Name", "Trigger.Detection.NGSIEM.SourceIPs", "Trigger.Detection.EPP.Process.SHA256"},
			`{"case_name": "${data['Trigger.Case.Name']}", "trigger_name": "${data['Trigger.Name']}", "source_ips": "${data['Trigger.Detection.NGSIEM.SourceIPs']}", "sha256": "${data['Trigger.Detection.EPP.Process.SHA256']}"}`},
		{[]string{"Trigger.A-B", "Trigger.A_B"}, `{"Trigger.A-B": "${data['Trigger.A-B']}", "Trigger.A_B": "${data['Trigger.A_B']}"}`},
	} {
		got, err := FieldsBody(tc.fields)
		if err != nil || got != tc.want {
			t.Errorf("%q: %s, %v\nwant %s", tc.fields, got, err, tc.want)
		}
		if _, err := ParseJSONTemplate(got); err != nil {
			t.Errorf("%s: %v", got, err)
		}
	}
	if _, err := FieldsBody([]string{"${data['Trigger.A'].size()}"}); err == nil || !strings.Contains(err.Error(), "Set the body") {
		t.Errorf("an expression: %v", err)
	}
}

func TestParseJSONTemplate(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"a": "x ${data['Trigger.A']} y", "n": ${data['Trigger.N']}}`: "",
		`{"a": "\"${data['Trigger.A']}\""}`:                            "",
		`[${data['Trigger.N']}]`:                                       "",
		`{"a": ${data['Trigger.A']}`:                                   "unexpected end",
		"{\n\"a\": 1,\n}":                                              "line 3",
		`{"a": 1${data['Trigger.N']}}`:                                 "",
		`text`:                                                         "line 1",
	} {
		_, err := ParseJSONTemplate(text)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

func TestRequestReferences(t *testing.T) {
	t.Parallel()
	got := RequestReferences(`${data['Trigger.A']} ${Workflow.Execution.ID} ${data[?'Trigger.B'].orValue(1)} $${x} ${data['Trigger.A']}`)
	if want := []string{"Trigger.A", "Workflow.Execution.ID", "Trigger.B", "x"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
