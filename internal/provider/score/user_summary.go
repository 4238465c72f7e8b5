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
		"count": count("Number of users."),
		"by_severity": schema.SingleNestedAttribute{
			Computed: true, MarkdownDescription: "Number of users of each severity.",
			Attributes: map[string]schema.Attribute{
				"normal": count("Number of `NORMAL` users."), "medium": count("Number of `MEDIUM` users."), "high": count("Number of `HIGH` users."),
			},
		},
		"administrators": count("Number of users with an administrator role."),
		"without_email":  count("Number of users without an email address. With `require_email` they are not in `count`."),
		"average":        schema.NumberAttribute{Computed: true, MarkdownDescription: "Average of the risk scores, rounded to six decimals; null without `average = true`, or if there are no users."},
		"histogram": schema.ListNestedAttribute{
			Computed:            true,
			MarkdownDescription: "Number of users in ten ranges of the score before it is rounded to two decimals: a user whose score is shown as 0.10 may be in the first or the second range.",
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"from":  schema.NumberAttribute{Computed: true, MarkdownDescription: "Lowest score of the range."},
				"to":    schema.NumberAttribute{Computed: true, MarkdownDescription: "Where the next range starts; the last range includes 1."},
				"count": count("Number of users."),
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
