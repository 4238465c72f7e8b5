package docs

import (
	"path"
	"regexp"
	"strings"
	"testing"
)

var (
	// upward is a quoted path that begins in a directory above the file's own.
	upward = regexp.MustCompile("[\"`]((?:\\.\\./)+[^\"`\n]*)[\"`]")
	// absolute is a place on someone's machine.
	absolute = regexp.MustCompile(`(?:^|[\s"'=:(` + "`" + `])(/(?:home|root|work|Users)/[\w.-]+)`)
)

// outsidePaths are the paths in a file that lead out of the repository.
func outsidePaths(name, text string) []string {
	var outside []string
	for _, m := range upward.FindAllStringSubmatch(text, -1) {
		if resolved := path.Join(path.Dir(name), m[1]); resolved == ".." || strings.HasPrefix(resolved, "../") {
			outside = append(outside, m[1])
		}
	}
	for _, m := range absolute.FindAllStringSubmatch(text, -1) {
		outside = append(outside, m[1])
	}
	return outside
}

// A clone is all that a build or a test needs: what it reads elsewhere exists on one machine only.
func TestNothingOutsideTheRepositoryIsRead(t *testing.T) {
	t.Parallel()
	files := sources(t, ".go", "GNUmakefile", "Makefile", ".sh", ".yml", "generate", "run")
	for name, text := range files {
		if name == "internal/docs/paths_test.go" {
			continue
		}
		for _, outside := range outsidePaths(name, text) {
			t.Errorf("%s: %s is outside of the repository", name, outside)
		}
	}
	if len(files) < 200 {
		t.Errorf("only %d files were found", len(files))
	}
}

func TestOutsidePaths(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		`Glob("../testdata/*.yaml")`: 0, `Glob("../../../shared/*.yaml")`: 1, "cat /work/facts.md": 1, `"/home/me/x"`: 1,
		`"https://example.com/work/x"`: 0, `"/devices/queries"`: 0, "`../../../x`": 1,
	} {
		if got := outsidePaths("internal/fusion/x_test.go", text); len(got) != want {
			t.Errorf("%s: %q", text, got)
		}
	}
}
