package falcon

import (
	"context"
	"encoding/json"
)

// HostScoreSummary is the tenant's audit of host scores (wire-api.md 5.3).
type HostScoreSummary struct {
	CID string
	// AverageOverall is 0 to 100, higher is safer, as the text that Falcon wrote; "" if it gave none.
	AverageOverall json.Number
	Hosts          int64
	Platforms      []PlatformScore
}

// PlatformScore is the audit of the hosts of one platform.
type PlatformScore struct {
	Name           string
	AverageOverall json.Number
	Hosts          int64
	// Audit holds further figures by name; which ones is not documented.
	Audit map[string]json.Number
}

// HostScoreSummary reads the averages of the tenant and of each platform.
func (c *Client) HostScoreSummary(ctx context.Context) (*HostScoreSummary, error) {
	panic("not yet")
}
