package tenantcheck

import (
	"fmt"
	"net/http"
	"slices"
	"time"
)

// maxRun is how old an object of a check that is still running can be: creating and removing are bounded.
const maxRun = writeTime + cleanTime + 2*time.Minute

// timeKeys are the keys under which Falcon shows when an object was created or changed.
var timeKeys = []string{
	"created_timestamp", "last_modified", "last_modified_timestamp", "modified_timestamp", "updated_timestamp", "created_at", "updated_at",
}

// aged adds the age of an item of the response. It is counted to the time in the response, because the local clock may be wrong.
func (r response) aged(item any, f found) found {
	now, err := http.ParseTime(r.header.Get("Date"))
	if err != nil {
		now = time.Now()
	}
	for _, key := range timeKeys {
		at, err := time.Parse(time.RFC3339, text(item, key))
		if age := now.Sub(at); err == nil && (!f.aged || age < f.age) {
			f.age, f.aged = age, true
		}
	}
	return f
}

// isYoung reports whether an object may belong to a check that is still running.
func (f found) isYoung() bool { return !f.aged || f.age < maxRun }

// leaveYoung takes objects that may belong to a check that is still running out of the sandbox, and lists them as left behind,
// unless a person says that no other check is running.
func (b *sandbox) leaveYoung(opts WriteOptions) {
	var young []string
	for _, o := range b.objects {
		if o.from.isYoung() {
			young = append(young, o.String())
		}
	}
	if b.anyAge = len(young) > 0 && opts.RemoveYoung != nil && opts.RemoveYoung(young); b.anyAge {
		return
	}
	b.objects = slices.DeleteFunc(b.objects, func(o *object) bool {
		if !o.from.isYoung() {
			return false
		}
		when := "if no other check is running, run it again with -remove-leftovers"
		if o.from.aged {
			minutes := int((maxRun-max(o.from.age, 0))/time.Minute) + 1
			when = fmt.Sprintf("run it again in %d minutes, or now with -remove-leftovers if no other check is running", minutes)
		}
		b.s.leftBehind(o.leftover("it may belong to a check that is still running: " + when))
		return true
	})
}
