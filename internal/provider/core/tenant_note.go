package core

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
)

// tenantKey is the private-state key of the tenant in which an object was last seen.
const tenantKey = "tenant"

// tenantNote describes that tenant in private state. None of the values is a secret.
type tenantNote struct {
	CID       string `json:"cid,omitempty"`
	BaseURL   string `json:"base_url"`
	MemberCID string `json:"member_cid,omitempty"`
	ClientID  string `json:"client_id,omitempty"`
}

func noteOf(here falcon.TenantKey) tenantNote {
	return tenantNote{CID: here.CID, BaseURL: here.BaseURL, MemberCID: here.MemberCID, ClientID: here.ClientID}
}

// tenantMatch is the result of comparing the tenant of an object with that of the provider.
type tenantMatch int

const (
	sameTenant tenantMatch = iota
	// unprovenTenant is most likely the same tenant: the address is the same, but the API client differs, and the customer id
	// is not known on both sides. Finding the object proves it, because Falcon's ids are random.
	unprovenTenant
	otherTenant
)

// matches compares the recorded tenant with the current one. The customer id decides if it is known on both sides. It may be
// readable in one run and not in another, because it needs a scope of its own; then the address decides.
func (n tenantNote) matches(here tenantNote) tenantMatch {
	switch {
	case n.CID != "" && here.CID != "":
		if n.CID == here.CID {
			return sameTenant
		}
		return otherTenant
	case n.BaseURL != here.BaseURL, n.MemberCID != here.MemberCID:
		return otherTenant
	case n.ClientID != "" && n.ClientID == here.ClientID:
		return sameTenant // an API client belongs to one tenant
	}
	return unprovenTenant
}

// seen returns the note after the object was found. It keeps what was known before and cannot be read now.
func (n tenantNote) seen(here tenantNote) tenantNote {
	if here.CID == "" {
		here.CID = n.CID
	}
	if here.ClientID == "" {
		here.ClientID = n.ClientID
	}
	return here
}

// String describes the tenant for messages.
func (n tenantNote) String() string {
	switch {
	case n.CID != "":
		return fmt.Sprintf("the tenant with the CID %s (%s)", n.CID, n.BaseURL)
	case n.ClientID != "":
		return fmt.Sprintf("the tenant of the API client %s at %s", n.ClientID, n.BaseURL)
	}
	return "the tenant at " + n.BaseURL
}

// key returns the element of previous_tenants that means this tenant.
func (n tenantNote) key() string {
	if n.CID != "" {
		return n.CID
	}
	return PreviousTenant(n.BaseURL)
}

// PreviousTenant normalizes an element of previous_tenants to what [tenantNote.key] returns.
func PreviousTenant(s string) string {
	if ValidateMemberCID(s) == nil {
		cid, _, _ := strings.Cut(s, "-")
		return strings.ToLower(cid)
	}
	return strings.ToLower(strings.TrimRight(s, "/"))
}

// PrivateData is the private state of an object.
type PrivateData interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// ReadTenantNote returns the note of an object, or nil: an older version created the object, or it was just imported.
func ReadTenantNote(ctx context.Context, private PrivateData, diags *diag.Diagnostics) *tenantNote {
	raw, more := private.GetKey(ctx, tenantKey)
	diags.Append(more...)
	var n tenantNote
	if len(raw) == 0 || json.Unmarshal(raw, &n) != nil || n.BaseURL == "" {
		return nil
	}
	return &n
}

// dropTenantNote removes the note of an object that is gone. Terraform passes the private state of a refresh to the plan of the
// create, as it does for a replacement: the note distinguishes the two.
func dropTenantNote(ctx context.Context, private PrivateData, diags *diag.Diagnostics) {
	diags.Append(private.SetKey(ctx, tenantKey, []byte("{}"))...)
}

func writeTenantNote(ctx context.Context, private PrivateData, n tenantNote, diags *diag.Diagnostics) {
	raw, err := json.Marshal(n)
	if err != nil {
		diags.AddWarning("Tenant not recorded", Sentence(err.Error()))
		return
	}
	diags.Append(private.SetKey(ctx, tenantKey, raw)...)
}
