package tenantcheck

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
)

const (
	// sandboxPrefix begins the name of every object that a check creates. A random tag and a word for the purpose follow.
	sandboxPrefix = "falcon-check "
	// sandboxNote is the description of every object that has one. With the form of the name it proves that the object is ours.
	sandboxNote = "Created by falcon-check to see how this tenant behaves. It is not used and can be deleted."
)

// sandbox has the objects that a check creates. Every object is entered before the request that creates it is sent, so that
// clean finds it whatever happens to the response.
type sandbox struct {
	s *session
	// tag is the random part of the names: 12 letters, which are one word to any search index.
	tag     string
	objects []*object
	// used are the kinds of which a create was sent.
	used []*objectKind
	// anyAge allows the removal of objects of other checks that may still be running.
	anyAge bool
}

// object is an object that may exist.
type object struct {
	kind *objectKind
	name string
	id   string // "" while it is not known
	// claimed is the id in the response to the creation, which is believed only where Falcon also shows the name.
	claimed  string
	accepted bool  // Falcon accepted the creation
	deleted  bool  // Falcon accepted the deletion
	tries    int   // of the removal
	why      error // of the last attempt to delete it
	from     found // as it was found; empty for an object of this check
}

// objectKind is a kind of objects, and how they are found and removed.
type objectKind struct {
	noun string
	// find lists objects whose names contain a word. It may list others too.
	find func(ctx context.Context, b *sandbox, word string) ([]found, error)
	// confirm reads an object by its id, for kinds of which find may show a former state. It is nil for others.
	confirm func(ctx context.Context, b *sandbox, id string) (found, error)
	// isOurs reports whether an object was created by a check, this one or an earlier one.
	isOurs func(f found) bool
	// removal is the request that deletes an object.
	removal func(id string) falcon.RawRequest
}

// found is an object of the tenant.
type found struct {
	id, name string
	// mark is the description; for a webhook configuration its URL.
	mark string
	// age is how long ago it was created or changed, by Falcon's clock; aged is false if Falcon shows no time.
	age  time.Duration
	aged bool
}

func newSandbox(s *session) *sandbox {
	letters := make([]byte, 12)
	for i, b := range randomBytes(len(letters)) {
		letters[i] = 'a' + b%26
	}
	return &sandbox{s: s, tag: string(letters)}
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // it never fails: crypto/rand ends the program instead
	return b
}

// name is the name of an object of this check.
func (b *sandbox) name(purpose string) string { return sandboxPrefix + b.tag + " " + purpose }

var sandboxName = regexp.MustCompile(`^` + sandboxPrefix + `[a-z]{12} (.+)$`)

// isNamed reports whether a name has the form of a check's, for one of some purposes.
func isNamed(name string, purposes ...string) bool {
	m := sandboxName.FindStringSubmatch(name)
	return m != nil && slices.Contains(purposes, m[1])
}

// isMine reports whether an object has the tag of this check.
func (b *sandbox) isMine(f found) bool {
	return strings.HasPrefix(f.name, sandboxPrefix+b.tag+" ") || strings.HasPrefix(f.mark, b.webhookURL())
}

// send sends a request for the questions that look at its probe. The response is empty if there was none.
func (b *sandbox) send(ctx context.Context, probe string, req falcon.RawRequest) (response, error) {
	raw, err := b.s.raw(ctx, probe, req)
	b.s.mu.Lock()
	b.s.errs[probe] = err
	b.s.mu.Unlock()
	body := decode(raw.Body)
	withoutSecrets(body)
	return response{probe: probe, status: raw.Status, header: raw.Header, body: body}, err
}

// isWriteProbe reports whether a response may show objects of the check, which are not the tenant's.
func isWriteProbe(probe string) bool { return strings.HasPrefix(probe, "write.") }

// try sends a request whose response is all that matters, also if it is an error. It reports whether Falcon accepted the request.
func (b *sandbox) try(ctx context.Context, probe string, req falcon.RawRequest) bool {
	_, err := b.send(ctx, probe, req)
	return err == nil
}

// create sends the request that creates an object, once: it is repeated only after a 429. The object is nil if Falcon refused it.
// Its id is "" if the response was lost or has no id.
func (b *sandbox) create(ctx context.Context, kind *objectKind, name, probe string, req falcon.RawRequest) (*object, response, error) {
	if !slices.Contains(b.used, kind) {
		b.used = append(b.used, kind)
	}
	o := &object{kind: kind, name: name}
	b.objects = append(b.objects, o)
	req.Doing, req.Finish = fmt.Sprintf("create the %s %q", kind.noun, name), true
	r, err := b.send(ctx, probe, req)
	switch {
	case err == nil:
		o.claimed, o.accepted = idIn(r), len(r.errorItems()) == 0
		if len(r.objects()) == 1 && nameOf(r.objects()[0]) == name {
			o.id = o.claimed
		}
	case !falcon.Ambiguous(err):
		b.objects = slices.DeleteFunc(b.objects, func(other *object) bool { return other == o })
		return nil, r, err
	}
	return o, r, err
}

// idIn is the id of the first resource, which is an object or the id itself; "" if there is none.
func idIn(r response) string {
	items := r.resources()
	if len(items) == 0 {
		return ""
	}
	if id, ok := items[0].(string); ok {
		return id
	}
	return objectID(items[0])
}

// nameOf is the name of an object, wherever it is shown.
func nameOf(item any) string { return cmp.Or(text(item, "name"), text(item, "config", "name")) }

// objectID is the id of an object, whatever its key is.
func objectID(item any) string {
	for _, key := range []string{"id", "client_id", "config_id"} {
		if id := text(item, key); id != "" {
			return id
		}
	}
	return ""
}

// isOpen reports whether one of some questions is not settled yet.
func (b *sandbox) isOpen(ids ...string) bool {
	return slices.ContainsFunc(b.s.observed().answers(), func(a Answer) bool { return slices.Contains(ids, a.Question) && !a.Settled() })
}

// errNotDone says that a response lists errors although its status is that of a success.
var errNotDone = errors.New("the response lists errors")

// remove deletes an object.
func (b *sandbox) remove(ctx context.Context, o *object, probe string) error {
	req := o.kind.removal(o.id)
	req.Doing, req.Finish = fmt.Sprintf("delete the %s %q", o.kind.noun, o.name), true
	r, err := b.send(ctx, probe, req)
	if err == nil && len(r.errorItems()) > 0 {
		err = errNotDone
	}
	if falcon.IsNotFound(err) {
		err = nil
	}
	o.deleted, o.why = err == nil, err
	return err
}

// removed deletes an object, and reports whether it existed until then: when it disappears is counted from the response.
func (b *sandbox) removed(ctx context.Context, o *object, probe string) bool {
	return b.remove(ctx, o, probe) == nil && b.s.observed().accepted(probe)
}

// stopped notes why a part of the check ended early. Questions that it leaves open name the reason.
func (b *sandbox) stopped(area, doing string, err error) {
	b.s.note(stopOf(area), reason("not checked", doing, err))
}

func stopOf(area string) string { return "write." + area + ".stopped" }

// reason says in our own words why a request failed: the text of an error can have values of the tenant.
func reason(outcome, doing string, err error) string {
	e, ok := errors.AsType[*falcon.Error](err)
	switch {
	case ok && e.MissingScope != "":
		return outcome + ": needs the scope " + e.MissingScope
	case ok && e.Status >= http.StatusMultipleChoices:
		return fmt.Sprintf("%s: the request to %s was refused with status %d", outcome, doing, e.Status)
	case errors.Is(err, errNotDone):
		return fmt.Sprintf("%s: the response to the request to %s lists errors", outcome, doing)
	case err != nil:
		return fmt.Sprintf("%s: no usable response to the request to %s", outcome, doing)
	}
	return fmt.Sprintf("%s: the response to the request to %s does not show the object", outcome, doing)
}

// watchTimes are when a write is looked for, counted from its response. They lie around the delays of the readings: none, 300 ms,
// two seconds and three seconds.
var watchTimes = []time.Duration{0, 400 * time.Millisecond, time.Second, 2200 * time.Millisecond, 3500 * time.Millisecond, 6 * time.Second, 10 * time.Second}

// watch calls look until it returns true, and notes under key when that was. It returns false if it never was.
func (b *sandbox) watch(ctx context.Context, key string, look func(ctx context.Context) (bool, error)) bool {
	start, unread := time.Now(), 0
	for n, at := range watchTimes {
		if !sleep(ctx, at-time.Since(start)) {
			break
		}
		done, err := look(ctx)
		switch {
		case err != nil:
			unread++
		case done && unread == 0:
			b.s.note(key, delay{looks: n, after: time.Since(start)}.String())
			return true
		case done:
			return true
		}
	}
	return false
}

// sleep reports whether ctx is still open after d.
func sleep(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}

// delay is when a write took effect for readers: how many reads did not show it, and the time up to the end of the read that did.
type delay struct {
	looks int
	after time.Duration
}

// String is the form of a note.
func (d delay) String() string { return fmt.Sprintf("%d %d", d.looks, d.after.Milliseconds()) }

// delayOf reads a note of watch.
func (o *observations) delayOf(key string) (delay, bool) {
	var looks int
	var ms int64
	if _, err := fmt.Sscanf(o.notes[key], "%d %d", &looks, &ms); err != nil {
		return delay{}, false
	}
	return delay{looks: looks, after: time.Duration(ms) * time.Millisecond}, true
}
