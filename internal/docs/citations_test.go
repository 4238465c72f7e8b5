package docs

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// wirePages is where the facts about Falcon are.
const wirePages = "internal/falcon/wire/"

var (
	// citation is how comments and pages name a fact: the page and, in code that depends on it, always the heading.
	citation = regexp.MustCompile(`\bwire/([a-z-]+\.md)(#[a-z0-9-]+)?`)
	// formerCitation is a page of notes that is not part of the repository.
	formerCitation = regexp.MustCompile(`(?:^|[^\w/-])(?:(?:wire-api|fusion-workflows|fusion-webhook|release-rules|integrations|scores|design|style)\.md\b|identity-protection\.graphqls)`)
)

// wholePages are lists whose entries are named by their own ids, so that code may cite them without a heading.
var wholePages = []string{"open-questions.md", "release-rules.md"}

// sources are the text files of the repository with one of these names or extensions, by their path.
func sources(t *testing.T, kinds ...string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		if entry.IsDir() {
			if name == "bin" || name == "dist" || name == ".git" {
				return fs.SkipDir
			}
			return nil
		}
		if !slices.Contains(kinds, filepath.Ext(name)) && !slices.Contains(kinds, entry.Name()) {
			return nil
		}
		text, err := os.ReadFile(file) //nolint:gosec // a file of this repository
		if err != nil {
			return err
		}
		found[name] = string(text)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// wrongCitations says what is wrong with the citations of a file, and how many it has.
func wrongCitations(all map[string]string, name, text string) (wrong []string, count int) {
	for _, m := range citation.FindAllStringSubmatch(text, -1) {
		count++
		page, isPage := all[wirePages+m[1]]
		heading := strings.TrimPrefix(m[2], "#")
		switch {
		case !isPage:
			wrong = append(wrong, m[0]+": there is no such page")
		case heading == "" && path.Ext(name) == ".go" && !strings.HasSuffix(name, "_test.go") && !slices.Contains(wholePages, m[1]):
			wrong = append(wrong, m[0]+": no heading is named")
		case heading != "" && !anchors(page)[heading]:
			wrong = append(wrong, m[0]+": the page has no such heading")
		}
	}
	if path.Ext(name) == ".go" || path.Ext(name) == ".graphqls" {
		for _, m := range formerCitation.FindAllString(text, -1) {
			wrong = append(wrong, strings.TrimSpace(m)+" is not part of the repository: cite a page of "+wirePages)
		}
	}
	return wrong, count
}

// A reader of a comment finds the fact that it cites.
func TestCitations(t *testing.T) {
	t.Parallel()
	all := pages(t)
	total := 0
	for name, text := range sources(t, ".go", ".graphqls", ".tmpl", ".md", ".tf") {
		if strings.HasPrefix(name, wirePages) || name == "internal/docs/citations_test.go" {
			continue
		}
		wrong, count := wrongCitations(all, name, text)
		for _, problem := range wrong {
			t.Errorf("%s: %s", name, problem)
		}
		total += count
	}
	if total < 250 {
		t.Errorf("only %d citations were found", total)
	}
}

func TestWrongCitations(t *testing.T) {
	t.Parallel()
	all := map[string]string{wirePages + "a-b.md": "# A\n\n## Read back\n", wirePages + "release-rules.md": "# R\n"}
	for text, want := range map[string]int{
		"// see wire/a-b.md#read-back, wire/a-b.md#a": 0,
		"// see wire/a-b.md":                          1,
		"// see wire/a-b.md#write":                    1,
		"// see wire/c.md#a":                          1,
		"// see wire/release-rules.md (R12)":          0,
		"// (scores.md 3.2)":                          1,
		"// see wire-api.md":                          1,
		"// host_scores.md, docs/integrations.md":     0,
	} {
		if wrong, _ := wrongCitations(all, "x.go", text); len(wrong) != want {
			t.Errorf("%s: %q", text, wrong)
		}
	}
	if wrong, count := wrongCitations(all, "README.md", "wire/a-b.md"); len(wrong) != 0 || count != 1 {
		t.Errorf("a page may name another page alone: %q", wrong)
	}
}
