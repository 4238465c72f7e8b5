package falcon

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strconv"

	"github.com/crowdstrike/gofalcon/falcon/client/workflows"
)

const (
	scopeWorkflowRead  = "workflow:read"
	scopeWorkflowWrite = "workflow:write"
	// workflowPage is the most that Falcon's workflow listings give in one page (wire-api.md 3.1).
	workflowPage = 500
)

// Workflow is what Falcon's listing shows of a Fusion SOAR workflow; the document itself comes from
// [Client.ExportWorkflow] (wire-api.md 3.3).
type Workflow struct {
	// ID is 32 hexadecimal digits.
	ID string
	// Name is unique in the tenant.
	Name        string
	Description string
	Enabled     bool
	// Version starts at 1 and rises with every update, enabling and disabling.
	Version int64
	// LastModified is in RFC 3339 form, empty where Falcon shows none.
	LastModified string
	// HasValidationErrors says that Falcon has stored the workflow but would refuse to enable it.
	HasValidationErrors bool
}

// wireWorkflow holds the few keys of a definition that are needed. gofalcon's model of the rest does not fit the wire:
// it fails on object nodes and loses trigger.parameters (wire-api.md 3.3).
type wireWorkflow struct {
	ID                  looseString `json:"id"`
	Name                looseString `json:"name"`
	Description         looseString `json:"description"`
	Enabled             bool        `json:"enabled"`
	Version             whole       `json:"version"`
	LastModified        looseString `json:"last_modified_timestamp"`
	HasValidationErrors bool        `json:"has_validation_errors"`
}

func (w wireWorkflow) id() string { return string(w.ID) }

func (w wireWorkflow) workflow() Workflow {
	return Workflow{
		ID:                  string(w.ID),
		Name:                string(w.Name),
		Description:         string(w.Description),
		Enabled:             w.Enabled,
		Version:             int64(w.Version),
		LastModified:        string(w.LastModified),
		HasValidationErrors: w.HasValidationErrors,
	}
}

// Workflow reads one workflow. IsNotFound holds for the error when Falcon has none of this id: its own answer is then
// an empty list (wire-api.md 3.3). Where many are asked for, one listing serves them all: see snapshot.
func (c *Client) Workflow(ctx context.Context, id string) (*Workflow, error) {
	is := func(w Workflow) bool { return w.ID == id }
	if found, ok := c.workflowList.shown(ctx, c.clock, id, is, c.Workflows); ok {
		return &found, nil
	}
	return c.readWorkflow(ctx, id)
}

// readWorkflow reads one workflow by itself. It looks twice before it calls one gone: an empty list is all that Falcon
// says then, and a workflow that was called gone by mistake would be created again.
func (c *Client) readWorkflow(ctx context.Context, id string) (*Workflow, error) {
	ctx = withCall(ctx, call{doing: fmt.Sprintf("read workflow %s", id), scope: scopeWorkflowRead, repeat: safe})
	var unstated error
	for range 2 {
		list, err := statedPages(ctx, wireWorkflow.id, c.workflowPages(ctx, "id:"+fql(id)))
		if unstated = err; err != nil && !errors.Is(err, errUnstated) {
			return nil, err
		}
		for _, w := range list {
			if found := w.workflow(); found.ID == id {
				return &found, nil
			}
		}
	}
	if unstated != nil { // the export names what it does not find (wire-api.md 3.4)
		if _, err := c.export(ctx, id); !IsNotFound(err) {
			return nil, unstated
		}
	}
	return nil, notFound(ctx, "workflow "+id)
}

// WorkflowsByName lists the workflows of exactly this name; there is at most one, unless Falcon's own rule changes.
func (c *Client) WorkflowsByName(ctx context.Context, name string) ([]Workflow, error) {
	ctx = withCall(ctx, call{doing: fmt.Sprintf("look up workflow %q", name), scope: scopeWorkflowRead, repeat: safe})
	// name:'…' finds nothing, name:~'…' finds names that contain the text (wire-api.md 3.3). How it reads escapes and
	// wildcards is not known, so a name that has some is looked for in the whole list.
	filter := ""
	if plainName(name) {
		filter = "name:~" + fql(name)
	}
	list, err := c.listWorkflows(ctx, filter)
	if err != nil {
		return nil, err
	}
	var same []Workflow
	for _, w := range list {
		if w.Name == name {
			same = append(same, w)
		}
	}
	return same, nil
}

// Workflows lists all workflows of the tenant.
func (c *Client) Workflows(ctx context.Context) ([]Workflow, error) {
	return c.listWorkflows(withCall(ctx, call{doing: "list workflows", scope: scopeWorkflowRead, repeat: safe}), "")
}

// EachWorkflow gives the workflows of the tenant one by one, and reads the next page of the listing only when it is
// wanted. An error ends it.
func (c *Client) EachWorkflow(ctx context.Context) iter.Seq2[Workflow, error] {
	ctx = withCall(ctx, call{doing: "list workflows", scope: scopeWorkflowRead, repeat: safe})
	return func(yield func(Workflow, error) bool) {
		for w, err := range each(ctx, newPager(wireWorkflow.id, c.workflowPages(ctx, ""))) {
			if !yield(w.workflow(), err) {
				return
			}
		}
	}
}

// workflowPages reads a page of the listing.
func (c *Client) workflowPages(ctx context.Context, filter string) func(offset int) (*envelope, error) {
	return func(offset int) (*envelope, error) {
		params := workflows.NewWorkflowDefinitionsCombinedParamsWithContext(ctx)
		params.SetFilter(filter)
		params.SetLimit(new(int64(workflowPage)))
		params.SetOffset(pageOffset(offset))
		var a answer
		_, err := c.workflows.WorkflowDefinitionsCombined(params, a.as(workflows.NewWorkflowDefinitionsCombinedOK()))
		return checkedEnvelope(ctx, &a, err)
	}
}

func (c *Client) listWorkflows(ctx context.Context, filter string) ([]Workflow, error) {
	found, err := pages(ctx, wireWorkflow.id, c.workflowPages(ctx, filter))
	if err != nil {
		return nil, err
	}
	list := make([]Workflow, 0, len(found))
	for _, w := range found {
		list = append(list, w.workflow())
	}
	return list, nil
}

// pageOffset is the offset as the workflow listings take it: a text, left out on the first page.
func pageOffset(offset int) *string {
	if offset == 0 {
		return nil
	}
	return new(strconv.Itoa(offset))
}
