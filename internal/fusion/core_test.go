package fusion

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// mustParse parses a document without errors.
func mustParse(t testing.TB, text string) *Document {
	t.Helper()
	d, problems := Parse(text)
	if d == nil {
		t.Fatalf("Parse: %s\n%s", problems, text)
	}
	return d
}

// sampleDocuments returns the test documents of this package and those shared with the provider and the simulator.
func sampleDocuments(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, pattern := range []string{"../testdata/workflows/*.yaml", "testdata/*.yaml", "testdata/*.json"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		if len(files) == 0 {
			t.Fatalf("no file matches %s", pattern)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			out[filepath.Base(file)] = string(text)
		}
	}
	return out
}

func TestImportAndExportAreEqual(t *testing.T) {
	t.Parallel()
	docs := sampleDocuments(t)
	sent, got := mustParse(t, docs["imported.yaml"]), mustParse(t, docs["exported.yaml"])
	if diff := Differences(sent, got); len(diff) > 0 || !Equal(sent, got) || !Equal(got, sent) {
		t.Errorf("imported.yaml and exported.yaml differ in %s", strings.Join(diff, ", "))
	}
	if a, b := sent.CanonicalLike(got), got.Canonical(); a != b {
		t.Errorf("canonical forms differ:\n%s\n%s", a, b)
	}
	sanitized := mustParse(t, docs["exported-sanitized.yaml"])
	if got := strings.Join(Differences(sent, sanitized), ","); got != "actions.tell_reception.properties.to" {
		t.Errorf("differences to the sanitized export: %q", got)
	}
}

// Every written form of a document parses as the same workflow.
func TestWrittenFormsReadBackEqual(t *testing.T) {
	t.Parallel()
	for name, text := range sampleDocuments(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := mustParse(t, text)
			canonical := mustParse(t, d.Canonical())
			if canonical.Canonical() != d.Canonical() || !Equal(canonical, d) {
				t.Errorf("canonical form is not stable: %v", Differences(canonical, d))
			}
			imported, err := d.ImportYAML()
			if err != nil {
				t.Fatal(err)
			}
			if again := mustParse(t, string(imported)); again.Canonical() != d.Canonical() {
				t.Errorf("import form differs in %v", Differences(again, d))
			}
			flat, err := d.FlatJSON("0123456789abcdef0123456789abcdef")
			if err != nil {
				t.Fatal(err)
			}
			if again := mustParse(t, string(flat)); again.Canonical() != d.Canonical() {
				t.Errorf("flat form differs in %v", Differences(again, d))
			}
		})
	}
}
