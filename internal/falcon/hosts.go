package falcon

import "context"

// Host is what the host inventory shows of a host (wire-api.md 7).
type Host struct {
	// AID is the agent id, 32 hexadecimal digits.
	AID      string
	Hostname string
	// LastSeen is in RFC 3339 form.
	LastSeen string
	Platform string
}

// HostsByName lists the hosts of this name (letter case aside), the last seen first: re-installed hosts keep their
// name and get a new agent id.
func (c *Client) HostsByName(ctx context.Context, hostname string) ([]Host, error) {
	return nil, errNotBuilt
}
