package falcon

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
)

// savedVersion is a version of a workflow.
type savedVersion struct {
	document string
	enabled  bool
}

// sharedTenant is a tenant with one workflow, which others write too, and whose reads may be stale.
type sharedTenant struct {
	versions []savedVersion
	deleted  bool
	calls    map[string]int
	// before is what someone does before the n-th request of a kind, such as "export 1".
	before map[string]func(*sharedTenant)
	// stale is how many reads of a kind show what was there before the last write.
	stale map[string]int
}

func (s *sharedTenant) save(document string) {
	s.versions = append(s.versions, savedVersion{document: document, enabled: s.last().enabled})
}

func (s *sharedTenant) last() savedVersion {
	if len(s.versions) == 0 {
		return savedVersion{}
	}
	return s.versions[len(s.versions)-1]
}

// count records a request, and returns the versions that it sees.
func (s *sharedTenant) count(kind string) []savedVersion {
	if s.calls == nil {
		s.calls = map[string]int{}
	}
	s.calls[kind]++
	if do := s.before[fmt.Sprint(kind, " ", s.calls[kind])]; do != nil {
		do(s)
	}
	seen := s.versions
	if s.stale[kind] > 0 && len(seen) > 0 {
		s.stale[kind]--
		seen = seen[:len(seen)-1]
	}
	return seen
}

func (s *sharedTenant) routes() routes {
	return routes{
		routeList: func(w http.ResponseWriter, _ request) {
			var rows []string
			for i, v := range s.count("list") {
				if !s.deleted {
					rows = append(rows, workflowJSON("w1", "n", i+1, v.enabled, false))
				}
			}
			list(w, len(rows), rows...)
		},
		routeExport: func(w http.ResponseWriter, _ request) {
			seen := s.count("export")
			if len(seen) == 0 {
				refusal(w, http.StatusNotFound, "definition with id w1 not found")
				return
			}
			w.Header().Set("Content-Type", mediaYAML)
			reply(w, 200, seen[len(seen)-1].document)
		},
		routeImport: func(w http.ResponseWriter, _ request) {
			s.count("import")
			s.versions, s.deleted = []savedVersion{{document: exportOfN}}, false
			reply(w, 200, `{"errors":[],"resources":[{"id":"w1"}]}`)
		},
		routePut: func(w http.ResponseWriter, r request) {
			s.count("put")
			s.save(r.body)
			list(w, 1, `"w1"`)
		},
		routeAction: func(w http.ResponseWriter, _ request) {
			s.count("enable")
			s.versions = append(s.versions, savedVersion{document: s.last().document, enabled: true})
			list(w, 0)
		},
		routeDelete: func(w http.ResponseWriter, _ request) {
			s.count("delete")
			s.deleted = true
			list(w, 0, `"w1"`)
		},
	}
}

const othersDocument = "name: n\nother: true\n"

func saveOther(s *sharedTenant) { s.save(othersDocument) }

// Whatever someone saves while a workflow is created has a later version than the one that the create returns, so that the
// next refresh looks at it. Nothing that someone saved is deleted.
func TestCreateWorkflowWhileOthersSave(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		before  string
		enabled bool
		version int64 // of what is returned; 0 for an error
		left    int
	}{
		"undisturbed":                 {enabled: true, version: 2, left: 2},
		"before the version is read":  {before: "list 2", left: 2},
		"before the comparison":       {before: "export 1", left: 2},
		"before it is enabled":        {before: "enable 1", enabled: true, version: 1, left: 3},
		"before the version is shown": {before: "list 3", enabled: true, version: 1, left: 3},
		"before the last comparison":  {before: "export 2", enabled: true, version: 1, left: 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := &sharedTenant{before: map[string]func(*sharedTenant){test.before: saveOther}}
			f, c := newFake(t, tenant.routes())
			w, err := c.CreateWorkflow(t.Context(), spec(test.enabled))
			switch {
			case test.version == 0 && (err == nil || !strings.Contains(err.Error(), "It differs at: other")):
				t.Errorf("got %+v, %v", w, err)
			case test.version != 0 && (err != nil || w.Version != test.version || w.Enabled != test.enabled):
				t.Errorf("got %+v, %v", w, err)
			}
			if len(tenant.versions) != test.left {
				t.Errorf("%d versions: %s", len(tenant.versions), f.lines())
			}
			if is[*ChangedError](err) != (test.version == 0) || len(f.calls(routeDelete)) > 0 {
				t.Errorf("%s: %v", f.lines(), err)
			}
		})
	}
}

func TestReplaceWorkflow(t *testing.T) {
	t.Parallel()
	const was, sent = "name: n\nold: true\n", "name: n\nnew: true\n"
	for name, test := range map[string]struct {
		before  map[string]func(*sharedTenant)
		stale   map[string]int
		version int64
		others  bool
		says    string
		looks   map[string]int
	}{
		"undisturbed":         {version: 2, looks: map[string]int{"list": 1, "export": 1}},
		"listed late":         {stale: map[string]int{"list": 2}, version: 2, looks: map[string]int{"list": 3, "export": 1}},
		"exported late":       {stale: map[string]int{"export": 4}, version: 2, looks: map[string]int{"list": 1, "export": 5}},
		"saved before":        {before: map[string]func(*sharedTenant){"put 1": saveOther}, version: 3, others: true},
		"saved after the PUT": {before: map[string]func(*sharedTenant){"list 1": saveOther}, says: "someone else changed"},
		"saved before export": {before: map[string]func(*sharedTenant){"export 1": saveOther}, says: "someone else changed"},
		"something dropped": {
			before: map[string]func(*sharedTenant){"list 1": func(s *sharedTenant) { s.versions[1].document = othersDocument }},
			says:   "Falcon dropped this key", looks: map[string]int{"list": 2, "export": 2},
		},
		"without effect": {before: map[string]func(*sharedTenant){"list 1": func(s *sharedTenant) { s.versions = s.versions[:1] }}, says: "Falcon dropped this key"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := &sharedTenant{versions: []savedVersion{{document: was}}, before: test.before, stale: test.stale}
			f, c := newFake(t, tenant.routes())
			w, warnings, err := c.replaceWorkflow(t.Context(), Workflow{ID: "w1", Name: "n", Version: 1, LastModified: "2026-01-02T03:04:05Z"},
				NewExport(sent).Document, NewExport(was))
			if (err == nil) != (test.says == "") || !strings.Contains(fmt.Sprint(err), test.says) {
				t.Fatalf("error %v, want %q", err, test.says)
			}
			if err == nil && w.Version != test.version || (len(warnings) > 0) != test.others {
				t.Errorf("got %+v, warnings %q", w, warnings)
			}
			if changed := is[*ChangedError](err); changed != strings.Contains(test.says, "someone") {
				t.Errorf("%v", err)
			}
			for kind, n := range test.looks {
				if tenant.calls[kind] != n {
					t.Errorf("%d of %s, want %d: %s", tenant.calls[kind], kind, n, f.lines())
				}
			}
			if tenant.calls["put"] != 1 {
				t.Errorf("sent %d times", tenant.calls["put"])
			}
		})
	}
}

// UpdateWorkflow sends only what differs, and nothing where someone changed the workflow after the plan.
func TestUpdateWorkflow(t *testing.T) {
	t.Parallel()
	const planned, old = "name: n\nplanned: true\n", "name: n\nold: true\n"
	for name, test := range map[string]struct {
		document string // that Falcon has, in version 2; the plan has shown old in version 1
		enabled  bool
		puts     int
		actions  int
		says     string
	}{
		"saved without a change":  {document: old, puts: 1},
		"saved as planned":        {document: planned},
		"changed by someone else": {document: othersDocument, says: "It differs from what the plan has shown at: old, other. Nothing was sent"},
		"not a document":          {document: "[]", says: "Nothing was sent"},
		"to be enabled":           {document: planned, enabled: true, actions: 1},
		"both":                    {document: old, enabled: true, puts: 1, actions: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := &sharedTenant{versions: []savedVersion{{document: old}, {document: test.document}}}
			f, c := newFake(t, tenant.routes())
			doc := NewExport(planned).Document
			w, warnings, err := c.UpdateWorkflow(t.Context(), WorkflowUpdate{
				Before: Workflow{ID: "w1", Version: 1}, BeforeDocument: NewExport(old), Planned: doc, Document: doc, Enabled: test.enabled,
			})
			if (err == nil) != (test.says == "") || !strings.Contains(fmt.Sprint(err), test.says) || len(warnings) > 0 {
				t.Fatalf("error %v, warnings %q, want %q", err, warnings, test.says)
			}
			if tenant.calls["put"] != test.puts || tenant.calls["enable"] != test.actions {
				t.Errorf("calls %s", f.lines())
			}
			if err == nil && (w.Version != int64(2+test.puts+test.actions) || w.Enabled != test.enabled) {
				t.Errorf("got %+v", w)
			}
		})
	}
}

// An id in a response counts when Falcon shows the new workflow under it: nothing else is enabled or deleted.
func TestCreateWorkflowBelievesNoID(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		shows string // under the id of the response
		made  bool   // the workflow exists, under an id of its own
		want  string
	}{
		"another workflow's":     {shows: "payroll", made: true},
		"another's, not created": {shows: "payroll", want: "Falcon returned workflow w9 as the new one"},
		"no one's":               {made: true},
		"no one's, not created":  {want: "It may appear later under this name"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sent := false
			f, c := newFake(t, routes{
				routeImport: func(w http.ResponseWriter, _ request) {
					sent = true
					reply(w, 200, `{"errors":[],"resources":[{"id":"w9"}]}`)
				},
				routeList: func(w http.ResponseWriter, r request) {
					own := r.get("filter") == "name.raw:'n'" || r.get("filter") == "id:'w1'"
					switch {
					case own && sent && test.made:
						list(w, 1, workflowJSON("w1", "n", 1, false, false))
					case r.get("filter") == "id:'w9'" && test.shows != "":
						list(w, 1, workflowJSON("w9", test.shows, 7, true, false))
					default:
						list(w, 0)
					}
				},
				routeExport: func(w http.ResponseWriter, _ request) {
					w.Header().Set("Content-Type", mediaYAML)
					reply(w, 200, exportOfN)
				},
			})
			w, err := c.CreateWorkflow(t.Context(), spec(false))
			if test.want == "" && (err != nil || w.ID != "w1") || test.want != "" && (!is[*UnsettledError](err) || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("got %+v, %v", w, err)
			}
			if len(f.calls(routeDelete))+len(f.calls(routeAction)) > 0 {
				t.Errorf("calls %s", f.lines())
			}
		})
	}
}

// An interruption while the create is sent leaves nothing behind: the create ends, and the workflow is deleted again.
func TestCreateWorkflowInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	tenant := &sharedTenant{before: map[string]func(*sharedTenant){"import 1": func(*sharedTenant) { cancel() }}}
	f, c := newFake(t, tenant.routes())
	if w, err := c.CreateWorkflow(ctx, spec(true)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %+v, %v", w, err)
	}
	if tenant.calls["import"] != 1 || !tenant.deleted || tenant.calls["enable"] != 0 {
		t.Errorf("calls %s", f.lines())
	}
}

// A create waits for the delete of the workflow that has its name.
func TestCreateWorkflowWaitsForADelete(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var d deletions
		ended := d.begin("w1")
		var order []string
		done := make(chan struct{})
		go func() {
			defer close(done)
			if ended, err := d.wait(t.Context(), []string{"w1"}); !ended || err != nil {
				t.Error("it did not wait", err)
			}
			order = append(order, "create")
		}()
		synctest.Wait()
		order = append(order, "deleted")
		ended()
		<-done
		if !slices.Equal(order, []string{"deleted", "create"}) {
			t.Error(order)
		}
		if ended, err := d.wait(t.Context(), []string{"w1"}); ended || err != nil {
			t.Error("it waits for a delete that has ended", err)
		}
	})
}

func TestDeletionWait(t *testing.T) {
	t.Parallel()
	var d deletions
	defer d.begin("w1")()
	if ended, err := d.wait(t.Context(), []string{"w1", "w2"}); ended || err != nil {
		t.Errorf("one of the objects is not being deleted: %t, %v", ended, err)
	}
	ctx, cancel := context.WithCancel(withCall(t.Context(), call{doing: "create it"}))
	cancel()
	ended, err := d.wait(ctx, []string{"w1"})
	if ended || !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "the request to create it failed: stopped") {
		t.Errorf("interrupted: %t, %v", ended, err)
	}
}

// A read that shows an older version than was seen before is repeated for a limited time.
func TestWorkflowSince(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		stale, looks int
		version      int64
	}{
		"as seen":      {looks: 1, version: 2},
		"lags behind":  {stale: 3, looks: 4, version: 2},
		"stays behind": {stale: 99, looks: 11, version: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := &sharedTenant{versions: []savedVersion{{document: exportOfN}, {document: exportOfN}}, stale: map[string]int{"list": test.stale}}
			_, c := newFake(t, tenant.routes())
			w, err := c.WorkflowSince(t.Context(), "w1", 2)
			if err != nil || w.Version != test.version || tenant.calls["list"] != test.looks {
				t.Errorf("got %+v, %v after %d looks", w, err, tenant.calls["list"])
			}
		})
	}
}

// A create after a delete whose object is still shown for a moment: the delete returns when it is no longer shown.
func TestCreateWorkflowAfterDelete(t *testing.T) {
	t.Parallel()
	tenant := &sharedTenant{versions: []savedVersion{{document: exportOfN}}}
	looks := 0
	tenantRoutes := tenant.routes()
	shown := tenantRoutes[routeList]
	tenantRoutes[routeList] = func(w http.ResponseWriter, r request) {
		if looks++; tenant.deleted && looks < 4 {
			list(w, 1, workflowJSON("w1", "n", 1, false, false))
			return
		}
		shown(w, r)
	}
	_, c := newFake(t, tenantRoutes)
	if err := c.DeleteWorkflow(t.Context(), "w1"); err != nil {
		t.Fatal(err)
	}
	if w, err := c.CreateWorkflow(t.Context(), spec(false)); err != nil || w.ID != "w1" {
		t.Errorf("got %+v, %v", w, errors.Unwrap(err))
	}
}
