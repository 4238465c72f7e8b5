package falcon

import (
	"context"
	"errors"
)

var errNotBuilt = errors.New("not built yet")

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

// Export is a workflow's document as Falcon has it.
type Export struct {
	// Document is YAML, with Falcon's comment header.
	Document []byte
	// Warning is what Falcon said about parts that would not work in another tenant (status 299), else empty.
	Warning string
}

// WorkflowSpec is a workflow to be created.
type WorkflowSpec struct {
	// Name is the workflow's effective name; it overrides the one in the document.
	Name string
	// Document is YAML or JSON.
	Document []byte
	// Flat gives the body of the flat update call (JSON, the id at its top level) for the id that Falcon assigned.
	Flat func(id string) ([]byte, error)
	// Enabled asks for the workflow to be switched on once it is stored.
	Enabled bool
	// Same says whether an export is the document of this spec. It settles a create whose answer was lost;
	// without it a found workflow is never taken for ours.
	Same func(export []byte) bool
}

// Workflow reads one workflow; IsNotFound holds for the error when Falcon has none of this id.
func (c *Client) Workflow(ctx context.Context, id string) (*Workflow, error) {
	return nil, errNotBuilt
}

// WorkflowsByName lists the workflows of exactly this name.
func (c *Client) WorkflowsByName(ctx context.Context, name string) ([]Workflow, error) {
	return nil, errNotBuilt
}

// Workflows lists all workflows of the tenant.
func (c *Client) Workflows(ctx context.Context) ([]Workflow, error) {
	return nil, errNotBuilt
}
