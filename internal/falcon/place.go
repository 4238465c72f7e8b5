package falcon

import (
	"context"
	"regexp"
	"strings"
	"time"
)

// Place is what a Client knows about the tenant that it works in. It tells tenants apart as far as that is possible.
type Place struct {
	CID       string // customer id, lower case; "" where the API client has no permission to read it
	BaseURL   string
	MemberCID string // the Flight Control child that the Client was told to work in, or ""
	ClientID  string // the API client that signs in, or "" with an access token
}

// placeTime bounds the read of the customer id: nothing depends on it alone, so no operation waits for it for long.
const placeTime = 30 * time.Second

var plainCID = regexp.MustCompile(`^[0-9a-f]{32}$`)

// Place identifies the tenant. It costs at most one request per Client, also where Falcon refuses that request: reading
// the customer id needs the scope sensor-installers:read, which nothing else of the provider needs
// (wire/hosts.md#customer-id). A token for a Flight Control child acts in the child (wire/flight-control.md#children), so
// there the id is known without a request. Place never fails; what it could not find out is empty.
func (c *Client) Place(ctx context.Context) Place {
	here := Place{BaseURL: c.baseURL, MemberCID: c.memberCID, ClientID: c.clientID, CID: c.memberCID}
	if here.CID != "" {
		return here
	}
	cid, err := c.ownCID.get(ctx, func(ctx context.Context) (string, error) {
		limited, cancel := context.WithTimeout(ctx, placeTime)
		defer cancel()
		tenant, err := c.Tenant(limited)
		if err != nil && ctx.Err() != nil {
			return "", err // an interrupt says nothing about the tenant
		}
		return tenant.CID, nil // "" for a refusal, which would be the same for the next object
	})
	if err == nil && plainCID.MatchString(cid) {
		here.CID = cid
	}
	return here
}

// memberCIDOf is a configured child CID in the form in which Falcon shows it elsewhere.
func memberCIDOf(cfg Config) string { return strings.ToLower(withoutChecksum(cfg.MemberCID)) }
