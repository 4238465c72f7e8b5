package falcon

import (
	"context"
	"fmt"
)

// ValidationError is one thing that Falcon finds wrong with a workflow (wire-api.md 3.2).
type ValidationError struct {
	// Code is Falcon's number, such as 2003 (unknown trigger event), 2016 (a required property is missing) or
	// 2035 (the action's plugin is not configured); 0 where Falcon gave none.
	Code    int
	Message string
	// NodeID is the key of the trigger, action, condition or loop in the document, where Falcon names it.
	NodeID       string
	ParentNodeID string
	Property     string
	Level        string
}

// ValidationErrors is the error of a workflow that Falcon understands but does not accept as it is.
type ValidationErrors []ValidationError

func (e ValidationErrors) Error() string { return fmt.Sprintf("%d validation errors", len(e)) }

// KeptError says that a create failed after the import and that the workflow could not be removed again.
type KeptError struct {
	// ID is the workflow that is still in the tenant.
	ID string
	// Err is why the create failed.
	Err error
	// DeleteErr is why the workflow could not be removed.
	DeleteErr error
}

func (e *KeptError) Error() string { return e.Err.Error() }
func (e *KeptError) Unwrap() error { return e.Err }

// CreateWorkflow imports, checks and, if asked to, enables a workflow.
func (c *Client) CreateWorkflow(ctx context.Context, spec WorkflowSpec) (*Workflow, error) {
	return nil, errNotBuilt
}

// UpdateWorkflow replaces the whole document of a workflow; flat is JSON with the id at its top level.
func (c *Client) UpdateWorkflow(ctx context.Context, id string, flat []byte) error {
	return errNotBuilt
}

// ValidateUpdate asks Falcon whether UpdateWorkflow would be accepted; nothing changes.
func (c *Client) ValidateUpdate(ctx context.Context, id string, flat []byte) error {
	return errNotBuilt
}

// ValidateImport asks Falcon whether a new document could be imported. It is a weak check: unknown activities pass.
func (c *Client) ValidateImport(ctx context.Context, name string, document []byte) error {
	return errNotBuilt
}

// SetWorkflowEnabled switches a workflow on or off; a refusal is ValidationErrors.
func (c *Client) SetWorkflowEnabled(ctx context.Context, id string, enabled bool) error {
	return errNotBuilt
}

// DeleteWorkflow removes a workflow; one that is gone already is no error.
func (c *Client) DeleteWorkflow(ctx context.Context, id string) error {
	return errNotBuilt
}
