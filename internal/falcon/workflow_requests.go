package falcon

import (
	"bytes"
	"context"
	"fmt"
	"net/http"

	"github.com/crowdstrike/gofalcon/falcon/client/workflows"
	"github.com/crowdstrike/gofalcon/falcon/models"
	"github.com/go-openapi/runtime"
	"github.com/go-openapi/strfmt"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/fusion"
)

// ValidateUpdate asks Falcon whether an update with this document would be accepted; nothing changes. It is the strict
// check. The error for a document that Falcon does not accept is ValidationErrors (wire/workflows.md#update).
func (c *Client) ValidateUpdate(ctx context.Context, id string, doc *fusion.Document) error {
	ctx = withCall(ctx, call{doing: fmt.Sprintf("check the change of workflow %s", id), scope: scopeWorkflowWrite, repeat: safe})
	return c.putWorkflow(ctx, id, doc, true)
}

// sendUpdate replaces the whole document of a workflow and raises its version. Whether the workflow is enabled does not
// change. IsNotFound holds for the error when the workflow does not exist. The error for a document that Falcon does not
// accept is ValidationErrors.
func (c *Client) sendUpdate(ctx context.Context, id string, doc *fusion.Document) error {
	// Repeating would raise the version twice.
	ctx = withCall(ctx, call{doing: fmt.Sprintf("update workflow %s", id), scope: scopeWorkflowWrite, repeat: onlyPaced})
	defer c.workflowList.writing()()
	return c.putWorkflow(ctx, id, doc, false)
}

// flatUpdate writes the body of the update request, which is the bare document with its id: Falcon responds with 500 to the
// wrapper of gofalcon's model (wire/workflows.md#update).
type flatUpdate struct {
	body         []byte
	validateOnly bool
}

// WriteToRequest implements the writer of go-openapi.
func (u flatUpdate) WriteToRequest(r runtime.ClientRequest, _ strfmt.Registry) error {
	if u.validateOnly {
		if err := r.SetQueryParam("validate_only", "true"); err != nil {
			return err
		}
	}
	return r.SetBodyParam(bytes.NewReader(u.body))
}

// putWorkflow sends the update request, or only asks whether it would be accepted.
func (c *Client) putWorkflow(ctx context.Context, id string, doc *fusion.Document, validateOnly bool) error {
	flat, err := doc.FlatJSON(id)
	if err != nil {
		return err
	}
	params := workflows.NewWorkflowDefinitionsUpdateParamsWithContext(ctx)
	ownBody := func(op *runtime.ClientOperation) { op.Params = flatUpdate{body: flat, validateOnly: validateOnly} }
	var r response
	_, err = c.workflows.WorkflowDefinitionsUpdate(params, ownBody, r.as(workflows.NewWorkflowDefinitionsUpdateOK()))
	env, err := envelopeOf(ctx, &r, err)
	if err != nil {
		return documentRefusal(err)
	}
	return validationErrors(env.Errors)
}

// ValidateImport asks Falcon whether a new document could be imported; nothing is stored. It is a weak check: unknown
// activities pass (wire/workflows.md#import). The error for a document that Falcon does not accept is ValidationErrors.
func (c *Client) ValidateImport(ctx context.Context, doc *fusion.Document) error {
	ctx = withCall(ctx, call{doing: fmt.Sprintf("check workflow %q", doc.Name()), scope: scopeWorkflowWrite, repeat: safe})
	checked, err := c.sendImport(ctx, doc, true)
	if err != nil {
		return err
	}
	if checked.problems.serious() {
		return checked.problems
	}
	return nil
}

// imported is the result of an import, or of its check.
type imported struct {
	id       string // empty after a check
	problems ValidationErrors
	shown    *Workflow // as Falcon shows it after a create
	lookedUp bool      // found by its name and document, because the response to the create was lost
}

type wireImport struct {
	ID               looseString           `json:"id"`
	ValidationErrors []wireValidationError `json:"validation_errors"`
}

type wireValidationError struct {
	Code         strictInt   `json:"code"`
	Message      looseString `json:"message"`
	NodeID       looseString `json:"node_id"`
	ParentNodeID looseString `json:"parent_node_id"`
	Property     looseString `json:"property"`
	Level        looseString `json:"level"`
}

func (v wireValidationError) validationError() ValidationError {
	return ValidationError{
		Code:         int(v.Code),
		Message:      string(v.Message),
		NodeID:       string(v.NodeID),
		ParentNodeID: string(v.ParentNodeID),
		Property:     string(v.Property),
		Level:        string(v.Level),
	}
}

// importFile is the file part of an import request.
type importFile struct{ *bytes.Reader }

func (importFile) Name() string        { return "workflow.yaml" }
func (importFile) Close() error        { return nil }
func (importFile) ContentType() string { return "application/x-yaml" } // as CrowdStrike's FalconPy sends it

// sendImport sends the import request, or only its check.
func (c *Client) sendImport(ctx context.Context, doc *fusion.Document, validateOnly bool) (imported, error) {
	content, err := doc.ImportYAML()
	if err != nil {
		return imported{}, err
	}
	if !validateOnly {
		defer c.workflowList.writing()()
	}
	params := workflows.NewWorkflowDefinitionsImportParamsWithContext(ctx)
	params.SetDataFile(importFile{bytes.NewReader(content)})
	params.SetName(new(doc.Name()))
	if validateOnly {
		params.SetValidateOnly(new(true))
	}
	var r response
	// gofalcon's model fails on disconnected_nodes that are objects (wire/workflows.md#import).
	_, err = c.workflows.WorkflowDefinitionsImport(params, r.as(workflows.NewWorkflowDefinitionsImportOK()))
	env, err := envelopeOf(ctx, &r, err)
	if err != nil {
		return imported{}, err
	}
	var result imported
	for _, m := range env.Errors {
		result.problems = append(result.problems, ValidationError{Code: m.Code, Message: m.Message})
	}
	list, err := resources[wireImport](ctx, env)
	if err != nil {
		return result, err
	}
	for _, r := range list {
		if result.id == "" {
			result.id = string(r.ID)
		}
		for _, v := range r.ValidationErrors {
			result.problems = append(result.problems, v.validationError())
		}
	}
	return result, nil
}

// SetWorkflowEnabled enables or disables a workflow, which raises its version, and returns it as Falcon shows it then. A
// refusal is ValidationErrors: Falcon responds with 200 (wire/workflows.md#enabling). A lost response is settled by reading
// the workflow, and the request is sent again if it had no effect.
func (c *Client) SetWorkflowEnabled(ctx context.Context, id string, enabled bool) (*Workflow, error) {
	action := "disable"
	if enabled {
		action = "enable"
	}
	callCtx := withCall(ctx, call{doing: fmt.Sprintf("%s workflow %s", action, id), scope: scopeWorkflowWrite, repeat: onlyPaced})
	for n := 0; ; n++ {
		sent := c.sendAction(callCtx, id, action)
		if sent != nil && !Ambiguous(sent) {
			return nil, documentRefusal(sent)
		}
		w, shown, err := c.workflowShown(ctx, id, func(w Workflow) bool { return w.Enabled == enabled })
		switch {
		case shown:
			return w, nil
		case sent != nil && err == nil && n < c.transport.maxRetries: // it had no effect
		case sent != nil:
			return nil, sent
		case err == nil:
			return nil, fmt.Errorf("Falcon accepted the request to %s workflow %s, but the workflow still shows enabled = %t", action, id, !enabled)
		default:
			return nil, err
		}
	}
}

func (c *Client) sendAction(ctx context.Context, id, action string) error {
	params := workflows.NewWorkflowDefinitionsActionParamsWithContext(ctx)
	params.SetActionName(action)
	params.SetBody(&models.ClientActionRequest{Ids: []string{id}})
	defer c.workflowList.writing()()
	var r response
	_, _, err := c.workflows.WorkflowDefinitionsAction(params, r.as(workflows.NewWorkflowDefinitionsActionOK()))
	env, err := envelopeOf(ctx, &r, err)
	if err != nil {
		return err
	}
	return validationErrors(env.Errors)
}

// DeleteWorkflow deletes a workflow, enabled or not, with all its versions, and returns when Falcon no longer shows it. It is
// not an error if the workflow does not exist.
func (c *Client) DeleteWorkflow(ctx context.Context, id string) error {
	defer c.deletingWorkflows.begin(id)()
	ctx = withCall(ctx, call{doing: fmt.Sprintf("delete workflow %s", id), scope: scopeWorkflowWrite, repeat: safe})
	if err := c.sendDelete(ctx, id); err != nil {
		return err
	}
	_, gone, err := readUntil(ctx, c.clock, func(ctx context.Context) (*Workflow, bool, error) {
		found, _, err := c.lookUpWorkflow(ctx, id)
		return found, found == nil, err
	})
	if err != nil || gone { // Falcon reported the deletion; a read that fails does not contradict it
		return nil
	}
	return &Error{
		Doing: callFrom(ctx).doing, Status: http.StatusOK,
		Err: fmt.Errorf("Falcon accepted the request, but still shows the workflow after %s", readAfterWriteTime),
	}
}

// sendDelete sends the delete request. It may be repeated, so a missing workflow may have been deleted by the first request.
func (c *Client) sendDelete(ctx context.Context, id string) error {
	params := workflows.NewWorkflowDefinitionsDeleteParamsWithContext(ctx)
	params.SetIds([]string{id})
	defer c.workflowList.writing()()
	var r response
	_, err := c.workflows.WorkflowDefinitionsDelete(params, r.as(workflows.NewWorkflowDefinitionsDeleteOK()))
	env, err := envelopeOf(ctx, &r, err)
	if err != nil {
		if e, ok := asNotFound(err); ok && !unknownPath(e) {
			return nil
		}
		return err
	}
	if allNotFound(env.Errors) {
		return nil
	}
	return env.err(ctx)
}
