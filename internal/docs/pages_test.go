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

// A reader sees what happens to secrets before copying an example.
func TestSecretNoticesStandBeforeExamples(t *testing.T) {
	t.Parallel()
	notices := map[string]string{
		"resources/api_client.md.tmpl": "!> ", "resources/webhook.md.tmpl": "!> ", "data-sources/user_scores.md.tmpl": "!> ",
		"actions/run_workflow.md.tmpl": "!> ", "guides/secrets.md.tmpl": "!> ", "guides/start.md.tmpl": "~> ", "index.md.tmpl": "!> ",
		"guides/zscaler_adaptive_access.md.tmpl": "!> ", "guides/cortex_xsoar.md.tmpl": "!> ",
		"guides/zscaler_uvm_identity.md.tmpl": "!> ", "guides/netskope_risk_exchange.md.tmpl": "!> ",
	}
	for page, notice := range notices {
		text, err := os.ReadFile(filepath.Join(root, "templates", filepath.FromSlash(page)))
		if err != nil {
			t.Fatal(err)
		}
		example := regexp.MustCompile("(?m)^```terraform$|tffile ").FindIndex(text)
		at := regexp.MustCompile("(?m)^" + notice).FindIndex(text)
		if example == nil || at == nil || at[0] > example[0] {
			t.Errorf("%s: no notice stands before the first example", page)
		}
	}
}

var unpinned = regexp.MustCompile(`source += "falcon-integrations/falcon"( *\}|\n *\})`)

// Every configuration that a user may copy pins the version of the provider.
func TestVersionsArePinned(t *testing.T) {
	t.Parallel()
	pinned := 0
	for name, text := range sources(t, ".md", ".tmpl", ".tf", ".hcl") {
		if strings.HasPrefix(name, "docs/") { // generated
			continue
		}
		pinned += strings.Count(text, "falcon-integrations/falcon\"\n")
		if unpinned.MatchString(text) {
			t.Errorf("%s does not pin the version of the provider", name)
		}
	}
	if pinned < 10 {
		t.Errorf("only %d configurations name the provider", pinned)
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
			text, err := os.ReadFile(file) //nolint:gosec // a file of this repository
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
