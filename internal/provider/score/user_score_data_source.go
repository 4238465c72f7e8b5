package score

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon/identity"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

var (
	_ datasource.DataSourceWithConfigure        = (*userScoreDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*userScoreDataSource)(nil)
)

// NewUserScoreDataSource returns the data source falcon_user_score.
func NewUserScoreDataSource() datasource.DataSource { return &userScoreDataSource{} }

// userScoreDataSource reads the risk score of one user.
type userScoreDataSource struct{ core.DataSourceBase }

func (d *userScoreDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_user_score"
}

func (d *userScoreDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	either := func(description string, values ...validator.String) schema.StringAttribute {
		return schema.StringAttribute{Optional: true, Computed: true, MarkdownDescription: description, Validators: append(values, core.NotBlank())}
	}
	attributes := userAttributes(func(string) string { return "" })
	maps.Copy(attributes, map[string]schema.Attribute{
		"email":            either("One of the user's email addresses, in any letter case; if it is not given, the first one, null for a user without. Exactly one of `email`, `upn`, `entity_id` and `sam_account_name` is needed."),
		"upn":              either("User principal name of an Active Directory account, in any letter case. Falcon does not search by it: the user is found if it is also an email address of theirs, or if their SAM account name is the part before `@`. If it is not given, that of the account that was found, else of the first."),
		"entity_id":        either("Entity id, a UUID.", entityID()),
		"sam_account_name": either("SAM account name of an Active Directory account, in any letter case; if it is not given, that of the account that was found, else of the first."),
		"domain": either("Domain of the account, in any letter case; may be given with `sam_account_name`. If it is not given, that of the account that was found, else of the first.",
			stringvalidator.AlsoRequires(core.Attribute(askSAM).Expression())),
		"timeouts": timeouts.Attributes(ctx),
	})
	resp.Schema = schema.Schema{
		MarkdownDescription: "The Identity Protection risk score of one user, with the risk factors that make it up.\n\n" + identityScopes,
		Attributes:          attributes,
	}
}

// The arguments that identify a user.
const (
	askEmail    = "email"
	askUPN      = "upn"
	askEntityID = "entity_id"
	askSAM      = "sam_account_name"
)

func (d *userScoreDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	var expressions []path.Expression
	for _, name := range []string{askEmail, askUPN, askEntityID, askSAM} {
		expressions = append(expressions, core.Attribute(name).Expression())
	}
	return []datasource.ConfigValidator{datasourcevalidator.ExactlyOneOf(expressions...)}
}

func (d *userScoreDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	q := questionOf(ctx, req.Config, &resp.Diagnostics)
	var limits timeouts.Value
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, core.Attribute("timeouts"), &limits)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := core.WithTimeout(ctx, limits.Read, &resp.Diagnostics)
	defer cancel()
	user := q.read(ctx, identity.New(d.Client), &resp.Diagnostics)
	if user == nil {
		return
	}
	// The state starts as the configuration: configured values stay as they are written.
	for name, value := range newUserRow(user, identity.IncludeAll()).values() {
		if name != q.by && (name != "domain" || q.domain == "") {
			resp.Diagnostics.Append(resp.State.SetAttribute(ctx, core.Attribute(name), value)...)
		}
	}
}

// userQuestion identifies the user to read.
type userQuestion struct {
	by     string // the argument that is set
	value  string
	domain string // with askSAM, may be ""
}

// questionOf finds the one argument that is set: the validators ensure that there
// is exactly one.
func questionOf(ctx context.Context, config tfsdk.Config, diags *diag.Diagnostics) userQuestion {
	var q userQuestion
	for _, name := range []string{askEmail, askUPN, askEntityID, askSAM, "domain"} {
		var value types.String
		diags.Append(config.GetAttribute(ctx, core.Attribute(name), &value)...)
		switch {
		case value.IsNull():
		case name == "domain":
			q.domain = value.ValueString()
		default:
			q.by, q.value = name, value.ValueString()
		}
	}
	return q
}

// userFinder is the part of the client that the data source needs.
type userFinder interface {
	domainLister
	UsersByEmail(ctx context.Context, email string) ([]identity.User, error)
	UsersByUPN(ctx context.Context, upn string) ([]identity.User, error)
	UsersByEntityID(ctx context.Context, id string) ([]identity.User, error)
	UsersBySAMAccountName(ctx context.Context, name, domain string) ([]identity.User, error)
}

func (q userQuestion) find(ctx context.Context, client userFinder) ([]identity.User, error) {
	switch q.by {
	case askEmail:
		return client.UsersByEmail(ctx, q.value)
	case askUPN:
		return client.UsersByUPN(ctx, q.value)
	case askEntityID:
		return client.UsersByEntityID(ctx, strings.ToLower(q.value))
	}
	return client.UsersBySAMAccountName(ctx, q.value, q.domain)
}

// read reads the one user. It returns nil if it adds an error.
func (q userQuestion) read(ctx context.Context, client userFinder, diags *diag.Diagnostics) *identity.User {
	found, err := q.find(ctx, client)
	switch {
	case err != nil:
		diags.AddError("Unable to read user score", err.Error())
	case len(found) == 0:
		diags.AddAttributeError(core.Attribute(q.by), "User not found", q.notFound(ctx, client))
	case len(found) > 1:
		diags.AddAttributeError(core.Attribute(q.by), "Several users match", q.several(found))
	default:
		return q.shownAccount(&found[0])
	}
	return nil
}

func (q userQuestion) String() string {
	names := map[string]string{askEmail: "email address", askUPN: "user principal name", askEntityID: "entity id", askSAM: "SAM account name"}
	text := fmt.Sprintf("the %s %q", names[q.by], q.value)
	if q.domain != "" {
		text += fmt.Sprintf(" in the domain %q", q.domain)
	}
	return text
}

// notFound describes what was looked for, and whether the domain is the reason.
func (q userQuestion) notFound(ctx context.Context, client userFinder) string {
	text := fmt.Sprintf("Falcon Identity Protection has no user with %s.", q)
	if q.domain == "" {
		return text
	}
	// This only adds to an error that is reported anyway: without the list, the error is shorter.
	if known, err := client.Domains(ctx, nil); err == nil && !isDomain(q.domain, known) {
		text += " " + unknownDomain(q.domain, known)
	}
	return text
}

func (q userQuestion) several(found []identity.User) string {
	const most = 20
	var b strings.Builder
	fmt.Fprintf(&b, "Falcon Identity Protection has %d users with %s:\n", len(found), q)
	for i, u := range found {
		if i == most {
			fmt.Fprintf(&b, "\n  and %d more", len(found)-most)
			break
		}
		fmt.Fprintf(&b, "\n  %s  %s (%s)", u.EntityID, u.DisplayName, u.SecondaryDisplayName)
		if u.Archived {
			b.WriteString(", archived")
		}
	}
	b.WriteString("\n\nSet entity_id to choose one")
	if q.by == askSAM && q.domain == "" {
		b.WriteString(", or domain")
	}
	b.WriteString(".")
	return b.String()
}

// shownAccount selects the account that was asked for if the user has several.
func (q userQuestion) shownAccount(u *identity.User) *identity.User {
	for _, a := range u.Accounts {
		asked := q.by == askUPN && strings.EqualFold(a.UPN, q.value) ||
			q.by == askSAM && strings.EqualFold(a.SAMAccountName, q.value) && (q.domain == "" || strings.EqualFold(a.Domain, q.domain))
		if asked {
			u.Domain, u.SAMAccountName, u.UPN = a.Domain, a.SAMAccountName, a.UPN
			break
		}
	}
	return u
}
