package tenantcheck

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

// The guide lists the questions by what settles them.
func TestGuideListsTheQuestions(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(filepath.Join("..", "..", "templates", "guides", "check-your-tenant.md.tmpl"))
	if err != nil {
		t.Fatal(err)
	}
	for row, m := range map[string]mode{"reading": read, "`-write`": write, "`-try-webhook-write`": webhookWrite} {
		var want []string
		for _, q := range allQuestions() {
			if q.mode == m && !slices.Contains(want, q.id) {
				want = append(want, q.id)
			}
		}
		line := regexp.MustCompile(`(?m)^\| ` + regexp.QuoteMeta(row) + ` \| (.*) \|$`).FindSubmatch(page)
		if line == nil {
			t.Errorf("the page has no row %s", row)
			continue
		}
		if got := regexp.MustCompile(`Q\d+`).FindAllString(string(line[1]), -1); !slices.Equal(got, want) {
			t.Errorf("%s: the page has %v, the check %v", row, got, want)
		}
	}
}
