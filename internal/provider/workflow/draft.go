package workflow

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/fusion"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

// A workflow that stays switched off may be unfinished: what Falcon stores with
// validation errors is kept, and validation_errors has them.

// validationErrorType is one entry of validation_errors.
var validationErrorType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"code": types.Int64Type, "message": types.StringType, "node": types.StringType, "property": types.StringType,
}}

func validationErrorsSchema() schema.Attribute {
	return schema.ListNestedAttribute{
		Computed: true,
		MarkdownDescription: "What Falcon finds wrong with the workflow that it has stored. Empty for a workflow that can be enabled. " +
			"Only a workflow with `enabled = false` is created with such errors.",
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"code":     schema.Int64Attribute{Computed: true, MarkdownDescription: "Falcon's code, such as 2016, null where there is none."},
			"message":  schema.StringAttribute{Computed: true, MarkdownDescription: "Falcon's text."},
			"node":     schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the node, `trigger` for the trigger, null where Falcon's text does not show it."},
			"property": schema.StringAttribute{Computed: true, MarkdownDescription: "Property of the node, null where Falcon names none."},
		}},
	}
}

// problemsOf asks Falcon what it finds wrong with a stored workflow. The listing
// only says that there is something, and the check of an update has the texts
// (wire/workflows.md#import).
func (r *workflowResource) problemsOf(ctx context.Context, doc *fusion.Document, w *falcon.Workflow) falcon.ValidationErrors {
	if !w.HasValidationErrors {
		return nil
	}
	const noText = "the workflow has validation errors, and their texts could not be read"
	err := r.Client.ValidateUpdate(ctx, w.ID, doc)
	var found falcon.ValidationErrors
	switch {
	case errors.As(err, &found):
		return found
	case err != nil:
		return falcon.ValidationErrors{{Message: noText + ": " + err.Error()}}
	default:
		return falcon.ValidationErrors{{Message: noText + ": open it in Fusion SOAR > Workflows to see them"}}
	}
}

// takeProblems sets validation_errors after a write, and reports each as a warning.
func (r *workflowResource) takeProblems(ctx context.Context, m *workflowModel, doc *fusion.Document, found falcon.ValidationErrors, diags *diag.Diagnostics) {
	r.setProblems(ctx, m, doc, found, diags)
	r.warnProblems(ctx, diags, doc, *m, found)
}

// refreshProblems sets validation_errors after a read. The texts are asked for
// once: they stay as long as Falcon marks the workflow and no one saves it.
func (r *workflowResource) refreshProblems(ctx context.Context, m *workflowModel, w *falcon.Workflow, diags *diag.Diagnostics) {
	known := !m.ValidationErrors.IsNull() && len(m.ValidationErrors.Elements()) > 0
	if w.HasValidationErrors && known && !m.moved {
		return
	}
	doc, _ := fusion.Parse(m.Document.ValueString())
	if doc == nil || !w.HasValidationErrors {
		r.setProblems(ctx, m, nil, nil, diags)
		return
	}
	r.setProblems(ctx, m, doc, r.problemsOf(ctx, doc, w), diags)
}

func (r *workflowResource) setProblems(ctx context.Context, m *workflowModel, doc *fusion.Document, found falcon.ValidationErrors, diags *diag.Diagnostics) {
	entries := make([]attr.Value, 0, len(found))
	for _, v := range found {
		nodes := r.blamed(ctx, doc, v)
		if len(nodes) == 0 {
			nodes = []string{""}
		}
		for _, node := range nodes {
			entry := map[string]attr.Value{
				"code": types.Int64Null(), "message": types.StringValue(v.Message), "node": textOrNull(node), "property": textOrNull(v.Property),
			}
			if v.Code != 0 {
				entry["code"] = types.Int64Value(int64(v.Code))
			}
			object, more := types.ObjectValue(validationErrorType.AttrTypes, entry)
			diags.Append(more...)
			entries = append(entries, object)
		}
	}
	list, more := types.ListValue(validationErrorType, entries)
	diags.Append(more...)
	m.ValidationErrors = list
}

func textOrNull(text string) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(text)
}

// warnProblems reports what Falcon finds wrong with a draft.
func (r *workflowResource) warnProblems(ctx context.Context, diags *diag.Diagnostics, doc *fusion.Document, m workflowModel, found falcon.ValidationErrors) {
	for _, text := range r.validationTexts(ctx, doc, m.NotifyWebhook.IsNull(), found) {
		diags.AddAttributeWarning(m.source(), unfinishedAsItIs, core.Sentence(text)+" Falcon stores the workflow like this and refuses to enable it.")
	}
}
