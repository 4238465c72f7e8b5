package docs

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A reader finds on each page what it is for, under which scopes, and an example.
func TestPages(t *testing.T) {
	t.Parallel()
	wanted := map[string][]string{
		"resources":           {`subcategory: "[^"]+"`, "Required API scopes: ", "## Example Usage", "## Import", "terraform import "},
		"data-sources":        {`subcategory: "[^"]+"`, "Required API scopes: ", "## Example Usage"},
		"ephemeral-resources": {`subcategory: "[^"]+"`, "Required API scopes: ", "## Example Usage"},
		"list-resources":      {`subcategory: "[^"]+"`, "Required API scopes: ", "## Example Usage", "Terraform 1.14"},
		"actions":             {`subcategory: "[^"]+"`, "Required API scopes: ", "## Example Usage", "Terraform 1.14"},
		"functions":           {"## Example Usage"},
		"guides":              {`description: \|-\n  \S`},
	}
	for kind, parts := range wanted {
		files, err := filepath.Glob(filepath.Join(root, "docs", kind, "*.md"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, part := range parts {
				if !regexp.MustCompile(part).Match(text) {
					t.Errorf("docs/%s/%s lacks %s", kind, filepath.Base(file), part)
				}
			}
		}
		if len(files) == 0 {
			t.Errorf("no pages of %s", kind)
		}
	}
}

var (
	bold   = regexp.MustCompile(`(?s)\*\*(.+?)\*\*`)
	joined = regexp.MustCompile(`" ?\+\s*"`)
)

// What the guide sets in bold are the provider's own messages, with ... for what differs from case to case.
func TestTroubleshootingQuotesRealMessages(t *testing.T) {
	t.Parallel()
	var code strings.Builder
	for _, pkg := range []string{"provider", "falcon", "fusion"} {
		err := filepath.WalkDir(filepath.Join(root, "internal", pkg), func(file string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
				return err
			}
			text, err := os.ReadFile(file)
			code.WriteString(joined.ReplaceAllString(string(text), ""))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	guide, err := os.ReadFile(filepath.Join(root, "templates", "guides", "troubleshooting.md.tmpl"))
	if err != nil {
		t.Fatal(err)
	}
	messages := bold.FindAllStringSubmatch(string(guide), -1)
	if len(messages) < 20 {
		t.Errorf("only %d messages were found", len(messages))
	}
	for _, m := range messages {
		for part := range strings.SplitSeq(strings.ReplaceAll(m[1], "\n", " "), "...") {
			part = strings.Trim(part, ` ".`)
			if len(part) > 3 && !strings.Contains(code.String(), part) {
				t.Errorf("the provider never says %q", part)
			}
		}
	}
}
