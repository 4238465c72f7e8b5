package falcon

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strings"
)

const (
	// rawName is the filterable field of a workflow's name: name itself is analyzed into words (wire/workflows.md#names).
	rawName = "name.raw:"
	// maxFilteredName is the longest name that is looked up with a filter: search indexes have a limit for such fields.
	maxFilteredName = 200
	// maxCandidates is how many workflows are read one by one to get their newest version; more are listed.
	maxCandidates = 10
)

// WorkflowsByName returns the workflows whose name is exactly this one: at most one unless Falcon's rule changes.
func (c *Client) WorkflowsByName(ctx context.Context, name string) ([]Workflow, error) {
	ctx = withCall(ctx, call{doing: fmt.Sprintf("look up workflow %q", name), scope: scopeWorkflowRead, repeat: safe})
	found, _, err := c.workflowsNamed(ctx, name, fql(name), func(w Workflow) bool { return w.Name == name })
	return found, err
}

// EachWorkflow yields the workflows whose names contain a text, ignoring case, or all workflows for "". It reads only as far
// as needed. An error ends it.
func (c *Client) EachWorkflow(ctx context.Context, nameContains string) iter.Seq2[Workflow, error] {
	ctx = withCall(ctx, call{doing: "list workflows", scope: scopeWorkflowRead, repeat: safe})
	lower := strings.ToLower(nameContains)
	contains := func(w Workflow) bool { return strings.Contains(strings.ToLower(w.Name), lower) }
	return func(yield func(Workflow, error) bool) {
		shown := map[string]bool{}
		each := func(list []Workflow, err error) bool {
			if err != nil {
				yield(Workflow{}, err)
				return false
			}
			for _, w := range list {
				if !shown[w.ID] && contains(w) && !yield(w, nil) {
					return false
				}
				shown[w.ID] = true
			}
			return true
		}
		if nameContains != "" {
			// It is not known whether the filter ignores case: it finds the names that contain the text as is.
			found, listed, err := c.workflowsNamed(ctx, nameContains, "*"+fql("*"+nameContains+"*"), contains)
			if !each(found, err) || listed || lower == strings.ToUpper(nameContains) {
				return
			}
		}
		each(c.Workflows(ctx))
	}
}

// workflowsNamed returns the workflows with a matching name. match is the value of a filter that selects them, is whether a
// workflow matches. The filter may find an old version, with a former name of the workflow, so the newest version of each id
// decides. listed reports that the whole tenant was listed instead.
func (c *Client) workflowsNamed(ctx context.Context, name, match string, is func(Workflow) bool) (found []Workflow, listed bool, err error) {
	candidates, ok, err := c.candidates(ctx, name, match)
	if err != nil {
		return nil, false, err
	}
	if !ok {
		rows, err := c.workflowRows(ctx, "")
		if err != nil {
			return nil, true, err
		}
		return slices.DeleteFunc(rows.workflows(), func(w Workflow) bool { return !is(w) }), true, nil
	}
	for _, candidate := range candidates {
		w, err := c.readWorkflow(ctx, candidate.ID)
		switch {
		case IsNotFound(err): // deleted in the meantime
		case err != nil:
			return nil, false, relabeled(ctx, err)
		case is(*w):
			found = append(found, *w)
		}
	}
	return found, false, nil
}

// candidates returns the workflows with a version that the filter selects. ok is false where no filter is reliable, or where
// it selects too many.
func (c *Client) candidates(ctx context.Context, name, match string) (list []Workflow, ok bool, err error) {
	if !plainName(name) || c.noRawNames.Load() {
		return nil, false, nil
	}
	rows, err := c.workflowRows(ctx, rawName+match)
	if hasStatus(err, http.StatusBadRequest) {
		c.noRawNames.Store(true)
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	return rows.workflows(), len(rows.newest) <= maxCandidates, nil
}

// plainName reports whether a filter finds the name under every interpretation of its quotes, escapes and wildcards.
func plainName(name string) bool {
	return name != "" && len(name) <= maxFilteredName && !strings.ContainsFunc(name, func(r rune) bool {
		return r < ' ' || strings.ContainsRune(`'"\*+?[]`, r)
	})
}
