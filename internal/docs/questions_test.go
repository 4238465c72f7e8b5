package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

var (
	questionHeading = regexp.MustCompile(`(?m)^## (Q\d+)$`)
	questionTitle   = regexp.MustCompile(`(?m)^\*\*(.+?)\.\*\*`)
	readingRow      = regexp.MustCompile(`(?m)^\| ([a-z])( \(default\))? \| (.+?) \| (.+?) \|$`)
)

// pageQuestion is a question as the page of open questions has it.
type pageQuestion struct {
	title    string
	readings []falconsim.Reading
}

func pageQuestions(t *testing.T) (questions map[string]pageQuestion, order []string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(wirePages), "open-questions.md"))
	if err != nil {
		t.Fatal(err)
	}
	questions = map[string]pageQuestion{}
	places := questionHeading.FindAllSubmatchIndex(text, -1)
	for i, place := range places {
		id, end := string(text[place[2]:place[3]]), len(text)
		if i+1 < len(places) {
			end = places[i+1][0]
		}
		section := string(text[place[1]:end])
		title := questionTitle.FindStringSubmatch(section)
		if title == nil {
			t.Errorf("%s has no title", id)
			continue
		}
		question := pageQuestion{title: title[1]}
		for k, row := range readingRow.FindAllStringSubmatch(section, -1) {
			if isDefault := row[2] != ""; isDefault != (k == 0) {
				t.Errorf("%s: the default is the first reading, and not %q", id, row[1])
			}
			question.readings = append(question.readings, falconsim.Reading{Letter: row[1], Summary: strings.ReplaceAll(row[3], `\|`, "|")})
		}
		if !strings.Contains(section, "\nTo settle it: ") {
			t.Errorf("%s does not say how it could be settled", id)
		}
		if _, known := questions[id]; known {
			t.Errorf("%s is there twice", id)
		}
		questions[id] = question
		order = append(order, id)
	}
	return questions, order
}

// The page and the simulator have the same questions and readings, in the same order.
func TestOpenQuestions(t *testing.T) {
	t.Parallel()
	described, order := pageQuestions(t)
	asked := falconsim.Questions()
	if len(asked) < 50 || len(order) != len(asked) {
		t.Errorf("%d questions are described, the simulator has %d", len(order), len(asked))
	}
	for i, question := range asked {
		if i < len(order) && order[i] != question.ID {
			t.Errorf("question %d of the page is %s, the simulator's is %s", i+1, order[i], question.ID)
		}
		page, known := described[question.ID]
		if !known {
			t.Errorf("%s is not on the page: %s", question.ID, question.Title)
			continue
		}
		if page.title != question.Title {
			t.Errorf("%s is %q on the page and %q in the simulator", question.ID, page.title, question.Title)
		}
		if len(question.Readings) < 2 || len(page.readings) != len(question.Readings) {
			t.Errorf("%s has the readings %v on the page and %v in the simulator", question.ID, page.readings, question.Readings)
			continue
		}
		for k, reading := range question.Readings {
			if page.readings[k] != reading {
				t.Errorf("%s has the reading %v on the page and %v in the simulator", question.ID, page.readings[k], reading)
			}
		}
	}
}
