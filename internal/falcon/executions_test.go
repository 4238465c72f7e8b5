package falcon

import (
	"context"
	"errors"
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
			if sent.get(key) != value || len(sent.query) != 1 || strings.TrimSpace(sent.body) != test.body {
				t.Errorf("sent %v with %q", sent.query, sent.body)
			}
		})
	}
}

func TestRunWorkflow_refused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answer    func(http.ResponseWriter, request)
		want      string
		ambiguous bool
	}{
		"fault":     {func(w http.ResponseWriter, _ request) { refusal(w, 500, "broken") }, "could not run workflow w1: Falcon answered 500: broken", true},
		"lost":      {func(http.ResponseWriter, request) { drop() }, "could not run workflow w1", true},
		"disabled":  {func(w http.ResponseWriter, _ request) { refusal(w, 400, "it is disabled") }, "it is disabled", false},
		"MFA":       {func(w http.ResponseWriter, _ request) { refusal(w, 401, "MFA required") }, "second factor", false},
		"in a 200":  {func(w http.ResponseWriter, _ request) { reply(w, 200, `{"errors":[{"message":"no"}]}`) }, "Falcon answered 200: no", false},
		"no id":     {func(w http.ResponseWriter, _ request) { list(w, 0) }, "no execution id", true},
		"forbidden": {func(w http.ResponseWriter, _ request) { refusal(w, 403, "access denied, scope not permitted") }, "lacks the scope workflow:write", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, c := newFake(t, map[string]func(http.ResponseWriter, request){executeCall: test.answer})
			_, err := c.RunWorkflow(t.Context(), WorkflowRef{ID: "w1"}, nil)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("got %v, want %q in it", err, test.want)
			}
			if Ambiguous(err) != test.ambiguous {
				t.Errorf("ambiguous is %t", !test.ambiguous)
			}
			if n := len(f.calls(executeCall)); n != 1 {
				t.Errorf("sent %d times: a workflow must not be started twice", n)
			}
		})
	}
}

// inTurn answers with one resource after the other, and then with the last one for ever; "" is a 404.
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
			`{"node_id":"b","name":"B","status":"Failed","error_code":503,"error_message":"no answer"}],"loops":[{"node_id":"l","status":"Failed"}]}`
		canceled = `{"execution_id":"e1","status":"Canceled","end_timestamp":"2026-01-01T00:00:00Z"}`
	)
	for name, test := range map[string]struct {
		results   []string
		looks     int
		succeeded bool
		failures  string
		wantErr   string
	}{
		"at once":            {results: []string{succeeded}, looks: 1, succeeded: true},
		"in the end":         {results: []string{running, running, succeeded}, looks: 3, succeeded: true},
		"not there at first": {results: []string{"", "", succeeded}, looks: 3, succeeded: true},
		"never there":        {results: []string{""}, looks: 1 + missingLooks, wantErr: "execution with id e1 not found"},
		"gone":               {results: []string{running, ""}, looks: 2, wantErr: "not found"},
		"failed":             {results: []string{running, failed}, looks: 2, failures: "b l"},
		"another end":        {results: []string{running, canceled}, looks: 2},
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
			} else if err != nil || !got.Ended || got.Succeeded() != test.succeeded || reported[len(reported)-1] != got.Status {
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
