package core

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// refreshedObjects are the ids of the objects in the state that this process has refreshed.
type refreshedObjects struct {
	mu  sync.Mutex
	ids map[string]bool
}

func (r *refreshedObjects) add(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ids == nil {
		r.ids = map[string]bool{}
	}
	r.ids[id] = true
}

func (r *refreshedObjects) has(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.ids[id]
}

// IsReplacement reports whether a create is planned for an object that is replaced: only then Terraform passes private state to
// the plan of a create.
func IsReplacement(ctx context.Context, private PrivateData, diags *diag.Diagnostics) bool {
	return ReadTenantNote(ctx, private, diags) != nil
}

// WarnTakenName warns about a planned name that other objects have, unless one of them is in the state: the same run may delete or
// rename it. It is not an error for that reason. Terraform plans all objects at the same time, so another one in the state may be seen
// later, and during the apply none is.
func (d *ProviderData) WarnTakenName(diags *diag.Diagnostics, typeName, kind string, name types.String, ids []string) {
	for _, id := range ids {
		if Shared[refreshedObjects](d).has(id) {
			return
		}
	}
	diags.AddAttributeWarning(Attribute("name"), "Name already taken", fmt.Sprintf(
		"The tenant has %s named %s (id %s). Names are unique in a tenant, so Falcon will refuse this one during the apply, unless that %s is deleted or renamed before. Choose another name.\n\n%s",
		strings.ToLower(sentenceStart(kind)[:1])+sentenceStart(kind)[1:], Quoted(name), strings.Join(ids, ", "), kind, ImportHelp(typeName, ids)))
}
