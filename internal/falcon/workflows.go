package falcon

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/crowdstrike/gofalcon/falcon/client/workflows"
)

const (
	scopeWorkflowRead  = "workflow:read"
	scopeWorkflowWrite = "workflow:write"
	// workflowPage is the largest page of Falcon's workflow listings (wire/workflows.md#sort-and-limit).
	workflowPage = 500
)

// Workflow is a Fusion SOAR workflow in Falcon's listing. [Client.ExportWorkflow] reads its document
// (wire/workflows.md#listing).
type Workflow struct {
	// ID is 32 hexadecimal digits.
	ID string
	// Name is unique in the tenant.
	Name        string
	Description string
	Enabled     bool
	// Version starts at 1 and increases with every update, enabling and disabling.
	Version int64
	// LastModified is in RFC 3339 form, empty where Falcon shows none.
	LastModified string
	// TriggerType is Falcon's word, such as "On demand", "Signal" or "Scheduled"; "" where Falcon shows none.
	TriggerType string
	// Parameters is the JSON Schema of the parameters of a run; "" if it has none.
	Parameters string
	// HasValidationErrors says that Falcon has stored the workflow but would refuse to enable it.
	HasValidationErrors bool
	// Problems are the validation errors of a workflow that CreateWorkflow stored disabled; a listing has none.
	Problems ValidationErrors
}

// wireWorkflow has the few keys of a definition that are needed. gofalcon's model does not match the responses: it fails on
// object nodes and loses trigger.parameters (wire/workflows.md#listing).
type wireWorkflow struct {
	ID                  looseString       `json:"id"`
	Name                looseString       `json:"name"`
	Description         looseString       `json:"description"`
	Enabled             bool              `json:"enabled"`
	Version             strictInt         `json:"version"`
	LastModified        looseString       `json:"last_modified_timestamp"`
	HasValidationErrors bool              `json:"has_validation_errors"`
	Trigger             definitionTrigger `json:"trigger"`
}

// definitionTrigger is the trigger in a definition.
type definitionTrigger struct {
	Type       looseString     `json:"type"`
	Parameters json.RawMessage `json:"parameters"`
}

// UnmarshalJSON never fails: a trigger of a different shape must not make a listing unreadable.
func (t *definitionTrigger) UnmarshalJSON(data []byte) error {
	type plain definitionTrigger
	var trigger plain
	if json.Unmarshal(data, &trigger) == nil {
		*t = definitionTrigger(trigger)
	}
	return nil
}

// schema returns the parameters' JSON Schema. It is an object, or a string that contains one, as a version of the SDK typed
// it.
func (t definitionTrigger) schema() string {
	text := string(bytes.TrimSpace(t.Parameters))
	var inner string
	if json.Unmarshal(t.Parameters, &inner) == nil {
		text = strings.TrimSpace(inner)
	}
	if text == "null" || text == "{}" {
		return ""
	}
	return text
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
		TriggerType:         string(w.Trigger.Type),
		Parameters:          w.Trigger.schema(),
	}
}

// Workflow reads one workflow. IsNotFound holds for the error when Falcon has none of this id, for which its response is an
// empty list (wire/workflows.md#listing). Where many are read, one listing serves them all; see snapshot.
func (c *Client) Workflow(ctx context.Context, id string) (*Workflow, error) {
	is := func(w Workflow) bool { return w.ID == id }
	if found, ok := c.workflowList.lookUp(ctx, c.clock, id, is, c.Workflows); ok {
		return &found, nil
	}
	return c.readWorkflow(ctx, id)
}

// WorkflowSince is like Workflow for a workflow that was already read in a version: versions only increase, so a read that
// shows an older one is stale and is repeated for a limited time.
func (c *Client) WorkflowSince(ctx context.Context, id string, version int64) (*Workflow, error) {
	w, err := c.Workflow(ctx, id)
	return c.notBefore(ctx, version, w, err)
}

// CurrentWorkflow is like WorkflowSince, but never served by a listing that was read for others. It is for decisions about a
// write.
func (c *Client) CurrentWorkflow(ctx context.Context, id string, version int64) (*Workflow, error) {
	w, err := c.readWorkflow(ctx, id)
	return c.notBefore(ctx, version, w, err)
}

func (c *Client) notBefore(ctx context.Context, version int64, w *Workflow, err error) (*Workflow, error) {
	if err != nil || w.Version >= version {
		return w, err
	}
	newer, _, err := c.workflowShown(ctx, w.ID, func(w Workflow) bool { return w.Version >= version })
	return newer, err
}

// readWorkflow reads one workflow by itself. It reads twice before it reports that the workflow does not exist: Falcon's
// only sign of that is an empty list, and a workflow reported as deleted by mistake would be created again.
func (c *Client) readWorkflow(ctx context.Context, id string) (*Workflow, error) {
	ctx = withCall(ctx, call{doing: fmt.Sprintf("read workflow %s", id), scope: scopeWorkflowRead, repeat: safe})
	var unstated error
	for range 2 {
		found, silent, err := c.lookUpWorkflow(ctx, id)
		if err != nil || found != nil {
			return found, err
		}
		unstated = silent
	}
	if unstated != nil { // the response of the export says explicitly that a workflow does not exist (wire/workflows.md#export)
		if _, err := c.export(ctx, id, nil); !IsNotFound(err) {
			return nil, unstated
		}
	}
	return nil, notFound(ctx, "workflow "+id)
}

// lookUpWorkflow reads one workflow with a single request. It returns nil when Falcon shows none of this id; unstated is why
// that does not mean that there is none.
func (c *Client) lookUpWorkflow(ctx context.Context, id string) (found *Workflow, unstated, err error) {
	ctx = withCall(ctx, call{doing: fmt.Sprintf("read workflow %s", id), scope: scopeWorkflowRead, repeat: safe})
	rows, err := c.workflowRows(ctx, "id:"+fql(id))
	if err != nil {
		return nil, nil, err
	}
	if w, ok := rows.newest[id]; ok {
		newest := w.workflow()
		return &newest, nil, nil
	}
	return nil, rows.silent, nil
}

// Workflows lists all workflows of the tenant in the order of their ids.
func (c *Client) Workflows(ctx context.Context) ([]Workflow, error) {
	ctx = withCall(ctx, call{doing: "list workflows", scope: scopeWorkflowRead, repeat: safe})
	rows, err := c.workflowRows(ctx, "")
	if err != nil {
		return nil, err
	}
	return rows.workflows(), nil
}

// workflowRows reads the rows of the listing that match a filter.
func (c *Client) workflowRows(ctx context.Context, filter string) (*workflowRows, error) {
	rows, err := c.sortedRows(ctx, filter)
	if hasStatus(err, http.StatusBadRequest) && !strings.HasPrefix(filter, rawName) && !c.unsorted.Swap(true) {
		return c.sortedRows(ctx, filter) // nothing else in the request can be wrong
	}
	return rows, err
}

// sortedRows requests the order that keeps pages apart, unless the tenant has rejected it.
func (c *Client) sortedRows(ctx context.Context, filter string) (*workflowRows, error) {
	unsorted := c.unsorted.Load()
	return readRows(ctx, workflowPage, func(offset int) (*envelope, error) {
		params := workflows.NewWorkflowDefinitionsCombinedParamsWithContext(ctx)
		params.SetFilter(filter)
		params.SetLimit(new(int64(workflowPage)))
		params.SetOffset(pageOffset(offset))
		if !unsorted {
			params.SetSort(new(workflowSort))
		}
		var r response
		_, err := c.workflows.WorkflowDefinitionsCombined(params, r.as(workflows.NewWorkflowDefinitionsCombinedOK()))
		return checkedEnvelope(ctx, &r, err)
	})
}

// pageOffset is the offset parameter of the workflow listings: a string, absent for the first page.
func pageOffset(offset int) *string {
	if offset == 0 {
		return nil
	}
	return new(strconv.Itoa(offset))
}
