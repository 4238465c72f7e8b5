package core

import (
	"context"
	"fmt"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// HexIDPattern matches the ids of Falcon objects.
var HexIDPattern = regexp.MustCompile(`^[0-9A-Fa-f]{32}$`)

// ImportByID imports an object by its id of 32 hexadecimal digits, which is the import id or the identity. kind is the kind
// of object, such as "API client", and idName the name of its id.
func ImportByID(ctx context.Context, kind, idName string, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	id := req.ID
	// An import by an empty id comes with a null identity.
	if id == "" && req.Identity != nil && !req.Identity.Raw.IsNull() {
		var identity identityModel
		resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...)
		id, idName = identity.ID.ValueString(), "id" // an identity has no name
	}
	if resp.Diagnostics.HasError() {
		return
	}
	if !HexIDPattern.MatchString(id) {
		resp.Diagnostics.AddError("Invalid import id",
			fmt.Sprintf("%s is imported by its %s, which has 32 hexadecimal digits. Got %q.", sentenceStart(kind), idName, id))
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, Attribute("id"), id)...)
}

// Quoted returns a name in quotes for a message, or "(name not known)".
func Quoted(name types.String) string {
	if name.IsNull() || name.IsUnknown() {
		return "(name not known)"
	}
	return fmt.Sprintf("%q", name.ValueString())
}

// Attribute returns the path of a top-level attribute.
func Attribute(name string) path.Path { return path.Root(name) }
