package tenantcheck

import (
	"cmp"
	"slices"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/tenantfacts"
)

// mode is the part of a check that can settle a question.
type mode int

const (
	// read questions are settled without a change to the tenant.
	read mode = iota
	// write questions need -write.
	write
	// webhookWrite questions need -try-webhook-write.
	webhookWrite
)

// evidence is the class of the evidence, as in a record.
func (m mode) evidence() string {
	if m == read {
		return tenantfacts.EvidenceRead
	}
	return tenantfacts.EvidenceWrite
}

// finding is what observations say about a question.
type finding struct {
	reading  string // "" if the question is not settled
	evidence string
}

// settled is a finding whose evidence excludes all other readings.
func settled(reading, evidence string) finding { return finding{reading, evidence} }

// open is a finding that excludes no reading; needed says what would.
func open(needed string) finding { return finding{evidence: needed} }

// question is an open question that a check can settle.
type question struct {
	id   string
	mode mode
	// settle is called with the observations of the whole check, also when the step of the question did not run.
	settle func(o *observations) finding
}

// allQuestions are those of all areas, in the order of their ids.
func allQuestions() []question {
	all := slices.Concat(apiClientQuestions, workflowQuestions, webhookQuestions, catalogQuestions, scoreQuestions, childrenQuestions, writeQuestions)
	slices.SortStableFunc(all, func(a, b question) int {
		return cmp.Or(cmp.Compare(len(a.id), len(b.id)), cmp.Compare(a.id, b.id)) // Q101 comes after Q86
	})
	return all
}

// answers evaluates all questions. A question of several areas is settled by any of them, unless they contradict each other.
func (o *observations) answers() []Answer {
	var out []Answer
	for _, q := range allQuestions() {
		f := q.settle(o)
		if o.notes[repeated(q.id)] != "" {
			f = o.unlessDisturbed(areaWorkflows, f)
		}
		a := Answer{Question: q.id, Reading: f.reading, Evidence: plainText(f.evidence)}
		if a.Settled() {
			a.By = q.mode.evidence()
		}
		if n := len(out) - 1; n >= 0 && out[n].Question == q.id {
			out[n] = out[n].with(a)
		} else {
			out = append(out, a)
		}
	}
	return out
}

// with combines two answers to one question.
func (a Answer) with(other Answer) Answer {
	switch {
	case !other.Settled():
		return a
	case a.Reading == other.Reading: // the first one is that of reading
		return a
	case !a.Settled():
		return other
	}
	return Answer{Question: a.Question, Evidence: "contradiction: " + a.Evidence + ", but " + other.Evidence}
}
