package workflow

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/fusion"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

var (
	_ datasource.DataSourceWithConfigure      = (*portableDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*portableDataSource)(nil)
)

// NewPortableDataSource returns the data source falcon_workflow_document.
func NewPortableDataSource() datasource.DataSource { return &portableDataSource{} }

type portableDataSource struct{ core.DataSourceBase }

type portableModel struct {
	PortableDefinition types.String   `tfsdk:"portable_definition"`
	AllowMissing       types.Bool     `tfsdk:"allow_missing"`
	Definition         types.String   `tfsdk:"definition"`
	Document           types.String   `tfsdk:"document"`
	References         types.List     `tfsdk:"references"`
	Missing            types.List     `tfsdk:"missing"`
	Timeouts           timeouts.Value `tfsdk:"timeouts"`
}

var (
	referenceType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"reference": types.StringType, "value": types.StringType, "path": types.StringType, "line": types.Int64Type,
	}}
	missingType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"kind": types.StringType, "name": types.StringType, "path": types.StringType, "line": types.Int64Type,
		"message": types.StringType, "blocking": types.BoolType,
	}}
)

func (d *portableDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_workflow_document"
}

func (d *portableDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	text := func(about string) schema.Attribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: about}
	}
	line := schema.Int64Attribute{Computed: true, MarkdownDescription: "Line in the document."}
	resp.Schema = schema.Schema{
		MarkdownDescription: "A workflow document for the tenant of the provider: references such as `falcon::action('Send email', vendor='CrowdStrike').id` are " +
			"replaced by the tenant's values, and what the tenant lacks is reported before anything is created.\n\n" +
			"Required API scopes: `workflow:read`; for a document with actions of Store apps or with HTTP credentials also `api-integrations:read`.",
		Attributes: map[string]schema.Attribute{
			"portable_definition": schema.StringAttribute{
				Required: true,
				MarkdownDescription: "The document with references, YAML or JSON: `file(\"workflow.yaml\")`, or `portable_definition` of the data source `falcon_workflow` in another tenant. " +
					"Placeholders `@@key@@` stay as they are. Fill in secrets after this data source, with `workflow_document`, so that Terraform keeps them sensitive.",
			},
			"allow_missing": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether to list in `missing` what the tenant lacks, and to leave `definition` and `document` null, instead of reporting an error, default `false`. " +
					"Use it for a report before a promotion.",
			},
			"definition": text("The document for this tenant, for `definition` of the resource `falcon_workflow`. It has the lines of `portable_definition`."),
			"document":   text("The document as canonical JSON, for `jsondecode`."),
			"references": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The references that were found in the tenant, in the order of the document.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"reference": text("The reference."), "value": text("Its value in this tenant."), "path": text("Path in the document."), "line": line,
				}},
			},
			"missing": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "What the tenant lacks. Without `allow_missing` it has only entries that are not `blocking`.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"kind":    text("`action`, `trigger`, `config`, `credential`, `version` or `permission`."),
					"name":    text("What is missing: a name, an id, an event or a version constraint."),
					"path":    text("Path in the document."),
					"line":    line,
					"message": text("What is missing, what the tenant has instead, and what to do."),
					"blocking": schema.BoolAttribute{
						Computed: true, MarkdownDescription: "Whether a workflow with this document cannot work. Falcon may accept a document despite the others.",
					},
				}},
			},
			"timeouts": timeouts.Attributes(ctx),
		},
	}
}

var portablePath = path.Root("portable_definition")

// ValidateConfig checks the document and the form of its references, which needs no tenant.
func (d *portableDataSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var m portableModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if !resp.Diagnostics.HasError() && !m.PortableDefinition.IsNull() && !m.PortableDefinition.IsUnknown() {
		parsePortable(m.PortableDefinition.ValueString(), &resp.Diagnostics)
	}
}

// parsePortable returns a document whose references are valid, or nil after an error.
func parsePortable(text string, diags *diag.Diagnostics) *fusion.Document {
	doc, problems := fusion.Parse(text)
	if doc != nil {
		_, found := doc.Lookups()
		problems = append(problems, found...)
	}
	for _, p := range problems {
		if p.Warning {
			diags.AddAttributeWarning(portablePath, possibleProblem, core.Sentence(p.String()))
		} else {
			diags.AddAttributeError(portablePath, invalidDocument, core.Sentence(p.String()))
		}
	}
	if len(problems.Errors()) > 0 {
		return nil
	}
	return doc
}

func (d *portableDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	core.ReadData(ctx, req, resp, func(ctx context.Context, m *portableModel, diags *diag.Diagnostics) {
		text := m.PortableDefinition.ValueString()
		var reported diag.Diagnostics // by ValidateConfig, unless the document was unknown
		doc := parsePortable(text, &reported)
		if doc == nil {
			diags.Append(reported...)
			return
		}
		tenant, err := readTenant(ctx, d.Client, doc, false)
		if err != nil {
			diags.AddError("Unable to look up what the workflow document needs", core.Sentence(err.Error()))
			return
		}
		m.resolve(doc, text, tenant, diags)
	})
}

// resolve sets the computed attributes.
func (m *portableModel) resolve(doc *fusion.Document, text string, tenant fusion.Tenant, diags *diag.Diagnostics) {
	resolved, missing := doc.Resolve(tenant)
	missing = append(missing, doc.Lacks(tenant)...)
	blocked := false
	rows := []attr.Value{}
	for _, x := range missing {
		blocked = blocked || !x.Warning
		rows = append(rows, types.ObjectValueMust(missingType.AttrTypes, map[string]attr.Value{
			"kind": types.StringValue(x.Kind), "name": types.StringValue(x.Name), "path": types.StringValue(x.Path), "line": types.Int64Value(int64(x.Line)),
			"message": types.StringValue(core.Sentence(x.Message)), "blocking": types.BoolValue(!x.Warning),
		}))
		switch {
		case m.AllowMissing.ValueBool():
		case x.Warning:
			diags.AddAttributeWarning(portablePath, "The tenant may lack what the workflow needs", core.Sentence(x.String()))
		default:
			diags.AddAttributeError(portablePath, missingInTenant, core.Sentence(x.String()))
		}
	}
	m.Missing = types.ListValueMust(missingType, rows)
	values := map[string]string{}
	found := []attr.Value{}
	for _, r := range resolved {
		values[r.Path()] = r.Value
		found = append(found, types.ObjectValueMust(referenceType.AttrTypes, map[string]attr.Value{
			"reference": types.StringValue(r.String()), "value": types.StringValue(r.Value),
			"path": types.StringValue(r.Path()), "line": types.Int64Value(int64(r.Line())),
		}))
	}
	m.References = types.ListValueMust(referenceType, found)
	m.Definition, m.Document = types.StringNull(), types.StringNull()
	if !blocked {
		definition, resolved := doc.Replace(text, values)
		m.Definition, m.Document = types.StringValue(definition), types.StringValue(resolved.Canonical())
	}
}

// missingInTenant is the summary of an error about something that the tenant lacks.
const missingInTenant = "The tenant lacks what the workflow needs"
