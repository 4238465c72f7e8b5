package falcon

import (
	"context"
	"fmt"
	"net/http"

	"github.com/crowdstrike/gofalcon/falcon/client/workflows"
	"github.com/crowdstrike/gofalcon/falcon/models"
)

// UpdateWorkflow replaces the whole document of a workflow and raises its version; flat is JSON with the id at its top
// level. Whether the workflow is enabled stays as it is. IsNotFound holds for the error when the workflow is gone; a
// document that Falcon does not accept gives ValidationErrors.
func (c *Client) UpdateWorkflow(ctx context.Context, id string, flat []byte) error {
	// Repeating would raise the version twice.
	ctx = withCall(ctx, call{doing: fmt.Sprintf("update workflow %s", id), scope: scopeWorkflowWrite, repeat: onlyPaced})
	return c.putWorkflow(ctx, flat, false)
}

// ValidateUpdate asks Falcon whether UpdateWorkflow would be accepted; nothing changes. It is the strict check: a
// document that Falcon does not accept gives ValidationErrors (wire/workflows.md#update).
func (c *Client) ValidateUpdate(ctx context.Context, id string, flat []byte) error {
	ctx = withCall(ctx, call{doing: fmt.Sprintf("check the change of workflow %s", id), scope: scopeWorkflowWrite, repeat: safe})
	return c.putWorkflow(ctx, flat, true)
}

// ValidateImport asks Falcon whether a new document could be imported; nothing is stored. It is a weak check: unknown
// activities pass (wire/workflows.md#import). A document that Falcon does not accept gives ValidationErrors.
func (c *Client) ValidateImport(ctx context.Context, name string, document []byte) error {
	ctx = withCall(ctx, call{doing: fmt.Sprintf("check workflow %q", name), scope: scopeWorkflowWrite, repeat: safe})
	checked, err := c.sendImport(ctx, name, document, true)
	if err != nil {
		return err
	}
	if checked.problems.serious() {
		return checked.problems
	}
	return nil
}

// imported is what an import, or its check, gave.
type imported struct {
	id       string // empty after a check
	problems ValidationErrors
	shown    *Workflow // as Falcon shows it after a create
}

type wireImport struct {
	ID               looseString           `json:"id"`
	ValidationErrors []wireValidationError `json:"validation_errors"`
}

type wireValidationError struct {
	Code         whole       `json:"code"`
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

// sendImport sends the import call, or only its check. The name wins over the document's.
func (c *Client) sendImport(ctx context.Context, name string, content []byte, validateOnly bool) (imported, error) {
	if !validateOnly {
		defer c.workflowList.writing()()
	}
	params := workflows.NewWorkflowDefinitionsImportParamsWithContext(ctx)
	params.SetDataFile(newDocument(content))
	if name != "" {
		params.SetName(&name)
	}
	if validateOnly {
		params.SetValidateOnly(new(true))
	}
	var a answer
	// gofalcon's model fails on disconnected_nodes that are objects (wire/workflows.md#import).
	_, err := c.workflows.WorkflowDefinitionsImport(params, a.as(workflows.NewWorkflowDefinitionsImportOK()))
	env, err := envelopeOf(ctx, &a, err)
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

// SetWorkflowEnabled switches a workflow on or off, which raises its version, and returns it as Falcon shows it then. A
// refusal is ValidationErrors: Falcon responds with 200 to it (wire/workflows.md#enabling). A lost response is settled by
// reading the workflow.
func (c *Client) SetWorkflowEnabled(ctx context.Context, id string, enabled bool) (*Workflow, error) {
	action := "disable"
	if enabled {
		action = "enable"
	}
	callCtx := withCall(ctx, call{doing: fmt.Sprintf("%s workflow %s", action, id), scope: scopeWorkflowWrite, repeat: onlyPaced})
	sent := c.sendAction(callCtx, id, action)
	if sent != nil && !Ambiguous(sent) {
		return nil, refused(sent)
	}
	w, shown, err := c.workflowShown(ctx, id, func(w Workflow) bool { return w.Enabled == enabled })
	switch {
	case shown:
		return w, nil
	case sent != nil:
		return nil, sent
	case err == nil:
		err = fmt.Errorf("Falcon accepted the request to %s workflow %s, but the workflow still shows enabled = %t", action, id, !enabled)
	}
	return nil, err
}

func (c *Client) sendAction(ctx context.Context, id, action string) error {
	params := workflows.NewWorkflowDefinitionsActionParamsWithContext(ctx)
	params.SetActionName(action)
	params.SetBody(&models.ClientActionRequest{Ids: []string{id}})
	defer c.workflowList.writing()()
	var a answer
	_, _, err := c.workflows.WorkflowDefinitionsAction(params, a.as(workflows.NewWorkflowDefinitionsActionOK()))
	env, err := envelopeOf(ctx, &a, err)
	if err != nil {
		return err
	}
	return validationErrors(env.Errors)
}

// DeleteWorkflow removes a workflow with all its versions, also an enabled one, and returns when Falcon does not show it
// any more. One that is gone already is not an error.
func (c *Client) DeleteWorkflow(ctx context.Context, id string) error {
	defer c.deletes.begin(id)()
	ctx = withCall(ctx, call{doing: fmt.Sprintf("delete workflow %s", id), scope: scopeWorkflowWrite, repeat: safe})
	if err := c.sendDelete(ctx, id); err != nil {
		return err
	}
	_, gone, err := readUntil(ctx, c.clock, func(ctx context.Context) (*Workflow, bool, error) {
		found, _, err := c.lookAtWorkflow(ctx, id)
		return found, found == nil, err
	})
	if err != nil || gone { // Falcon said that it is deleted; a read that fails says nothing else
		return nil
	}
	return &Error{
		Doing: callFrom(ctx).doing, Status: http.StatusOK,
		Err: fmt.Errorf("Falcon accepted the request, but still shows the workflow after %s", readAfterWriteTime),
	}
}

// sendDelete sends the delete. It may be repeated, so a workflow that is gone was perhaps deleted by the first request.
func (c *Client) sendDelete(ctx context.Context, id string) error {
	params := workflows.NewWorkflowDefinitionsDeleteParamsWithContext(ctx)
	params.SetIds([]string{id})
	defer c.workflowList.writing()()
	var a answer
	_, err := c.workflows.WorkflowDefinitionsDelete(params, a.as(workflows.NewWorkflowDefinitionsDeleteOK()))
	env, err := envelopeOf(ctx, &a, err)
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
