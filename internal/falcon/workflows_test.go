package falcon

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

const (
	routeList   = "GET /workflows/combined/definitions/v1"
	routeImport = "POST /workflows/entities/definitions/import/v1"
	routeExport = "GET /workflows/entities/definitions/export/v1"
	routePut    = "PUT /workflows/entities/definitions/v1"
	routeAction = "POST /workflows/entities/definition-actions/v1"
	routeDelete = "DELETE /workflows/entities/definitions/v1"
)

type routes map[string]func(w http.ResponseWriter, r request)

func workflowJSON(id, name string, version int, enabled, invalid bool) string {
	return fmt.Sprintf(`{"id":%q,"name":%q,"description":"d","enabled":%t,"version":%d,"last_modified_timestamp":"2026-01-02T03:04:05Z",`+
		`"has_validation_errors":%t,"disconnected_nodes":[{"a":1}],"trigger":{"parameters":{"type":"object"}}}`, id, name, enabled, version, invalid)
}

// nothingStated is a response that may mean that there is nothing, or may have lost its content.
const nothingStated = `{"meta":{"query_time":1},"errors":null,"resources":null}`

func TestWorkflowReads(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		response string
		found    bool
		gone     bool
		says     string
		// exports says that the workflow's document exists.
		exports bool
	}{
		"found": {
			response: `{"meta":{"pagination":{"total":1}},"errors":[],"resources":[` + workflowJSON("w1", "n", 3, true, false) + `]}`, found: true,
		},
		"numbers as texts": {
			response: `{"meta":{"pagination":{"total":"1"}},"resources":[{"id":"w1","name":"n","version":"3"}]}`, found: true,
		},
		"gone":              {response: `{"meta":{"pagination":{"total":0}},"errors":[],"resources":[]}`, gone: true},
		"gone, null":        {response: nothingStated, gone: true},
		"null, and there":   {response: nothingStated, exports: true, says: "neither resources nor a total"},
		"another one":       {response: `{"meta":{},"resources":[{"id":"w2"}]}`, gone: true},
		"listed but absent": {response: `{"meta":{"pagination":{"total":1}},"resources":null}`, says: "should have 1 entries, but ended after 0"},
		"errors on 200":     {response: `{"meta":{},"errors":[{"code":500,"message":"broken shard"}],"resources":[]}`, says: "broken shard"},
		"wrong type":        {response: `{"meta":{},"resources":[{"id":"w1","version":"many"}]}`, says: "could not be decoded"},
		"id of wrong type":  {response: `{"meta":{},"resources":[{"id":{"x":1}}]}`, says: "no readable id"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, c := newFake(t, routes{
				routeList: func(w http.ResponseWriter, _ request) { reply(w, 200, tc.response) },
				routeExport: func(w http.ResponseWriter, _ request) {
					if !tc.exports {
						reply(w, 404, `{"errors":[{"code":404,"message":"definition with id w1 not found"}]}`)
						return
					}
					w.Header().Set("Content-Type", mediaYAML)
					reply(w, 200, "name: n\n")
				},
			})
			w, err := c.Workflow(t.Context(), "w1")
			switch {
			case tc.found:
				if err != nil || w.ID != "w1" || w.Name != "n" || w.Version != 3 {
					t.Fatalf("got %+v, %v", w, err)
				}
			case tc.gone != IsNotFound(err), !strings.Contains(fmt.Sprint(err), tc.says):
				t.Fatalf("not found: %t, error: %v", IsNotFound(err), err)
			}
			if got := f.calls(routeList)[0].get("filter"); got != "id:'w1'" {
				t.Errorf("filter is %s", got)
			}
		})
	}
}

func TestWorkflowsReadsAllPages(t *testing.T) {
	t.Parallel()
	for name, total := range map[string]int{"total known": 5, "no total": -1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, c := newFake(t, routes{routeList: func(w http.ResponseWriter, r request) {
				var page []string
				for i := range 2 { // fewer than requested
					var offset int
					_, _ = fmt.Sscan(r.get("offset"), &offset)
					if offset+i < 5 {
						page = append(page, workflowJSON(fmt.Sprint("w", offset+i), "n", 1, false, false))
					}
				}
				list(w, total, page...)
			}})
			got, err := c.Workflows(t.Context())
			if err != nil || len(got) != 5 {
				t.Fatalf("got %d workflows, %v", len(got), err)
			}
			if r := f.calls(routeList); r[0].get("limit") != "500" || r[0].query["offset"] != nil || r[1].get("offset") != "2" {
				t.Errorf("queries %v, %v", r[0].query, r[1].query)
			}
		})
	}
}

func TestWorkflowAddedDuringTheListing(t *testing.T) {
	t.Parallel()
	_, c := newFake(t, routes{routeList: func(w http.ResponseWriter, r request) {
		if r.get("offset") == "" {
			list(w, 3, workflowJSON("w1", "n", 1, false, false), workflowJSON("w2", "n", 1, false, false))
			return
		}
		// One was added in front, so w2 comes again.
		list(w, 4, workflowJSON("w2", "n", 1, false, false), workflowJSON("w3", "n", 1, false, false))
	}})
	if got, err := c.Workflows(t.Context()); err != nil || len(got) != 3 {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestListingThatIgnoresTheOffsetEnds(t *testing.T) {
	t.Parallel()
	f, c := newFake(t, routes{routeList: func(w http.ResponseWriter, _ request) {
		list(w, 9, workflowJSON("w1", "n", 1, false, false))
	}})
	if _, err := c.Workflows(t.Context()); err == nil || !strings.Contains(err.Error(), "should have 9 entries") {
		t.Error(err)
	}
	if n := len(f.calls(routeList)); n != 2 {
		t.Errorf("%d calls", n)
	}
}

func TestExportWorkflow(t *testing.T) {
	t.Parallel()
	const body = "# This is an exported workflow.\n\nname: x\n"
	existing := func(w http.ResponseWriter, _ request) { list(w, 1, workflowJSON("w1", "n", 1, false, false)) }
	none := func(w http.ResponseWriter, _ request) { list(w, 0) }
	yaml := func(status int, body string) func(http.ResponseWriter, request) {
		return func(w http.ResponseWriter, r request) {
			if accept := r.header.Values("Accept"); len(accept) != 1 || accept[0] != "application/yaml" {
				refusal(w, http.StatusNotAcceptable, "not acceptable")
				return
			}
			w.Header().Set("Content-Type", "application/yaml")
			if status == 299 {
				w.Header().Set("X-Api-Warning", "not portable")
			}
			reply(w, status, body)
		}
	}
	tests := map[string]struct {
		export, list func(http.ResponseWriter, request)
		warning      string
		gone         bool
		says         string
	}{
		"plain":           {export: yaml(200, body)},
		"with a caveat":   {export: yaml(299, body), warning: "not portable"},
		"empty":           {export: yaml(200, ""), says: "export workflow w1"},
		"a frame instead": {export: yaml(200, `{"meta":{},"errors":[{"code":500,"message":"shard down"}],"resources":[]}`), says: "shard down"},
		"an empty frame":  {export: yaml(200, `{"meta":{"trace_id":"t"},"resources":[]}`), says: "contains no document"},
		"a proxy's page":  {export: yaml(200, "<html><body>log in</body></html>"), says: "web page"},
		"gone": {
			export: func(w http.ResponseWriter, _ request) { refusal(w, 404, "definition with id w1 not found") }, list: none,
			gone: true, says: "definition with id w1 not found",
		},
		"made from a template": {
			export: func(w http.ResponseWriter, _ request) { refusal(w, 404, "no such export") }, list: existing,
			says: "Foundry app's template",
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, c := newFake(t, routes{routeExport: tc.export, routeList: tc.list})
			got, err := c.ExportWorkflow(t.Context(), "w1")
			if tc.says == "" {
				if err != nil || got.Text != body || got.Warning != tc.warning {
					t.Fatalf("got %+v, %v", got, err)
				}
			} else if err == nil || !strings.Contains(err.Error(), tc.says) || IsNotFound(err) != tc.gone {
				t.Fatalf("not found: %t, error: %v", IsNotFound(err), err)
			}
			if r := f.calls(routeExport)[0]; r.get("sanitize") != "false" || r.get("id") != "w1" {
				t.Errorf("query %v", r.query)
			}
		})
	}
}

// A part of a YAML text is often valid YAML, and an incomplete document must not be taken for a change in the console.
func TestExportWorkflow_incomplete(t *testing.T) {
	t.Parallel()
	const whole = "name: x\ntrigger: {next: [a]}\nactions: {a: {id: i}}\n"
	const part = "name: x\ntrigger: {next: [a]}\nactions:\n"
	for name, tc := range map[string]struct {
		first, then string
		draft       bool
		exports     int
		says        string
	}{
		"once":                          {first: part, then: whole, exports: 2},
		"always":                        {first: part, then: part, exports: 4, says: `incomplete: it refers to "a"`},
		"stored with validation errors": {first: part, then: part, draft: true, exports: 1},
		"complete":                      {first: whole, then: part, exports: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := 0
			f, c := newFake(t, routes{
				routeList: func(w http.ResponseWriter, _ request) { list(w, 1, workflowJSON("w1", "n", 1, false, tc.draft)) },
				routeExport: func(w http.ResponseWriter, _ request) {
					w.Header().Set("Content-Type", "application/yaml")
					body := tc.then
					if n++; n == 1 {
						body = tc.first
					}
					reply(w, http.StatusOK, body)
				},
			})
			got, err := c.ExportWorkflow(t.Context(), "w1")
			switch {
			case tc.says != "":
				if err == nil || !strings.Contains(err.Error(), tc.says) {
					t.Errorf("got %v, want %q", err, tc.says)
				}
			case err != nil:
				t.Fatal(err)
			case !tc.draft && got.Text != whole:
				t.Errorf("got %q", got.Text)
			}
			if calls := len(f.calls(routeExport)); calls != tc.exports {
				t.Errorf("%d exports, want %d", calls, tc.exports)
			}
		})
	}
}

func TestSendUpdate(t *testing.T) {
	t.Parallel()
	const flat = `{"id":"w1","name":"n","actions":{"a":{"x":1.5,"y":"<&>"}}}`
	tests := map[string]struct {
		response func(http.ResponseWriter, request)
		refused  bool
		gone     bool
		says     string
		calls    int
	}{
		"accepted":         {response: func(w http.ResponseWriter, _ request) { list(w, 0, `"w1"`) }, calls: 1},
		"errors on 200":    {response: func(w http.ResponseWriter, _ request) { refusal(w, 200, "bad") }, refused: true, calls: 1},
		"unknown activity": {response: func(w http.ResponseWriter, _ request) { refusal(w, 404, "activity not found for id x constraint ~1") }, refused: true, says: "activity not found for id x", calls: 1},
		"validation code on 400": {response: func(w http.ResponseWriter, _ request) {
			reply(w, 400, `{"meta":{},"errors":[{"code":2003,"message":"unknown trigger event named X"}],"resources":[]}`)
		}, refused: true, says: "unknown trigger event named X (code 2003)", calls: 1},
		"no code on 400": {response: func(w http.ResponseWriter, _ request) { refusal(w, 400, "invalid ID") }, says: "invalid ID", calls: 1},
		"gone":           {response: func(w http.ResponseWriter, _ request) { refusal(w, 404, "definition not found for id") }, gone: true, says: "update workflow w1", calls: 1},
		"server's fault": {response: func(w http.ResponseWriter, _ request) { refusal(w, 500, "oops") }, says: "oops", calls: 1},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, c := newFake(t, routes{routePut: tc.response})
			err := c.sendUpdate(t.Context(), "w1", NewExport(flat).Document)
			_, refused := errors.AsType[ValidationErrors](err)
			if refused != tc.refused || IsNotFound(err) != tc.gone || !strings.Contains(fmt.Sprint(err), tc.says) {
				t.Fatalf("refused %t, gone %t: %v", refused, IsNotFound(err), err)
			}
			r := f.calls(routePut)
			if len(r) != tc.calls || r[0].body != flat || r[0].header.Get("Content-Type") != "application/json" || r[0].query["validate_only"] != nil {
				t.Errorf("%d calls, first %+v", len(r), r[0])
			}
		})
	}
}

func TestValidateUpdateChangesNothingAndIsRepeated(t *testing.T) {
	t.Parallel()
	times := 0
	f, c := newFake(t, routes{routePut: func(w http.ResponseWriter, _ request) {
		if times++; times == 1 {
			refusal(w, 503, "later")
			return
		}
		list(w, 0, `"w1"`)
	}})
	if err := c.ValidateUpdate(t.Context(), "w1", spec(false).Document); err != nil {
		t.Fatal(err)
	}
	for _, r := range f.calls(routePut) {
		if r.get("validate_only") != "true" {
			t.Errorf("query %v", r.query)
		}
	}
}

func TestValidateImport(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ response, says string }{
		"fine":        {response: `{"meta":{},"errors":[],"resources":[{"parameters":null}]}`},
		"only a hint": {response: `{"meta":{},"errors":[],"resources":[{"validation_errors":[{"code":1,"message":"old","level":"warning"}]}]}`},
		"no event": {
			response: `{"meta":{},"errors":[],"resources":[{"validation_errors":[{"code":2003,"message":"unknown trigger event named ","node_id":"trigger"}]}]}`,
			says:     `at "trigger": unknown trigger event named (code 2003)`,
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, c := newFake(t, routes{routeImport: func(w http.ResponseWriter, _ request) { reply(w, 200, tc.response) }})
			err := c.ValidateImport(t.Context(), spec(false).Document)
			if (err == nil) != (tc.says == "") || !strings.Contains(fmt.Sprint(err), tc.says) {
				t.Fatal(err)
			}
			r := f.calls(routeImport)[0]
			if r.get("validate_only") != "true" || r.get("name") != "n" || !strings.Contains(r.body, `name="data_file"`) ||
				!strings.Contains(r.body, "name: \"n\"\n") {
				t.Errorf("request %+v", r)
			}
		})
	}
}

func TestSetWorkflowEnabled(t *testing.T) {
	t.Parallel()
	state := func(enabled bool) func(http.ResponseWriter, request) {
		return func(w http.ResponseWriter, _ request) { list(w, 1, workflowJSON("w1", "n", 2, enabled, false)) }
	}
	lost := func(http.ResponseWriter, request) { drop() }
	late := func(looks int) func(http.ResponseWriter, request) {
		return func(w http.ResponseWriter, r request) {
			looks--
			state(looks < 0)(w, r)
		}
	}
	done := func(w http.ResponseWriter, _ request) { list(w, 0) }
	ten := strings.Repeat(", GET definitions", 10)
	tests := map[string]struct {
		action, list func(http.ResponseWriter, request)
		says         string
		calls        string
	}{
		"done":              {action: done, list: state(true), calls: "POST enable, GET definitions"},
		"accepted, 202":     {action: func(w http.ResponseWriter, _ request) { reply(w, 202, `{"meta":{},"errors":[],"resources":[]}`) }, list: state(true), calls: "POST enable, GET definitions"},
		"shown late":        {action: done, list: late(2), calls: "POST enable, GET definitions, GET definitions, GET definitions"},
		"never shown":       {action: done, list: state(false), says: "accepted the request to enable workflow w1, but", calls: "POST enable" + ten},
		"refused with 200":  {action: func(w http.ResponseWriter, _ request) { refusal(w, 200, "missing required plugin configuration") }, says: "missing required plugin configuration", calls: "POST enable"},
		"lost, took effect": {action: lost, list: state(true), calls: "POST enable, GET definitions"},
		"lost, shown late":  {action: lost, list: late(1), calls: "POST enable, GET definitions, GET definitions"},
		"lost, no effect":   {action: lost, list: state(false), says: "enable workflow w1", calls: "POST enable" + ten + ", POST enable" + ten + ", POST enable" + ten},
		"gone":              {action: done, list: done, says: "workflow w1 not found", calls: "POST enable" + ten},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, c := newFake(t, routes{routeAction: tc.action, routeList: tc.list})
			w, err := c.SetWorkflowEnabled(t.Context(), "w1", true)
			if (err == nil) != (tc.says == "") || !strings.Contains(fmt.Sprint(err), tc.says) || err == nil && !w.Enabled {
				t.Fatalf("got %+v, %v", w, err)
			}
			if f.lines() != tc.calls || strings.TrimSpace(f.calls(routeAction)[0].body) != `{"ids":["w1"]}` {
				t.Errorf("calls %s, body %s", f.lines(), f.calls(routeAction)[0].body)
			}
		})
	}
}

func TestDeleteWorkflow(t *testing.T) {
	t.Parallel()
	done := func(w http.ResponseWriter, _ request) { list(w, 0, `"w1"`) }
	tests := map[string]struct {
		response func(http.ResponseWriter, request)
		shown    int // how many reads find the workflow after the response
		fails    bool
		looks    int
		says     string
	}{
		"done":           {response: done, looks: 1},
		"shown for long": {response: done, shown: 4, looks: 5},
		"stays":          {response: done, shown: 99, looks: 10, says: "still shows the workflow after 10s"},
		"look fails":     {response: done, fails: true, looks: 1},
		"empty response": {response: func(w http.ResponseWriter, _ request) { reply(w, 200, "") }, looks: 1},
		"gone already":   {response: func(w http.ResponseWriter, _ request) { refusal(w, 404, "definition with id w1 not found") }, shown: 1, looks: 2},
		"wrong address":  {response: func(w http.ResponseWriter, _ request) { refusal(w, 404, "404: Page Not Found") }, says: "Page Not Found"},
		"refused":        {response: func(w http.ResponseWriter, _ request) { refusal(w, 403, "access denied, scope not permitted") }, says: "workflow:write"},
		"refused in 200": {response: func(w http.ResponseWriter, _ request) { refusal(w, 200, "in use") }, says: "in use"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			looks := 0
			f, c := newFake(t, routes{routeDelete: tc.response, routeList: func(w http.ResponseWriter, _ request) {
				switch looks++; {
				case tc.fails:
					refusal(w, 403, "access denied, scope not permitted")
				case looks <= tc.shown:
					list(w, 1, workflowJSON("w1", "n", 1, false, false))
				default:
					list(w, 0)
				}
			}})
			err := c.DeleteWorkflow(t.Context(), "w1")
			if (err == nil) != (tc.says == "") || !strings.Contains(fmt.Sprint(err), tc.says) {
				t.Fatal(err)
			}
			if got := f.calls(routeDelete)[0].get("ids"); got != "w1" || len(f.calls(routeDelete)) != 1 {
				t.Errorf("ids=%s, calls %s", got, f.lines())
			}
			if looks != tc.looks {
				t.Errorf("%d looks, want %d", looks, tc.looks)
			}
		})
	}
}

func TestCancelledContextSendsNothing(t *testing.T) {
	t.Parallel()
	f, c := newFake(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.CreateWorkflow(ctx, spec(false)); err == nil {
		t.Error("no error")
	}
	if f.lines() != "" {
		t.Errorf("calls %s", f.lines())
	}
}
