package score

import (
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func userSummaryAttributes() map[string]schema.Attribute {
	count := func(description string) schema.Int64Attribute {
		return schema.Int64Attribute{Computed: true, MarkdownDescription: description}
	}
	return map[string]schema.Attribute{
		"count": count("How many users."),
		"by_severity": schema.SingleNestedAttribute{
			Computed: true, MarkdownDescription: "How many users of each severity.",
			Attributes: map[string]schema.Attribute{
				"normal": count("How many are `NORMAL`."), "medium": count("How many are `MEDIUM`."), "high": count("How many are `HIGH`."),
			},
		},
		"administrators": count("How many have a role of an administrator."),
		"without_email":  count("How many have no e-mail address. With `require_email` they are not in `count`: this is how many were left out."),
		"average":        schema.NumberAttribute{Computed: true, MarkdownDescription: "Average of the risk scores, rounded to six decimals; null without `average = true`, and without users."},
		"histogram": schema.ListNestedAttribute{
			Computed:            true,
			MarkdownDescription: "Ten ranges of the score before it is rounded to two decimals: a user who is shown with 0.10 may be in the first or the second.",
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"from":  schema.NumberAttribute{Computed: true, MarkdownDescription: "Lowest score of the range."},
				"to":    schema.NumberAttribute{Computed: true, MarkdownDescription: "Where the next range starts; the last range includes 1."},
				"count": count("How many users."),
			}},
		},
	}
}

var (
	userSummaryTypes = attributeTypes(userSummaryAttributes())
	severityTypes    = objectTypes(userSummaryTypes["by_severity"])
	scoreTenthTypes  = elementTypes(userSummaryTypes["histogram"])
)

func userSummary(r userScoresResult) types.Object {
	s := r.summary
	histogram := make([]attr.Value, 0, len(s.Histogram))
	tenth := func(i int) types.Number {
		return exactNumber(strconv.Itoa(i/10) + "." + strconv.Itoa(i%10))
	}
	for i, n := range s.Histogram {
		histogram = append(histogram, types.ObjectValueMust(scoreTenthTypes, map[string]attr.Value{
			"from": tenth(i), "to": tenth(i + 1), "count": types.Int64Value(n),
		}))
	}
	return types.ObjectValueMust(userSummaryTypes, map[string]attr.Value{
		"count": types.Int64Value(s.Count),
		"by_severity": types.ObjectValueMust(severityTypes, map[string]attr.Value{
			"normal": types.Int64Value(s.Normal), "medium": types.Int64Value(s.Medium), "high": types.Int64Value(s.High),
		}),
		"administrators": types.Int64Value(s.Administrators),
		"without_email":  types.Int64Value(s.WithoutEmail),
		"average":        exactAverage(r.average),
		"histogram":      types.ListValueMust(types.ObjectType{AttrTypes: scoreTenthTypes}, histogram),
	})
}
