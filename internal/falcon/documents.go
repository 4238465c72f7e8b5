package falcon

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/crowdstrike/gofalcon/falcon/client/workflows"
	"github.com/go-openapi/runtime"
	"github.com/go-openapi/strfmt"
)

const mediaYAML = "application/yaml"

// Export is a workflow's document as Falcon has it.
type Export struct {
	// Document is YAML, with Falcon's comment header.
	Document []byte
	// Warning is what Falcon said about parts that would not work in another tenant (status 299), else empty.
	Warning string
}

// NotExportableError says that a workflow exists whose document Falcon does not hand out. Falcon's documentation names
// workflows that were made from a Foundry template (wire/workflows.md#export). It does not count as not found.
type NotExportableError struct {
	ID   string
	Name string
	// Refusal is what Falcon answered. It is not unwrapped, since its 404 is not that of a missing workflow.
	Refusal error
}

// Error names the workflow and the reason.
func (e *NotExportableError) Error() string {
	return fmt.Sprintf("workflow %q (%s) exists, but Falcon does not export it, which it never does for a workflow made "+
		"from a Foundry app's template: such a workflow can't be managed here (%v)", e.Name, e.ID, e.Refusal)
}

// ExportWorkflow reads the document of a workflow. IsNotFound holds for the error when Falcon has none of this id; a
// *NotExportableError says that it has one and does not export it.
func (c *Client) ExportWorkflow(ctx context.Context, id string) (*Export, error) {
	export, err := c.export(ctx, id)
	if err != nil {
		return nil, c.exportRefused(ctx, id, err)
	}
	return export, nil
}

// export is the call of ExportWorkflow alone.
func (c *Client) export(ctx context.Context, id string) (*Export, error) {
	ctx = withCall(ctx, call{doing: fmt.Sprintf("export workflow %s", id), scope: scopeWorkflowRead, repeat: safe})
	params := workflows.NewWorkflowDefinitionsExportParamsWithContext(ctx)
	params.SetID(id)
	// The default, true, empties fields that hold personal data, such as an e-mail's addressees
	// (wire/workflows.md#export).
	params.SetSanitize(new(false))
	var a answer
	// Falcon answers 406 to gofalcon's two Accept lines, and gofalcon types the document as a list of numbers
	// (wire/workflows.md#export).
	onlyYAML := func(op *runtime.ClientOperation) { op.ProducesMediaTypes = []string{mediaYAML} }
	_, _, err := c.workflows.WorkflowDefinitionsExport(params, onlyYAML, a.as(workflows.NewWorkflowDefinitionsExportOK()))
	if err != nil {
		return nil, err
	}
	if env := frameOnly(ctx, &a); env != nil {
		if err := env.err(ctx); err != nil {
			return nil, err
		}
		return nil, env.broken(ctx, errors.New("the answer holds no document"))
	}
	return &Export{Document: a.body, Warning: callFrom(ctx).text(a.header("X-Api-Warning"), maxMessage)}, nil
}

// frameOnly is the frame of an answer that is one instead of a document, else nil: Falcon may put errors into a 200, too
// (wire/conventions.md#envelope). No document has these keys at its top.
func frameOnly(ctx context.Context, a *answer) *envelope {
	var keys map[string]json.RawMessage
	if json.Unmarshal(a.body, &keys) != nil || keys["meta"] == nil && keys["errors"] == nil {
		return nil
	}
	env, err := a.envelope(ctx)
	if err != nil {
		return &envelope{Status: a.status}
	}
	return env
}

// exportRefused tells a workflow that is gone from one that Falcon does not export.
func (c *Client) exportRefused(ctx context.Context, id string, refusal error) error {
	e, ok := errors.AsType[*Error](refusal)
	if !ok || (e.Status != http.StatusNotFound && e.Status != http.StatusBadRequest) {
		return refusal
	}
	w, err := c.readWorkflow(ctx, id)
	if err != nil {
		return refusal
	}
	return &NotExportableError{ID: id, Name: w.Name, Refusal: refusal}
}

// document is the file part of an import.
type document struct{ *bytes.Reader }

func newDocument(content []byte) document { return document{bytes.NewReader(content)} }
func (document) Name() string             { return "workflow.yaml" }
func (document) Close() error             { return nil }
func (document) ContentType() string      { return "application/x-yaml" } // as CrowdStrike's own FalconPy sends it

// flatUpdate writes the update call's body, which is the bare document with its id: Falcon answers 500 to the wrapper
// that gofalcon's model makes of it (wire/workflows.md#update).
type flatUpdate struct {
	body         []byte
	validateOnly bool
}

// WriteToRequest implements the writer that go-openapi asks for.
func (u flatUpdate) WriteToRequest(r runtime.ClientRequest, _ strfmt.Registry) error {
	if u.validateOnly {
		if err := r.SetQueryParam("validate_only", "true"); err != nil {
			return err
		}
	}
	return r.SetBodyParam(bytes.NewReader(u.body))
}

// putWorkflow sends the update call of flat, or only asks whether it would be accepted.
func (c *Client) putWorkflow(ctx context.Context, flat []byte, validateOnly bool) error {
	if !validateOnly {
		defer c.workflowList.writing()()
	}
	params := workflows.NewWorkflowDefinitionsUpdateParamsWithContext(ctx)
	ownBody := func(op *runtime.ClientOperation) { op.Params = flatUpdate{body: flat, validateOnly: validateOnly} }
	var a answer
	_, err := c.workflows.WorkflowDefinitionsUpdate(params, ownBody, a.as(workflows.NewWorkflowDefinitionsUpdateOK()))
	env, err := envelopeOf(ctx, &a, err)
	if err != nil {
		return refused(err)
	}
	return validationErrors(env.Errors)
}
