package core

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// identityModel is the identity of every resource: Falcon's id alone. The CID
// is no part of it, as the provider can only read it with a scope that it
// needs for nothing else.
type identityModel struct {
	ID types.String `tfsdk:"id"`
}

// IdentitySchema is that of every managed resource.
func (b *ResourceBase) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{
		Attributes: map[string]identityschema.Attribute{
			"id": identityschema.StringAttribute{
				RequiredForImport: true,
				Description:       "Falcon's id of the object, 32 hexadecimal digits.",
			},
		},
	}
}

// SetIdentity is called by each operation that leaves an object in the state,
// and by Read for one that is gone too: the framework takes a null identity for
// a defect even then. State from before there were identities gets it so.
func SetIdentity(ctx context.Context, identity *tfsdk.ResourceIdentity, id types.String, diags *diag.Diagnostics) {
	if identity != nil { // a caller without identities
		diags.Append(identity.Set(ctx, identityModel{ID: id})...)
	}
}
