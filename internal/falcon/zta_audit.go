package falcon

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/crowdstrike/gofalcon/falcon/client/zero_trust_assessment"
)

// HostScoreSummary is the tenant's audit of host scores (wire/zero-trust.md#audit).
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

// HostScoreSummary reads the averages of the tenant and of each platform; an empty answer is a tenant without hosts.
// Scope zero-trust-assessment:read.
func (c *Client) HostScoreSummary(ctx context.Context) (*HostScoreSummary, error) {
	ctx = withCall(ctx, call{doing: "read the tenant's host score summary", scope: scopeZTARead, repeat: safe})
	var a answer
	_, err := c.zta.GetAuditV1(zero_trust_assessment.NewGetAuditV1ParamsWithContext(ctx),
		a.as(zero_trust_assessment.NewGetAuditV1OK()))
	env, err := checkedEnvelope(ctx, &a, err)
	if err != nil {
		return nil, err
	}
	type wirePlatform struct {
		Name    looseString             `json:"name"`
		Average json.Number             `json:"average_overall_score"`
		Hosts   *whole                  `json:"num_aids"`
		Audit   map[string]*json.Number `json:"audit"`
	}
	type wireAudit struct {
		CID       looseString    `json:"cid"`
		Average   json.Number    `json:"average_overall_score"`
		Hosts     *whole         `json:"num_aids"`
		Platforms []wirePlatform `json:"platforms"`
	}
	audits, err := resources[wireAudit](ctx, env)
	if err != nil {
		return nil, err
	}
	switch {
	case env.Resources == nil:
		return nil, env.unstated(ctx)
	case len(audits) == 0:
		return &HostScoreSummary{}, nil
	}
	if len(audits) > 1 || audits[0].Hosts == nil {
		return nil, listingError(ctx, env, fmt.Sprintf("the answer holds %d audits instead of that of the tenant", len(audits)))
	}
	summary := &HostScoreSummary{CID: string(audits[0].CID), AverageOverall: audits[0].Average, Hosts: int64(*audits[0].Hosts)}
	for _, p := range audits[0].Platforms {
		platform := PlatformScore{Name: string(p.Name), AverageOverall: p.Average, Audit: map[string]json.Number{}}
		if p.Hosts != nil {
			platform.Hosts = int64(*p.Hosts)
		}
		for name, figure := range p.Audit {
			if figure != nil {
				platform.Audit[name] = *figure
			}
		}
		summary.Platforms = append(summary.Platforms, platform)
	}
	return summary, nil
}
