package falcon

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/crowdstrike/gofalcon/falcon/client/workflows"
)

// nearestActivities limits the activities that are read to find the nearest names: a tenant has thousands.
const nearestActivities = 100

// errNone keeps an empty result from being kept: an app may be installed at any time.
var errNone = errors.New("no such activity")

// ActivitiesByName lists the activities of exactly this name. A result that is not empty is kept for the life of the Client.
func (c *Client) ActivitiesByName(ctx context.Context, name string) ([]Activity, error) {
	ctx = withCall(ctx, call{doing: fmt.Sprintf("look up action %q", name), scope: scopeWorkflowRead, repeat: safe})
	same := func(a Activity) bool { return a.Name == name }
	list, err := c.matchingActivities(ctx, "name:~"+fql(name), same)
	// Another CrowdStrike client falls back to the longest word where several words match nothing.
	if word := longestWord(name); err == nil && len(list) == 0 && word != "" && word != name {
		list, err = c.matchingActivities(ctx, "name:~"+fql(word), same)
	}
	return list, err
}

// Activity reads one activity, which is kept for the life of the Client. IsNotFound holds for the error when the catalog has
// none of this id.
func (c *Client) Activity(ctx context.Context, id string) (*Activity, error) {
	list, err := c.ActivityVersions(ctx, id)
	if err != nil {
		return nil, err
	}
	return &list[0], nil
}

// ActivityVersions lists the catalog entries of one activity, usually one. The error is like that of Activity.
func (c *Client) ActivityVersions(ctx context.Context, id string) ([]Activity, error) {
	ctx = withCall(ctx, call{doing: fmt.Sprintf("look up action %s", id), scope: scopeWorkflowRead, repeat: safe})
	same := func(a Activity) bool { return strings.EqualFold(a.ID, id) }
	// The filter by id is not documented; CrowdStrike's fusion-skills relies on it. Before an activity counts as unknown,
	// the whole catalog is searched: thousands of entries, but only before an error.
	list, err := c.matchingActivities(ctx, "id:"+fql(id), same)
	if err == nil && len(list) == 0 {
		list, err = c.matchingActivities(ctx, "", func(Activity) bool { return true })
		if err == nil && len(list) == 0 { // such a response proves nothing about one activity
			return nil, &Error{Doing: callFrom(ctx).doing, Err: errors.New("the response shows an empty catalog of actions, and every tenant has actions")}
		}
		list = slices.DeleteFunc(list, func(a Activity) bool { return !same(a) })
	}
	if err == nil && len(list) == 0 {
		err = notFound(ctx, "action "+id)
	}
	return list, err
}

// ActivitiesLike lists activities whose names contain the text, or otherwise its words: candidates for the nearest names in
// an error message, at most about a hundred for each word.
func (c *Client) ActivitiesLike(ctx context.Context, text string) ([]Activity, error) {
	ctx = withCall(ctx, call{doing: fmt.Sprintf("look for actions like %q", text), scope: scopeWorkflowRead, repeat: safe})
	text = strings.TrimSpace(text)
	if text == "" {
		return nil, nil
	}
	list, err := c.someActivities(ctx, text)
	if err != nil || len(list) > 0 {
		return list, err
	}
	seen := map[string]bool{}
	for _, word := range words(text) {
		found, err := c.someActivities(ctx, word)
		if err != nil {
			return list, err
		}
		for _, a := range found {
			if !seen[a.ID] {
				seen[a.ID] = true
				list = append(list, a)
			}
		}
	}
	return list, nil
}

// someActivities returns the first activities whose names contain the text.
func (c *Client) someActivities(ctx context.Context, text string) ([]Activity, error) {
	env, err := c.activityPage(ctx, "name:~"+fql(text), 0, nearestActivities)
	if err != nil {
		return nil, err
	}
	found, err := resources[wireActivity](ctx, env)
	if err != nil {
		return nil, err
	}
	list := make([]Activity, 0, len(found))
	for _, a := range found {
		list = append(list, a.activity())
	}
	return list, nil
}

// matchingActivities returns the activities that the filter finds and that match. A result that is not empty is kept.
func (c *Client) matchingActivities(ctx context.Context, filter string, match func(Activity) bool) ([]Activity, error) {
	list, err := c.catalog.activitiesOf(filter).get(ctx, func(ctx context.Context) ([]Activity, error) {
		found, err := somePages(ctx, activityKey, func(offset int) (*envelope, error) {
			return c.activityPage(ctx, filter, offset, workflowPage)
		})
		if err != nil {
			return nil, err
		}
		var list []Activity
		for _, a := range found {
			if a := a.activity(); match(a) {
				list = append(list, a)
			}
		}
		if len(list) == 0 {
			return nil, errNone
		}
		return list, nil
	})
	if errors.Is(err, errNone) {
		return nil, nil
	}
	return slices.Clone(list), err
}

func activityKey(a wireActivity) string { return string(a.ID) + "\x00" + string(a.SemanticVersion) }

func (c *Client) activityPage(ctx context.Context, filter string, offset, limit int) (*envelope, error) {
	params := workflows.NewWorkflowActivitiesCombinedParamsWithContext(ctx)
	params.SetFilter(filter)
	params.SetLimit(new(int64(limit)))
	params.SetOffset(pageOffset(offset))
	var r response
	_, err := c.workflows.WorkflowActivitiesCombined(params, r.as(workflows.NewWorkflowActivitiesCombinedOK()))
	return partialEnvelope(ctx, &r, err)
}

// words are the words of a text that are worth a search, the longest first, at most four.
func words(text string) []string {
	var list []string
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t\n-_>/,.:;()'\"", r) }) {
		if len(w) > 2 && !slices.Contains(list, w) {
			list = append(list, w)
		}
	}
	slices.SortStableFunc(list, func(a, b string) int { return len(b) - len(a) })
	return list[:min(len(list), 4)]
}

func longestWord(text string) string {
	if list := words(text); len(list) > 0 {
		return list[0]
	}
	return ""
}
