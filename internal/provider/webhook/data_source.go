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
	_ datasource.DataSourceWithConfigure        = (*webhookDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*webhookDataSource)(nil)
)

func NewWebhookDataSource() datasource.DataSource { return &webhookDataSource{} }

// webhookDataSource finds a configuration of the CrowdStrike Webhook app, or of
// any other Store app.
type webhookDataSource struct{ core.DataSourceBase }

type webhookDataModel struct {
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

func (d *webhookDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_webhook"
}

func (d *webhookDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "An existing configuration of the *CrowdStrike Webhook* Store app, or, with `id`, `app_id` or `definition_id`, of any other Store app such as Slack or Okta: its id is the `config_id` that workflow actions refer to. " +
			"All arguments that are given must fit, and exactly one configuration may.\n\n" +
			"Required API scopes: `api-integrations:read`; `workflow:read` to tell the CrowdStrike Webhook app from others when only `name` is given.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Config id, 32 hexadecimal digits.",
				Validators:          []validator.String{core.FalconIDValidator()},
			},
			"name": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Exact name. Null where Falcon does not show it.",
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
				MarkdownDescription: "Where the events go, where Falcon shows it. Sensitive, because the URL of some apps is a secret.",
			},
			"signature_header": schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the header that carries the signature, where Falcon shows it."},
			"state":            schema.StringAttribute{Computed: true, MarkdownDescription: "State of the configuration as Falcon shows it."},
			"timeouts":         timeouts.Attributes(ctx),
		},
	}
}

func (d *webhookDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{datasourcevalidator.AtLeastOneOf(core.Attribute("id").Expression(),
		core.Attribute("name").Expression(), core.Attribute("app_id").Expression(), core.Attribute("definition_id").Expression())}
}

func (d *webhookDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	core.ReadData(ctx, req, resp, func(ctx context.Context, m *webhookDataModel, diags *diag.Diagnostics) {
		read := d.Client.PluginConfigs
		if m.nameOnly() {
			read = d.Client.WebhookConfigs
		}
		configs, err := read(ctx)
		if err != nil {
			diags.AddError("Could not look up the configuration", core.Sentence(err.Error()))
			return
		}
		found := m.pick(configs, diags)
		if found == nil {
			return
		}
		*m = m.from(*found)
	})
}

// nameOnly says that a configuration of the CrowdStrike Webhook app is meant.
func (m webhookDataModel) nameOnly() bool {
	return m.ID.IsNull() && m.AppID.IsNull() && m.DefinitionID.IsNull()
}

// pick finds the one configuration that fits; nil after an error.
func (m webhookDataModel) pick(configs []falcon.PluginConfig, diags *diag.Diagnostics) *falcon.PluginConfig {
	var found []falcon.PluginConfig
	for _, c := range configs {
		if m.fits(c) {
			found = append(found, c)
		}
	}
	switch len(found) {
	case 1:
		return &found[0]
	case 0:
		diags.AddError("Configuration not found", fmt.Sprintf("%s Ids and names are compared exactly. %s", core.Sentence("The tenant has no configuration with "+m.asked()), shownConfigs("It has", configs)))
	default:
		diags.AddError("Several configurations fit", fmt.Sprintf("The tenant has %d configurations with %s. %s Set id to choose.", len(found), m.asked(), shownConfigs("They are", found)))
	}
	return nil
}

func (m webhookDataModel) fits(c falcon.PluginConfig) bool {
	id := func(wanted types.String, is string) bool {
		return wanted.IsNull() || strings.EqualFold(wanted.ValueString(), is)
	}
	name := m.Name.IsNull() || c.Name != nil && *c.Name == m.Name.ValueString()
	return name && id(m.ID, c.ID) && id(m.AppID, c.AppID) && id(m.DefinitionID, c.DefinitionID)
}

// asked says what was looked for.
func (m webhookDataModel) asked() string {
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

// shownConfigs lists configurations for a message.
func shownConfigs(intro string, configs []falcon.PluginConfig) string {
	const most = 20
	if len(configs) == 0 {
		return "It has none at all."
	}
	lines := make([]string, 0, most)
	for _, c := range configs[:min(len(configs), most)] {
		name := "name not shown"
		if c.Name != nil {
			name = fmt.Sprintf("%q", *c.Name)
		}
		lines = append(lines, fmt.Sprintf("  %s (%s, app_id %s)", c.ID, name, c.AppID))
	}
	if more := len(configs) - most; more > 0 {
		lines = append(lines, fmt.Sprintf("  and %d more", more))
	}
	return intro + ":\n\n" + strings.Join(lines, "\n") + "\n\n"
}

// from fills in what Falcon shows.
func (m webhookDataModel) from(c falcon.PluginConfig) webhookDataModel {
	m.ID, m.ConfigID = types.StringValue(c.ID), types.StringValue(c.ID)
	m.AppID, m.DefinitionID, m.State = core.StringOrNull(c.AppID), core.StringOrNull(c.DefinitionID), core.StringOrNull(c.State)
	m.Name, m.URL, m.SignatureHeader = types.StringPointerValue(c.Name), types.StringPointerValue(c.URL), types.StringPointerValue(c.SignatureHeader)
	return m
}
