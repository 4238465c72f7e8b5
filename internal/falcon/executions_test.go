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
	executeCall = "POST /workflows/entities/execute/v1"
	resultsCall = "GET /workflows/entities/execution-results/v1"
)

func TestRunWorkflow(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		ref        WorkflowRef
		parameters map[string]any
		query      string
		body       string
	}{
		"by id":   {ref: WorkflowRef{ID: "w1"}, query: "definition_id=w1", body: `{}`},
		"by name": {ref: WorkflowRef{Name: "Nightly & check"}, parameters: map[string]any{"n": 1}, query: "name=Nightly & check", body: `{"n":1}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, c := newFake(t, map[string]func(http.ResponseWriter, request){
				executeCall: func(w http.ResponseWriter, _ request) { list(w, 1, `"e1"`) },
			})
			id, err := c.RunWorkflow(t.Context(), test.ref, test.parameters)
			if err != nil || id != "e1" {
				t.Fatalf("got %q, %v", id, err)
			}
			sent := f.calls(executeCall)[0]
			key, value, _ := strings.Cut(test.query, "=")
			if sent.get(key) != value || len(sent.query) != 2 || strings.TrimSpace(sent.body) != test.body {
				t.Errorf("sent %v with %q", sent.query, sent.body)
			}
			if _, err := c.RunWorkflow(t.Context(), test.ref, test.parameters); err != nil {
				t.Fatal(err)
			}
			again := f.calls(executeCall)[1]
			if len(sent.get("key")) < 20 || again.get("key") == sent.get("key") {
				t.Errorf("two runs with the keys %q and %q", sent.get("key"), again.get("key"))
			}
		})
	}
}

// A lost response is repeated with the same key, which starts no second run.
func TestRunWorkflow_lostResponse(t *testing.T) {
	t.Parallel()
	for name, lost := range map[string]func(http.ResponseWriter){
		"connection": func(http.ResponseWriter) { drop() },
		"gateway":    func(w http.ResponseWriter) { reply(w, 502, "<html>bad gateway</html>") },
		"no id":      nil,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			runs := map[string]string{} // by key
			sent := 0
			_, c := newFake(t, routes{executeCall: func(w http.ResponseWriter, r request) {
				if runs[r.get("key")] == "" {
					runs[r.get("key")] = fmt.Sprint("e", len(runs)+1)
				}
				if sent++; sent < 3 && lost != nil {
					lost(w)
					return
				}
				list(w, 1, fmt.Sprintf("%q", runs[r.get("key")]))
			}})
			if id, err := c.RunWorkflow(t.Context(), WorkflowRef{ID: "w1"}, nil); err != nil || id != "e1" || len(runs) != 1 {
				t.Errorf("got %q, %v, runs %v", id, err, runs)
			}
			if want := map[bool]int{true: 1, false: 3}[lost == nil]; sent != want {
				t.Errorf("sent %d times, want %d", sent, want)
			}
		})
	}
}

func TestRunWorkflow_refused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		response  func(http.ResponseWriter, request)
		want      string
		ambiguous bool
		sent      int
	}{
		"fault": {func(w http.ResponseWriter, _ request) { refusal(w, 500, "broken") }, "Falcon returned 500 for the request to run workflow w1: broken", true, 3},
		"lost":  {func(http.ResponseWriter, request) { drop() }, "run workflow w1", true, 3},
		"disabled": {func(w http.ResponseWriter, _ request) {
			refusal(w, 412, "definition n is disabled, re-enable to allow running on-demand")
		}, "set enabled = true", false, 1},
		"signal": {func(w http.ResponseWriter, _ request) {
			refusal(w, 412, "n is not an On-demand or schedule triggered workflow")
		}, "starts when the event occurs", false, 1},
		"MFA":       {func(w http.ResponseWriter, _ request) { refusal(w, 401, "MFA required") }, "second factor", false, 1},
		"in a 200":  {func(w http.ResponseWriter, _ request) { reply(w, 200, `{"errors":[{"message":"no"}]}`) }, ": no", false, 1},
		"no id":     {func(w http.ResponseWriter, _ request) { list(w, 0) }, "no execution id", true, 1},
		"forbidden": {func(w http.ResponseWriter, _ request) { refusal(w, 403, "access denied, scope not permitted") }, "lacks the scope workflow:write", false, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, c := newFake(t, map[string]func(http.ResponseWriter, request){executeCall: test.response})
			_, err := c.RunWorkflow(t.Context(), WorkflowRef{ID: "w1"}, nil)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("got %v, want %q in it", err, test.want)
			}
			if Ambiguous(err) != test.ambiguous {
				t.Errorf("ambiguous is %t", !test.ambiguous)
			}
			keys := map[string]bool{}
			for _, r := range f.calls(executeCall) {
				keys[r.get("key")] = true
			}
			if n := len(f.calls(executeCall)); n != test.sent || len(keys) != 1 {
				t.Errorf("sent %d times with %d keys", n, len(keys))
			}
		})
	}
}

func TestRunnable(t *testing.T) {
	t.Parallel()
	const schema = `{"type":"object","required":["host"]}`
	row := func(parameters string) string {
		return `{"id":"w1","name":"n","version":2,"enabled":true,"trigger":{"type":"On demand","parameters":` + parameters + `}}`
	}
	for name, test := range map[string]struct {
		row, schema, trigger string
	}{
		"an object":      {row: row(schema), schema: schema, trigger: "On demand"},
		"a text":         {row: row(`"{\"type\":\"object\",\"required\":[\"host\"]}"`), schema: schema, trigger: "On demand"},
		"null":           {row: row(`null`), trigger: "On demand"},
		"empty":          {row: row(`{}`), trigger: "On demand"},
		"another shape":  {row: `{"id":"w1","name":"n","version":2,"trigger":["x"]}`},
		"without one":    {row: `{"id":"w1","name":"n","version":2}`},
		"an old version": {row: row(schema) + `,{"id":"w1","name":"old","version":1,"trigger":{"parameters":{"type":"array"}}}`, schema: schema, trigger: "On demand"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, c := newFake(t, routes{routeList: func(w http.ResponseWriter, _ request) { list(w, 1, test.row) }})
			for _, ref := range []WorkflowRef{{ID: "w1"}, {Name: "n"}} {
				if w, err := c.Runnable(t.Context(), ref); err != nil || w.ID != "w1" || w.Parameters != test.schema || w.TriggerType != test.trigger {
					t.Errorf("%s: got %+v, %v", ref, w, err)
				}
			}
			if _, err := c.Runnable(t.Context(), WorkflowRef{Name: "old"}); !IsNotFound(err) || !strings.Contains(err.Error(), `workflow "old" not found`) {
				t.Error(err)
			}
		})
	}
}

// inTurn responds with one resource after the other, and then always with the last one; "" is a 404.
func inTurn(results ...string) func(http.ResponseWriter, request) {
	n := 0
	return func(w http.ResponseWriter, _ request) {
		result := results[min(n, len(results)-1)]
		n++
		if result == "" {
			refusal(w, http.StatusNotFound, "execution with id e1 not found")
			return
		}
		list(w, 1, result)
	}
}

func TestWaitExecution(t *testing.T) {
	t.Parallel()
	const (
		running   = `{"execution_id":"e1","status":"In progress","end_timestamp":"0001-01-01T00:00:00Z"}`
		succeeded = `{"execution_id":"e1","status":"Succeeded","end_timestamp":"2026-01-01T00:00:00Z","output_data":{"a":1}}`
		failed    = `{"execution_id":"e1","status":"Failed","activities":[{"node_id":"a","name":"A","status":"Succeeded"},` +
			`{"node_id":"b","name":"B","status":"Failed","error_code":503,"error_message":"no response"}],"loops":[{"node_id":"l","status":"Failed"}]}`
		canceled = `{"execution_id":"e1","status":"Canceled","end_timestamp":"2026-01-01T00:00:00Z"}`
	)
	for name, test := range map[string]struct {
		results   []string
		looks     int
		succeeded bool
		waiting   bool
		failures  string
		wantErr   string
	}{
		"at once":            {results: []string{succeeded}, looks: 1, succeeded: true},
		"in the end":         {results: []string{running, running, succeeded}, looks: 3, succeeded: true},
		"not there at first": {results: []string{"", "", succeeded}, looks: 3, succeeded: true},
		"never there":        {results: []string{""}, looks: 1 + maxMissingPolls, wantErr: "execution with id e1 not found"},
		"gone":               {results: []string{running, ""}, looks: 2, wantErr: "not found"},
		"failed":             {results: []string{running, failed}, looks: 2, failures: "b l"},
		"another end":        {results: []string{running, canceled}, looks: 2},
		"completed":          {results: []string{running, `{"execution_id":"e1","status":"Completed"}`}, looks: 2, succeeded: true},
		"in other letters":   {results: []string{`{"execution_id":"e1","status":"IN_PROGRESS","end_timestamp":"2026-01-01T00:00:00Z"}`, `{"execution_id":"e1","status":"SUCCEEDED"}`}, looks: 2, succeeded: true},
		"cancelled":          {results: []string{running, `{"execution_id":"e1","status":"Cancelled"}`}, looks: 2},
		"new state, an end":  {results: []string{running, `{"execution_id":"e1","status":"Skipped","end_timestamp":"2026-01-01T00:00:00Z"}`}, looks: 2},
		"new state, no end":  {results: []string{`{"execution_id":"e1","status":"Throttled"}`, succeeded}, looks: 2, succeeded: true},
		"waits for someone":  {results: []string{running, `{"execution_id":"e1","status":"Action required"}`, succeeded}, looks: 2, waiting: true},
		"waits, one word":    {results: []string{`{"execution_id":"e1","status":"ActionRequired"}`}, looks: 1, waiting: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, c := newFake(t, map[string]func(http.ResponseWriter, request){resultsCall: inTurn(test.results...)})
			var reported []string
			got, err := c.WaitExecution(t.Context(), "e1", func(e Execution) { reported = append(reported, e.Status) })
			if test.wantErr != "" {
				if err == nil || !strings.Contains(err.Error(), test.wantErr) {
					t.Errorf("got %v, want %q in it", err, test.wantErr)
				}
			} else if err != nil || got.Ended == test.waiting || got.Waiting != test.waiting || got.Succeeded() != test.succeeded || reported[len(reported)-1] != got.Status {
				t.Errorf("got %+v, %v, reported %v", got, err, reported)
			}
			if n := len(f.calls(resultsCall)); n != test.looks {
				t.Errorf("%d looks, want %d", n, test.looks)
			}
			var nodes []string
			for _, n := range got.Failures() {
				nodes = append(nodes, n.NodeID)
			}
			if strings.Join(nodes, " ") != test.failures {
				t.Errorf("failures %v, want %s", nodes, test.failures)
			}
		})
	}
}

func TestWaitExecution_stops(t *testing.T) {
	t.Parallel()
	f, c := newFake(t, map[string]func(http.ResponseWriter, request){
		resultsCall: inTurn(`{"execution_id":"e1","status":"In progress"}`),
	})
	enough := errors.New("time is up")
	ctx, cancel := context.WithCancelCause(t.Context())
	got, err := c.WaitExecution(ctx, "e1", func(Execution) {
		if len(f.calls(resultsCall)) == 3 {
			cancel(enough)
		}
	})
	if err == nil || got.Status != "In progress" || len(f.calls(resultsCall)) != 3 {
		t.Errorf("got %+v, %v after %d looks", got, err, len(f.calls(resultsCall)))
	}
}
