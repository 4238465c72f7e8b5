package workflow

import (
	"fmt"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

// plannedNames are the names of the workflows that are being planned at the moment. Names are unique in a tenant
// (wire/workflows.md#names), but Falcon compares a planned name only with those that exist.
//
// Nothing is remembered after a plan: Terraform does not pass addresses to providers, and plans one resource several times,
// in one process too (a replacement; plan and apply of a run of terraform test). These plans follow each other. So only two
// plans at the same time are certain to be those of two resources.
type plannedNames struct {
	mu    sync.Mutex
	plans map[string]int // by name
}

// begin records a plan until end is called. It returns whether another resource is being planned with the name.
func (p *plannedNames) begin(name string) (taken bool, end func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.plans == nil {
		p.plans = map[string]int{}
	}
	p.plans[name]++
	return p.plans[name] > 1, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.plans[name]--
	}
}

// beginName reports a workflow whose planned name another one will have, too. The caller calls end when the plan is complete.
func (r *managedResource) beginName(plan, config model, diags *diag.Diagnostics) (end func()) {
	if plan.Name.IsUnknown() || plan.Name.ValueString() == "" {
		return func() {}
	}
	taken, end := core.Shared[plannedNames](r.ProviderData).begin(plan.Name.ValueString())
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
