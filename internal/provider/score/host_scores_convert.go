package score

import (
	"fmt"
	"sort"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

func agentID() validator.String {
	return core.CheckString("must be an agent id of 32 hexadecimal digits", "Invalid agent id", func(s string) error {
		if !core.HexIDPattern.MatchString(s) {
			return fmt.Errorf("an agent id has 32 hexadecimal digits, got %q", s)
		}
		return nil
	})
}

// wanted gives the agent ids asked for, each once, in Falcon's lower case.
func (m hostScoresModel) wanted() []string {
	var aids []string
	seen := map[string]bool{}
	for _, v := range m.AgentIDs.Elements() {
		s, ok := v.(types.String)
		aid := strings.ToLower(s.ValueString())
		if ok && !s.IsNull() && !seen[aid] {
			seen[aid] = true
			aids = append(aids, aid)
		}
	}
	return aids
}

// atOnce is how many requests may be in flight, of the listing and then of the assessments.
func (m hostScoresModel) atOnce() int {
	if m.MaxConcurrency.IsNull() {
		return defaultConcurrency
	}
	return int(m.MaxConcurrency.ValueInt64())
}

func (m hostScoresModel) inRange(score int64) bool {
	return (m.MinScore.IsNull() || score >= m.MinScore.ValueInt64()) && (m.MaxScore.IsNull() || score <= m.MaxScore.ValueInt64())
}

// order sorts by score and, within one score, by agent id: so that two reads of
// the same hosts give the same rows.
func (m hostScoresModel) order(scores []falcon.HostScore) {
	descending := m.Sort.ValueString() == sortHighestFirst
	sort.Slice(scores, func(i, j int) bool {
		a, b := scores[i], scores[j]
		if a.Score != b.Score {
			return (a.Score < b.Score) != descending
		}
		return a.AID < b.AID
	})
}

// cut gives the rows to return.
func (m hostScoresModel) cut(matched []falcon.HostScore) []falcon.HostScore {
	if m.rows() == rowsNone {
		return nil
	}
	limit := m.atMost()
	if limit == 0 || limit > len(matched) {
		return matched
	}
	return matched[:limit]
}

// fromAPI fills in what was read.
func (m hostScoresModel) fromAPI(r hostScoresResult) (hostScoresModel, error) {
	m.count(int64(len(r.matched)), int64(len(r.rows)))
	m.Summary = hostSummary(r.matched)
	m.NotFound = stringList(r.notFound)
	m.Hosts = types.ListNull(hostRowType)
	switch m.rows() {
	case rowsList:
		rows := m.rowsOf(r)
		m.Hosts = rowsAsList(hostRowType, len(rows), func(i int) map[string]attr.Value { return rows[i].values() })
	case rowsJSON:
		var err error
		rows := m.rowsOf(r)
		m.RowsJSON, err = rowsAsJSON(len(rows), func(i int) any { return rows[i] })
		return m, err
	}
	return m, nil
}

// hostRow is one host in hosts and rows_json.
type hostRow struct {
	AgentID string `json:"agent_id"`
	Overall int64  `json:"overall"`
	*hostDetail
}

// hostDetail is what detail = true adds. All keys are there, so that every row
// of rows_json has the same shape.
type hostDetail struct {
	OS           *int64  `json:"os"`
	SensorConfig *int64  `json:"sensor_config"`
	Version      *string `json:"version"`
	Platform     *string `json:"platform"`
	ProductType  *string `json:"product_type"`
	Modified     *string `json:"modified"`
}

func (m hostScoresModel) rowsOf(r hostScoresResult) []hostRow {
	rows := make([]hostRow, 0, len(r.rows))
	for _, s := range r.rows {
		row := hostRow{AgentID: s.AID, Overall: s.Score}
		if m.Detail.ValueBool() {
			a := r.details[s.AID]
			row.hostDetail = &hostDetail{
				OS: a.OS, SensorConfig: a.SensorConfig,
				Version: core.StringOrNull(a.Version).ValueStringPointer(), Platform: core.StringOrNull(a.Platform).ValueStringPointer(),
				ProductType: core.StringOrNull(a.ProductType).ValueStringPointer(), Modified: core.StringOrNull(a.Modified).ValueStringPointer(),
			}
		}
		rows = append(rows, row)
	}
	return rows
}

var (
	hostRowTypes = attributeTypes(hostRowAttributes())
	hostRowType  = types.ObjectType{AttrTypes: hostRowTypes}
)

func hostRowAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"agent_id":      schema.StringAttribute{Computed: true, MarkdownDescription: "Agent id of the host."},
		"overall":       schema.Int64Attribute{Computed: true, MarkdownDescription: "Overall score, 0 to 100, higher is safer."},
		"os":            schema.Int64Attribute{Computed: true, MarkdownDescription: "Score of the operating system's settings; null without `detail`."},
		"sensor_config": schema.Int64Attribute{Computed: true, MarkdownDescription: "Score of the sensor's settings; null without `detail`."},
		"version":       schema.StringAttribute{Computed: true, MarkdownDescription: "Version of the assessment; null without `detail`."},
		"platform":      schema.StringAttribute{Computed: true, MarkdownDescription: "Platform, such as `Win`, `Mac` or `Lin`; null without `detail`."},
		"product_type":  schema.StringAttribute{Computed: true, MarkdownDescription: "`Workstation`, `Server` or `Domain Controller`; null without `detail`."},
		"modified":      schema.StringAttribute{Computed: true, MarkdownDescription: "When the assessment last changed, RFC 3339; null without `detail`."},
	}
}

func (r hostRow) values() map[string]attr.Value {
	d := r.hostDetail
	if d == nil {
		d = &hostDetail{}
	}
	return map[string]attr.Value{
		"agent_id":      types.StringValue(r.AgentID),
		"overall":       types.Int64Value(r.Overall),
		"os":            types.Int64PointerValue(d.OS),
		"sensor_config": types.Int64PointerValue(d.SensorConfig),
		"version":       types.StringPointerValue(d.Version),
		"platform":      types.StringPointerValue(d.Platform),
		"product_type":  types.StringPointerValue(d.ProductType),
		"modified":      types.StringPointerValue(d.Modified),
	}
}

// tenths are the ranges of the histogram, both ends included; the last one has
// eleven values, since 100 is the highest score.
const tenths = 10

var tenthTypes = map[string]attr.Type{"from": types.Int64Type, "to": types.Int64Type, "count": types.Int64Type}

var hostSummaryTypes = map[string]attr.Type{
	"count": types.Int64Type, "average": types.NumberType, "minimum": types.Int64Type, "maximum": types.Int64Type,
	"histogram": types.ListType{ElemType: types.ObjectType{AttrTypes: tenthTypes}},
}

func hostSummaryAttribute() schema.Attribute {
	return schema.SingleNestedAttribute{
		Computed:            true,
		MarkdownDescription: "About all matched hosts, whatever `rows` and `limit` say.",
		Attributes: map[string]schema.Attribute{
			"count":   schema.Int64Attribute{Computed: true, MarkdownDescription: "How many hosts."},
			"average": schema.NumberAttribute{Computed: true, MarkdownDescription: "Average overall score, rounded to two decimals; null without hosts."},
			"minimum": schema.Int64Attribute{Computed: true, MarkdownDescription: "Lowest overall score; null without hosts."},
			"maximum": schema.Int64Attribute{Computed: true, MarkdownDescription: "Highest overall score; null without hosts."},
			"histogram": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "Ten ranges of scores: 0 to 9, 10 to 19, and so on, the last 90 to 100.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"from":  schema.Int64Attribute{Computed: true, MarkdownDescription: "Lowest score of the range."},
					"to":    schema.Int64Attribute{Computed: true, MarkdownDescription: "Highest score of the range."},
					"count": schema.Int64Attribute{Computed: true, MarkdownDescription: "How many hosts."},
				}},
			},
		},
	}
}

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
	histogram := make([]attr.Value, 0, tenths)
	for i, n := range counts {
		from, to := int64(i)*10, int64(i)*10+9
		if i == tenths-1 {
			to = 100
		}
		histogram = append(histogram, types.ObjectValueMust(tenthTypes, map[string]attr.Value{
			"from": types.Int64Value(from), "to": types.Int64Value(to), "count": types.Int64Value(n),
		}))
	}
	return types.ObjectValueMust(hostSummaryTypes, map[string]attr.Value{
		"count":     types.Int64Value(int64(len(scores))),
		"average":   average(sum, int64(len(scores))),
		"minimum":   minimum,
		"maximum":   maximum,
		"histogram": types.ListValueMust(types.ObjectType{AttrTypes: tenthTypes}, histogram),
	})
}

// average rounds sum/count to two decimals, half up, in whole numbers: a number
// that came by way of float64 would make comparisons wrong (wire/identity.md#scores).
func average(sum, count int64) types.Number {
	if count == 0 {
		return types.NumberNull()
	}
	hundredths := (2*100*sum + count) / (2 * count)
	return exactNumber(fmt.Sprintf("%d.%02d", hundredths/100, hundredths%100))
}
