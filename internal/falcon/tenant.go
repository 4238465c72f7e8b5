package falcon

import (
	"context"
	"errors"
	"strings"

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
