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
	// MaxListRows keeps the provider well under 300 MB: the framework holds a list several times over, at some 30 kB a
	// user, while it compares and encodes it.
	MaxListRows = 2000

	// The requests that one data source may have in flight. Hosts have the default of users.
	maxConcurrency     = 16
	defaultConcurrency = identity.DefaultConcurrency
)

// scoreRows are the arguments and results that the lists of hosts and of users
// share: what to do with the rows, and how many there are.
type scoreRows struct {
	Rows      types.String `tfsdk:"rows"`
	Limit     types.Int64  `tfsdk:"limit"`
	RowsJSON  types.String `tfsdk:"rows_json"`
	Matched   types.Int64  `tfsdk:"matched"`
	Returned  types.Int64  `tfsdk:"returned"`
	Truncated types.Bool   `tfsdk:"truncated"`
}

// rowAttributes describes scoreRows. Things is "hosts" or "users", which is
// also the name of the list's attribute; jsonKeys says more about rows_json.
func rowAttributes(things, jsonKeys string) map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"rows": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: fmt.Sprintf("What to do with the %[1]s themselves: `none` (default) keeps the summary only, `list` fills `%[1]s` with at most %[2]d rows, `json` fills `rows_json`.",
				things, MaxListRows),
			Validators: []validator.String{stringvalidator.OneOf(rowsNone, rowsList, rowsJSON)},
		},
		"limit": schema.Int64Attribute{
			Optional: true,
			MarkdownDescription: fmt.Sprintf("The most rows to return, default %d. With `rows = \"list\"` at most %d; with `rows = \"json\"` any number, and `0` is all of them. The summary always counts all matched %s.",
				defaultRowLimit, MaxListRows, things),
			Validators: []validator.Int64{int64validator.AtLeast(0)},
		},
		"rows_json": schema.StringAttribute{
			Computed: true,
			MarkdownDescription: fmt.Sprintf("The %[1]s as one JSON text, with `rows = \"json\"`, for `jsondecode`; else null. The keys are those of `%[1]s`; %[2]s",
				things, jsonKeys),
		},
		"matched":   schema.Int64Attribute{Computed: true, MarkdownDescription: fmt.Sprintf("How many %s match.", things)},
		"returned":  schema.Int64Attribute{Computed: true, MarkdownDescription: "How many rows are returned; 0 with `rows = \"none\"`."},
		"truncated": schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether `limit` cut the rows short. A warning says so too."},
	}
}

func maxConcurrencyAttribute() schema.Attribute {
	return schema.Int64Attribute{
		Optional:            true,
		MarkdownDescription: fmt.Sprintf("The most requests in flight, 1 to %d, default %d. A large result is read in parts at the same time.", maxConcurrency, defaultConcurrency),
		Validators:          []validator.Int64{int64validator.Between(1, maxConcurrency)},
	}
}

func (r *scoreRows) Validate(diags *diag.Diagnostics) {
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

// atMost is the most rows to return; 0 is all.
func (r *scoreRows) atMost() int {
	if r.Limit.IsNull() {
		return defaultRowLimit
	}
	return int(r.Limit.ValueInt64())
}

// count notes how many rows there are.
func (r *scoreRows) count(matched, returned int64) {
	r.Matched = types.Int64Value(matched)
	r.Returned = types.Int64Value(returned)
	r.Truncated = types.BoolValue(r.rows() != rowsNone && returned < matched)
	r.RowsJSON = types.StringNull()
}

// warn says that rows are missing: a cut list must not pass for a whole one.
func (r *scoreRows) warn(things string, diags *diag.Diagnostics) {
	if r.Truncated.ValueBool() {
		diags.AddAttributeWarning(core.Attribute("limit"), "Rows cut short", fmt.Sprintf(
			"%d %s match and limit allows %d rows. The summary counts all of them.", r.Matched.ValueInt64(), things, r.Returned.ValueInt64()))
	}
}

// rowsAsList is the list of n rows.
func rowsAsList(kind types.ObjectType, n int, row func(i int) map[string]attr.Value) types.List {
	values := make([]attr.Value, 0, n)
	for i := range n {
		values = append(values, types.ObjectValueMust(kind.AttrTypes, row(i)))
	}
	return types.ListValueMust(kind, values)
}

// rowsAsJSON is the list of n rows as one JSON text, written row by row, so that only one row is held beside the text.
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

// attributeTypes are the types of a schema's attributes, for building their
// values without reflection, which takes four times as long at 50,000 rows
// (wire/identity.md#scores).
func attributeTypes(attributes map[string]schema.Attribute) map[string]attr.Type {
	out := make(map[string]attr.Type, len(attributes))
	for name, a := range attributes {
		out[name] = a.GetType()
	}
	return out
}

// rowObject describes the rows of a long list. The type is given, and given to
// the list too, because the framework asks for it at every value of every row
// and would work it out anew each time, which is a third of all it allocates.
func rowObject(row types.ObjectType, attributes map[string]schema.Attribute) schema.NestedAttributeObject {
	return schema.NestedAttributeObject{CustomType: row, Attributes: attributes}
}

// stringList is a list in the order given, empty rather than null.
func stringList(values []string) types.List {
	list := make([]attr.Value, 0, len(values))
	for _, v := range values {
		list = append(list, types.StringValue(v))
	}
	return types.ListValueMust(types.StringType, list)
}

// stringsOf are the values of a list of strings; nil for a null list. The list
// is known, and its elements are not null: their validators refuse that.
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
