package falconsim

import (
	"cmp"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestUnknownReadings(t *testing.T) {
	t.Parallel()
	for choice, want := range map[string]string{
		"Q00=a": `"Q00" is not the id of an open question`,
		"Q12=z": `question Q12 has no reading "z"; it has a, b, c, d, e, f, g`,
		"Q12":   `is not of the form Q07=b`,
		"Q12=":  `question Q12 has no reading ""`,
	} {
		id, letter, err := ParseReading(choice)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", choice, err, want)
		}
		if id == "" {
			continue
		}
		chosen := Readings{id: letter}
		if _, err := Start(Options{Readings: chosen}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Start with %s: %v", choice, err)
		}
		if said := panicOf(func() { New(Options{Readings: chosen}) }); !strings.Contains(said, want) {
			t.Errorf("New with %s panics with %q", choice, said)
		}
	}
}

// panicOf returns the value that f panics with, as text.
func panicOf(f func()) (said string) {
	defer func() { said = fmt.Sprint(recover()) }()
	f()
	return ""
}

func TestReadingsWith(t *testing.T) {
	t.Parallel()
	base := WebhookWrites()
	merged := base.With(Readings{"Q12": "c", "Q15": "b"})
	if merged["Q12"] != "c" || merged["Q15"] != "b" || base["Q12"] != "b" || len(Readings(nil).With(nil)) != 0 {
		t.Errorf("merged %v, base %v", merged, base)
	}
}

// sources returns the simulator's own code by file name, without its tests.
func sources(t *testing.T) map[string]string {
	t.Helper()
	code := map[string]string{}
	var files []string
	for _, pattern := range []string{"*.go", "*/*.go"} {
		matches, err := filepath.Glob(pattern)
		if err != nil || len(matches) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(matches), err)
		}
		files = append(files, matches...)
	}
	for _, file := range files {
		if !strings.HasSuffix(file, "_test.go") {
			code[file] = readFile(t, file)
		}
	}
	return code
}

func questionIDs() []string {
	var ids []string
	for _, question := range Questions() {
		ids = append(ids, question.ID)
	}
	return ids
}

var (
	guessComment = regexp.MustCompile(`GUESS ([^:;\n]*)`)
	questionID   = regexp.MustCompile(`Q[0-9]{2,3}`)
	askedFor     = regexp.MustCompile(`\b(?:reading|showDelay|goneDelay|shownFrom|goneFrom)\("(Q[0-9]{2,3})"\)`)
)

// Every guess is an open question, and every open question changes what the simulator does. internal/docs checks that the page
// of open questions has the same questions.
func TestGuessesAndQuestionsAgree(t *testing.T) {
	t.Parallel()
	known := questionIDs()
	byNumber := func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) }
	if !slices.IsSortedFunc(known, byNumber) || len(slices.Compact(slices.Clone(known))) != len(known) {
		t.Errorf("the ids of questions are not unique and in order: %v", known)
	}
	asked, guessed := map[string]bool{}, map[string]bool{}
	for file, text := range sources(t) {
		for _, guess := range guessComment.FindAllStringSubmatch(text, -1) {
			ids := questionID.FindAllString(guess[1], -1)
			if len(ids) == 0 && !strings.HasPrefix(guess[1], "Qnn") {
				t.Errorf("%s: %q names no question", file, guess[0])
			}
			for _, id := range ids {
				guessed[id] = true
				if !slices.Contains(known, id) {
					t.Errorf("%s: %s is not an open question", file, guess[0])
				}
			}
		}
		for _, call := range askedFor.FindAllStringSubmatch(text, -1) {
			asked[call[1]] = true
		}
	}
	for _, id := range known {
		if !asked[id] {
			t.Errorf("no code asks for the reading of %s", id)
		}
		if !guessed[id] {
			t.Errorf("no comment GUESS %s is at the code that decides it", id)
		}
	}
}
