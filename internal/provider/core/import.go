package core

import (
	"context"
	"fmt"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var HexIDPattern = regexp.MustCompile(`^[0-9A-Fa-f]{32}$`)

// ImportByID imports an object by its id of 32 hexadecimal digits, given as the
// import's id or as its identity. kind is what it is, such as "API client", and
// idName what its id is called.
func ImportByID(ctx context.Context, kind, idName string, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	id := req.ID
	// An import by an empty id comes with a null identity.
	if id == "" && req.Identity != nil && !req.Identity.Raw.IsNull() {
		var identity identityModel
		resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...)
		id = identity.ID.ValueString()
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

// Quoted is a name for a message; one that is not known is called so.
func Quoted(name types.String) string {
	if name.IsNull() || name.IsUnknown() {
		return "(name not known)"
	}
	return fmt.Sprintf("%q", name.ValueString())
}

// Attribute is the path of a top-level attribute.
func Attribute(name string) path.Path { return path.Root(name) }
