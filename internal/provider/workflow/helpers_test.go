package workflow_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

// wantMessages checks that messages match all patterns, and that there are none without a pattern.
func wantMessages(t *testing.T, got string, patterns []string) {
	t.Helper()
	if len(patterns) == 0 && got != "" {
		t.Errorf("unexpected: %s", got)
	}
	for _, pattern := range patterns {
		if !regexp.MustCompile("(?s)" + pattern).MatchString(got) {
			t.Errorf("got %q, want %s", got, pattern)
		}
	}
}

// nodeOf returns a node of a workflow's document in the tenant.
func nodeOf(w falconsim.Workflow, path ...string) map[string]any {
	node := w.Document
	for _, key := range path {
		node, _ = node[key].(map[string]any)
	}
	return node
}

func jsonOf(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// writes counts the requests that change something.
func writes(sim *falconsim.Running) int {
	n := 0
	for _, r := range sim.Requests() {
		if r.Method != http.MethodGet && r.Path != "/oauth2/token" && r.Query.Get("validate_only") != "true" {
			n++
		}
	}
	return n
}

// changedKeys returns the paths of the leaves in which two JSON texts differ.
func changedKeys(t *testing.T, before, after string) []string {
	t.Helper()
	a, b := leavesOf(t, before), leavesOf(t, after)
	var out []string
	for path, value := range a {
		if b[path] != value {
			out = append(out, path)
		}
	}
	for path := range b {
		if _, ok := a[path]; !ok {
			out = append(out, path)
		}
	}
	slices.Sort(out)
	return out
}

func leavesOf(t *testing.T, text string) map[string]string {
	t.Helper()
	var root any
	if err := json.Unmarshal([]byte(text), &root); err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for key, member := range v {
				walk(path+"."+key, member)
			}
		case []any:
			for i, item := range v {
				walk(path+"."+strconv.Itoa(i), item)
			}
		default:
			out[path] = jsonOf(t, v)
		}
	}
	walk("", root)
	return out
}
