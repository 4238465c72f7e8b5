package apiclient

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

// plannedNames are the names of the API clients that are being planned.
type plannedNames struct{ core.PlannedNames }

// checkName reports a new name that another API client of the run will have, and warns about one that another client in Falcon
// has now.
func (r *clientResource) checkName(ctx context.Context, state *model, plan model, private core.PrivateData, diags *diag.Diagnostics) {
	name := plan.Name.ValueString()
	if plan.Name.IsUnknown() {
		return
	}
	used, end := core.Shared[plannedNames](r.ProviderData).Begin(name)
	defer end()
	if used {
		diags.AddAttributeError(core.Attribute("name"), "Name used twice", fmt.Sprintf(
			"Another falcon_api_client of this provider configuration will also have the name %s. Names are unique in a tenant, so Falcon would refuse one of the two during the apply. "+
				"Give each API client its own name. With count or for_each, put the index or key into the name.", core.Quoted(plan.Name)))
		return
	}
	own, replaces := "", false
	if state != nil {
		own = state.ID.ValueString()
	} else {
		replaces = core.IsReplacement(ctx, private, diags)
	}
	if replaces || state != nil && state.Name.Equal(plan.Name) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, core.PlanCheckTime)
	defer cancel()
	found, err := r.Client.PlannedNameHolders(ctx, name)
	if err != nil {
		return // without the permission to list, the apply decides
	}
	var ids []string
	for _, c := range found {
		if c.ID != own {
			ids = append(ids, c.ID)
		}
	}
	if len(ids) > 0 {
		r.WarnTakenName(diags, core.APIClientType, "API client", plan.Name, ids)
	}
}
