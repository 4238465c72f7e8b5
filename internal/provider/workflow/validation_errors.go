package workflow

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/fusion"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

// Falcon's codes for errors of the trigger, and for a property without a value (wire/workflows.md#import).
const (
	codeUnknownEvent    = 2003
	codeMissingProperty = 2016
	codeEndsWithTrigger = 2017
)

// maxLookups bounds the actions that are looked up for one message.
const maxLookups = 50

// validationErrorType is one entry of validation_errors.
var validationErrorType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"code": types.Int64Type, "message": types.StringType, "node": types.StringType, "property": types.StringType,
}}

// validationErrorsSchema is the schema of validation_errors. A workflow that stays disabled may be unfinished: Falcon
// stores it with errors, and this attribute shows them.
func validationErrorsSchema() schema.Attribute {
	return schema.ListNestedAttribute{
		Computed: true,
		MarkdownDescription: "Falcon's validation errors of the stored workflow. Empty for a workflow that can be enabled. " +
			"Only a workflow with `enabled = false` is created with such errors.",
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"code":     schema.Int64Attribute{Computed: true, MarkdownDescription: "Falcon's code, such as 2016; null if there is none."},
			"message":  schema.StringAttribute{Computed: true, MarkdownDescription: "Falcon's text."},
			"node":     schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the node, `trigger` for the trigger; null if Falcon's text does not name one."},
			"property": schema.StringAttribute{Computed: true, MarkdownDescription: "Property of the node; null if Falcon names none."},
		}},
	}
}

// readValidationErrors reads Falcon's validation errors of a stored workflow. The listing only shows whether there are
// any. The check of an update has the texts (wire/workflows.md#import).
func readValidationErrors(ctx context.Context, client *falcon.Client, doc *fusion.Document, w *falcon.Workflow) falcon.ValidationErrors {
	if !w.HasValidationErrors {
		return nil
	}
	const noText = "the workflow has validation errors, and their texts could not be read"
	err := client.ValidateUpdate(ctx, w.ID, doc)
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

// refreshValidationErrors sets validation_errors after a read. exported is nil if no one saved the workflow since, and then
// the known texts stay.
func (m *model) refreshValidationErrors(ctx context.Context, client *falcon.Client, w *falcon.Workflow, exported *fusion.Document, diags *diag.Diagnostics) {
	var found falcon.ValidationErrors
	doc := exported
	if w.HasValidationErrors {
		diags.AddWarning("Workflow has validation errors",
			fmt.Sprintf("Falcon marks the workflow %q (id %s) as invalid: it cannot be enabled, and it may not run as it is. "+
				"Possible reasons are a missing plugin configuration, an action that was removed, and an edit in the console. "+
				"Open it in Fusion SOAR > Workflows to see the errors, then correct the document.", w.Name, w.ID))
		if doc == nil {
			if len(m.ValidationErrors.Elements()) > 0 {
				return
			}
			doc = parse(m.Document)
		}
		if doc != nil {
			found = readValidationErrors(ctx, client, doc, w)
		}
	}
	m.setValidationErrors(ctx, client, doc, found, diags)
}

// setValidationErrors sets validation_errors from Falcon's validation errors.
func (m *model) setValidationErrors(ctx context.Context, client *falcon.Client, doc *fusion.Document, found falcon.ValidationErrors, diags *diag.Diagnostics) {
	entries := make([]attr.Value, 0, len(found))
	for _, v := range found {
		nodes := nodesOf(ctx, client, doc, v)
		if len(nodes) == 0 {
			nodes = []string{""}
		}
		for _, node := range nodes {
			entry := map[string]attr.Value{
				"code": types.Int64Null(), "message": types.StringValue(v.Message), "node": core.StringOrNull(node), "property": core.StringOrNull(v.Property),
			}
			if v.Code != 0 {
				entry["code"] = types.Int64Value(int64(v.Code))
			}
			entries = append(entries, types.ObjectValueMust(validationErrorType.AttrTypes, entry))
		}
	}
	list, more := types.ListValue(validationErrorType, entries)
	diags.Append(more...)
	m.ValidationErrors = list
}

// warnValidationErrors reports the validation errors of a draft.
func (m *model) warnValidationErrors(ctx context.Context, client *falcon.Client, doc *fusion.Document, found falcon.ValidationErrors, diags *diag.Diagnostics) {
	for _, text := range validationTexts(ctx, client, doc, m.NotifyWebhook.IsNull(), found) {
		diags.AddAttributeWarning(m.source(), unfinishedDocument, core.Sentence(text)+storedAsDraft)
	}
}

// validationTexts returns a text for each of Falcon's validation errors, with the nodes that it is about. withPosition adds
// line and column, which only a document that the user wrote has.
func validationTexts(ctx context.Context, client *falcon.Client, doc *fusion.Document, withPosition bool, invalid falcon.ValidationErrors) []string {
	out := make([]string, len(invalid))
	for i, v := range invalid {
		out[i] = validationText(doc, nodesOf(ctx, client, doc, v), withPosition, v)
	}
	return out
}

func validationText(doc *fusion.Document, nodes []string, withPosition bool, v falcon.ValidationError) string {
	var b strings.Builder
	for i, node := range nodes {
		b.WriteString([]string{"Node ", ", node "}[min(i, 1)])
		fmt.Fprintf(&b, "%q", node)
		if v.Property != "" {
			fmt.Fprintf(&b, ", property %q", v.Property)
		}
		if line, column := doc.Position(node, v.Property); withPosition && line > 0 {
			fmt.Fprintf(&b, " (line %d, column %d)", line, column)
		}
	}
	if len(nodes) > 0 {
		b.WriteString(": ")
	}
	b.WriteString(strings.TrimSpace(v.Message))
	if v.Code != 0 {
		fmt.Fprintf(&b, " (code %d)", v.Code)
	}
	return b.String()
}

// nodesOf returns the nodes that a validation error is about; none if it does not show them. The errors of an import name
// the node. Those of updates and of enabling have only a code and a message, which contains the action's id, its name or
// the missing property (wire/workflows.md#enabling, wire/workflows.md#update).
func nodesOf(ctx context.Context, client *falcon.Client, doc *fusion.Document, v falcon.ValidationError) []string {
	switch {
	case v.NodeID != "":
		return []string{v.NodeID}
	case v.Code == codeUnknownEvent, v.Code == codeEndsWithTrigger:
		return []string{"trigger"}
	}
	actions := doc.Actions()
	byID := nodesWhere(actions, func(a fusion.ActionRef) bool { return a.ID != "" && containsID(v.Message, a.ID) })
	if len(byID) > 0 {
		return byID
	}
	known := activitiesOf(ctx, client, actions)
	return nodesWhere(actions, func(a fusion.ActionRef) bool {
		activity := known[a.ID]
		if v.Code == codeMissingProperty && activity != nil {
			return slices.ContainsFunc(requiredProperties(activity.InputSchema), func(key string) bool {
				return containsQuoted(v.Message, key) && !hasValue(a, key)
			})
		}
		return containsQuoted(v.Message, a.Name) || activity != nil && containsQuoted(v.Message, activity.Name)
	})
}

// requiredProperties returns the properties that an action's schema requires; none if it cannot be read, which only makes a
// message less precise.
func requiredProperties(schema json.RawMessage) []string {
	var s struct {
		Required []string `json:"required"`
	}
	if len(schema) == 0 || json.Unmarshal(schema, &s) != nil {
		return nil
	}
	return s.Required
}

func nodesWhere(actions []fusion.ActionRef, match func(fusion.ActionRef) bool) []string {
	var out []string
	for _, a := range actions {
		if match(a) {
			out = append(out, a.Node)
		}
	}
	return out
}

// activitiesOf reads the catalog's entries of the actions. They only improve a message, so errors are ignored.
func activitiesOf(ctx context.Context, client *falcon.Client, actions []fusion.ActionRef) map[string]*falcon.Activity {
	out := map[string]*falcon.Activity{}
	for _, a := range actions {
		if _, asked := out[a.ID]; asked || a.ID == "" {
			continue
		}
		if len(out) == maxLookups || ctx.Err() != nil {
			break
		}
		activity, err := client.Activity(ctx, a.ID)
		if err != nil {
			activity = nil
		}
		out[a.ID] = activity
	}
	return out
}

// hasValue reports whether an action sets a property. To Falcon, an empty string or list is not a value.
func hasValue(a fusion.ActionRef, key string) bool {
	return slices.ContainsFunc(a.Properties, func(p fusion.PropertyRef) bool {
		if p.Key != key {
			return false
		}
		switch v := p.Value.(type) {
		case nil:
			return false
		case string:
			return v != ""
		case []any:
			return len(v) > 0
		case map[string]any:
			return len(v) > 0
		}
		return true
	})
}

// containsID reports whether a text contains an id that is not the beginning of a longer one (wire/catalog.md#activities).
func containsID(text, id string) bool {
	const other = `[^0-9A-Fa-f_~]`
	return regexp.MustCompile(`(^|` + other + `)` + regexp.QuoteMeta(id) + `(` + other + `|$)`).MatchString(text)
}

// containsQuoted reports whether a text contains a word in single or double quotes.
func containsQuoted(text, word string) bool {
	return word != "" && (strings.Contains(text, "'"+word+"'") || strings.Contains(text, `"`+word+`"`))
}
