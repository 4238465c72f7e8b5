package core

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// identityModel is the identity of every resource: Falcon's id alone. The CID is not part of it, because reading it needs a
// scope that the provider needs for nothing else.
type identityModel struct {
	ID types.String `tfsdk:"id"`
}

// IdentitySchema returns the identity schema, which is the same for every managed resource.
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

// SetIdentity sets the identity of an object. Each operation that leaves an object in state calls it, and Read also for an
// object that no longer exists: the framework reports a null identity as a bug even then. State of a version without
// identities gets its identity this way.
func SetIdentity(ctx context.Context, identity *tfsdk.ResourceIdentity, id types.String, diags *diag.Diagnostics) {
	if identity != nil { // nil if Terraform does not support identities
		diags.Append(identity.Set(ctx, identityModel{ID: id})...)
	}
}
