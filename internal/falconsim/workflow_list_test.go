package falconsim

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// listRows lists workflows and returns the rows as "name/version".
func (c *testClient) listRows(filter, more string) []string {
	c.t.Helper()
	got := c.call(http.MethodGet, listPath+"?filter="+url.QueryEscape(filter)+more, "")
	got.want(c.t, 200, "")
	return rowNames(got)
}

func rowNames(got apiResponse) []string {
	rows := []string{}
	for _, item := range got.resources() {
		row := item.(map[string]any)
		rows = append(rows, fmt.Sprintf("%v/%v", row["name"], row["version"]))
	}
	return rows
}

// put replaces a workflow.
func (c *testClient) put(id, text string) {
	c.t.Helper()
	c.call(http.MethodPut, definitionsPath, withID(id, text)).want(c.t, 200, "")
}

// threeWorkflows returns a tenant with three workflows: a with three versions, b with one, and c with two, the first of which
// has the name old.
func threeWorkflows(t *testing.T, readings Readings) (c *testClient, a string) {
	t.Helper()
	time := newClock()
	c = newTestClient(t, Options{Readings: readings, Now: time.now, TokenLifetime: 1000 * 60 * 60 * 1e9})
	step := func() { time.move(24 * 60 * 60 * 1e9) }
	a = c.importWorkflow(sleepWorkflow("a"))
	step()
	c.act("enable", a).want(t, 200, "")
	step()
	c.importWorkflow(sleepWorkflow("b"))
	step()
	old := c.importWorkflow(sleepWorkflow("old"))
	step()
	c.put(old, sleepWorkflow("c"))
	step()
	c.put(a, sleepWorkflow("a"))
	return c, a
}

func TestListWorkflowsByRows(t *testing.T) {
	t.Parallel()
	c, a := threeWorkflows(t, nil)
	for _, test := range []struct {
		name, filter, more string
		want               []string
	}{
		{"everything", "", "", []string{"c/2", "old/1", "b/1", "a/3", "a/2", "a/1"}},
		{"id", "id:'" + a + "'", "", []string{"a/3", "a/2", "a/1"}},
		{"ids", "id:['" + a + "','nope']", "", []string{"a/3", "a/2", "a/1"}},
		{"unknown id", "id:'nope'", "", nil},
		{"not the id", "id:!'" + a + "'", "", []string{"c/2", "old/1", "b/1"}},
		{"enabled", "enabled:true", "", []string{"a/3", "a/2"}},
		{"not enabled", "enabled:false", "", []string{"c/2", "old/1", "b/1", "a/1"}},
		{"trigger type", "trigger.type:'On demand'+version:>1", "", []string{"c/2", "a/3", "a/2"}},
		{"version", "version:2", "", []string{"c/2", "a/2"}},
		{"version at most", "version:<=1", "", []string{"old/1", "b/1", "a/1"}},
		{"changed lately", "last_modified_timestamp:>'now-2d'", "", []string{"c/2", "a/3"}},
		{"changed after a date", "last_modified_timestamp:>='2026-11-28'", "", []string{"c/2", "old/1", "a/3"}},
		{"changed before", "last_modified_timestamp:<'2026-11-26T09:00:00Z'", "", []string{"a/1"}},
		{"not a date", "last_modified_timestamp:>'yesterday'", "", nil},
		{"mocks", "mock_activities:true", "", nil},
		{"activity", "activity_id:'4f1af1ae4c13dc1e3bcd725f8dc0f63b'+version:3", "", []string{"a/3"}},
		{"former name", "name.raw:'old'", "", []string{"old/1"}},
		{"either", "name.raw:'old',name.raw:'b'", "", []string{"old/1", "b/1"}},
		{"parentheses", "(name.raw:'old',name.raw:'b')+enabled:true", "", nil},
		{"operator that a field lacks", "id:>'a'", "", nil},
		{"operator that a field lacks, time", "last_modified_timestamp:~'2026'", "", nil},
		{"by name", "", "&sort=name.asc", []string{"a/3", "a/2", "a/1", "b/1", "c/2", "old/1"}},
		{"descending unless it says so", "", "&sort=name", []string{"old/1", "c/2", "b/1", "a/3", "a/2", "a/1"}},
		{"two sorts", "", "&sort=enabled.asc,version.desc", []string{"c/2", "old/1", "b/1", "a/1", "a/3", "a/2"}},
		{"by time", "", "&sort=last_modified_timestamp.asc", []string{"a/1", "a/2", "b/1", "old/1", "c/2", "a/3"}},
		{"by id", "id:'" + a + "'", "&sort=id.asc,version.asc", []string{"a/1", "a/2", "a/3"}},
		{"two workflows", "", "&limit=2", []string{"c/2", "old/1", "b/1"}},
		{"the third", "", "&limit=2&offset=2", []string{"a/3", "a/2", "a/1"}},
		{"workflows in the order of their first row", "", "&limit=1&sort=last_modified_timestamp.asc", []string{"a/1", "a/2", "a/3"}},
		{"beyond the end", "", "&offset=9", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := c.listRows(test.filter, test.more); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
	for query, message := range map[string]string{
		"limit=0": "invalid limit", "limit=501": "invalid limit", "limit=x": "invalid limit", "offset=x": "invalid offset", "offset=-1": "invalid offset",
		"sort=name|asc": "invalid sort", "sort=color.asc": "invalid sort", "sort=name.up": "invalid sort", "sort=name.": "invalid sort",
		"sort=trigger.type": "invalid sort", "sort=name.raw": "invalid sort", "sort=name,": "invalid sort",
		"filter=color:'x'": "Invalid FQL: fql: color is an unknown property", "filter=trigger.name:'x'": "Invalid FQL: fql: trigger.name is an unknown property",
		"filter=has_validation_errors:true": "Invalid FQL: fql: has_validation_errors is an unknown property",
		"filter=name~x":                     "Invalid FQL: ", "filter=name:~'x": "Invalid FQL: ",
	} {
		c.call(http.MethodGet, listPath+"?"+query, "").want(t, 400, message)
	}
}

func TestRowContents(t *testing.T) {
	t.Parallel()
	c, a := threeWorkflows(t, nil)
	rows := c.call(http.MethodGet, listPath+"?filter="+url.QueryEscape("id:'"+a+"'"), "").resources()
	var enabled, modified []string
	for _, item := range rows {
		row := item.(map[string]any)
		enabled = append(enabled, fmt.Sprint(row["enabled"]))
		modified = append(modified, row["last_modified_timestamp"].(string)[:10])
	}
	if got, want := strings.Join(append(enabled, modified...), " "), "true true false 2026-11-30 2026-11-26 2026-11-25"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	c.upload(sleepWorkflow("old"), "").want(t, 200, "") // a former name is free
	c.upload(sleepWorkflow("c"), "").want(t, 409, "A workflow by this name already exists")
}

// TestReadingsOfRows checks each reading of which rows a listing has and counts.
func TestReadingsOfRows(t *testing.T) {
	t.Parallel()
	newest, oldest := "c/2 old/1 b/1 a/3 a/2 a/1", "old/1 c/2 b/1 a/1 a/2 a/3"
	for name, test := range map[string]struct {
		readings Readings
		more     string
		rows     string
		total    any
	}{
		"one row per version":             {Readings{"Q28": "a"}, "", newest, 3.0},
		"only the newest":                 {Readings{"Q28": "b"}, "", "c/2 b/1 a/3", 3.0},
		"the newest two":                  {Readings{"Q28": "c"}, "", "c/2 old/1 b/1 a/3 a/2", 3.0},
		"oldest first":                    {Readings{"Q29": "b"}, "", oldest, 3.0},
		"oldest first, but sorted":        {Readings{"Q29": "b"}, "&sort=id.desc,version.desc&limit=500", "", 3.0},
		"limit counts workflows":          {Readings{"Q30": "a"}, "&limit=2&offset=1", "b/1 a/3 a/2 a/1", 3.0},
		"limit counts rows":               {Readings{"Q30": "b"}, "&limit=3&offset=1", "old/1 b/1 a/3", 3.0},
		"total counts rows":               {Readings{"Q31": "b"}, "&limit=1", "c/2 old/1", 6.0},
		"total is absent":                 {Readings{"Q31": "c"}, "&limit=1", "c/2 old/1", nil},
		"rows, and total counts the same": {Readings{"Q30": "b", "Q31": "b"}, "&limit=4", "c/2 old/1 b/1 a/3", 6.0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, _ := threeWorkflows(t, test.readings)
			got := c.call(http.MethodGet, listPath+"?filter="+test.more, "")
			got.want(t, 200, "")
			rows := strings.Join(rowNames(got), " ")
			if test.rows == "" { // each newest version before the older ones
				for _, pair := range [][2]string{{"a/3", "a/2"}, {"a/2", "a/1"}, {"c/2", "old/1"}} {
					if strings.Index(rows, pair[0]) > strings.Index(rows, pair[1]) {
						t.Errorf("rows %s", rows)
					}
				}
			} else if rows != test.rows {
				t.Errorf("rows %s, want %s", rows, test.rows)
			}
			paging := got.doc["meta"].(map[string]any)["pagination"].(map[string]any)
			if total := paging["total"]; total != test.total {
				t.Errorf("total %v, want %v", total, test.total)
			}
		})
	}
	c, _ := threeWorkflows(t, Readings{"Q29": "c"})
	orders := map[string]bool{}
	for range 20 {
		rows := strings.Join(c.listRows("", ""), " ")
		orders[rows] = true
		if !strings.Contains(rows, "b/1 a/") || len(rows) != len(newest) {
			t.Fatalf("the rows of a workflow are not together: %s", rows)
		}
	}
	if len(orders) < 3 {
		t.Errorf("a fixed order: %v", orders)
	}
}

func TestReadingsOfDefaultPage(t *testing.T) {
	t.Parallel()
	for letter, want := range map[string]int{"a": 12, "b": 10} {
		c := newTestClient(t, Options{Readings: Readings{"Q44": letter}})
		for i := range 12 {
			c.importWorkflow(sleepWorkflow(fmt.Sprint("w", i)))
		}
		if got := len(c.listRows("", "")); got != want {
			t.Errorf("reading %s: %d rows, want %d", letter, got, want)
		}
	}
}

func TestReadingsOfNames(t *testing.T) {
	t.Parallel()
	names := []string{"alpha one", "Multi-Agent", "Alpha", `two's`, `back\slash`, "a*b", "a+b", "axb"}
	for _, test := range []struct {
		filter string
		want   string // with the default readings
		q33b   string // with Q33=b, if different
	}{
		{filter: "name.raw:'alpha one'", want: "alpha one"},
		{filter: "name.raw:'alpha'"},
		{filter: "name.raw:'Alpha'", want: "Alpha"},
		{filter: "name.raw:*'*ulti-Ag*'", want: "Multi-Agent"},
		{filter: "name.raw:*'alpha*'", want: "alpha one"},
		{filter: "name.raw:*'*one'", want: "alpha one"},
		{filter: "name.raw:!*'*a*'", want: "Multi-Agent two's"},
		{filter: `name.raw:'two\'s'`, want: "two's", q33b: "-"},
		{filter: `name.raw:'back\\slash'`, want: `back\slash`, q33b: "-"},
		{filter: `name.raw:'a*b'`, want: "a*b", q33b: "-"},
		{filter: `name.raw:*'a*b'`, want: "a*b a+b axb", q33b: "-"},
		{filter: `name.raw:*'*a\*b*'`, want: "a*b", q33b: "-"},
		{filter: `name.raw:'a+b'`, want: "a+b", q33b: "-"},
		{filter: "name:'alpha one'"},
		{filter: "name:~'alpha'", want: "Alpha alpha one"},
		{filter: "name:~'ONE alpha'", want: "alpha one"},
		{filter: "name:~'alph'"},
		{filter: "name:~'Multi-Ag'"},
		{filter: "name:~'multi agent'", want: "Multi-Agent"},
		{filter: "name:~''"},
	} {
		for _, letter := range []string{"a", "b"} {
			c := newTestClient(t, Options{Readings: Readings{"Q33": letter}})
			for _, name := range names {
				c.importWorkflow(sleepWorkflow(name))
			}
			got := []string{}
			for _, row := range c.listRows(test.filter, "") {
				got = append(got, strings.TrimSuffix(row, "/1"))
			}
			slices.Sort(got)
			want := test.want
			if letter == "b" && test.q33b != "" {
				want = strings.Trim(test.q33b, "-")
			}
			if strings.Join(got, " ") != want {
				t.Errorf("Q33=%s %s: got %q, want %q", letter, test.filter, got, want)
			}
		}
	}
	c := newTestClient(t, Options{Readings: Readings{"Q32": "b"}})
	c.call(http.MethodGet, listPath+"?filter=name.raw:'x'", "").want(t, 400, "Invalid FQL: fql: name.raw is an unknown property")
	c = newTestClient(t, Options{Readings: Readings{"Q70": "b"}})
	c.importWorkflow(sleepWorkflow("Alpha"))
	if got := c.listRows("name.raw:*'*LPH*'", ""); len(got) != 1 {
		t.Errorf("without regard to case: %q", got)
	}
}

// TestReadingsOfDelays checks when readers see a write and a deletion.
func TestReadingsOfDelays(t *testing.T) {
	t.Parallel()
	for letter, delay := range map[string]time.Duration{"a": 0, "b": 300 * time.Millisecond, "c": 3 * time.Second} {
		t.Run("Q39="+letter, func(t *testing.T) {
			t.Parallel()
			time := newClock()
			c := newTestClient(t, Options{Now: time.now, Readings: Readings{"Q39": letter}})
			shows := func(id string, want ...string) {
				t.Helper()
				if got := c.listRows("id:'"+id+"'", ""); !slices.Equal(got, want) {
					t.Errorf("shows %q, want %q", got, want)
				}
				if exported := c.export("id="+id).status == 200; exported != (len(want) > 0) {
					t.Errorf("exported is %v", exported)
				}
			}
			id := c.importWorkflow(sleepWorkflow("a"))
			if delay > 0 {
				time.move(delay - 1)
				shows(id)
				c.upload(sleepWorkflow("a"), "").want(t, 409, "A workflow by this name") // writes know it
				time.move(1)
			}
			shows(id, "a/1")
			c.put(id, sleepWorkflow("b"))
			if delay > 0 {
				shows(id, "a/1")
				time.move(delay)
			}
			shows(id, "b/2", "a/1")
		})
	}
	t.Run("in the console", func(t *testing.T) {
		t.Parallel()
		time := newClock()
		c := newTestClient(t, Options{Now: time.now, Readings: Readings{"Q39": "c", "Q40": "b"}})
		id := c.importWorkflow(sleepWorkflow("a"))
		if err := c.server.ReplaceWorkflow(id, []byte(sleepWorkflow("b"))); err != nil {
			t.Fatal(err)
		}
		if got := c.listRows("", ""); !slices.Equal(got, []string{"b/2", "a/1"}) {
			t.Errorf("edited: %q", got)
		}
		if err := c.server.DeleteWorkflow(id); err != nil {
			t.Fatal(err)
		}
		if got := c.listRows("", ""); len(got) != 0 {
			t.Errorf("deleted: %q", got)
		}
	})
	for letter, delay := range map[string]time.Duration{"a": 0, "b": 2 * time.Second} {
		t.Run("Q40="+letter, func(t *testing.T) {
			t.Parallel()
			time := newClock()
			c := newTestClient(t, Options{Now: time.now, Readings: Readings{"Q40": letter}})
			id := c.importWorkflow(sleepWorkflow("a"))
			c.call(http.MethodDelete, definitionsPath+"?ids="+id, "").want(t, 200, "")
			if delay > 0 {
				time.move(delay - 1)
				if got := c.listRows("", ""); len(got) != 1 || c.export("id="+id).status != 200 {
					t.Errorf("shows %q", got)
				}
				time.move(1)
			}
			if got := c.listRows("", ""); len(got) != 0 || c.export("id="+id).status != 404 {
				t.Errorf("shows %q", got)
			}
			c.call(http.MethodDelete, definitionsPath+"?ids="+id, "").want(t, 404, "definition with id "+id+" not found")
			c.upload(sleepWorkflow("a"), "").want(t, 200, "")
		})
	}
}

func TestListShape(t *testing.T) {
	t.Parallel()
	for letter, objects := range map[string]bool{"a": false, "b": true} {
		c := newTestClient(t, Options{Readings: Readings{"Q43": letter}})
		id := c.importWorkflow(readFile(t, "testdata/import.yaml"))
		got := c.call(http.MethodGet, listPath+"?filter=", "").first(t)
		if got["id"] != id || got["version"] != 1.0 || got["enabled"] != false || got["last_modified_timestamp"] == "" {
			t.Errorf("unexpected entity %v", got)
		}
		if _, isList := got["disconnected_nodes"].([]any); isList != objects {
			t.Errorf("disconnected_nodes %v", got["disconnected_nodes"])
		}
		mail := got["actions"].(map[string]any)["mail"].(map[string]any)
		if mail["default_name"] != "Send email" || mail["note"] != nil {
			t.Errorf("action %v", mail)
		}
	}
}
