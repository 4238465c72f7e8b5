package falcon

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/crowdstrike/gofalcon/falcon/client/workflows"
	"github.com/go-openapi/runtime"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/fusion"
)

const mediaYAML = "application/yaml"

// Export is a workflow's document as Falcon has it.
type Export struct {
	// Text is YAML with Falcon's comment header.
	Text string
	// Document is nil if Text is not a workflow document, for the reasons in Problems.
	Document *fusion.Document
	Problems fusion.Problems
	// Warning is Falcon's text about parts that would not work in another tenant (status 299), or "".
	Warning string
}

// NewExport parses the text of an export, or the canonical form of one.
func NewExport(text string) *Export {
	e := &Export{Text: text}
	e.Document, e.Problems = fusion.Parse(text)
	return e
}

// is reports whether the export is the document.
func (e *Export) is(doc *fusion.Document) bool {
	return e.Document != nil && fusion.Equal(e.Document, doc)
}

// equal reports whether two exports are the same document. Texts that are not documents are equal only if identical.
func (e *Export) equal(other *Export) bool {
	return e.Text == other.Text || other.Document != nil && e.is(other.Document)
}

// compare returns what Falcon dropped or changed of a document that it accepted, nil if nothing: it drops unknown keys
// without an error (wire/workflows.md#import).
func (e *Export) compare(sent *fusion.Document) error {
	switch {
	case e.Document == nil:
		return fmt.Errorf("the export of the workflow is not a workflow document: %s", e.Problems)
	case e.is(sent):
		return nil
	}
	if dropped := fusion.DroppedKeys(sent, e.Document); len(dropped) > 0 {
		return fmt.Errorf("Falcon accepted the document but did not keep all of it, because it drops keys that it does not know:\n%s", fusion.Problems(dropped))
	}
	return fmt.Errorf("Falcon accepted the document but stored a different one. It differs at: %s", strings.Join(fusion.Differences(sent, e.Document), ", "))
}

// NotExportableError reports that a workflow exists but Falcon does not export its document. Falcon's documentation names
// workflows that were created from a Foundry template (wire/workflows.md#export). IsNotFound does not hold for it.
type NotExportableError struct {
	ID   string
	Name string
	// Refusal is Falcon's response. It is not unwrapped, because its 404 is not that of a missing workflow.
	Refusal error
}

// Error names the workflow and the reason.
func (e *NotExportableError) Error() string {
	return fmt.Sprintf("workflow %q (%s) exists, but Falcon does not export it. Falcon never exports a workflow created "+
		"from a Foundry app's template, so such a workflow cannot be managed here (%v)", e.Name, e.ID, e.Refusal)
}

// ExportWorkflow reads the document of a workflow. IsNotFound holds for the error when Falcon has none of this id. A
// *NotExportableError reports that the workflow exists but is not exported.
func (c *Client) ExportWorkflow(ctx context.Context, id string) (*Export, error) {
	export, err := c.export(ctx, id, nil)
	if err == nil && isIncomplete([]byte(export.Text)) != nil {
		export, err = c.completeExport(ctx, id, export)
	}
	if err != nil {
		return nil, c.explainRefusedExport(ctx, id, err)
	}
	return export, nil
}

// completeExport exports a workflow again whose first export looks incomplete. Only a workflow with validation errors may
// be stored like that.
func (c *Client) completeExport(ctx context.Context, id string, first *Export) (*Export, error) {
	w, err := c.readWorkflow(ctx, id)
	if err != nil || w.HasValidationErrors {
		return first, err
	}
	return c.export(ctx, id, isIncomplete)
}

// isIncomplete returns what shows that the text of an export was cut: a part of a YAML text is often valid YAML.
func isIncomplete(body []byte) error {
	doc := NewExport(string(body)).Document
	if doc == nil {
		return nil // reported with its problems
	}
	if missing := doc.DanglingEdges(); len(missing) > 0 {
		return fmt.Errorf("the exported document is incomplete: it refers to %q, but has no such node", missing[0])
	}
	return nil
}

// export sends the request of ExportWorkflow. check is that of the call.
func (c *Client) export(ctx context.Context, id string, check func(body []byte) error) (*Export, error) {
	ctx = withCall(ctx, call{doing: fmt.Sprintf("export workflow %s", id), scope: scopeWorkflowRead, repeat: safe, check: check})
	params := workflows.NewWorkflowDefinitionsExportParamsWithContext(ctx)
	params.SetID(id)
	// The default, true, empties fields that hold personal data, such as the recipients of an e-mail
	// (wire/workflows.md#export).
	params.SetSanitize(new(false))
	var r response
	// Falcon responds with 406 to gofalcon's two Accept lines, and gofalcon types the document as a list of numbers
	// (wire/workflows.md#export).
	onlyYAML := func(op *runtime.ClientOperation) { op.ProducesMediaTypes = []string{mediaYAML} }
	_, _, err := c.workflows.WorkflowDefinitionsExport(params, onlyYAML, r.as(workflows.NewWorkflowDefinitionsExportOK()))
	if err != nil {
		return nil, err
	}
	if env := envelopeOnly(ctx, &r); env != nil {
		if err := env.err(ctx); err != nil {
			return nil, err
		}
		return nil, env.broken(ctx, errors.New("the response contains no document"))
	}
	export := NewExport(string(r.body))
	export.Warning = callFrom(ctx).text(r.header("X-Api-Warning"), maxMessage)
	return export, nil
}

// envelopeOnly returns the envelope of a response that has one instead of a document, else nil: a 200 may contain errors
// here too (wire/conventions.md#envelope). No document has these keys at its top level.
func envelopeOnly(ctx context.Context, r *response) *envelope {
	var keys map[string]json.RawMessage
	if json.Unmarshal(r.body, &keys) != nil || keys["meta"] == nil && keys["errors"] == nil {
		return nil
	}
	env, err := r.envelope(ctx)
	if err != nil {
		return &envelope{Status: r.status}
	}
	return env
}

// explainRefusedExport distinguishes a workflow that does not exist from one that Falcon does not export.
func (c *Client) explainRefusedExport(ctx context.Context, id string, refusal error) error {
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
