package provider

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

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
	}}}
}
