package webhook

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

var (
	_ datasource.DataSourceWithConfigure        = (*dataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*dataSource)(nil)
)

// NewDataSource returns the data source falcon_webhook.
func NewDataSource() datasource.DataSource { return &dataSource{} }

type dataSource struct{ core.DataSourceBase }

type dataModel struct {
	ID              types.String   `tfsdk:"id"`
	Name            types.String   `tfsdk:"name"`
	AppID           types.String   `tfsdk:"app_id"`
	DefinitionID    types.String   `tfsdk:"definition_id"`
	ConfigID        types.String   `tfsdk:"config_id"`
	URL             types.String   `tfsdk:"url"`
	SignatureHeader types.String   `tfsdk:"signature_header"`
	State           types.String   `tfsdk:"state"`
	Timeouts        timeouts.Value `tfsdk:"timeouts"`
}

func (d *dataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_webhook"
}

func (d *dataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "An existing configuration of the *CrowdStrike Webhook* Store app, or, with `id`, `app_id` or `definition_id`, of any other Store app such as Slack or Okta: its id is the `config_id` that workflow actions refer to. " +
			"Exactly one configuration must match all arguments.\n\n" +
			"Required API scopes: `api-integrations:read`; `workflow:read` to identify the CrowdStrike Webhook app when only `name` is set.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Config id, 32 hexadecimal digits.",
				Validators:          []validator.String{core.FalconIDValidator()},
			},
			"name": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Exact name. Null if Falcon does not show it.",
				Validators:          []validator.String{core.NotBlank()},
			},
			"app_id": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Id of the Store app.",
				Validators:          []validator.String{core.NotBlank()},
			},
			"definition_id": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Id of the app's definition.",
				Validators:          []validator.String{core.NotBlank()},
			},
			"config_id": schema.StringAttribute{Computed: true, MarkdownDescription: "The same as `id`, under the name that workflow actions use."},
			"url": schema.StringAttribute{
				Computed: true, Sensitive: true,
				MarkdownDescription: "URL that receives the events, if Falcon shows it. Sensitive, because the URL of some apps is a secret.",
			},
			"signature_header": schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the header that carries the signature, if Falcon shows it."},
			"state":            schema.StringAttribute{Computed: true, MarkdownDescription: "State of the configuration as Falcon shows it."},
			"timeouts":         timeouts.Attributes(ctx),
		},
	}
}

func (d *dataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{datasourcevalidator.AtLeastOneOf(core.Attribute("id").Expression(),
		core.Attribute("name").Expression(), core.Attribute("app_id").Expression(), core.Attribute("definition_id").Expression())}
}

func (d *dataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	core.ReadData(ctx, req, resp, func(ctx context.Context, m *dataModel, diags *diag.Diagnostics) {
		read := d.Client.PluginConfigs
		if m.ID.IsNull() && m.AppID.IsNull() && m.DefinitionID.IsNull() { // only the name: of the CrowdStrike Webhook app
			read = d.Client.WebhookConfigs
		}
		configs, err := read(ctx)
		if err != nil {
			diags.AddError("Unable to look up configuration", core.Sentence(err.Error()))
			return
		}
		switch found := configsWhere(configs, m.matches); len(found) {
		case 1:
			m.fromAPI(found[0])
		case 0:
			diags.AddError("Configuration not found", fmt.Sprintf(
				"The tenant has no configuration with %s. Ids and names are compared exactly. %s", m.criteria(), configList("It has", configs)))
		default:
			diags.AddError("Multiple configurations match", fmt.Sprintf(
				"The tenant has %d configurations with %s. %sSet id to choose one.", len(found), m.criteria(), configList("They are", found)))
		}
	})
}

func (m *dataModel) matches(c falcon.PluginConfig) bool {
	id := func(wanted types.String, id string) bool {
		return wanted.IsNull() || strings.EqualFold(wanted.ValueString(), id)
	}
	name := m.Name.IsNull() || c.Name != nil && *c.Name == m.Name.ValueString()
	return name && id(m.ID, c.ID) && id(m.AppID, c.AppID) && id(m.DefinitionID, c.DefinitionID)
}

// criteria lists the arguments that are set.
func (m *dataModel) criteria() string {
	var parts []string
	for _, a := range []struct {
		name  string
		value types.String
	}{{"id", m.ID}, {"name", m.Name}, {"app_id", m.AppID}, {"definition_id", m.DefinitionID}} {
		if !a.value.IsNull() {
			parts = append(parts, fmt.Sprintf("%s = %q", a.name, a.value.ValueString()))
		}
	}
	return strings.Join(parts, ", ")
}

func (m *dataModel) fromAPI(c falcon.PluginConfig) {
	m.ID, m.ConfigID = types.StringValue(c.ID), types.StringValue(c.ID)
	m.AppID, m.DefinitionID, m.State = core.StringOrNull(c.AppID), core.StringOrNull(c.DefinitionID), core.StringOrNull(c.State)
	m.Name, m.URL, m.SignatureHeader = types.StringPointerValue(c.Name), types.StringPointerValue(c.URL), types.StringPointerValue(c.SignatureHeader)
}
