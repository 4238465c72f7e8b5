package workflow

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/attr/xattr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/fusion"
)

var (
	_ basetypes.StringTypable                    = documentType{}
	_ basetypes.StringValuableWithSemanticEquals = documentValue{}
	_ xattr.ValidateableAttribute                = documentValue{}
)

// Summaries of what is wrong with a document.
const (
	invalidDocument    = "Invalid workflow document"
	possibleProblem    = "Possible problem in workflow document"
	unfinishedDocument = "Unfinished workflow document"
	// storedAsDraft is added to what makes a document unfinished.
	storedAsDraft = " Falcon stores the workflow like this and refuses to enable it."
)

// documentType is the type of a workflow document: YAML or JSON text. Two texts are equal when they are the same workflow.
type documentType struct{ basetypes.StringType }

func (t documentType) Equal(o attr.Type) bool {
	other, ok := o.(documentType)
	return ok && t.StringType.Equal(other.StringType)
}

func (t documentType) String() string { return "documentType" }

func (t documentType) ValueFromString(_ context.Context, in basetypes.StringValue) (basetypes.StringValuable, diag.Diagnostics) {
	return documentValue{StringValue: in}, nil
}

func (t documentType) ValueFromTerraform(ctx context.Context, in tftypes.Value) (attr.Value, error) {
	v, err := t.StringType.ValueFromTerraform(ctx, in)
	if err != nil {
		return nil, err
	}
	s, ok := v.(basetypes.StringValue)
	if !ok {
		return nil, fmt.Errorf("expected a string, got %T", v)
	}
	return documentValue{StringValue: s}, nil
}

func (t documentType) ValueType(context.Context) attr.Value { return documentValue{} }

type documentValue struct{ basetypes.StringValue }

func definitionValue(text string) documentValue {
	return documentValue{StringValue: types.StringValue(text)}
}

func (v documentValue) Type(context.Context) attr.Type { return documentType{} }

func (v documentValue) Equal(o attr.Value) bool {
	other, ok := o.(documentValue)
	return ok && v.StringValue.Equal(other.StringValue)
}

// ValidateAttribute reports a text that is not a document. The resource checks the content, as it knows whether the
// workflow is a draft.
func (v documentValue) ValidateAttribute(_ context.Context, req xattr.ValidateAttributeRequest, resp *xattr.ValidateAttributeResponse) {
	if v.IsNull() || v.IsUnknown() {
		return
	}
	doc, problems := fusion.Parse(v.ValueString())
	if doc != nil {
		v.refuseReferences(doc, req, resp)
	}
	for _, p := range problems {
		if p.Warning {
			resp.Diagnostics.AddAttributeWarning(req.Path, possibleProblem, p.String())
		} else {
			resp.Diagnostics.AddAttributeError(req.Path, invalidDocument, p.String())
		}
	}
}

// refuseReferences reports references: only the data source looks them up, and Falcon would store them as they are.
func (v documentValue) refuseReferences(doc *fusion.Document, req xattr.ValidateAttributeRequest, resp *xattr.ValidateAttributeResponse) {
	references, _ := doc.Lookups()
	for _, r := range references {
		if r.Kind == fusion.LookupText {
			continue // what an escaped text has become
		}
		resp.Diagnostics.AddAttributeError(req.Path, "Reference that is not looked up", fmt.Sprintf("line %d, column %d: %s is replaced only by the data source "+
			"falcon_workflow_document. Pass the document to its portable_definition, and set this argument to its definition.", r.Line(), r.Column(), r.Lookup))
	}
}

// StringSemanticEquals is called with the prior value, so that a document that only looks different keeps the user's form.
func (v documentValue) StringSemanticEquals(_ context.Context, prior basetypes.StringValuable) (bool, diag.Diagnostics) {
	other, ok := prior.(documentValue)
	if !ok {
		return false, nil
	}
	if v.StringValue.Equal(other.StringValue) {
		return true, nil
	}
	doc := parse(v)
	return doc != nil && fusion.Equal(doc, parse(other)), nil
}

// parse returns the document in an attribute, or nil if it is null, unknown or not a document.
func parse(value interface{ ValueString() string }) *fusion.Document {
	doc, _ := fusion.Parse(value.ValueString())
	return doc
}
