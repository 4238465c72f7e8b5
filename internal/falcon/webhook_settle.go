package falcon

import (
	"context"
	"errors"
	"net/http"
	"slices"
)

// creation is a create that was sent.
type creation struct {
	spec   WebhookSpec
	app    string         // the app's id, as far as the catalogue tells it
	before []PluginConfig // all configurations that there were, those of other apps too
	stated bool           // the list said that before is all
	id     string         // the id in the answer, if any
	cause  error          // why it is not known whether the call had an effect; nil: Falcon accepted it
}

// settleWebhook looks whether the list shows the new configuration: the one that Falcon named, or else one that was not
// there before and shows what was sent. It looks again for a while, for a list may lag behind, and a create that lost
// its response may still be under way. It runs on when ctx has ended, for at most settleTime. The errors are
//   - *WebhookMadeError: it is known to exist, by its id;
//   - *WebhookAppearedError: the list shows one that equals it, and nothing proves that this create made it;
//   - *UnsettledError: it may exist, or may still appear;
//   - *WritesUnavailableError: the list shows nothing of it.
func (c *Client) settleWebhook(ctx context.Context, made creation) (*PluginConfig, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	look, _, err := readUntil(ctx, c.clock, func(ctx context.Context) (look sighting, shown bool, err error) {
		after := c.pluginList.list(ctx, c.clock, c.listPluginConfigs)
		if after.err != nil {
			return sighting{}, false, made.unreadable(after.err)
		}
		look = made.among(after.items)
		return look, look.final, nil
	})
	if err != nil {
		return nil, err
	}
	return look.config, look.err
}

// sighting is what one look at the list says about a create.
type sighting struct {
	config *PluginConfig // the new configuration; nil if it is not shown, or not as it was sent
	err    error         // what a config of nil means if there is no further look
	final  bool          // another look says nothing new
}

// unreadable is the error when the list can't be read.
func (m creation) unreadable(err error) error {
	err = errors.Join(m.cause, err)
	if m.named() {
		return &WebhookMadeError{ID: m.id, Name: m.spec.Name, Err: err}
	}
	return m.unsettled(err)
}

// among looks for the new configuration among all that there are now.
func (m creation) among(after []PluginConfig) sighting {
	fresh := m.fresh(after)
	if named := ConfigWithID(fresh, m.id); m.named() && named != nil && named.mayBe(m.spec) {
		return sighting{config: named, final: true}
	}
	unlike := errors.Join(m.cause, errors.New("what the list shows is not what was sent"))
	if m.named() && ConfigWithID(after, m.id) != nil {
		return sighting{err: &WebhookMadeError{ID: m.id, Name: m.spec.Name, Err: unlike}, final: true}
	}
	if only := m.onlyLike(after, fresh); only != nil {
		if m.cause != nil {
			return sighting{err: &WebhookAppearedError{Config: *only, Err: m.cause}, final: true}
		}
		return sighting{config: only, final: true}
	}
	return sighting{err: m.absent(fresh, unlike)}
}

// onlyLike returns the only new configuration of the name, if it shows what was sent. After a failed create, it must not be
// possible that it belongs to another app.
func (m creation) onlyLike(after, fresh []PluginConfig) *PluginConfig {
	same := configsNamed(fresh, m.spec.Name)
	if m.id != "" && m.cause == nil || !m.stated || len(same) != 1 || same[0].URL == nil || !same[0].mayBe(m.spec) {
		return nil
	}
	if w := candidatesOf(after, m.app); m.cause != nil && !w.AppKnown && !w.OneApp() {
		return nil
	}
	return &same[0]
}

// absent is the error when the list does not show the new configuration, and fresh is what it shows of new ones.
func (m creation) absent(fresh []PluginConfig, unlike error) error {
	if same := configsNamed(fresh, m.spec.Name); len(same) > 0 {
		cause := unlike
		if len(same) > 1 || same[0].mayBe(m.spec) {
			cause = errors.Join(m.cause, errors.New("nothing shows which configuration the request created"))
		}
		return m.unsettled(cause, same...)
	}
	// Where Falcon shows no names, a new configuration without one may be it.
	hidden := slices.DeleteFunc(fresh, func(p PluginConfig) bool { return p.Name != nil || !p.mayBe(m.spec) })
	switch {
	case m.cause == nil && len(hidden) > 0, m.lost():
		cause := m.cause
		if cause == nil {
			cause = errors.New("Falcon accepted the request, but the list does not show the name of what is new")
		}
		return m.unsettled(cause, hidden...)
	case m.cause != nil:
		return unavailable(m.cause, EffectNone)
	}
	return &WritesUnavailableError{Status: http.StatusOK, Effect: EffectNone, Reason: "Falcon accepted the call, but the list does not show the configuration"}
}

// lost says that nothing is known of Falcon's response, so that the request may still be under way.
func (m creation) lost() bool {
	e, ok := errors.AsType[*Error](m.cause)
	return ok && e.ambiguous && e.Status < http.StatusInternalServerError
}

// named reports whether the id in the response is that of the new configuration, which proves that this create made it.
// In a response with errors, it may be the id of a configuration that is in the way.
func (m creation) named() bool {
	return m.id != "" && m.cause == nil && ConfigWithID(m.before, m.id) == nil
}

// fresh gives the app's configurations that were not there before. Those of other apps count among what was there, and
// not among what is new.
func (m creation) fresh(after []PluginConfig) []PluginConfig {
	old := configIDs(m.before)
	return slices.DeleteFunc(candidatesOf(after, m.app).Configs, func(p PluginConfig) bool { return slices.Contains(old, p.ID) })
}

func (m creation) unsettled(err error, candidates ...PluginConfig) error {
	return &UnsettledError{Kind: kindWebhook, Name: m.spec.Name, IDs: configIDs(candidates), Err: err}
}
