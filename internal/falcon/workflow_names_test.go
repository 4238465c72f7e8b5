package falcon

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// namedVersion is a row of a listing.
type namedVersion struct {
	id, name string
	version  int
}

// namedTenant lists the rows whose version has the name that is filtered for, as far as it understands the filter.
type namedTenant struct {
	rows    []namedVersion
	refuses bool // name.raw is not a field
}

func (n namedTenant) list(w http.ResponseWriter, r request) {
	field, value, _ := strings.Cut(r.get("filter"), ":")
	value = strings.Trim(value, "*'")
	var found []string
	for _, row := range n.rows {
		switch {
		case field == "id" && row.id != value:
		case field == "name.raw" && n.refuses:
			refusal(w, http.StatusBadRequest, "Invalid FQL: fql: name.raw is an unknown property")
			return
		case field == "name.raw" && !strings.Contains(r.get("filter"), "*") && row.name != value:
		case field == "name.raw" && !strings.Contains(row.name, value):
		default:
			found = append(found, workflowJSON(row.id, row.name, row.version, false, false))
		}
	}
	list(w, len(found), found...)
}

func (n namedTenant) filters(f *fake) string {
	var out []string
	for _, r := range f.calls(routeList) {
		out = append(out, r.get("filter"))
	}
	return strings.Join(out, " ")
}

func TestWorkflowsByName(t *testing.T) {
	t.Parallel()
	many := make([]namedVersion, 0, 30)
	for i := range 15 {
		many = append(many, namedVersion{fmt.Sprint("w", i), "draft", 1}, namedVersion{fmt.Sprint("w", i), fmt.Sprint("final ", i), 2})
	}
	odd := []string{"O'Brien", `a\b`, `say "hi"`, "line\nbreak", "*", "a+b", "[x]", "what?", strings.Repeat("long ", 50)}
	tests := map[string]struct {
		rows    []namedVersion
		name    string
		refuses bool
		want    string
		filters string
	}{
		"found":          {rows: []namedVersion{{"w1", "Alert", 1}}, name: "Alert", want: "w1", filters: "name.raw:'Alert' id:'w1'"},
		"another case":   {rows: []namedVersion{{"w1", "Alert", 1}}, name: "alert", filters: "name.raw:'alert'"},
		"not ASCII":      {rows: []namedVersion{{"w1", "Grüße 世界", 1}}, name: "Grüße 世界", want: "w1", filters: "name.raw:'Grüße 世界' id:'w1'"},
		"a former name":  {rows: []namedVersion{{"w1", "New", 2}, {"w1", "Old", 1}}, name: "Old", filters: "name.raw:'Old' id:'w1'"},
		"renamed to it":  {rows: []namedVersion{{"w1", "New", 2}, {"w1", "Old", 1}, {"w2", "Old", 3}}, name: "Old", want: "w2", filters: "name.raw:'Old' id:'w1' id:'w2'"},
		"refused":        {rows: []namedVersion{{"w1", "New", 2}, {"w1", "Old", 1}, {"w2", "Old", 3}}, name: "Old", refuses: true, want: "w2", filters: "name.raw:'Old' "},
		"many, former":   {rows: many, name: "draft", filters: "name.raw:'draft' "},
		"newest decides": {rows: []namedVersion{{"w1", "Old", 1}, {"w1", "New", 2}, {"w1", "Old", 3}}, name: "Old", want: "w1", filters: "name.raw:'Old' id:'w1'"},
	}
	for i, name := range odd {
		tests[fmt.Sprintf("odd %q", name)] = struct {
			rows    []namedVersion
			name    string
			refuses bool
			want    string
			filters string
		}{rows: []namedVersion{{fmt.Sprint("odd", i), name, 1}, {"w1", "New", 2}, {"w1", name, 1}}, name: name, want: fmt.Sprint("odd", i)}
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := namedTenant{rows: tc.rows, refuses: tc.refuses}
			f, c := newFake(t, routes{routeList: tenant.list})
			got, err := c.WorkflowsByName(t.Context(), tc.name)
			if err != nil || strings.Join(workflowIDs(got), " ") != tc.want {
				t.Errorf("got %v, %v, want %s", got, err, tc.want)
			}
			if filters := tenant.filters(f); filters != tc.filters {
				t.Errorf("filters %q, want %q", filters, tc.filters)
			}
			if tc.refuses { // it is not requested again
				if got, err := c.WorkflowsByName(t.Context(), "New"); err != nil || len(got) != 1 || len(f.calls(routeList)) != 3 {
					t.Errorf("got %v, %v after %q", got, err, tenant.filters(f))
				}
			}
		})
	}
}

func TestEachWorkflowNamed(t *testing.T) {
	t.Parallel()
	rows := []namedVersion{
		{"w1", "Zscaler 24", 1}, {"w2", "zscaler off", 1}, {"w3", "other", 2}, {"w3", "Zscaler former", 1}, {"w4", "O'Zscaler", 1},
	}
	for name, tc := range map[string]struct {
		contains, want, filters string
		refuses                 bool
		take                    int
	}{
		"as it is":         {contains: "Zscaler", take: 2, want: "w1 w4", filters: "name.raw:*'*Zscaler*' id:'w1' id:'w3' id:'w4'"},
		"any case":         {contains: "Zscaler", take: 9, want: "w1 w4 w2", filters: "name.raw:*'*Zscaler*' id:'w1' id:'w3' id:'w4' "},
		"has no case":      {contains: "24", take: 9, want: "w1", filters: "name.raw:*'*24*' id:'w1'"},
		"a quote":          {contains: "O'", take: 9, want: "w4", filters: ""},
		"refused":          {contains: "zscaler", take: 9, refuses: true, want: "w1 w2 w4", filters: "name.raw:*'*zscaler*' "},
		"all":              {take: 9, want: "w1 w2 w3 w4", filters: ""},
		"a former name":    {contains: "former", take: 9, filters: "name.raw:*'*former*' id:'w3' "},
		"nothing anywhere": {contains: "nothing", take: 9, filters: "name.raw:*'*nothing*' "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := namedTenant{rows: rows, refuses: tc.refuses}
			f, c := newFake(t, routes{routeList: tenant.list})
			var got []string
			for w, err := range c.EachWorkflow(t.Context(), tc.contains) {
				if err != nil {
					t.Fatal(err)
				}
				if got = append(got, w.ID); len(got) == tc.take {
					break
				}
			}
			if strings.Join(got, " ") != tc.want {
				t.Errorf("got %v, want %s", got, tc.want)
			}
			if filters := tenant.filters(f); filters != tc.filters {
				t.Errorf("filters %q, want %q", filters, tc.filters)
			}
		})
	}
}

// A tenant that rejects the requested order is read without one.
func TestWorkflowSortRefused(t *testing.T) {
	t.Parallel()
	f, c := newFake(t, routes{routeList: func(w http.ResponseWriter, r request) {
		if r.get("sort") != "" {
			refusal(w, http.StatusBadRequest, "invalid sort")
			return
		}
		list(w, 2, workflowJSON("w1", "n", 1, false, false), workflowJSON("w1", "n", 2, true, false))
	}})
	for range 2 {
		if w, err := c.Workflow(t.Context(), "w1"); err != nil || w.Version != 2 || !w.Enabled {
			t.Fatalf("got %+v, %v", w, err)
		}
	}
	if n := len(f.calls(routeList)); n != 3 {
		t.Errorf("%d calls, want 3", n)
	}
}
