package tenantcheck

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// WriteOptions say what a check may create.
type WriteOptions struct {
	// Confirm is asked once, with a line for each object that will be created or that an earlier check left behind and that will be
	// removed. The check writes nothing if it returns false. nil means yes.
	Confirm func(plan []string) bool
	// RemoveYoung is asked about objects of other checks that are so young that these may still be running. They are only removed if
	// it returns true. nil means no.
	RemoveYoung func(objects []string) bool
	// TryWebhookWrite also tries the unpublished request that writes webhook configurations.
	TryWebhookWrite bool
}

// writeQuestions are those that only writing settles.
var writeQuestions = slices.Concat(
	undisturbed(areaClients, clientWriteQuestions), undisturbed(areaWorkflows, workflowWriteQuestions), undisturbed(areaWebhook, webhookWriteQuestions),
)

// sandboxWord is the word by which the objects of all checks are found.
const sandboxWord = "falcon-check"

// writeTime bounds what happens between the first creation and the removal.
const writeTime = 10 * time.Minute

// write creates objects named "falcon-check ...", observes them and removes them. It removes the objects of earlier checks first.
func (s *session) write(ctx context.Context, opts WriteOptions) {
	s.progress("Looking for objects of earlier checks")
	b, earlier := newSandbox(s), s.earlier(ctx, opts)
	if opts.Confirm != nil && !opts.Confirm(b.plan(earlier, opts)) {
		s.say("Nothing was created or removed.")
		return
	}
	earlier.leaveYoung(opts)
	if len(earlier.objects) > 0 {
		s.progress("Removing objects of earlier checks")
		earlier.removeAll(ctx, sandboxWord, earlier.fromEarlier)
	}
	defer b.clean(ctx)
	ctx, cancel := context.WithTimeout(ctx, writeTime)
	defer cancel()
	for _, area := range []struct {
		title string
		run   func(context.Context)
		on    bool
	}{
		{"Trying API clients", b.tryClients, true},
		{"Trying workflows", b.tryWorkflows, true},
		{"Trying the unpublished request for webhook configurations", b.tryWebhook, opts.TryWebhookWrite},
	} {
		if area.on && ctx.Err() == nil {
			s.progress(area.title)
			area.run(ctx)
		}
	}
}

// earlier has the objects that earlier checks left behind. Webhook configurations are only looked for where the request that
// removes them may be sent.
func (s *session) earlier(ctx context.Context, opts WriteOptions) *sandbox {
	b := &sandbox{s: s, used: []*objectKind{clientKind, workflowKind}}
	if opts.TryWebhookWrite {
		b.used = append(b.used, webhookKind)
	} else {
		list, err := findWebhooks(ctx, b, sandboxWord)
		if err != nil {
			s.say("Objects of earlier checks: %s.", reason("not looked for", "list the webhook configurations", err))
		}
		for _, f := range list {
			if webhookKind.isOurs(f) {
				o := &object{kind: webhookKind, name: f.name, id: f.id}
				s.leftBehind(o.leftover("created by another check with -try-webhook-write: run it again with -write -try-webhook-write, or remove it in the console"))
			}
		}
	}
	for _, kind := range b.used {
		list, err := kind.find(ctx, b, sandboxWord)
		if err != nil {
			s.say("Objects of earlier checks: %s.", reason("not looked for", "list the "+kind.noun+"s", err))
		}
		for _, f := range list {
			if f.id != "" && b.isOfCheck(ctx, kind, f) {
				b.enter(kind, f)
			}
		}
	}
	return b
}

// fromEarlier reports whether an object of an earlier check may be removed.
func (b *sandbox) fromEarlier(ctx context.Context, kind *objectKind, f found) bool {
	return (b.anyAge || !f.isYoung()) && b.isOfCheck(ctx, kind, f)
}

// isOfCheck reports whether a check created an object, in its present state.
func (b *sandbox) isOfCheck(ctx context.Context, kind *objectKind, f found) bool {
	if !kind.isOurs(f) {
		return false
	}
	if kind.confirm == nil {
		return true
	}
	now, err := kind.confirm(ctx, b, f.id)
	return err == nil && now.id == f.id && kind.isOurs(now)
}

// plan lists what will be created and removed.
func (b *sandbox) plan(earlier *sandbox, opts WriteOptions) []string {
	var lines []string
	for _, o := range earlier.objects {
		if !o.from.isYoung() {
			lines = append(lines, "remove the "+o.String()+", which an earlier check left behind")
		}
	}
	lines = append(lines,
		fmt.Sprintf("create API client %q with one read scope, rename it, reset its secret, which is not stored, and remove it", b.name(purposeClient)))
	for _, d := range drafts {
		line := fmt.Sprintf("create workflow %q, disabled, and remove it", b.name(d.purpose))
		switch {
		case d.purpose == draftPlain:
			line = fmt.Sprintf("create workflow %q, enable it, run it once, which only prints, and remove it", b.name(d.purpose))
		case slices.Contains(enabledDrafts, d.purpose):
			line = fmt.Sprintf("create workflow %q, try to enable it, and remove it; it only starts on demand and is not run", b.name(d.purpose))
		}
		lines = append(lines, line)
	}
	if opts.TryWebhookWrite {
		lines = append(lines, fmt.Sprintf("try to create webhook configuration %q to %s, with a request that Falcon does not publish, and remove it",
			b.name(purposeWebhook), strings.TrimSuffix(b.webhookURL(), "/")))
	}
	return lines
}
