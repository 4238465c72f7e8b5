package tenantcheck

import (
	"context"
	"fmt"
	"time"
)

// disappearTime is longer than any delay after which a deleted object is no longer shown (wire/open-questions.md#q40).
const disappearTime = 3 * time.Second

// disturbance is the key of the note on why the responses in an area may be those for objects that no longer exist.
func disturbance(area string) string { return "write." + area + ".disturbed" }

// expectPresent begins the requests whose responses depend on the objects of the check in an area. Until confirmPresent has seen all
// of them, these responses settle nothing.
func (b *sandbox) expectPresent(area string) {
	b.s.note(disturbance(area), "the check ended before it could see that its own objects were still there")
}

// confirmPresent looks whether the objects in an area are still there after the last request that depends on them: another check, or a
// person, may have deleted them, and a refusal or an empty list then says nothing. missing returns the name of an object that is not
// shown; "" if all are.
func (b *sandbox) confirmPresent(ctx context.Context, area string, missing func(ctx context.Context) (string, error)) {
	if !sleep(ctx, disappearTime) {
		return
	}
	name, err := missing(ctx)
	switch {
	case err != nil:
		b.s.note(disturbance(area), reason("not checked", "see whether the objects of the check are still there", err))
	case name != "":
		b.s.note(disturbance(area), fmt.Sprintf("%q was no longer shown at the end: another check, or a person, may have removed it", name))
	default:
		b.s.note(disturbance(area), "")
	}
}

// missingWorkflow is the name of a workflow that is not shown.
func (b *sandbox) missingWorkflow(ctx context.Context, objects map[string]*object) (string, error) {
	list, err := findWorkflows(ctx, b, b.tag)
	if err != nil {
		return "", err
	}
	shown := map[string]bool{}
	for _, f := range list {
		shown[f.id] = true
	}
	for _, d := range drafts {
		o := objects[d.purpose]
		if o == nil || o.id == "" || shown[o.id] {
			continue
		}
		// A tenant without a filter for names lists only a page.
		if f, err := readWorkflow(ctx, b, o.id); err != nil || f.id == "" {
			return o.name, err
		}
	}
	return "", nil
}

// undisturbed are questions that are settled only if the objects of their area were there until the end.
func undisturbed(area string, questions []question) []question {
	list := make([]question, len(questions))
	for i, q := range questions {
		list[i] = question{q.id, q.mode, func(o *observations) finding { return o.unlessDisturbed(area, q.settle(o)) }}
	}
	return list
}

func (o *observations) unlessDisturbed(area string, f finding) finding {
	if why := o.notes[disturbance(area)]; why != "" && f.reading != "" {
		return open(why)
	}
	return f
}

// repeatOpen reports whether one of some questions that reading settles is still open. Those are then about the workflows of the check.
func (b *sandbox) repeatOpen(ids ...string) bool {
	if !b.isOpen(ids...) {
		return false
	}
	for _, id := range ids { // their probes are the same
		b.s.note(repeated(id), "yes")
	}
	return true
}

// repeated is the key of the note that a question is settled by the workflows of the check.
func repeated(id string) string { return "write.repeated." + id }
