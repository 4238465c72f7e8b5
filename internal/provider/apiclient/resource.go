package apiclient

import (
	"context"
	"errors"
	"fmt"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

var (
	_ resource.ResourceWithConfigure   = (*apiClientResource)(nil)
	_ resource.ResourceWithIdentity    = (*apiClientResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*apiClientResource)(nil)
	_ resource.ResourceWithImportState = (*apiClientResource)(nil)
)

func NewAPIClientResource() resource.Resource { return &apiClientResource{} }

type apiClientResource struct{ core.ResourceBase }

func (r *apiClientResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = core.APIClientType
}

func (r *apiClientResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "An API client of the tenant: the id, the secret and the scopes with which another product signs in to Falcon.\n\nRequired API scopes: `api-client-mgmt:read`, `api-client-mgmt:write`.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "The client id.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"client_id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "The client id, under the name that the other product asks for.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Name of the API client, unique in the tenant.",
				Validators:          []validator.String{core.NotBlank()},
			},
			"description": schema.StringAttribute{
				Optional:            true,
				Computed:            true,
				Default:             stringdefault.StaticString(""),
				MarkdownDescription: "What the API client is for. Default: empty.",
			},
			"scopes": schema.SetAttribute{
				Required:            true,
				ElementType:         types.StringType,
				MarkdownDescription: "Ids of the scopes that the API client holds, such as `devices:read`. While planning, scopes that are added are compared with those that the tenant offers, where the provider's own API client may read that list.",
				Validators:          []validator.Set{core.NoNullElements(), setvalidator.ValueStringsAre(scopeID())},
			},
			"secret_rotation": schema.MapAttribute{
				Optional:            true,
				ElementType:         types.StringType,
				MarkdownDescription: "Any values. Whenever they change, the secret is reset once and the current one stops working. This is also how an imported API client gets a secret that Terraform knows.",
			},
			"secret_recipient": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Public key that the secret is encrypted to: age (`age1…`), `ssh-ed25519` or `ssh-rsa`. With it `client_secret` stays null, and only `encrypted_client_secret` is kept in state. Setting or changing it on an existing API client resets the secret; removing it leaves both null until the next rotation.",
				Validators:          []validator.String{ageRecipient{}},
			},
			"client_secret": schema.StringAttribute{
				Computed:            true,
				Sensitive:           true,
				MarkdownDescription: "The client secret. Falcon shows it only when the API client is created or its secret reset, so it is null after an import.",
			},
			"encrypted_client_secret": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "The client secret, encrypted to `secret_recipient`: an armored text that `age --decrypt` opens.",
			},
			"base_url": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Base URL of the tenant's API, which the other product asks for beside id and secret.",
			},
			"timeouts": timeouts.Attributes(ctx, timeouts.Opts{Create: true, Read: true, Update: true, Delete: true}),
		},
	}
}

var scopePattern = regexp.MustCompile(`^\S+:(read|write)$`)

func scopeID() validator.String {
	return core.CheckString("must be a scope id such as devices:read", "Invalid scope id", func(s string) error {
		if !scopePattern.MatchString(s) {
			return fmt.Errorf("%q is not a valid scope id: one looks like devices:read or alerts:write, and differs from the name in Falcon's console (Hosts is devices). The data source falcon_api_scopes lists those of the tenant", s)
		}
		return nil
	})
}

func (r *apiClientResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var m apiClientModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() || refuseInput(m, &resp.Diagnostics) {
		return
	}
	ctx, cancel := core.WithTimeout(ctx, m.Timeouts.Create, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}

	made, warnings, err := r.Client.CreateAPIClient(ctx, m.spec())
	if err != nil {
		core.AddCreateError(&resp.Diagnostics, core.APIClientType, "Could not create API client", err)
		return
	}
	// The client exists. An error from here on would make Terraform destroy it,
	// so all that goes wrong is a warning, and state is what was sent.
	for _, w := range warnings {
		resp.Diagnostics.AddWarning("API client created with warnings", w)
	}
	m.ID, m.ClientID = types.StringValue(made.ID), types.StringValue(made.ID)
	m.BaseURL = types.StringValue(r.Client.BaseURL())
	if err := m.keepSecret(made.Secret); err != nil {
		addLostSecretWarning(&resp.Diagnostics, m, err)
	}
	m.warnDifferences(made, &resp.Diagnostics)
	core.SetIdentity(ctx, resp.Identity, m.ID, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}

func (r *apiClientResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var m apiClientModel
	resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := core.WithTimeout(ctx, m.Timeouts.Read, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}

	core.SetIdentity(ctx, resp.Identity, m.ID, &resp.Diagnostics)
	shown, err := r.Client.APIClient(ctx, m.ID.ValueString())
	switch {
	case falcon.IsNotFound(err):
		resp.Diagnostics.AddWarning("API client is gone",
			fmt.Sprintf("The API client %s (id %s) no longer exists in Falcon and will be created again, with a new id and a new secret.", core.Quoted(m.Name), m.ID.ValueString()))
		resp.State.RemoveResource(ctx)
		return
	case err != nil:
		resp.Diagnostics.AddError("Could not read API client", core.Sentence(err.Error()))
		return
	}
	m.takeRead(ctx, shown, r.Client.BaseURL(), &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}

func (r *apiClientResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state apiClientModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() || refuseInput(plan, &resp.Diagnostics) {
		return
	}
	ctx, cancel := core.WithTimeout(ctx, plan.Timeouts.Update, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}

	id := state.ID.ValueString()
	core.SetIdentity(ctx, resp.Identity, state.ID, &resp.Diagnostics)
	plan.ID, plan.ClientID, plan.BaseURL = state.ID, state.ID, types.StringValue(r.Client.BaseURL())
	if !plan.sameSpec(state) {
		if err := r.Client.UpdateAPIClient(ctx, id, plan.spec()); err != nil {
			r.addUpdateError(ctx, plan, err, &resp.Diagnostics)
			return
		}
		r.compareStored(ctx, plan, &resp.Diagnostics)
	}

	// The reset comes last: nothing that can fail may come between a new secret
	// and the state that keeps it.
	reset := resetAsked(state, plan)
	plan.ClientSecret, plan.EncryptedClientSecret = planSecrets(state, plan, reset)
	if reset == yes {
		secret, err := r.Client.ResetAPIClientSecret(ctx, id)
		if falcon.IsNotFound(err) {
			resp.Diagnostics.AddError("API client is gone", goneHelp(plan, err))
			return
		}
		if err != nil {
			// The rotation stays as it was in state, so the next apply resets.
			state.takeSpec(plan)
			resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
			resp.Diagnostics.AddError("Could not reset the secret of API client", core.Sentence(err.Error())+
				"\n\nThe next apply tries again. Until then the secret in state may have stopped working.")
			return
		}
		if err := plan.keepSecret(secret); err != nil {
			addLostSecretWarning(&resp.Diagnostics, plan, err)
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

func (r *apiClientResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var m apiClientModel
	resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := core.WithTimeout(ctx, m.Timeouts.Delete, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	if err := r.Client.DeleteAPIClient(ctx, m.ID.ValueString()); err != nil && !falcon.IsNotFound(err) {
		resp.Diagnostics.AddError("Could not delete API client", core.Sentence(err.Error()))
	}
}

func (r *apiClientResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	core.ImportByID(ctx, "API client", "client id", req, resp)
}

// refuseInput reports a recipient that cannot be encrypted to and a null among
// the scopes before anything is sent: both may have been unknown when the
// configuration was checked.
func refuseInput(m apiClientModel, diags *diag.Diagnostics) bool {
	if err := checkRecipient(m.SecretRecipient); err != nil {
		addRecipientError(core.Attribute("secret_recipient"), err, diags)
		return true
	}
	return core.RefuseNullElements(core.Attribute("scopes"), m.Scopes.Elements(), diags)
}

// addLostSecretWarning says that a new secret exists and could not be kept.
func addLostSecretWarning(diags *diag.Diagnostics, m apiClientModel, err error) {
	diags.AddAttributeWarning(core.Attribute("secret_recipient"), "The new secret could not be kept",
		fmt.Sprintf("The API client %s has a new secret, which could not be encrypted and is lost. Change secret_rotation to get another one. %s", core.Quoted(m.Name), core.Sentence(err.Error())))
}

// compareStored reads the client back after a change. State is what was sent
// whatever this finds; the next refresh shows what Falcon made of it.
func (r *apiClientResource) compareStored(ctx context.Context, m apiClientModel, diags *diag.Diagnostics) {
	shown, err := r.Client.ReadBackAPIClient(ctx, m.ID.ValueString(), m.spec())
	if err != nil {
		diags.AddWarning("API client not read back",
			fmt.Sprintf("The API client %s was written, but could not be read afterwards. State holds what was sent. %s", core.Quoted(m.Name), core.Sentence(err.Error())))
		return
	}
	m.warnDifferences(shown, diags)
}

// warnDifferences says in what Falcon's record differs from what was sent.
func (m apiClientModel) warnDifferences(shown *falcon.APIClient, diags *diag.Diagnostics) {
	for _, d := range m.differences(shown) {
		diags.AddWarning("API client differs from what was sent",
			fmt.Sprintf("Falcon accepted the API client %s, but %s. The next plan will show this difference.", core.Quoted(m.Name), d))
	}
}

// goneHelp is for an API client that was deleted after the plan was made.
func goneHelp(m apiClientModel, err error) string {
	return fmt.Sprintf("The API client %s (id %s) no longer exists: it was deleted after the plan was made. Plan again: it will be created again, with a new id and a new secret. %s",
		core.Quoted(m.Name), m.ID.ValueString(), core.Sentence(err.Error()))
}

// addUpdateError explains a refused PATCH; a 409 is a name that is taken
// (wire/api-clients.md#operations).
func (r *apiClientResource) addUpdateError(ctx context.Context, plan apiClientModel, err error, diags *diag.Diagnostics) {
	const summary = "Could not change API client"
	if falcon.IsNotFound(err) {
		diags.AddError("API client is gone", goneHelp(plan, err))
		return
	}
	var exists *falcon.ExistsError
	if !errors.As(err, &exists) && !falcon.IsConflict(err) {
		diags.AddError(summary, core.Sentence(err.Error()))
		return
	}
	detail := core.Sentence(err.Error())
	others, lookupErr := r.Client.APIClientsByName(ctx, plan.Name.ValueString())
	if lookupErr != nil {
		detail += "\n\n" + core.Sentence("which one holds the name could not be found out: "+lookupErr.Error())
	}
	for _, o := range others {
		if o.ID != plan.ID.ValueString() {
			detail += fmt.Sprintf("\n\nThe API client with the id %s holds the name %s. ", o.ID, core.Quoted(plan.Name)) + core.ImportHelp(core.APIClientType, []string{o.ID})
		}
	}
	diags.AddAttributeError(core.Attribute("name"), summary, detail)
}
