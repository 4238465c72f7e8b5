package falcon

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

const exportOfN = "# This is an exported workflow.\n\nname: n\n"

// oneWorkflow is a fake tenant with at most one workflow, and the ways in which it can misbehave.
type oneWorkflow struct {
	exists, enabled, invalid bool
	version                  int
	document                 string

	imports      []func(w http.ResponseWriter, o *oneWorkflow) // one for each import, the last for all others
	put          func(w http.ResponseWriter)
	enable       func(w http.ResponseWriter, o *oneWorkflow)
	remove       func(w http.ResponseWriter, o *oneWorkflow)
	list         func(w http.ResponseWriter, times int) bool
	sent, listed int
}

func (o *oneWorkflow) store() {
	o.exists, o.version, o.invalid, o.document = true, 1, false, exportOfN
}

func stored(w http.ResponseWriter, o *oneWorkflow) {
	o.store()
	reply(w, 200, `{"meta":{},"errors":[],"resources":[{"id":"w1","name":"n","model":{},"parameters":null,"disconnected_nodes":[{"x":1}]}]}`)
}

func storedInvalid(w http.ResponseWriter, o *oneWorkflow) {
	stored(w, o)
	o.invalid = true
}

func (o *oneWorkflow) routes() routes {
	return routes{
		routeList: func(w http.ResponseWriter, _ request) {
			o.listed++
			if o.list != nil && o.list(w, o.listed) {
				return
			}
			if !o.exists {
				list(w, 0)
				return
			}
			list(w, 1, workflowJSON("w1", "n", o.version, o.enabled, o.invalid))
		},
		routeImport: func(w http.ResponseWriter, _ request) {
			step := o.imports[min(o.sent, len(o.imports)-1)]
			o.sent++
			step(w, o)
		},
		routeExport: func(w http.ResponseWriter, _ request) {
			w.Header().Set("Content-Type", "application/yaml")
			reply(w, 200, o.document)
		},
		routePut: func(w http.ResponseWriter, _ request) { o.put(w) },
		routeAction: func(w http.ResponseWriter, _ request) {
			if o.enable != nil {
				o.enable(w, o)
				return
			}
			o.enabled, o.version = true, o.version+1
			list(w, 0)
		},
		routeDelete: func(w http.ResponseWriter, _ request) {
			if o.remove != nil {
				o.remove(w, o)
				return
			}
			o.exists = false
			list(w, 0, `"w1"`)
		},
	}
}

func TestCreateWorkflow(t *testing.T) {
	t.Parallel()
	type steps = []func(w http.ResponseWriter, o *oneWorkflow)
	conflict := func(w http.ResponseWriter, _ *oneWorkflow) {
		refusal(w, 409, "A workflow by this name already exists. Try a new name.")
	}
	const disabled = false
	tests := map[string]struct {
		tenant  oneWorkflow
		enabled bool
		says    string
		as      func(error) bool
		left    bool // a workflow is in the tenant afterwards
		// problems are those of a draft that is kept.
		problems string
		calls    string
	}{
		"disabled": {
			tenant: oneWorkflow{imports: steps{stored}}, left: true,
			calls: "GET definitions, POST import, GET definitions, GET export",
		},
		"enabled": {
			tenant: oneWorkflow{imports: steps{stored}}, enabled: true, left: true,
			calls: "GET definitions, POST import, GET definitions, GET export, POST enable, GET definitions, GET export",
		},
		"name taken": {
			tenant: oneWorkflow{exists: true, version: 4}, says: "already exists (id w1)", as: is[*ExistsError], left: true,
			calls: "GET definitions, GET definitions",
		},
		"name taken in between": {
			tenant: oneWorkflow{imports: steps{func(w http.ResponseWriter, o *oneWorkflow) {
				o.store() // someone else's, equal by chance
				conflict(w, o)
			}}},
			says: "already exists (id w1)", as: is[*ExistsError], left: true,
			calls: "GET definitions, POST import, GET definitions, GET definitions",
		},
		"paced, then stored": {
			tenant: oneWorkflow{imports: steps{func(w http.ResponseWriter, _ *oneWorkflow) { refusal(w, 429, "slow down") }, stored}},
			left:   true, calls: "GET definitions, POST import, POST import, GET definitions, GET export",
		},
		"response lost, stored": {
			tenant: oneWorkflow{imports: steps{func(_ http.ResponseWriter, o *oneWorkflow) { o.store(); drop() }}},
			left:   true, calls: "GET definitions, POST import, GET definitions, GET definitions, GET export, GET export",
		},
		"response lost, shown late": {
			tenant: oneWorkflow{
				imports: steps{func(_ http.ResponseWriter, o *oneWorkflow) { o.store(); drop() }},
				list: func(w http.ResponseWriter, times int) bool {
					if times == 2 {
						list(w, 0)
					}
					return times == 2
				},
			},
			left: true, calls: "GET definitions, POST import, GET definitions, GET definitions, GET definitions, GET export, GET export",
		},
		"response lost, not stored": {
			tenant: oneWorkflow{imports: steps{func(http.ResponseWriter, *oneWorkflow) { drop() }}},
			says:   `the request to create workflow "n" failed`, as: is[*UnsettledError],
			calls: "GET definitions, POST import, GET definitions, GET definitions, GET definitions, GET definitions, GET definitions, GET definitions, GET definitions, GET definitions, GET definitions, GET definitions",
		},
		"response lost, another document": {
			tenant: oneWorkflow{imports: steps{func(_ http.ResponseWriter, o *oneWorkflow) {
				o.store()
				o.document = "name: n\nother: true\n"
				drop()
			}}},
			says: "it may be the one with id w1", as: is[*UnsettledError], left: true,
			calls: "GET definitions, POST import, GET definitions, GET definitions, GET export",
		},
		"response lost, touched since": {
			tenant: oneWorkflow{imports: steps{func(_ http.ResponseWriter, o *oneWorkflow) {
				o.store()
				o.version = 2
				drop()
			}}},
			says: "it may be the one with id w1", as: is[*UnsettledError], left: true,
			calls: "GET definitions, POST import, GET definitions, GET definitions",
		},
		"response lost, then silence": {
			tenant: oneWorkflow{
				imports: steps{func(_ http.ResponseWriter, o *oneWorkflow) { o.store(); drop() }},
				list: func(w http.ResponseWriter, times int) bool {
					if times > 1 {
						refusal(w, 403, "access denied, authorization failed")
					}
					return times > 1
				},
			},
			says: "not known whether", as: is[*UnsettledError], left: true,
			calls: "GET definitions, POST import, GET definitions",
		},
		"response lost, then not enabled": { // the workflow that was found may be someone else's
			tenant: oneWorkflow{
				imports: steps{func(_ http.ResponseWriter, o *oneWorkflow) { o.store(); drop() }},
				enable:  func(w http.ResponseWriter, _ *oneWorkflow) { refusal(w, 403, "access denied, scope not permitted") },
			},
			says: "it may be the one with id w1", as: is[*UnsettledError], enabled: true, left: true,
			calls: "GET definitions, POST import, GET definitions, GET definitions, GET export, GET export, POST enable",
		},
		"502, stored": {
			tenant: oneWorkflow{imports: steps{func(w http.ResponseWriter, o *oneWorkflow) {
				o.store()
				w.Header().Set("Content-Type", "text/html")
				reply(w, 502, "<html>bad gateway</html>")
			}}},
			left: true, calls: "GET definitions, POST import, GET definitions, GET definitions, GET export, GET export",
		},
		"response without the workflow": {
			tenant: oneWorkflow{imports: steps{func(w http.ResponseWriter, _ *oneWorkflow) { list(w, 0) }}},
			says:   "does not contain the new workflow", as: is[*UnsettledError],
			calls: "GET definitions, POST import, GET definitions, GET definitions, GET definitions, GET definitions, GET definitions, GET definitions, GET definitions, GET definitions, GET definitions, GET definitions",
		},
		"no YAML": {
			tenant: oneWorkflow{imports: steps{func(w http.ResponseWriter, _ *oneWorkflow) { refusal(w, 400, "import file must be a valid YAML file") }}},
			says:   "must be a valid YAML file", calls: "GET definitions, POST import",
		},
		"invalid": {
			tenant: oneWorkflow{imports: steps{storedInvalid}, put: func(w http.ResponseWriter) { refusal(w, 404, "activity not found for id x") }},
			says:   "activity not found for id x", as: isValidation, enabled: true,
			calls: "GET definitions, POST import, GET definitions, PUT definitions?, DELETE definitions, GET definitions",
		},
		"an invalid draft is kept": {
			tenant:   oneWorkflow{imports: steps{storedInvalid}, put: func(w http.ResponseWriter) { list(w, 0, `"w1"`) }},
			problems: "returns no text", enabled: disabled, left: true,
			calls: "GET definitions, POST import, GET definitions, PUT definitions?, GET export",
		},
		"plugin without configuration": {
			tenant: oneWorkflow{
				imports: steps{storedInvalid}, put: func(w http.ResponseWriter) { list(w, 0, `"w1"`) },
				enable: func(w http.ResponseWriter, _ *oneWorkflow) {
					reply(w, 200, `{"meta":{},"errors":[{"code":2035,"message":"missing required plugin configuration"}],"resources":[]}`)
				},
			},
			says: "missing required plugin configuration (code 2035)", as: isValidation, enabled: true,
			calls: "GET definitions, POST import, GET definitions, PUT definitions?, GET export, POST enable, DELETE definitions, GET definitions",
		},
		"enabling without effect": {
			tenant: oneWorkflow{imports: steps{stored}, enable: func(w http.ResponseWriter, _ *oneWorkflow) { list(w, 0) }},
			says:   "still shows enabled = false\n\nThe new workflow was deleted again", enabled: true,
			calls: "GET definitions, POST import, GET definitions, GET export, POST enable, GET definitions, GET definitions, GET definitions, GET definitions, GET definitions, GET definitions, GET definitions, GET definitions, GET definitions, GET definitions, DELETE definitions, GET definitions",
		},
		"cannot be removed again": {
			tenant: oneWorkflow{
				imports: steps{stored},
				enable:  func(w http.ResponseWriter, _ *oneWorkflow) { refusal(w, 403, "access denied, scope not permitted") },
				remove:  func(w http.ResponseWriter, _ *oneWorkflow) { refusal(w, 403, "access denied, scope not permitted") },
			},
			says: "Workflow w1 had been stored and could not be deleted", as: is[*KeptError], enabled: true, left: true,
			calls: "GET definitions, POST import, GET definitions, GET export, POST enable, DELETE definitions",
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := tc.tenant
			f, c := newFake(t, tenant.routes())
			w, err := c.CreateWorkflow(t.Context(), spec(tc.enabled))
			if tc.says == "" {
				if err != nil || w.ID != "w1" || w.Enabled != tc.enabled || (len(w.Problems) > 0) != (tc.problems != "") || !strings.Contains(w.Problems.Error(), tc.problems) {
					t.Fatalf("got %+v, %v", w, err)
				}
			} else if err == nil || !strings.Contains(err.Error(), tc.says) || tc.as != nil && !tc.as(err) {
				t.Fatalf("error %T: %v", err, err)
			}
			if f.lines() != tc.calls {
				t.Errorf("calls: %s\nwanted: %s", f.lines(), tc.calls)
			}
			if tenant.exists != tc.left {
				t.Errorf("a workflow is left: %t", tenant.exists)
			}
		})
	}
}

func spec(enabled bool) WorkflowSpec {
	return WorkflowSpec{Document: NewExport(exportOfN).Document, Enabled: enabled}
}

func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

func isValidation(err error) bool { return is[ValidationErrors](err) }

func TestCreateWorkflowVerifiesBeforeEnabling(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		cut   int // exports, from the first one on, that lack a key
		says  string
		calls string
	}{
		"as sent": {calls: "GET export, POST enable, GET definitions, GET export"},
		"something dropped": {
			cut: 99, says: "Falcon dropped this key",
			calls: "GET export, GET export, GET definitions, DELETE definitions, GET definitions",
		},
		"an incomplete response": {cut: 1, calls: "GET export, GET export, POST enable, GET definitions, GET export"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const sent = exportOfN + "color: red\n"
			tenant := oneWorkflow{imports: []func(http.ResponseWriter, *oneWorkflow){stored}}
			routes := tenant.routes()
			exports := 0
			routes[routeExport] = func(w http.ResponseWriter, _ request) {
				w.Header().Set("Content-Type", mediaYAML)
				if exports++; exports <= tc.cut {
					reply(w, 200, exportOfN)
					return
				}
				reply(w, 200, sent)
			}
			f, c := newFake(t, routes)
			_, err := c.CreateWorkflow(t.Context(), WorkflowSpec{Document: NewExport(sent).Document, Enabled: true})
			calls := "GET definitions, POST import, GET definitions, " + tc.calls
			if (err == nil) != (tc.says == "") || !strings.Contains(fmt.Sprint(err), tc.says) || tenant.exists != (tc.says == "") || f.lines() != calls {
				t.Errorf("error %v, left %t, calls %s", err, tenant.exists, f.lines())
			}
		})
	}
}

func TestCreateWorkflowCleansUpAfterCancellation(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	tenant := oneWorkflow{imports: []func(http.ResponseWriter, *oneWorkflow){stored}}
	tenant.enable = func(_ http.ResponseWriter, _ *oneWorkflow) {
		cancel()
		drop()
	}
	f, c := newFake(t, tenant.routes())
	if _, err := c.CreateWorkflow(ctx, spec(true)); err == nil {
		t.Fatal("no error")
	}
	if tenant.exists || len(f.calls(routeDelete)) != 1 {
		t.Errorf("calls: %s", f.lines())
	}
}
