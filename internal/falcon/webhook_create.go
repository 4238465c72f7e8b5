package falcon

import (
	"context"
	"errors"
	"net/http"
	"slices"
)

// creation is a create that was sent.
type webhookCreate struct {
	spec   WebhookSpec
	app    string         // the app's id in the catalog, if known
	before []PluginConfig // all configurations before the create, including those of other apps
	stated bool           // the list had a total or resources, so that before is complete
	id     string         // the id in the response, if any
	cause  error          // why it is not known whether the request had an effect; nil: Falcon accepted it
}

// settleWebhook checks whether the list shows the new configuration: the one that Falcon named, or else one that did not
// exist before and matches the request. It repeats the check for a while, because a list may be stale, and a create whose
// response was lost may still be in progress. It continues for at most settleTime when ctx has ended. The errors are
//   - *WebhookUnverifiedError: it is known to exist, by its id;
//   - *WebhookAppearedError: the list shows one that matches the request, and nothing proves that this create made it;
//   - *UnsettledError: it may exist, or may still appear;
//   - *WritesUnavailableError: the list shows nothing of it.
func (c *Client) settleWebhook(ctx context.Context, made webhookCreate) (*PluginConfig, error) {
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

// sighting is the result of one check of the list.
type sighting struct {
	config *PluginConfig // the new configuration; nil if it is not shown, or not as requested
	err    error         // the error if config is nil and there is no further check
	final  bool          // another check would not change the result
}

// unreadable is the error when the list cannot be read.
func (m webhookCreate) unreadable(err error) error {
	err = errors.Join(m.cause, err)
	if m.named() {
		return &WebhookUnverifiedError{ID: m.id, Name: m.spec.Name, Err: err}
	}
	return m.unsettled(err)
}

// among looks for the new configuration in the current list.
func (m webhookCreate) among(after []PluginConfig) sighting {
	fresh := m.fresh(after)
	if named := ConfigWithID(fresh, m.id); m.named() && named != nil && named.mayBe(m.spec) {
		return sighting{config: named, final: true}
	}
	unlike := errors.Join(m.cause, errors.New("the list shows something different from the request"))
	if m.named() && ConfigWithID(after, m.id) != nil {
		return sighting{err: &WebhookUnverifiedError{ID: m.id, Name: m.spec.Name, Err: unlike}, final: true}
	}
	if only := m.onlyLike(after, fresh); only != nil {
		if m.cause != nil {
			return sighting{err: &WebhookAppearedError{Config: *only, Err: m.cause}, final: true}
		}
		return sighting{config: only, final: true}
	}
	return sighting{err: m.absent(fresh, unlike)}
}

// onlyLike returns the only new configuration of the name, if it matches the request. After a failed create, it must also be
// known that it does not belong to another app.
func (m webhookCreate) onlyLike(after, fresh []PluginConfig) *PluginConfig {
	same := configsNamed(fresh, m.spec.Name)
	if m.id != "" && m.cause == nil || !m.stated || len(same) != 1 || same[0].URL == nil || !same[0].mayBe(m.spec) {
		return nil
	}
	if w := candidatesOf(after, m.app); m.cause != nil && !w.AppKnown && !w.OneApp() {
		return nil
	}
	return &same[0]
}

// absent is the error when the list does not show the new configuration. fresh are the new configurations that it shows.
func (m webhookCreate) absent(fresh []PluginConfig, unlike error) error {
	if same := configsNamed(fresh, m.spec.Name); len(same) > 0 {
		cause := unlike
		if same[0].mayBe(m.spec) {
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
			cause = errors.New("Falcon accepted the request, but the list does not show the names of new configurations")
		}
		return m.unsettled(cause, hidden...)
	case m.cause != nil:
		return unavailable(m.cause, EffectNone)
	}
	return &WritesUnavailableError{Status: http.StatusOK, Effect: EffectNone, Reason: "Falcon accepted the request, but the list does not show the configuration"}
}

// lost reports whether nothing is known of Falcon's response, so that the request may still be in progress.
func (m webhookCreate) lost() bool {
	e, ok := errors.AsType[*Error](m.cause)
	return ok && e.ambiguous && e.Status < http.StatusInternalServerError
}

// named reports whether the id in the response is the new configuration's, which proves that this create made it. With an
// error it could be the id of a conflicting configuration.
func (m webhookCreate) named() bool {
	return m.id != "" && m.cause == nil && ConfigWithID(m.before, m.id) == nil
}

// fresh returns the app's configurations that did not exist before. Those of other apps count as existing, but not as new.
func (m webhookCreate) fresh(after []PluginConfig) []PluginConfig {
	old := configIDs(m.before)
	return slices.DeleteFunc(candidatesOf(after, m.app).Configs, func(p PluginConfig) bool { return slices.Contains(old, p.ID) })
}

func (m webhookCreate) unsettled(err error, candidates ...PluginConfig) error {
	return &UnsettledError{Kind: kindWebhook, Name: m.spec.Name, IDs: configIDs(candidates), Err: err}
}
