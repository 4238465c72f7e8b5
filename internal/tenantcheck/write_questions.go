package tenantcheck

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// unasked is the finding where a part of the check did not get as far as the question.
func (o *observations) unasked(area string) finding {
	return open(cmp.Or(o.notes[stopOf(area)], map[string]string{
		areaClients: "needs -write", areaWorkflows: "needs -write", areaWebhook: "needs -try-webhook-write",
	}[area]))
}

// accepted reports whether the response to a probe is a 2xx without errors.
func (o *observations) accepted(probe string) bool {
	r, ok := o.last(probe)
	return ok && r.isSuccess() && len(r.errorItems()) == 0
}

// isSuccess reports whether the status is a 2xx.
func (r response) isSuccess() bool { return r.status >= 200 && r.status < 300 }

// enabled reports whether a draft was enabled.
func (o *observations) enabled(purpose string) bool { return o.accepted(enableProbe(purpose)) }

const (
	// atOnce is how soon a read has to end to show that a write took effect at once: earlier than the shortest delay of a reading.
	atOnce = 250 * time.Millisecond
	// goneAtOnce is the same for a deletion, whose shortest delay is two seconds.
	goneAtOnce = 1500 * time.Millisecond
	// runAtOnce is the same for a run, whose shortest delay is a second.
	runAtOnce = 800 * time.Millisecond
)

// shownFinding says when readers see a new object: questions Q09, Q20 and Q39.
func (o *observations) shownFinding(key, area string) finding {
	d, ok := o.delayOf(key)
	if !ok {
		return o.unasked(area)
	}
	evidence := fmt.Sprintf("shown %d ms after the response to its creation, by read %d", d.after.Milliseconds(), d.looks+1)
	switch {
	case d.looks == 0 && d.after < atOnce:
		return settled("a", evidence)
	case d.looks == indexOf(400*time.Millisecond):
		return settled("b", evidence)
	case d.looks == indexOf(3500*time.Millisecond):
		return settled("c", evidence)
	}
	return open(evidence + ", which fits no reading")
}

// goneFinding says when a deleted object disappears: questions Q08, Q21 and Q40.
func (o *observations) goneFinding(key, area string) finding {
	d, ok := o.delayOf(key)
	if !ok {
		return o.unasked(area)
	}
	evidence := fmt.Sprintf("gone %d ms after the response to its deletion, by read %d", d.after.Milliseconds(), d.looks+1)
	switch {
	case d.looks == 0 && d.after < goneAtOnce:
		return settled("a", evidence)
	case d.looks == indexOf(2200*time.Millisecond):
		return settled("b", evidence)
	}
	return open(evidence + ", which fits no reading")
}

// indexOf is the number of a look of watch.
func indexOf(at time.Duration) int { return slices.Index(watchTimes, at) }

// byStatus is the finding that follows from the status of a response alone.
func (o *observations) byStatus(probe, area string, readings map[int]string) finding {
	r, ok := o.last(probe)
	if !ok {
		return o.unasked(area)
	}
	evidence := fmt.Sprintf("status %d", r.status)
	if reading := readings[r.status]; reading != "" {
		return settled(reading, evidence)
	}
	return open(evidence + ", which fits no reading")
}

// created are the readings of a create that is either refused with a status or accepted.
func created(refused int, reading, accepted string) map[int]string {
	return map[int]string{refused: reading, http.StatusOK: accepted, http.StatusCreated: accepted}
}
