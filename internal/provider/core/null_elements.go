package core

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// nullElements refuses null elements of lists and sets: Falcon stores no null there, so the second plan would never be
// empty. Unknown elements are accepted.
type nullElements struct{}

// NoNullElements returns a validator of lists and sets.
func NoNullElements() nullElements { return nullElements{} }

// Description implements validator.List and validator.Set.
func (nullElements) Description(context.Context) string { return "elements must not be null" }

// MarkdownDescription implements validator.List and validator.Set.
func (v nullElements) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateList implements validator.List.
func (nullElements) ValidateList(_ context.Context, req validator.ListRequest, resp *validator.ListResponse) {
	RefuseNullElements(req.Path, req.ConfigValue.Elements(), &resp.Diagnostics)
}

// ValidateSet implements validator.Set.
func (nullElements) ValidateSet(_ context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	RefuseNullElements(req.Path, req.ConfigValue.Elements(), &resp.Diagnostics)
}

// RefuseNullElements adds an error if an element is null, and returns whether it did.
func RefuseNullElements(at path.Path, elements []attr.Value, diags *diag.Diagnostics) bool {
	for _, e := range elements {
		if e.IsNull() {
			diags.AddAttributeError(at, "Null element",
				"An element of this argument is null. Leave it out, for example with [for e in LIST : e if e != null].")
			return true
		}
	}
	return false
}
