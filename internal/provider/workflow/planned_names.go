package workflow

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

// plannedNames are the names of the workflows of a run.
type plannedNames struct{ core.PlannedNames }

// plannedNames are shared by all falcon_workflow resources of a configured provider.
func (r *managedResource) plannedNames() *plannedNames {
	return core.Shared[plannedNames](r.ProviderData)
}

// checkName reports a workflow whose planned name another one of the run will have.
func (r *managedResource) checkName(ctx context.Context, plan, config model, state *model, private core.PrivateData, diags *diag.Diagnostics) {
	if plan.Name.IsUnknown() || plan.Name.ValueString() == "" {
		return
	}
	var taken bool
	if state != nil {
		taken = r.plannedNames().Keep(state.ID.ValueString(), plan.Name.ValueString())
	} else {
		// Only the create of a replacement has private state: that of the replaced workflow.
		replacement := core.IsReplacement(ctx, private, diags)
		taken = r.plannedNames().Create(plan.Name.ValueString(), replacement)
	}
	if taken {
		diags.Append(sameName(plan.Name, config))
	}
}

func sameName(name types.String, config model) diag.Diagnostic {
	at := path.Root("name")
	if config.Name.IsNull() {
		at = config.source()
	}
	return diag.NewAttributeErrorDiagnostic(at, "Two workflows with one name", fmt.Sprintf(
		"Another falcon_workflow of this provider configuration will also have the name %s. Names are unique in a tenant, so Falcon would refuse one of the two during the apply. "+
			"Give each workflow its own name, with the argument name or in its document. With count or for_each, put the index or key into the name.", core.Quoted(name)))
}
