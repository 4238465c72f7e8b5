package falcon

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"time"

	"github.com/crowdstrike/gofalcon/falcon/client/sensor_download"
)

// Tenant identifies the customer.
type Tenant struct {
	CID  string // 32 hex digits, lower case
	CCID string // CID with checksum, as Falcon shows it: 32 hex digits, a dash, 2 hex digits
}

// Tenant reads the tenant's ids, once. Scope sensor-installers:read
// (wire/hosts.md#customer-id).
func (c *Client) Tenant(ctx context.Context) (Tenant, error) {
	return c.tenant.get(ctx, func(ctx context.Context) (Tenant, error) {
		ctx = withCall(ctx, call{doing: "read the tenant's customer id", scope: "sensor-installers:read", repeat: safe})
		var a answer
		_, err := c.sensorDownload.GetSensorInstallersCCIDByQuery(
			sensor_download.NewGetSensorInstallersCCIDByQueryParamsWithContext(ctx),
			a.as(sensor_download.NewGetSensorInstallersCCIDByQueryOK()))
		env, err := checkedEnvelope(ctx, &a, err)
		if err != nil {
			return Tenant{}, err
		}
		ids, err := resources[looseString](ctx, env)
		if err != nil {
			return Tenant{}, err
		}
		if len(ids) == 0 || ids[0] == "" {
			return Tenant{}, env.broken(ctx, errors.New("the answer holds no customer id"))
		}
		ccid := string(ids[0])
		cid, _, _ := strings.Cut(ccid, "-")
		return Tenant{CID: strings.ToLower(cid), CCID: ccid}, nil
	})
}

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
