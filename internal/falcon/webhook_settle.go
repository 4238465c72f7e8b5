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
// there before and shows what was sent. It runs on when ctx has ended, for at most settleTime. The errors are
//   - *WebhookMadeError: it is known to exist, by its id;
//   - *UnsettledError: it may exist;
//   - *WritesUnavailableError: the list shows nothing of it.
func (c *Client) settleWebhook(ctx context.Context, made creation) (*PluginConfig, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	after := c.pluginList.list(ctx, c.clock, c.listPluginConfigs)
	switch {
	case after.err != nil && made.named():
		return nil, &WebhookMadeError{ID: made.id, Name: made.spec.Name, Err: errors.Join(made.cause, after.err)}
	case after.err != nil:
		return nil, made.unsettled(errors.Join(made.cause, after.err))
	}
	fresh := made.fresh(after.items)
	if named := ConfigWithID(fresh, made.id); made.named() && named != nil && named.mayBe(made.spec) {
		return named, nil
	}
	unlike := errors.Join(made.cause, errors.New("what the list shows is not what was sent"))
	if made.named() && ConfigWithID(after.items, made.id) != nil {
		return nil, &WebhookMadeError{ID: made.id, Name: made.spec.Name, Err: unlike}
	}
	for _, p := range fresh {
		if made.id == "" && made.stated && p.Name != nil && p.URL != nil && p.mayBe(made.spec) {
			return &p, nil
		}
	}
	if same := configsNamed(fresh, made.spec.Name); len(same) > 0 {
		return nil, made.unsettled(unlike, same...)
	}
	if made.cause != nil {
		return nil, unavailable(made.cause, EffectNone)
	}
	return nil, &WritesUnavailableError{Status: http.StatusOK, Effect: EffectNone, Reason: "Falcon accepted the call, but the list does not show the configuration"}
}

// named says that the id in the answer is the new configuration's. Beside an error it could as well be that of the one
// that is in the way, unless it is known that there was none of that id.
func (m creation) named() bool {
	return m.id != "" && ConfigWithID(m.before, m.id) == nil && (m.cause == nil || m.stated)
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
