// Package docs contains only tests. They check that the pages are correct.
package docs

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// root is the repository, seen from this package.
const root = "../.."

// ours is how pages refer to files of the repository that the registry does not show.
const ours = "https://github.com/falcon-integrations/terraform-provider-falcon/"

var (
	fence   = regexp.MustCompile("(?ms)^ *```.*?^ *```\\s*?$")
	inline  = regexp.MustCompile("`[^`\n]+`")
	link    = regexp.MustCompile(`\]\(([^()\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#{1,6} +(.+?) *$`)
	anchor  = regexp.MustCompile(`<a (?:id|name)="([^"]+)">`)
	dropped = regexp.MustCompile(`[^\p{L}\p{N}_ -]`)
)

// pages are all Markdown files, by their path in the repository.
func pages(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		if entry.IsDir() && (name == "bin" || name == "dist" || strings.HasPrefix(entry.Name(), ".") && name != "." && name != ".github") {
			return fs.SkipDir
		}
		if filepath.Ext(name) != ".md" {
			return nil
		}
		text, err := os.ReadFile(path) //nolint:gosec // a page of this repository
		if err != nil {
			return err
		}
		found[name] = fence.ReplaceAllString(string(text), "")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// anchors are the places of a page that a link may name, as GitHub and the registry make them from headings.
func anchors(page string) map[string]bool {
	all := map[string]bool{}
	for _, m := range heading.FindAllStringSubmatch(page, -1) {
		all[strings.ReplaceAll(dropped.ReplaceAllString(strings.ToLower(m[1]), ""), " ", "-")] = true
	}
	for _, m := range anchor.FindAllStringSubmatch(page, -1) {
		all[m[1]] = true
	}
	return all
}

// broken says what is wrong with a link of a page, or nothing.
func broken(all map[string]string, page, target string) string {
	if path, found := strings.CutPrefix(target, ours); found {
		kind, path, _ := strings.Cut(path, "/main/")
		if kind != "tree" && kind != "blob" {
			return "" // issues, advisories
		}
		if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(path))); err != nil {
			return "the repository has no " + path
		}
		return ""
	}
	if strings.Contains(target, "://") {
		if !strings.HasPrefix(target, "https://") {
			return "not https"
		}
		return ""
	}
	path, place, _ := strings.Cut(target, "#")
	file := page
	if path != "" {
		file = filepath.ToSlash(filepath.Join(filepath.Dir(page), path))
	}
	if strings.HasPrefix(page, "docs/") && !strings.HasPrefix(file, "docs/") {
		return "the registry shows docs/ alone"
	}
	if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(file))); err != nil {
		return "there is no " + file
	}
	if text, isPage := all[file]; place != "" && (!isPage || !anchors(text)[place]) {
		return file + " has no heading for #" + place
	}
	return ""
}

func TestLinks(t *testing.T) {
	t.Parallel()
	all := pages(t)
	links := 0
	for name, text := range all {
		for _, m := range link.FindAllStringSubmatch(inline.ReplaceAllString(text, ""), -1) {
			links++
			if wrong := broken(all, name, strings.ReplaceAll(m[1], `\_`, "_")); wrong != "" {
				t.Errorf("%s: link to %s: %s", name, m[1], wrong)
			}
		}
	}
	if len(all) < 20 || links < 50 {
		t.Errorf("only %d links on %d pages were found", links, len(all))
	}
}

func TestBroken(t *testing.T) {
	t.Parallel()
	all := map[string]string{"docs/index.md": "# A\n## What's `x_y` for?\n<a id=\"nested\"></a>", "README.md": "# R"}
	for target, fine := range map[string]bool{
		"#whats-x_y-for": true, "#nested": true, "#other": false, "../README.md": false, "missing.md": false,
		"http://example.com": false, "https://example.com": true, ours + "issues": true,
		ours + "tree/main/examples": true, ours + "blob/main/no-such-file": false,
	} {
		if wrong := broken(all, "docs/index.md", target); (wrong == "") != fine {
			t.Errorf("%s: %q", target, wrong)
		}
	}
}
