package workflow

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

// movedKey is the private-state key of a workflow that was moved from the official provider, where enabled is false when
// it is omitted. Here it is true.
const movedKey = "moved_from_official"

// MoveState accepts the official provider's crowdstrike_fusion_soar_workflow. The refresh that follows reads its document
// and version from Falcon.
func (r *managedResource) MoveState(context.Context) []resource.StateMover {
	return []resource.StateMover{{StateMover: func(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
		if req.SourceTypeName != "crowdstrike_fusion_soar_workflow" || !strings.HasSuffix(req.SourceProviderAddress, "crowdstrike/crowdstrike") {
			return
		}
		var source struct {
			ID         string  `json:"id"`
			Definition *string `json:"definition"`
			Enabled    *bool   `json:"enabled"`
		}
		if err := json.Unmarshal(req.SourceRawState.JSON, &source); err != nil || source.ID == "" {
			resp.Diagnostics.AddError("Unable to move workflow",
				"The state of the crowdstrike_fusion_soar_workflow does not contain an id. Import the workflow instead.")
			return
		}
		set := func(name string, value any) {
			resp.Diagnostics.Append(resp.TargetState.SetAttribute(ctx, path.Root(name), value)...)
		}
		set("id", source.ID)
		if source.Definition != nil {
			set("definition", *source.Definition)
		}
		if source.Enabled != nil {
			set("enabled", *source.Enabled)
		}
		resp.Diagnostics.Append(resp.TargetPrivate.SetKey(ctx, movedKey, []byte("true"))...)
	}}}
}

// keepMovedEnabled plans the state's enabled for a workflow that was moved from the official provider, as long as the
// configuration omits it: a move neither enables nor disables a workflow.
func (m *model) keepMovedEnabled(ctx context.Context, private core.PrivateData, config model, state *model, diags *diag.Diagnostics) {
	if state == nil || state.Enabled.IsNull() || !config.Enabled.IsNull() {
		return
	}
	moved, more := private.GetKey(ctx, movedKey)
	diags.Append(more...)
	if string(moved) != "true" {
		return
	}
	m.Enabled = state.Enabled
	diags.AddAttributeWarning(path.Root("enabled"), "enabled is not set", fmt.Sprintf(
		"The workflow %q was moved from crowdstrike_fusion_soar_workflow, where enabled is false when it is omitted. Here it would be true. "+
			"The workflow stays as it is. Set enabled = %t, or the value that you want.", state.Name.ValueString(), state.Enabled.ValueBool()))
}

// forgetMove ends keepMovedEnabled once the configuration says whether the workflow is enabled.
func forgetMove(ctx context.Context, private core.PrivateData, config model, diags *diag.Diagnostics) {
	if !config.Enabled.IsNull() {
		diags.Append(private.SetKey(ctx, movedKey, nil)...)
	}
}
