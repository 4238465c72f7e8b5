// Package wire has the open questions about Falcon's API as they are written in open-questions.md, the page next to this file. The
// other pages are for people.
package wire

import (
	_ "embed"
	"regexp"
	"strings"
	"sync"
)

//go:embed open-questions.md
var openQuestions string

// Question is an open question.
type Question struct {
	ID, Title string
	// Readings are what Falcon may do, by letter.
	Readings map[string]string
}

var (
	questionHeading = regexp.MustCompile(`(?m)^## (Q\d+)$`)
	questionTitle   = regexp.MustCompile(`(?m)^\*\*(.+?)\.\*\*`)
	readingRow      = regexp.MustCompile(`(?m)^\| ([a-z])(?: \(default\))? \| (.+?) \|`)
)

// Questions returns the open questions by id.
var Questions = sync.OnceValue(func() map[string]Question {
	questions := map[string]Question{}
	places := questionHeading.FindAllStringSubmatchIndex(openQuestions, -1)
	for i, place := range places {
		end := len(openQuestions)
		if i+1 < len(places) {
			end = places[i+1][0]
		}
		id, section := openQuestions[place[2]:place[3]], openQuestions[place[1]:end]
		q := Question{ID: id, Readings: map[string]string{}}
		if m := questionTitle.FindStringSubmatch(section); m != nil {
			q.Title = m[1]
		}
		for _, m := range readingRow.FindAllStringSubmatch(section, -1) {
			q.Readings[m[1]] = strings.NewReplacer("`", "", `\|`, "|").Replace(m[2])
		}
		questions[id] = q
	}
	return questions
})
