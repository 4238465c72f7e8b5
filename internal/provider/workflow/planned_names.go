package workflow

import (
	"context"
	"fmt"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

// plannedNames are the names that the workflows of a run will have after the apply. Names are unique in a tenant
// (wire/workflows.md#names), but Falcon compares a planned name only with those that exist.
type plannedNames struct {
	mu      sync.Mutex
	kept    map[string]string // by id: the names of workflows that stay
	created map[string]bool   // by name: workflows that are created; the value is true for the create of a replacement
}

// keep records the plan of a workflow that stays. It returns whether another one will have the name.
func (p *plannedNames) keep(id, name string) (taken bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.kept == nil {
		p.kept = map[string]string{}
	}
	p.kept[id] = name
	replacement, created := p.created[name]
	// A replacement may be that of this workflow, which Terraform first plans as an update.
	return created && !replacement || p.keptByOther(id, name)
}

func (p *plannedNames) keptByOther(id, name string) bool {
	for other, n := range p.kept {
		if other != id && n == name {
			return true
		}
	}
	return false
}

// create records the plan of a workflow that is created. It returns whether another one will have the name. Terraform plans
// a replacement as an update first, so the name of a workflow that stays may be that of the replaced one.
func (p *plannedNames) create(name string, replacement bool) (taken bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, taken = p.created[name]
	if p.created == nil {
		p.created = map[string]bool{}
	}
	p.created[name] = replacement
	return taken || !replacement && p.keptByOther("", name)
}

// release forgets a workflow that is destroyed, or a create that has ended.
func (p *plannedNames) release(id, name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if delete(p.kept, id); id == "" {
		delete(p.created, name)
	}
}

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
		taken = r.plannedNames().keep(state.ID.ValueString(), plan.Name.ValueString())
	} else {
		// Only the create of a replacement has private state: that of the replaced workflow.
		replacement := core.ReadTenantNote(ctx, private, diags) != nil
		taken = r.plannedNames().create(plan.Name.ValueString(), replacement)
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
