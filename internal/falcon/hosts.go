package falcon

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/crowdstrike/gofalcon/falcon/client/hosts"
	"github.com/crowdstrike/gofalcon/falcon/models"
)

const (
	scopeHostsRead = "devices:read"
	// hostPage is the most that the host operations accept and return at once (wire/hosts.md#queries).
	hostPage = 5000
	// hostWindow is the highest sum of offset and limit of the host query (wire/hosts.md#queries).
	hostWindow = 10_000
)

// Host is a host in the host inventory (wire/hosts.md#details).
type Host struct {
	// AID is the agent id, 32 hexadecimal digits.
	AID      string
	Hostname string
	// LastSeen is in RFC 3339 form.
	LastSeen string
	Platform string
}

type wireHost struct {
	AID      looseString `json:"device_id"`
	Hostname looseString `json:"hostname"`
	LastSeen looseString `json:"last_seen"`
	Platform looseString `json:"platform_name"`
}

// HostsByName lists the hosts of this name, ignoring case, the last seen first: reinstalled hosts keep their name and get a
// new agent id.
func (c *Client) HostsByName(ctx context.Context, hostname string) ([]Host, error) {
	ctx = withCall(ctx, call{doing: fmt.Sprintf("look up host %q", hostname), scope: scopeHostsRead, repeat: safe})
	ids, err := c.hostIDs(ctx, hostname)
	if err != nil {
		return nil, err
	}
	found, err := c.hostDetails(ctx, ids)
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(h Host) bool { return !strings.EqualFold(h.Hostname, hostname) })
	// RFC 3339 times in UTC sort as text.
	slices.SortStableFunc(found, func(a, b Host) int { return strings.Compare(b.LastSeen, a.LastSeen) })
	return found, nil
}

// hostIDs lists the agent ids of the hosts whose names match. The filter also finds names that contain this one
// (wire/hosts.md#queries), so the hosts may be on any page.
func (c *Client) hostIDs(ctx context.Context, hostname string) ([]string, error) {
	var all []string
	for {
		params := hosts.NewQueryDevicesByFilterParamsWithContext(ctx)
		params.SetFilter(new("hostname:" + fql(hostname)))
		params.SetSort(new("last_seen.desc"))
		params.SetLimit(new(int64(hostPage)))
		if len(all) > 0 {
			params.SetOffset(new(int64(len(all))))
		}
		var r response
		_, err := c.hosts.QueryDevicesByFilter(params, r.as(hosts.NewQueryDevicesByFilterOK()))
		env, err := checkedEnvelope(ctx, &r, err)
		if err != nil {
			return nil, err
		}
		ids, err := resources[string](ctx, env)
		if err != nil {
			return nil, err
		}
		all = append(all, ids...)
		switch {
		case len(all) == 0 && env.silent():
			return nil, env.unstated(ctx)
		case env.Total < 0 && len(ids) < hostPage, env.Total >= 0 && len(all) >= env.Total:
			return all, nil
		case len(ids) == 0:
			return nil, cutShort(ctx, env, len(all))
		case len(all) >= hostWindow:
			return nil, listingError(ctx, env, fmt.Sprintf("%d hosts have matching names, and Falcon lists no more than %d", env.Total, hostWindow))
		}
	}
}

// Hosts reads hosts by their agent ids and leaves out unknown ones.
func (c *Client) Hosts(ctx context.Context, aids []string) ([]Host, error) {
	return c.hostDetails(withCall(ctx, call{doing: "read hosts", scope: scopeHostsRead, repeat: safe}), aids)
}

func (c *Client) hostDetails(ctx context.Context, aids []string) ([]Host, error) {
	var list []Host
	for ids := range slices.Chunk(distinctIDs(aids), hostPage) {
		params := hosts.NewPostDeviceDetailsV2ParamsWithContext(ctx)
		params.SetBody(&models.MsaIdsRequest{Ids: ids})
		var r response
		// With unknown ids the response is a 404 that contains the other records (wire/hosts.md#details).
		_, err := c.hosts.PostDeviceDetailsV2(params, r.as(hosts.NewPostDeviceDetailsV2OK()))
		env, err := partialEnvelope(ctx, &r, err)
		if err != nil {
			return nil, err
		}
		found, err := resources[wireHost](ctx, env)
		if err != nil {
			return nil, err
		}
		for _, h := range found {
			list = append(list, Host{
				AID:      string(h.AID),
				Hostname: string(h.Hostname),
				LastSeen: string(h.LastSeen),
				Platform: string(h.Platform),
			})
		}
	}
	return list, nil
}
