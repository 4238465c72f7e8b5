package workflow

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

// plannedNames are the names of the workflows that are being planned.
type plannedNames struct{ core.PlannedNames }

// beginName reports a workflow whose planned name another one will have, too. The caller calls end when the plan is complete.
func (r *managedResource) beginName(plan, config model, diags *diag.Diagnostics) (end func()) {
	if plan.Name.IsUnknown() || plan.Name.ValueString() == "" {
		return func() {}
	}
	taken, end := core.Shared[plannedNames](r.ProviderData).Begin(plan.Name.ValueString())
	if taken {
		diags.Append(sameName(plan.Name, config))
	}
	return end
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
