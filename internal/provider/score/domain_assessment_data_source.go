package score

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon/identity"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

var _ datasource.DataSourceWithConfigure = (*domainAssessmentDataSource)(nil)

// NewDomainAssessmentDataSource returns the data source falcon_domain_assessment.
func NewDomainAssessmentDataSource() datasource.DataSource { return &domainAssessmentDataSource{} }

// domainAssessmentDataSource reads the security assessment of one domain.
type domainAssessmentDataSource struct{ core.DataSourceBase }

type domainAssessmentModel struct {
	Domain       types.String   `tfsdk:"domain"`
	OverallScore types.Number   `tfsdk:"overall_score"`
	OverallLevel types.String   `tfsdk:"overall_level"`
	Factors      types.List     `tfsdk:"factors"`
	Timeouts     timeouts.Value `tfsdk:"timeouts"`
}

func (d *domainAssessmentDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_domain_assessment"
}

func (d *domainAssessmentDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The Identity Protection security assessment of one domain: its overall score and its risk factors.\n\n" +
			"Required API scopes: `identity-graphql:write` and `identity-assessment:read`.",
		Attributes: map[string]schema.Attribute{
			"domain": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Name of the domain, in any letter case. A domain that Falcon does not know is an error.",
				Validators:          []validator.String{core.NotBlank()},
			},
			"overall_score": schema.NumberAttribute{Computed: true, MarkdownDescription: "Overall score, 0 (no risk) to 1, higher is riskier: the exact decimal that Falcon shows."},
			"overall_level": schema.StringAttribute{Computed: true, MarkdownDescription: "`LOW`, `MEDIUM` or `HIGH`."},
			"factors": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The risk factors that were found, in Falcon's order.",
				NestedObject:        schema.NestedAttributeObject{Attributes: factorAttributes()},
			},
			"timeouts": timeouts.Attributes(ctx),
		},
	}
}

func factorAttributes() map[string]schema.Attribute {
	text := func(description string) schema.StringAttribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	return map[string]schema.Attribute{
		"type":        text("Type of the risk, such as `WEAK_PASSWORD_POLICY`."),
		"label":       text("Falcon's name for the risk."),
		"description": text("Description of the risk."),
		"severity":    text("How severe the risk is: `LOW`, `MEDIUM` or `HIGH`."),
		"likelihood":  text("How likely an attacker is to use it: `LOW`, `MEDIUM` or `HIGH`."),
		"level":       text("Severity and likelihood together: `LOW`, `MEDIUM` or `HIGH`."),
		"last_update": text("When it was last assessed, RFC 3339."),
		"recommendations": schema.ListNestedAttribute{
			Computed:            true,
			MarkdownDescription: "Recommendations to reduce the risk.",
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"text": text("Text of the recommendation."),
				"link": text("Link to more information; null if there is none."),
			}},
		},
	}
}

func (d *domainAssessmentDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	core.ReadData(ctx, req, resp, func(ctx context.Context, m *domainAssessmentModel, diags *diag.Diagnostics) {
		if found := m.read(ctx, identity.New(d.Client), diags); found != nil {
			*m = m.fromAPI(found)
		}
	})
}

// assessor is the part of the client that the data source needs.
type assessor interface {
	domainLister
	DomainAssessment(ctx context.Context, domain string) (*identity.DomainAssessment, error)
}

func (m domainAssessmentModel) read(ctx context.Context, client assessor, diags *diag.Diagnostics) *identity.DomainAssessment {
	domain := m.Domain.ValueString()
	found, err := client.DomainAssessment(ctx, domain)
	if err == nil {
		return found
	}
	// How Falcon responds for an unknown domain is not documented, so the list of domains decides. If reading it fails
	// too, the first error is the one that matters.
	if known, listErr := client.Domains(ctx, nil); listErr == nil && !isDomain(domain, known) {
		diags.AddAttributeError(core.Attribute("domain"), "Unknown domain", unknownDomain(domain, known))
		return nil
	}
	diags.AddError("Unable to read domain assessment", err.Error())
	return nil
}

var (
	factorTypes         = attributeTypes(factorAttributes())
	recommendationTypes = elementTypes(factorTypes["recommendations"])
)

// fromAPI fills in the assessment.
func (m domainAssessmentModel) fromAPI(a *identity.DomainAssessment) domainAssessmentModel {
	m.OverallScore = exactNumber(a.OverallScore.String())
	m.OverallLevel = core.StringOrNull(a.OverallLevel)
	factors := make([]attr.Value, 0, len(a.Factors))
	for _, f := range a.Factors {
		advice := make([]attr.Value, 0, len(f.Recommendations))
		for _, r := range f.Recommendations {
			advice = append(advice, types.ObjectValueMust(recommendationTypes, map[string]attr.Value{"text": core.StringOrNull(r.Text), "link": core.StringOrNull(r.Link)}))
		}
		factors = append(factors, types.ObjectValueMust(factorTypes, map[string]attr.Value{
			"type": core.StringOrNull(f.Type), "label": core.StringOrNull(f.Label), "description": core.StringOrNull(f.Description), "severity": core.StringOrNull(f.Severity),
			"likelihood": core.StringOrNull(f.Likelihood), "level": core.StringOrNull(f.Level), "last_update": core.StringOrNull(f.LastUpdate),
			"recommendations": types.ListValueMust(types.ObjectType{AttrTypes: recommendationTypes}, advice),
		}))
	}
	m.Factors = types.ListValueMust(types.ObjectType{AttrTypes: factorTypes}, factors)
	return m
}
