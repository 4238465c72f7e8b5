package score

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

var (
	_ datasource.DataSourceWithConfigure        = (*hostScoreDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*hostScoreDataSource)(nil)
)

func NewHostScoreDataSource() datasource.DataSource { return &hostScoreDataSource{} }

// hostScoreDataSource reads the Zero Trust Assessment of one host.
type hostScoreDataSource struct{ core.DataSourceBase }

type hostScoreModel struct {
	AgentID          types.String   `tfsdk:"agent_id"`
	Hostname         types.String   `tfsdk:"hostname"`
	OS               types.Int64    `tfsdk:"os"`
	SensorConfig     types.Int64    `tfsdk:"sensor_config"`
	Overall          types.Int64    `tfsdk:"overall"`
	Version          types.String   `tfsdk:"version"`
	Platform         types.String   `tfsdk:"platform"`
	ProductType      types.String   `tfsdk:"product_type"`
	SerialNumber     types.String   `tfsdk:"serial_number"`
	SensorFileStatus types.String   `tfsdk:"sensor_file_status"`
	Modified         types.String   `tfsdk:"modified"`
	Signals          types.List     `tfsdk:"signals"`
	Timeouts         timeouts.Value `tfsdk:"timeouts"`
}

func (d *hostScoreDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_host_score"
}

func (d *hostScoreDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	text := func(description string) schema.StringAttribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	score := func(description string) schema.Int64Attribute {
		return schema.Int64Attribute{Computed: true, MarkdownDescription: description + ", 0 to 100, higher is safer. Null for a host that is not assessed yet."}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "The Zero Trust Assessment of one host: its scores, and the signals that they are made of.\n\n" +
			"Required API scopes: `zero-trust-assessment:read`; with `hostname` also `devices:read`.",
		Attributes: map[string]schema.Attribute{
			"agent_id": schema.StringAttribute{
				Optional:            true,
				Computed:            true,
				MarkdownDescription: "Agent id (AID) of the host, 32 hexadecimal digits. Exactly one of `agent_id` and `hostname` is needed.",
				Validators:          []validator.String{agentID()},
			},
			"hostname": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Name of the host, whole, letter case aside. Of several hosts of one name (a re-installed host gets a new agent id) the one seen last is taken, with a warning.",
				Validators:          []validator.String{core.NotBlank()},
			},
			"os":                 score("Score of the operating system's settings (Zscaler: OS Score)"),
			"sensor_config":      score("Score of the sensor's settings (Zscaler: ZTA Sensor Score)"),
			"overall":            score("Overall score (Zscaler: Overall Score)"),
			"version":            text("Version of the assessment, such as `3.6.1`."),
			"platform":           text("Platform, such as `Win`, `Mac` or `Lin`."),
			"product_type":       text("`Workstation`, `Server` or `Domain Controller`."),
			"serial_number":      text("Serial number of the system, where Falcon shows it."),
			"sensor_file_status": text("Whether the sensor's assessment file is on the host, as Falcon shows it, such as `not deployed`."),
			"modified":           text("When the assessment last changed, RFC 3339."),
			"signals": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The criteria that the assessment looks at.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"type":           text("`os` or `sensor`: the score that the signal counts for."),
					"id":             text("Id of the signal, such as `mac_os_version`."),
					"name":           text("Name of the signal."),
					"group":          text("Group of the signal, such as `Prevention`."),
					"criteria":       text("What is asked for."),
					"meets_criteria": text("`yes`, `no` or `unknown`."),
				}},
			},
			"timeouts": timeouts.Attributes(ctx),
		},
	}
}

func (d *hostScoreDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{
		datasourcevalidator.ExactlyOneOf(core.Attribute("agent_id").Expression(), core.Attribute("hostname").Expression()),
	}
}

func (d *hostScoreDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	core.ReadData(ctx, req, resp, func(ctx context.Context, m *hostScoreModel, diags *diag.Diagnostics) {
		if m.AgentID.IsNull() {
			m.AgentID = d.byHostname(ctx, m.Hostname.ValueString(), diags)
		}
		if diags.HasError() {
			return
		}
		found, _, err := d.Client.HostAssessments(ctx, []string{strings.ToLower(m.AgentID.ValueString())})
		if err != nil {
			diags.AddError("Could not read the host's assessment", err.Error())
			return
		}
		if len(found) == 0 {
			diags.AddAttributeError(m.askedBy(), "Host has no assessment", fmt.Sprintf(
				"Falcon has no Zero Trust Assessment for %s. Either there is no such host in this tenant, or it has not been assessed yet.", m.asked()))
			return
		}
		if found[0].Overall == nil {
			diags.AddAttributeWarning(m.askedBy(), "Host not assessed yet", fmt.Sprintf(
				"Falcon knows %s but shows no overall score for it yet: overall is null.", m.asked()))
		}
		*m = m.fromAPI(found[0])
	})
}

// byHostname finds the agent id of a host by its name.
func (d *hostScoreDataSource) byHostname(ctx context.Context, hostname string, diags *diag.Diagnostics) types.String {
	hosts, err := d.Client.HostsByName(ctx, hostname)
	if err != nil {
		diags.AddError("Could not look up the host", err.Error())
		return types.StringNull()
	}
	if len(hosts) == 0 {
		diags.AddAttributeError(core.Attribute("hostname"), "Host not found", fmt.Sprintf(
			"Falcon has no host named %q. The whole name is compared, letter case aside.", hostname))
		return types.StringNull()
	}
	if len(hosts) > 1 {
		others := make([]string, 0, len(hosts)-1)
		for _, h := range hosts[1:] {
			others = append(others, fmt.Sprintf("%s (last seen %s)", h.AID, h.LastSeen))
		}
		diags.AddAttributeWarning(core.Attribute("hostname"), "Several hosts of this name", fmt.Sprintf(
			"Falcon has %d hosts named %q. The one seen last is taken: %s (last seen %s). The others: %s. Set agent_id to choose.",
			len(hosts), hostname, hosts[0].AID, hosts[0].LastSeen, strings.Join(others, ", ")))
	}
	return types.StringValue(hosts[0].AID)
}

// askedBy is the argument that names the host, and asked what it says.
func (m hostScoreModel) askedBy() path.Path {
	if m.Hostname.IsNull() {
		return core.Attribute("agent_id")
	}
	return core.Attribute("hostname")
}

func (m hostScoreModel) asked() string {
	if m.Hostname.IsNull() {
		return "the agent id " + m.AgentID.ValueString()
	}
	return fmt.Sprintf("the host %s (agent id %s)", core.Quoted(m.Hostname), m.AgentID.ValueString())
}

// fromAPI fills in the assessment.
func (m hostScoreModel) fromAPI(a falcon.HostAssessment) hostScoreModel {
	m.OS = types.Int64PointerValue(a.OS)
	m.SensorConfig = types.Int64PointerValue(a.SensorConfig)
	m.Overall = types.Int64PointerValue(a.Overall)
	m.Version = core.StringOrNull(a.Version)
	m.Platform = core.StringOrNull(a.Platform)
	m.ProductType = core.StringOrNull(a.ProductType)
	m.SerialNumber = core.StringOrNull(a.SerialNumber)
	m.SensorFileStatus = core.StringOrNull(a.SensorFileStatus)
	m.Modified = core.StringOrNull(a.Modified)

	rows := make([]attr.Value, 0, len(a.OSSignals)+len(a.SensorSignals))
	for _, s := range a.OSSignals {
		rows = append(rows, signalValue("os", s))
	}
	for _, s := range a.SensorSignals {
		rows = append(rows, signalValue("sensor", s))
	}
	m.Signals = types.ListValueMust(types.ObjectType{AttrTypes: signalTypes}, rows)
	return m
}

var signalTypes = map[string]attr.Type{
	"type": types.StringType, "id": types.StringType, "name": types.StringType,
	"group": types.StringType, "criteria": types.StringType, "meets_criteria": types.StringType,
}

func signalValue(kind string, s falcon.Signal) attr.Value {
	return types.ObjectValueMust(signalTypes, map[string]attr.Value{
		"type":           types.StringValue(kind),
		"id":             types.StringValue(s.ID),
		"name":           types.StringValue(s.Name),
		"group":          types.StringValue(s.Group),
		"criteria":       types.StringValue(s.Criteria),
		"meets_criteria": types.StringValue(s.MeetsCriteria),
	})
}
