package score

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon/identity"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

const (
	rowsNone = "none"
	rowsList = "list"
	rowsJSON = "json"

	defaultRowLimit = 1000
	// MaxListRows keeps the provider well under 300 MB: the framework has several copies of a list, with about 30 kB per
	// user, while it compares and encodes it.
	MaxListRows = 2000

	// The most requests of one data source in flight. Hosts have the default of users.
	maxConcurrency     = 16
	defaultConcurrency = identity.DefaultConcurrency
)

// scoreRows are the arguments and results that the lists of hosts and of users share: where rows go, and how many there are.
type scoreRows struct {
	Rows      types.String `tfsdk:"rows"`
	Limit     types.Int64  `tfsdk:"limit"`
	RowsJSON  types.String `tfsdk:"rows_json"`
	Matched   types.Int64  `tfsdk:"matched"`
	Returned  types.Int64  `tfsdk:"returned"`
	Truncated types.Bool   `tfsdk:"truncated"`
}

// rowAttributes are the attributes of scoreRows. things is "hosts" or "users", which is also the name of the list;
// jsonKeys is more about rows_json.
func rowAttributes(things, jsonKeys string) map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"rows": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: fmt.Sprintf("Where the %[1]s themselves go: `none` (default) keeps the summary only, `list` fills `%[1]s` with at most %[2]d rows, `json` fills `rows_json`.",
				things, MaxListRows),
			Validators: []validator.String{stringvalidator.OneOf(rowsNone, rowsList, rowsJSON)},
		},
		"limit": schema.Int64Attribute{
			Optional: true,
			MarkdownDescription: fmt.Sprintf("The most rows to return, default %d. With `rows = \"list\"` at most %d; with `rows = \"json\"` any number, and `0` is all of them. The summary always counts all matching %s.",
				defaultRowLimit, MaxListRows, things),
			Validators: []validator.Int64{int64validator.AtLeast(0)},
		},
		"rows_json": schema.StringAttribute{
			Computed: true,
			MarkdownDescription: fmt.Sprintf("The %[1]s as one JSON text, with `rows = \"json\"`, for `jsondecode`; otherwise null. The keys are those of `%[1]s`; %[2]s",
				things, jsonKeys),
		},
		"matched":   schema.Int64Attribute{Computed: true, MarkdownDescription: fmt.Sprintf("Number of matching %s.", things)},
		"returned":  schema.Int64Attribute{Computed: true, MarkdownDescription: "Number of returned rows; 0 with `rows = \"none\"`."},
		"truncated": schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether there are more matching rows than `limit` allows. This is also a warning."},
	}
}

func maxConcurrencyAttribute() schema.Attribute {
	return schema.Int64Attribute{
		Optional:            true,
		MarkdownDescription: fmt.Sprintf("The most requests in flight, 1 to %d, default %d. A large result is read in parts at the same time.", maxConcurrency, defaultConcurrency),
		Validators:          []validator.Int64{int64validator.Between(1, maxConcurrency)},
	}
}

func (r *scoreRows) validateRows(diags *diag.Diagnostics) {
	if isKnown(r.Limit) && r.Limit.ValueInt64() == 0 && !r.Rows.IsUnknown() && r.rows() != rowsJSON {
		diags.AddAttributeError(core.Attribute("limit"), "Invalid limit",
			"limit = 0 (all rows) is for rows = \"json\" only: lists of many thousand objects make every plan slow.")
	}
	if isKnown(r.Limit) && r.Limit.ValueInt64() > MaxListRows && r.rows() == rowsList {
		diags.AddAttributeError(core.Attribute("rows"), "Too many rows for a list", fmt.Sprintf(
			"rows = \"list\" returns at most %d rows, and limit allows %d. Use rows = \"json\", which has no maximum, and read the rows with jsondecode(...rows_json).",
			MaxListRows, r.Limit.ValueInt64()))
	}
}

func (r *scoreRows) rows() string {
	if r.Rows.IsNull() {
		return rowsNone
	}
	return r.Rows.ValueString()
}

// atMost returns the most rows to return; 0 is all.
func (r *scoreRows) atMost() int {
	if r.Limit.IsNull() {
		return defaultRowLimit
	}
	return int(r.Limit.ValueInt64())
}

// count sets the numbers of rows.
func (r *scoreRows) count(matched, returned int64) {
	r.Matched = types.Int64Value(matched)
	r.Returned = types.Int64Value(returned)
	r.Truncated = types.BoolValue(r.rows() != rowsNone && returned < matched)
	r.RowsJSON = types.StringNull()
}

// warn reports missing rows, so that a truncated list is not mistaken for a complete one.
func (r *scoreRows) warn(things string, diags *diag.Diagnostics) {
	if r.Truncated.ValueBool() {
		diags.AddAttributeWarning(core.Attribute("limit"), "Rows cut short", fmt.Sprintf(
			"%d %s match and limit allows %d rows. The summary counts all of them.", r.Matched.ValueInt64(), things, r.Returned.ValueInt64()))
	}
}

// rowsAsList returns the list of n rows.
func rowsAsList(kind types.ObjectType, n int, row func(i int) map[string]attr.Value) types.List {
	values := make([]attr.Value, 0, n)
	for i := range n {
		values = append(values, types.ObjectValueMust(kind.AttrTypes, row(i)))
	}
	return types.ListValueMust(kind, values)
}

// rowsAsJSON returns n rows as one JSON text. It encodes one at a time, so that only one row is in memory in addition to the
// text.
func rowsAsJSON(n int, row func(i int) any) (types.String, error) {
	var text strings.Builder
	text.WriteByte('[')
	for i := range n {
		encoded, err := json.Marshal(row(i))
		if err != nil {
			return types.StringNull(), fmt.Errorf("row %d: %w", i, err)
		}
		if i > 0 {
			text.WriteByte(',')
		}
		text.Write(encoded)
	}
	text.WriteByte(']')
	return types.StringValue(text.String()), nil
}

func isKnown(v attr.Value) bool { return !v.IsNull() && !v.IsUnknown() }

// attributeTypes returns the types of a schema's attributes, to build values without reflection, which takes four times as
// long for 50,000 rows (wire/identity.md#scores).
func attributeTypes(attributes map[string]schema.Attribute) map[string]attr.Type {
	out := make(map[string]attr.Type, len(attributes))
	for name, a := range attributes {
		out[name] = a.GetType()
	}
	return out
}

// rowObject describes the rows of a long list. It has a custom type, as has the list, because the framework asks for the
// type at every value of every row and would otherwise compute it each time, which is a third of all that it allocates.
func rowObject(row types.ObjectType, attributes map[string]schema.Attribute) schema.NestedAttributeObject {
	return schema.NestedAttributeObject{CustomType: row, Attributes: attributes}
}

// stringsOf returns the values of a known list of strings; nil for a null list. A validator rejects null elements.
func stringsOf(list types.List) []string {
	if list.IsNull() {
		return nil
	}
	out := make([]string, 0, len(list.Elements()))
	for _, v := range list.Elements() {
		if s, ok := v.(types.String); ok {
			out = append(out, s.ValueString())
		}
	}
	return out
}

// computedString returns a string attribute that Falcon sets.
func computedString(description string) schema.StringAttribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}
