package score

import (
	"math/big"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
)

// tenths is the number of ranges of the histogram, both ends included. The last one includes 100 too.
const tenths = 10

func hostSummaryAttributes() map[string]schema.Attribute {
	number := func(description string) schema.Int64Attribute {
		return schema.Int64Attribute{Computed: true, MarkdownDescription: description}
	}
	return map[string]schema.Attribute{
		"count":   number("Number of hosts."),
		"average": schema.NumberAttribute{Computed: true, MarkdownDescription: "Average overall score, rounded to two decimals; null without hosts."},
		"minimum": number("Lowest overall score; null without hosts."),
		"maximum": number("Highest overall score; null without hosts."),
		"histogram": schema.ListNestedAttribute{
			Computed:            true,
			MarkdownDescription: "Ten ranges of scores: 0 to 9, 10 to 19, and so on, the last 90 to 100.",
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"from": number("Lowest score of the range."), "to": number("Highest score of the range."), "count": number("Number of hosts."),
			}},
		},
	}
}

var (
	hostSummaryTypes = attributeTypes(hostSummaryAttributes())
	hostTenthTypes   = elementTypes(hostSummaryTypes["histogram"])
)

func hostSummary(scores []falcon.HostScore) types.Object {
	var sum int64
	var counts [tenths]int64
	minimum, maximum := types.Int64Null(), types.Int64Null()
	for i, s := range scores {
		sum += s.Score
		counts[max(0, min(s.Score/10, tenths-1))]++
		if i == 0 || s.Score < minimum.ValueInt64() {
			minimum = types.Int64Value(s.Score)
		}
		if i == 0 || s.Score > maximum.ValueInt64() {
			maximum = types.Int64Value(s.Score)
		}
	}
	var average *big.Rat
	if len(scores) > 0 {
		average = big.NewRat(sum, int64(len(scores)))
	}
	histogram := make([]attr.Value, 0, tenths)
	for i, n := range counts {
		from, to := int64(i)*10, int64(i)*10+9
		if i == tenths-1 {
			to = 100
		}
		histogram = append(histogram, types.ObjectValueMust(hostTenthTypes, map[string]attr.Value{
			"from": types.Int64Value(from), "to": types.Int64Value(to), "count": types.Int64Value(n),
		}))
	}
	return types.ObjectValueMust(hostSummaryTypes, map[string]attr.Value{
		"count":     types.Int64Value(int64(len(scores))),
		"average":   exactAverage(average, 2),
		"minimum":   minimum,
		"maximum":   maximum,
		"histogram": types.ListValueMust(types.ObjectType{AttrTypes: hostTenthTypes}, histogram),
	})
}
