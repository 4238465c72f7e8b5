package tenantcheck

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
)

// cleanTime bounds the removal, which goes on when the caller's context has ended: a 429 can take most of it.
const cleanTime = 3 * time.Minute

// cleanPasses are the waits before each pass of a removal. All of them together are longer than any delay after which an object
// may appear or disappear (wire/open-questions.md#q39).
var cleanPasses = []time.Duration{0, 500 * time.Millisecond, time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second}

// clean removes everything that this check created, and lists what it could not remove. It does not end with ctx, but after a
// bounded time.
func (b *sandbox) clean(ctx context.Context) {
	if len(b.used) == 0 {
		return
	}
	b.s.progress("Removing what was created")
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanTime)
	defer cancel()
	b.s.patience.reset(cleanTime) // removing is worth more patience than looking
	b.removeAll(ctx, b.tag, func(_ context.Context, _ *objectKind, f found) bool { return b.isMine(f) })
}

// removal is one removal of everything in a sandbox.
type removal struct {
	b    *sandbox
	word string
	mine func(ctx context.Context, kind *objectKind, f found) bool
	// shown are the objects that the last search found, and failed is why a kind could not be searched.
	shown  []*object
	failed map[*objectKind]error
}

// removeAll deletes the objects of the sandbox and those that a search for the word finds, in passes, until Falcon shows none of
// them. A lost response may belong to an object that appears later, so that its name is looked for in all passes.
func (b *sandbox) removeAll(ctx context.Context, word string, mine func(ctx context.Context, kind *objectKind, f found) bool) {
	r := &removal{b: b, word: word, mine: mine, failed: map[*objectKind]error{}}
	for pass, wait := range cleanPasses {
		if !sleep(ctx, wait) {
			break
		}
		r.deleteAll(ctx)
		r.search(ctx)
		if r.ended(pass) {
			break
		}
	}
	r.listRest()
}

// deleteAll sends one request for each object whose id is known and that was not deleted yet.
func (r *removal) deleteAll(ctx context.Context) {
	for _, o := range r.b.objects {
		if o.id == "" || o.deleted || ctx.Err() != nil {
			continue
		}
		o.tries++
		if err := r.b.remove(ctx, o, "write.clean"); err == nil {
			r.b.s.progress("Removed the " + o.String())
		}
	}
}

// search looks for objects that are still shown, and enters those that are not known yet.
func (r *removal) search(ctx context.Context) {
	r.shown = nil
	for _, kind := range r.b.used {
		list, err := kind.find(ctx, r.b, r.word)
		r.failed[kind] = err
		for _, f := range list {
			if o := r.b.known(kind, f); o != nil {
				r.shown = append(r.shown, o)
			} else if f.id != "" && r.mine(ctx, kind, f) {
				r.shown = append(r.shown, r.b.enter(kind, f))
			}
		}
	}
}

// known is the entered object with this id, or one of this name whose id is not known. That gets the id. Webhook configurations may
// be shown without a name.
func (b *sandbox) known(kind *objectKind, f found) *object {
	for _, o := range b.objects {
		if o.kind == kind && o.id == f.id {
			return o
		}
	}
	for _, o := range b.objects {
		if o.kind == kind && o.id == "" && (o.name == f.name || f.name == "" && b.isMine(f)) {
			o.id = f.id
			return o
		}
	}
	return nil
}

// enter adds an object of the tenant to the sandbox.
func (b *sandbox) enter(kind *objectKind, f found) *object {
	o := &object{kind: kind, name: f.name, id: f.id, from: f}
	b.objects = append(b.objects, o)
	return o
}

// ended reports whether another pass would change nothing: each object is deleted and no longer shown, or its deletion was refused
// twice. A kind that could not be searched twice is not searched again.
func (r *removal) ended(pass int) bool {
	for _, o := range r.b.objects {
		if !o.deleted && !o.isRefused() {
			return false
		}
	}
	for _, o := range r.shown {
		if o.deleted {
			return false
		}
	}
	for _, err := range r.failed {
		if err != nil && pass == 0 {
			return false
		}
	}
	return true
}

// isRefused reports whether the object certainly exists and Falcon refuses to delete it.
func (o *object) isRefused() bool {
	e, ok := errors.AsType[*falcon.Error](o.why)
	return ok && o.tries > 1 && slices.Contains([]int{http.StatusUnauthorized, http.StatusForbidden, http.StatusMethodNotAllowed}, e.Status)
}

// listRest lists what was not removed.
func (r *removal) listRest() {
	for _, o := range r.b.objects {
		searched, shown := r.failed[o.kind] == nil, slices.Contains(r.shown, o)
		switch {
		case o.deleted && shown:
			r.b.s.leftBehind(o.leftover("Falcon accepted the deletion, but still shows it"))
		case o.deleted:
		case o.id == "" && o.accepted:
			r.b.s.leftBehind(o.leftover("Falcon accepted its creation, but does not show it"))
		case searched && !shown && !o.isRefused(): // it is gone, or was never created
		case o.id == "":
			r.b.s.leftBehind(o.leftover("the response to its creation was lost: it may exist under this name"))
		default:
			r.b.s.leftBehind(o.leftover(reason("not removed", "delete it", o.why)))
		}
	}
}
