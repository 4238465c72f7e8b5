package falcon

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
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
// there before and shows what was sent. It runs on when ctx has ended, for at most settleTime.
func (c *Client) settleWebhook(ctx context.Context, made creation) (*PluginConfig, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	after, err := c.PluginConfigs(ctx)
	if err != nil {
		return nil, made.unsettled(errors.Join(made.cause, err))
	}
	fresh := made.fresh(after)
	for i := range fresh {
		named := made.id != "" && strings.EqualFold(fresh[i].ID, made.id)
		shown := made.id == "" && made.stated && fresh[i].Name != nil && fresh[i].URL != nil
		if (named || shown) && fresh[i].mayBe(made.spec) {
			return &fresh[i], nil
		}
	}
	if same := configsNamed(fresh, made.spec.Name); len(same) > 0 {
		return nil, made.unsettled(errors.Join(made.cause, errors.New("what the list shows is not what was sent")), same...)
	}
	if made.cause != nil {
		return nil, unavailable(made.cause)
	}
	return nil, &WritesUnavailableError{Status: http.StatusOK, Reason: "Falcon accepted the call, but the list does not show the configuration"}
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
