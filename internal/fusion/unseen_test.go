package fusion

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The documents of testdata/unseen were written from the published facts alone,
// by someone who had not read this package: see testdata/unseen/README.md.
// The simulator's tests import and enable the same documents.

func unseenText(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata/unseen", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestUnseenGoodDocuments(t *testing.T) {
	t.Parallel()
	files, err := os.ReadDir("testdata/unseen/good")
	if err != nil || len(files) != 20 {
		t.Fatalf("%d documents, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(file.Name(), func(t *testing.T) {
			t.Parallel()
			d := mustParse(t, unseenText(t, "good/"+file.Name()))
			if problems := d.Check(CheckOptions{}); len(problems) > 0 {
				t.Errorf("unexpected problems:\n%s", problems)
			}
			yaml, err := d.ImportYAML()
			if err != nil {
				t.Fatal(err)
			}
			if again := mustParse(t, string(yaml)); !Equal(d, again) {
				t.Errorf("the written form differs in %s:\n%s", strings.Join(Differences(d, again), ", "), yaml)
			}
		})
	}
}

// Each document of bad.txt violates exactly the rules of its line, on the lines
// that contain the quoted text.
func TestUnseenBadDocuments(t *testing.T) {
	t.Parallel()
	table := strings.Split(strings.TrimSpace(unseenText(t, "bad.txt")), "\n")
	files, err := os.ReadDir("testdata/unseen/bad")
	if err != nil {
		t.Fatal(err)
	}
	documents := 0
	for _, line := range table {
		if strings.HasPrefix(line, "#") {
			continue
		}
		documents++
		columns := strings.Split(line, "; ")
		name, wants := columns[0], columns[2:]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := unseenText(t, "bad/"+name)
			lines := strings.Split(text, "\n")
			problems := mustParse(t, text).Check(CheckOptions{})
			if len(problems) != len(wants) {
				t.Fatalf("want %q, got:\n%s", wants, withRules(problems))
			}
			for i, p := range problems {
				rule, _, _ := strings.Cut(wants[i], " ")
				warning := strings.HasPrefix(wants[i], rule+" warning ")
				_, quoted, _ := strings.Cut(wants[i], "`")
				if p.Rule != rule || p.Warning != warning || p.Line < 1 || p.Column < 1 || !strings.Contains(lines[p.Line-1], strings.TrimSuffix(quoted, "`")) {
					t.Errorf("want %s, got:\n%s", wants[i], withRules(problems))
				}
			}
		})
	}
	if documents != len(files) || documents < 20 {
		t.Errorf("%d documents in bad.txt, %d files", documents, len(files))
	}
}

// withRules writes problems with their rules and levels.
func withRules(problems Problems) string {
	var b strings.Builder
	for _, p := range problems {
		fmt.Fprintf(&b, "%s warning=%v %s\n", p.Rule, p.Warning, p)
	}
	return b.String()
}

func TestQueryArguments(t *testing.T) {
	t.Parallel()
	const query = "#repo=x // first ?a\n| b=?b /* ?c\n?d */ | e=\"?e\" | f=/x?f/ | g=?g | again=?b // last ?h"
	if got := strings.Join(queryArguments(query), " "); got != "b g" {
		t.Errorf("the arguments are %q", got)
	}
}
