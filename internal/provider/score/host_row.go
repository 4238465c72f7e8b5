package score

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// hostRow is a host in hosts and rows_json.
type hostRow struct {
	AgentID string `json:"agent_id"`
	Overall int64  `json:"overall"`
	*hostDetail
}

// hostDetail is what detail = true adds. It always has all keys, so that all rows of rows_json have the same type.
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
				Version: textOrNil(a.Version), Platform: textOrNil(a.Platform),
				ProductType: textOrNil(a.ProductType), Modified: textOrNil(a.Modified),
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
