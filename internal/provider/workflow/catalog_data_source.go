package workflow

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

var _ datasource.DataSourceWithConfigure = (*catalogDataSource)(nil)

// NewCatalogDataSource returns the data source falcon_workflow_catalog.
func NewCatalogDataSource() datasource.DataSource { return &catalogDataSource{} }

// catalogDataSource compares actions and triggers with the tenant's catalog. Unlike the data sources of one action or one
// trigger, it reports a missing one as a result.
type catalogDataSource struct{ core.DataSourceBase }

type catalogModel struct {
	Actions         types.Set      `tfsdk:"actions"`
	Triggers        types.Set      `tfsdk:"triggers"`
	MissingActions  types.List     `tfsdk:"missing_actions"`
	MissingTriggers types.List     `tfsdk:"missing_triggers"`
	Timeouts        timeouts.Value `tfsdk:"timeouts"`
}

func (d *catalogDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_workflow_catalog"
}

func (d *catalogDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	names := func(description string) schema.SetAttribute {
		return schema.SetAttribute{
			Optional: true, ElementType: types.StringType, MarkdownDescription: description,
			Validators: []validator.Set{core.NoNullElements(), setvalidator.ValueStringsAre(core.NotBlank())},
		}
	}
	missing := func(description string) schema.ListAttribute {
		return schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: description}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Compares actions and triggers with the tenant's catalog, to find out before an apply what a tenant lacks. A missing one is a result, not an error. " +
			"The triggers are read once per run, and each action name by one request per run, or two if it is missing.\n\nRequired API scopes: `workflow:read`.",
		Attributes: map[string]schema.Attribute{
			"actions":          names("Exact names of actions, such as `Send email`."),
			"triggers":         names("Exact events of triggers, such as `Case/Created`: the `trigger.event` of a document."),
			"missing_actions":  missing("Those of `actions` that the catalog lacks, sorted."),
			"missing_triggers": missing("Those of `triggers` that the catalog lacks, sorted."),
			"timeouts":         timeouts.Attributes(ctx),
		},
	}
}

func (d *catalogDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	core.ReadData(ctx, req, resp, func(ctx context.Context, m *catalogModel, diags *diag.Diagnostics) {
		missing, err := d.Client.MissingActivities(ctx, core.KnownStrings(m.Actions.Elements()))
		if err != nil {
			diags.AddAttributeError(core.Attribute("actions"), "Unable to look up action", core.Sentence(err.Error()))
			return
		}
		m.MissingActions, m.MissingTriggers = core.StringList(missing), core.StringList(nil)
		events := core.KnownStrings(m.Triggers.Elements())
		if len(events) == 0 {
			return
		}
		if missing, err = d.Client.MissingTriggers(ctx, events); err != nil {
			diags.AddAttributeError(core.Attribute("triggers"), "Unable to read triggers", core.Sentence(err.Error()))
			return
		}
		m.MissingTriggers = core.StringList(missing)
	})
}
