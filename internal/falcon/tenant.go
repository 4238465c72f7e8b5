package falcon

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"time"

	"github.com/crowdstrike/gofalcon/falcon/client/sensor_download"
)

// scopeInstallers is needed for the customer id only.
const scopeInstallers = "sensor-installers:read"

// Tenant identifies the customer.
type Tenant struct {
	CID  string // 32 hex digits, lower case
	CCID string // CID with checksum, as Falcon shows it: 32 hex digits, a dash, 2 hex digits
}

// Tenant reads the tenant's ids once. Scope sensor-installers:read (wire/hosts.md#customer-id).
func (c *Client) Tenant(ctx context.Context) (Tenant, error) {
	return c.tenant.get(ctx, func(ctx context.Context) (Tenant, error) {
		ctx = withCall(ctx, call{doing: "read the tenant's customer id", scope: scopeInstallers, repeat: safe})
		var r response
		_, err := c.sensorDownload.GetSensorInstallersCCIDByQuery(
			sensor_download.NewGetSensorInstallersCCIDByQueryParamsWithContext(ctx),
			r.as(sensor_download.NewGetSensorInstallersCCIDByQueryOK()))
		env, err := checkedEnvelope(ctx, &r, err)
		if err != nil {
			return Tenant{}, err
		}
		ids, err := resources[looseString](ctx, env)
		if err != nil {
			return Tenant{}, err
		}
		if len(ids) == 0 || ids[0] == "" {
			return Tenant{}, env.broken(ctx, errors.New("the response contains no customer id"))
		}
		ccid := string(ids[0])
		cid, _, _ := strings.Cut(ccid, "-")
		return Tenant{CID: strings.ToLower(cid), CCID: ccid}, nil
	})
}

// TenantKey is what a Client knows about its tenant. It distinguishes tenants as far as possible.
type TenantKey struct {
	CID       string // customer id, lower case; "" where the API client has no permission to read it
	BaseURL   string
	MemberCID string // the configured Flight Control child, or ""
	ClientID  string // the API client in use, or "" with an access token
}

// tenantKeyTime limits the read of the customer id: nothing depends on it alone, so no operation waits long for it.
const tenantKeyTime = 30 * time.Second

var plainCID = regexp.MustCompile(`^[0-9a-f]{32}$`)

// TenantKey identifies the tenant. It sends at most one request per Client, even if Falcon refuses it: reading the customer
// id requires the scope sensor-installers:read, which nothing else in the provider needs (wire/hosts.md#customer-id). A
// token for a Flight Control child acts in the child (wire/flight-control.md#children), so there the id is known without a
// request. TenantKey never fails; what it could not determine is empty.
func (c *Client) TenantKey(ctx context.Context) TenantKey {
	here := TenantKey{BaseURL: c.baseURL, MemberCID: c.memberCID, ClientID: c.clientID, CID: c.memberCID}
	if here.CID != "" {
		return here
	}
	cid, err := c.ownCID.get(ctx, func(ctx context.Context) (string, error) {
		limited, cancel := context.WithTimeout(ctx, tenantKeyTime)
		defer cancel()
		tenant, err := c.Tenant(limited)
		if err != nil && ctx.Err() != nil {
			return "", err // an interrupt says nothing about the tenant
		}
		return tenant.CID, nil // "" for a refusal, which would be repeated for the next object
	})
	if err == nil && plainCID.MatchString(cid) {
		here.CID = cid
	}
	return here
}

// memberCIDOf is a configured child CID in the form that Falcon shows elsewhere.
func memberCIDOf(cfg Config) string { return strings.ToLower(withoutChecksum(cfg.MemberCID)) }
