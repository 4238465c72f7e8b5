package apiclient

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

// apiClientModel is a falcon_api_client in configuration, plan and state.
type apiClientModel struct {
	ID                    types.String   `tfsdk:"id"`
	ClientID              types.String   `tfsdk:"client_id"`
	Name                  types.String   `tfsdk:"name"`
	Description           types.String   `tfsdk:"description"`
	Scopes                types.Set      `tfsdk:"scopes"`
	SecretRotation        types.Map      `tfsdk:"secret_rotation"`
	SecretRecipient       types.String   `tfsdk:"secret_recipient"`
	ClientSecret          types.String   `tfsdk:"client_secret"`
	EncryptedClientSecret types.String   `tfsdk:"encrypted_client_secret"`
	BaseURL               types.String   `tfsdk:"base_url"`
	Timeouts              timeouts.Value `tfsdk:"timeouts"`
}

// spec is what Falcon is sent. It is asked for when everything is known.
func (m apiClientModel) spec() falcon.APIClientSpec {
	return falcon.APIClientSpec{
		Name:        m.Name.ValueString(),
		Description: m.Description.ValueString(),
		Scopes:      core.KnownStrings(m.Scopes.Elements()),
	}
}

// sameSpec says whether Falcon would be sent the same for both.
func (m apiClientModel) sameSpec(o apiClientModel) bool {
	return m.Name.Equal(o.Name) && m.Description.Equal(o.Description) && m.Scopes.Equal(o.Scopes)
}

// takeSpec takes over from o what a PATCH carries.
func (m *apiClientModel) takeSpec(o apiClientModel) {
	m.Name, m.Description, m.Scopes = o.Name, o.Description, o.Scopes
}

// takeShown takes over what Falcon shows of the client. What it does not show
// keeps its value, so that it is never reported as drift.
func (m *apiClientModel) takeShown(ctx context.Context, shown *falcon.APIClient, diags *diag.Diagnostics) {
	if shown.Name != nil {
		m.Name = types.StringValue(*shown.Name)
	}
	switch {
	case shown.Description != nil:
		m.Description = types.StringValue(*shown.Description)
	case m.Description.IsNull(): // after import, a description that is not shown counts as the default
		m.Description = types.StringValue("")
	}
	if shown.ScopesShown {
		m.Scopes = stringSet(ctx, shown.Scopes, diags)
	}
}

// takeRead is the state after a refresh, an import or a listing.
func (m *apiClientModel) takeRead(ctx context.Context, shown *falcon.APIClient, baseURL string, diags *diag.Diagnostics) {
	m.takeShown(ctx, shown, diags)
	m.ClientID = m.ID
	m.BaseURL = types.StringValue(baseURL)
}

// differences lists, for a person, in what Falcon's record is not as the model wants it.
func (m apiClientModel) differences(shown *falcon.APIClient) []string {
	var out []string
	if shown.Name != nil && *shown.Name != m.Name.ValueString() {
		out = append(out, fmt.Sprintf("name is %q", *shown.Name))
	}
	if shown.Description != nil && *shown.Description != m.Description.ValueString() {
		out = append(out, fmt.Sprintf("description is %q", *shown.Description))
	}
	if shown.ScopesShown {
		want := core.KnownStrings(m.Scopes.Elements())
		if lacks := without(want, shown.Scopes); len(lacks) > 0 {
			out = append(out, "it lacks the scopes "+strings.Join(lacks, ", "))
		}
		if extra := without(shown.Scopes, want); len(extra) > 0 {
			out = append(out, "it has the further scopes "+strings.Join(extra, ", "))
		}
	}
	return out
}

// keepSecret puts a new secret where the configuration wants it. The clear
// secret stays out of the model when there is a recipient.
func (m *apiClientModel) keepSecret(secret string) error {
	m.ClientSecret, m.EncryptedClientSecret = types.StringNull(), types.StringNull()
	switch {
	case secret == "":
	case m.SecretRecipient.IsNull():
		m.ClientSecret = types.StringValue(secret)
	default:
		sealed, err := seal(m.SecretRecipient.ValueString(), secret)
		if err != nil {
			return err
		}
		m.EncryptedClientSecret = types.StringValue(sealed)
	}
	return nil
}

// without gives the members of list that are not in others.
func without(list, others []string) []string {
	var out []string
	for _, s := range list {
		if !slices.Contains(others, s) {
			out = append(out, s)
		}
	}
	return out
}

func stringSet(ctx context.Context, list []string, diags *diag.Diagnostics) types.Set {
	if list == nil {
		list = []string{}
	}
	set, more := types.SetValueFrom(ctx, types.StringType, list)
	diags.Append(more...)
	return set
}
