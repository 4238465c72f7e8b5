package tenantfacts

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// full is a record with every field.
func full() *Facts {
	f := New()
	f.Readings = []Reading{{"Q02", "b", EvidenceRead}, {"Q07", "a", EvidenceWrite}}
	f.Scopes = Scopes{Offered: []string{"devices:read", "workflow:write"}, Other: 2, Denied: []string{"workflow:write"}}
	f.WebhookApp = AppInstalled
	f.Activities = []Activity{{ID: "0123", Name: "Call webhook", Class: "class", Version: "1.0.3", Properties: []Property{{"config_id", "Webhook name", "string", true}, {"<key 1>", "", "array", false}}}}
	f.Triggers = []Trigger{{Category: "Case/Created", Name: "Case > Case Created", Version: "1.0.0", Fields: []Field{{"Trigger.Case.Name", "string"}}}, {Category: "Case"}}
	f.Limits = Limits{6000, 300}
	f.Contents = Contents{new(11), new(1), new(0), new(101), new(0), new(501), nil, 2}
	f.Responses = []Response{{"GET /a/v1", 200, []string{"Content-Type"}, []string{"resources[].id: <id 1>", "x: text"}, nil}, {"GET /a/v1", 404, []string{}, []string{}, []string{"not <value>"}}}
	return f
}

func TestSaveAndLoad(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]*Facts{"empty": New(), "full": full()} {
		path := filepath.Join(t.TempDir(), "facts.json")
		for range 2 { // the second time, the file exists
			if err := f.Save(path); err != nil {
				t.Fatal(err)
			}
		}
		got, err := Load(path)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !reflect.DeepEqual(got, f) {
			t.Errorf("%s: got %+v, want %+v", name, got, f)
		}
		if files, err := os.ReadDir(filepath.Dir(path)); err != nil || len(files) != 1 {
			t.Errorf("%s: %v, %v", name, files, err)
		}
	}
}

// A person reads the file: nothing is escaped, and no line is long except for lists of facts.
func TestEncode_isReadable(t *testing.T) {
	t.Parallel()
	text, err := full().Encode()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"\n    {\"question\":\"Q02\",\"reading\":\"b\",\"evidence\":\"read\"},\n", "\n        \"resources[].id: <id 1>\",\n", `"Case > Case Created"`, `"body": []`, `"users":null`,
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	if !json.Valid(text) {
		t.Error("it is not JSON")
	}
}

func TestEncode_size(t *testing.T) {
	t.Parallel()
	f := New()
	for i := range 3000 {
		f.Responses = append(f.Responses, Response{Request: fmt.Sprintf("GET /path/%d", i), Status: 200})
	}
	if _, err := f.Encode(); err == nil || !strings.Contains(err.Error(), "60000") {
		t.Errorf("a record of any size is accepted: %v", err)
	}
}

func TestParse_refuses(t *testing.T) {
	t.Parallel()
	valid, err := full().Encode()
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct{ old, replacement, want string }{
		"another format":   {`"falcon-tenant-facts"`, `"terraform"`, `format is "terraform"`},
		"a newer version":  {`"version": 1`, `"version": 2`, "falcon-check and falconsim of the same release"},
		"no JSON":          {"{\n", "", "not JSON"},
		"an unknown key":   {`"limits"`, `"limit"`, `unknown field "limit"`},
		"more text":        {"\n}\n", "\n}\n{}", "invalid character"},
		"a question":       {`"Q02"`, `"2"`, `readings[0]: question "2"`},
		"a letter":         {`"reading":"b"`, `"reading":"bb"`, `reading "bb" of Q02`},
		"evidence":         {`"evidence":"read"`, `"evidence":"guess"`, `evidence "guess" of Q02`},
		"twice":            {`"Q07"`, `"Q02"`, `readings[1]: "Q02" is there twice`},
		"a scope":          {`"devices:read"`, `"Hosts"`, `scopes.offered[0]: "Hosts" is not a scope id`},
		"scopes twice":     {`"devices:read"`, `"workflow:write"`, `scopes.offered[1]: "workflow:write" is there twice`},
		"other scopes":     {`"other":2`, `"other":-1`, "scopes.other: -1"},
		"an app":           {`"installed"`, `"yes"`, `webhook_app: "yes"`},
		"an activity":      {`"name":"Call webhook"`, `"name":""`, "activities[0]: id and name are required"},
		"a property":       {`"key":"config_id"`, `"key":"<key 1>"`, `activities[0].properties[1]: "<key 1>" is there twice`},
		"a trigger":        {`"category":"Case"`, `"category":""`, "triggers[1]: category is required"},
		"a field":          {`"path":"Trigger.Case.Name"`, `"path":""`, "triggers[0].fields[0]: path is required"},
		"a limit":          {`"requests":6000`, `"requests":-1`, "limits: -1 is not between"},
		"a size":           {`"api_clients":11`, `"api_clients":12`, "contents.api_clients: 12 is not one of [0 1 11 101 501]"},
		"versions":         {`"versions":2`, `"versions":3`, "contents.versions: 3"},
		"a request":        {`"GET /a/v1","status":200`, `"GET a","status":200`, `responses[0]: request "GET a"`},
		"a status":         {`"status":404`, `"status":4040`, "responses[1]: status 4040"},
		"the wrong type":   {`"status":404`, `"status":"404"`, "cannot unmarshal string"},
		"a response twice": {`"status":404`, `"status":200`, `responses[1]: "GET /a/v1 200" is there twice`},
	} {
		if strings.Count(string(valid), tt.old) == 0 {
			t.Fatalf("%s: %q is not in\n%s", name, tt.old, valid)
		}
		_, err := Parse([]byte(strings.Replace(string(valid), tt.old, tt.replacement, 1)))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %s", name, err, tt.want)
		}
	}
	if _, err := Parse(make([]byte, maxFile+1)); err == nil {
		t.Error("a file of any size is accepted")
	}
	if _, err := Load(filepath.Join(t.TempDir(), "missing.json")); err == nil || !strings.Contains(err.Error(), "unable to read") {
		t.Errorf("a missing file: %v", err)
	}
}

func TestSize(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]int{0: 0, 1: 1, 10: 1, 11: 11, 100: 11, 101: 101, 5000: 501} {
		if got := Size(n); got != want || Size(got) != got {
			t.Errorf("%d: %d, want %d", n, got, want)
		}
	}
}
