package falcon

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// MissingActivities returns those of the names that no activity of the catalog has. An unclear response is an error, not a
// missing activity.
func (c *Client) MissingActivities(ctx context.Context, names []string) ([]string, error) {
	var missing []string
	for _, name := range names {
		found, err := c.ActivitiesByName(ctx, name)
		if err == nil && len(found) == 0 {
			err = c.confirmNoActivity(ctx, name)
			missing = append(missing, name)
		}
		if err != nil {
			return nil, err
		}
	}
	return missing, nil
}

// confirmNoActivity returns an error unless Falcon says explicitly that it found no activity, or shows the names of those that
// it found.
func (c *Client) confirmNoActivity(ctx context.Context, name string) error {
	ctx = withCall(ctx, call{doing: fmt.Sprintf("look up action %q", name), scope: scopeWorkflowRead, repeat: safe})
	env, err := c.activityPage(ctx, "name:~"+fql(name), 0, workflowPage)
	if err != nil {
		return err
	}
	found, err := resources[wireActivity](ctx, env)
	switch {
	case err != nil:
		return err
	case env.silent():
		return env.unstated(ctx)
	case len(found) == 0 && env.Total > 0:
		return cutShort(ctx, env, 0)
	case slices.ContainsFunc(found, func(a wireActivity) bool { return a.Name == "" }):
		return listingError(ctx, env, "an action in the response has no readable name")
	}
	return nil
}

// MissingTriggers returns those of the events (see [Trigger.Category]) that no trigger of the catalog has.
func (c *Client) MissingTriggers(ctx context.Context, events []string) ([]string, error) {
	triggers, err := c.Triggers(ctx)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(triggers, func(t Trigger) bool { return t.Category != "" }) {
		return nil, &Error{Doing: "list the workflow triggers", Err: errors.New("the response contains no trigger, but every tenant has some")}
	}
	return slices.DeleteFunc(slices.Clone(events), func(event string) bool {
		return slices.ContainsFunc(triggers, func(t Trigger) bool { return t.Category == event })
	}), nil
}
