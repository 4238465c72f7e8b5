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
	"github.com/falcon-integrations/terraform-provider-falcon/internal/suggest"
)

var (
	_ resource.ResourceWithConfigure   = (*clientResource)(nil)
	_ resource.ResourceWithIdentity    = (*clientResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*clientResource)(nil)
	_ resource.ResourceWithImportState = (*clientResource)(nil)
)

// NewResource returns the resource falcon_api_client.
func NewResource() resource.Resource { return &clientResource{} }

type clientResource struct{ core.ResourceBase }

// model is a falcon_api_client in configuration, plan and state.
type model struct {
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

func (r *clientResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = core.APIClientType
}

func (r *clientResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Manages an API client: the id, the secret and the scopes with which another product signs in to Falcon.\n\nRequired API scopes: `api-client-mgmt:read`, `api-client-mgmt:write`.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "The client id.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"client_id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "The client id, under the name that other products use for it.",
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
				MarkdownDescription: "Purpose of the API client. Default: empty.",
			},
			"scopes": schema.SetAttribute{
				Required:            true,
				ElementType:         types.StringType,
				MarkdownDescription: "Ids of the scopes that the API client has, such as `devices:read`. The plan compares added scopes with those that the tenant offers, if the provider's own API client has permission to read that list.",
				Validators:          []validator.Set{setvalidator.SizeAtLeast(1), core.NoNullElements(), setvalidator.ValueStringsAre(scopeIDValidator())},
			},
			"secret_rotation": schema.MapAttribute{
				Optional:            true,
				ElementType:         types.StringType,
				MarkdownDescription: "Arbitrary values. Any change of them resets the secret once, and the current secret stops working. After an import, this is also how to get a secret that Terraform knows.",
			},
			"secret_recipient": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Public key to which the secret is encrypted: age (`age1…`), `ssh-ed25519` or `ssh-rsa`. If it is set, `client_secret` is null and the state contains `encrypted_client_secret` only. Setting or changing it on an existing API client resets the secret. Removing it leaves both attributes null until the next rotation.",
				Validators:          []validator.String{recipientValidator{}},
			},
			"client_secret": schema.StringAttribute{
				Computed:            true,
				Sensitive:           true,
				MarkdownDescription: "The client secret. Falcon shows it only when the API client is created or its secret is reset, so it is null after an import.",
			},
			"encrypted_client_secret": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "The client secret, encrypted to `secret_recipient`, as armored text that `age --decrypt` reads.",
			},
			"base_url": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Base URL of the tenant's API, which other products require in addition to id and secret.",
			},
			"timeouts": timeouts.Attributes(ctx, timeouts.Opts{Create: true, Read: true, Update: true, Delete: true}),
		},
	}
}

var scopePattern = regexp.MustCompile(`^\S+:(read|write)$`)

func scopeIDValidator() validator.String {
	return core.CheckString("must be a scope id such as devices:read", "Invalid scope id", func(s string) error {
		if !scopePattern.MatchString(s) {
			hint := ""
			if meant, ok := falcon.ScopeMeant(s, nil); ok && meant.ID != "" {
				hint = fmt.Sprintf(" Did you mean %q?", meant.ID)
			} else if near := suggest.Nearest(s, falcon.ScopeIDs(), 1); len(near) > 0 {
				hint = fmt.Sprintf(" Did you mean %q?", near[0])
			}
			return fmt.Errorf("%q is not a valid scope id.%s Scope ids look like devices:read or alerts:write and differ from the names in the Falcon console (Hosts is devices). The data source falcon_api_scopes lists the scopes of the tenant", s, hint)
		}
		return nil
	})
}

func (r *clientResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var m model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() || refuseInput(m, &resp.Diagnostics) {
		return
	}
	ctx, cancel := core.WithTimeout(ctx, m.Timeouts.Create, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}

	created, warnings, err := r.Client.CreateAPIClient(ctx, m.toAPI())
	if err != nil {
		core.AddCreateError(&resp.Diagnostics, core.APIClientType, "Unable to create API client", err)
		return
	}
	// The client exists. An error from here on would make Terraform destroy it, so every problem is a warning, and the state
	// is what was sent.
	for _, w := range warnings {
		resp.Diagnostics.AddWarning("API client created with warnings", w)
	}
	m.ID, m.ClientID = types.StringValue(created.ID), types.StringValue(created.ID)
	m.BaseURL = types.StringValue(r.Client.BaseURL())
	m.keepSecret(created.Secret, &resp.Diagnostics)
	m.warnDifferences(created, &resp.Diagnostics)
	core.SetIdentity(ctx, resp.Identity, m.ID, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}

func (r *clientResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var m model
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
	found, err := r.Client.APIClient(ctx, m.ID.ValueString())
	switch {
	case falcon.IsNotFound(err):
		resp.Diagnostics.AddWarning("API client is gone",
			fmt.Sprintf("The API client %s (id %s) no longer exists in Falcon. The next apply creates it again, with a new id and a new secret.", core.Quoted(m.Name), m.ID.ValueString()))
		resp.State.RemoveResource(ctx)
		return
	case err != nil:
		resp.Diagnostics.AddError("Unable to read API client", core.Sentence(err.Error()))
		return
	}
	m.fromAPI(ctx, found, r.Client.BaseURL(), &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}

func (r *clientResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state model
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
		if err := r.Client.UpdateAPIClient(ctx, id, plan.toAPI()); err != nil {
			r.addUpdateError(ctx, plan, err, &resp.Diagnostics)
			return
		}
		r.readBack(ctx, plan, &resp.Diagnostics)
	}

	// The reset comes last: nothing that can fail may come between a new secret and the state that keeps it.
	reset := resetPlanned(state, plan)
	plan.ClientSecret, plan.EncryptedClientSecret = planSecrets(state, plan, reset)
	if reset == yes {
		secret, err := r.Client.ResetAPIClientSecret(ctx, id)
		if falcon.IsNotFound(err) {
			addGoneError(plan, err, &resp.Diagnostics)
			return
		}
		if err != nil {
			// The state keeps the old secret_rotation, so that the next apply resets the secret.
			state.Name, state.Description, state.Scopes = plan.Name, plan.Description, plan.Scopes
			resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
			resp.Diagnostics.AddError("Unable to reset the secret of API client", core.Sentence(err.Error())+
				"\n\nApply again. Until then the secret in the state may have stopped working.")
			return
		}
		plan.keepSecret(secret, &resp.Diagnostics)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

func (r *clientResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var m model
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
		resp.Diagnostics.AddError("Unable to delete API client", core.Sentence(err.Error()))
	}
}

func (r *clientResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	core.ImportByID(ctx, "API client", "client id", req, resp)
}

// refuseInput reports an invalid recipient and a null scope before anything is sent: both may have been unknown when the
// configuration was validated.
func refuseInput(m model, diags *diag.Diagnostics) bool {
	if err := checkRecipient(m.SecretRecipient); err != nil {
		addRecipientError(core.Attribute("secret_recipient"), err, diags)
		return true
	}
	return core.RefuseNullElements(core.Attribute("scopes"), m.Scopes.Elements(), diags)
}

// readBack reads the client after an update and warns about differences. The state is what was sent in any case; the next
// refresh shows what Falcon stored.
func (r *clientResource) readBack(ctx context.Context, m model, diags *diag.Diagnostics) {
	found, err := r.Client.ReadBackAPIClient(ctx, m.ID.ValueString(), m.toAPI())
	if err != nil {
		diags.AddWarning("API client not read back",
			fmt.Sprintf("The API client %s was updated, but could not be read afterwards. The state contains what was sent. %s", core.Quoted(m.Name), core.Sentence(err.Error())))
		return
	}
	m.warnDifferences(found, diags)
}

// warnDifferences warns about differences between Falcon's record and what was sent.
func (m model) warnDifferences(found *falcon.APIClient, diags *diag.Diagnostics) {
	for _, d := range m.differences(found) {
		diags.AddWarning("API client differs from what was sent",
			fmt.Sprintf("Falcon accepted the API client %s, but %s. The next plan will show this difference.", core.Quoted(m.Name), d))
	}
}

// addGoneError reports a client that was deleted between plan and apply.
func addGoneError(m model, err error, diags *diag.Diagnostics) {
	diags.AddError("API client is gone", fmt.Sprintf(
		"The API client %s (id %s) was deleted after the plan was created. Plan again to create it with a new id and a new secret. %s",
		core.Quoted(m.Name), m.ID.ValueString(), core.Sentence(err.Error())))
}

// addUpdateError explains a failed update. A 409 is a name that is taken (wire/api-clients.md#operations).
func (r *clientResource) addUpdateError(ctx context.Context, plan model, err error, diags *diag.Diagnostics) {
	const summary = "Unable to update API client"
	if falcon.IsNotFound(err) {
		addGoneError(plan, err, diags)
		return
	}
	detail := core.Sentence(err.Error())
	var exists *falcon.ExistsError
	if !errors.As(err, &exists) && !falcon.IsConflict(err) {
		diags.AddError(summary, detail)
		return
	}
	others, lookupErr := r.Client.APIClientsByName(ctx, plan.Name.ValueString())
	if lookupErr != nil {
		detail += "\n\n" + core.Sentence("the API client that has the name could not be looked up: "+lookupErr.Error())
	}
	for _, o := range others {
		if o.ID != plan.ID.ValueString() {
			detail += fmt.Sprintf("\n\nThe API client with the id %s has the name %s. ", o.ID, core.Quoted(plan.Name)) + core.ImportHelp(core.APIClientType, []string{o.ID})
		}
	}
	diags.AddAttributeError(core.Attribute("name"), summary, detail)
}
