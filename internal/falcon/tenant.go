package falcon

import "context"

// Tenant identifies the customer.
type Tenant struct {
	CID  string // 32 hex digits, lower case
	CCID string // CID with checksum, as Falcon shows it: 32 hex digits, a dash, 2 hex digits
}

// Tenant reads the tenant's ids, once. Scope sensor-installers:read (wire-api.md 8).
func (c *Client) Tenant(ctx context.Context) (Tenant, error) { return Tenant{}, errUnbuilt }
