package workflow

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// movedKey is the private-state key of a workflow that came from the official
// provider. There enabled is false when it is left out, and here it is true.
const movedKey = "moved_from_official"

// MoveState takes over the official provider's crowdstrike_fusion_soar_workflow.
// Its document and version are read from Falcon by the refresh that follows.
func (r *workflowResource) MoveState(context.Context) []resource.StateMover {
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
			resp.Diagnostics.AddError("Could not take over the workflow",
				"The state of the crowdstrike_fusion_soar_workflow holds no id. Import the workflow instead.")
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

// keepMovedEnabled plans enabled as the state has it where the configuration leaves it out and the workflow was moved from
// the official provider: a move does not switch a workflow on or off.
func (m *workflowModel) keepMovedEnabled(ctx context.Context, private core.PrivateData, config workflowModel, state *workflowModel, diags *diag.Diagnostics) {
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
		"The workflow %q was moved from crowdstrike_fusion_soar_workflow, where enabled is false when it is left out. Here it would be true. "+
			"The workflow stays as it is. Write enabled = %t, or the value that you want, into the configuration.", state.Name.ValueString(), state.Enabled.ValueBool()))
}

// forgetMove ends what keepMovedEnabled does, once the configuration says whether the workflow is on.
func forgetMove(ctx context.Context, private core.PrivateData, config workflowModel, diags *diag.Diagnostics) {
	if !config.Enabled.IsNull() {
		diags.Append(private.SetKey(ctx, movedKey, nil)...)
	}
}
