package falcon

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"

	"github.com/crowdstrike/gofalcon/falcon/client/zero_trust_assessment"
)

const (
	scopeZTARead = "zero-trust-assessment:read"
	// scorePageSize is the largest page of the score listing (wire/zero-trust.md#by-score).
	scorePageSize = 1000
)

// HostAssessment is the Zero Trust Assessment of one host (wire/zero-trust.md#assessments).
type HostAssessment struct {
	// AID is the agent id, 32 hexadecimal digits.
	AID          string
	CID          string
	SerialNumber string
	// Platform is "Mac", "Win" or "Lin"; only "Mac" has been observed.
	Platform string
	// ProductType is "Workstation", "Server" or "Domain Controller".
	ProductType string
	// Modified is in RFC 3339 form.
	Modified         string
	SensorFileStatus string
	// OS, SensorConfig and Overall are scores from 0 to 100, higher is safer; nil for a host without assessment.
	OS           *int64
	SensorConfig *int64
	Overall      *int64
	// Version is that of the assessment, such as "3.6.1".
	Version string
	// OSSignals and SensorSignals are nil unless requested.
	OSSignals     []Signal
	SensorSignals []Signal
}

// Signal is one criterion of an assessment.
type Signal struct {
	ID       string
	Name     string
	Group    string
	Criteria string
	// MeetsCriteria is "yes", "no" or "unknown".
	MeetsCriteria string
}

// HostScore is the overall score of one host, 0 to 100, higher is safer.
type HostScore struct {
	AID   string
	Score int64
}

// HostScoreRead selects the overall scores to list.
type HostScoreRead struct {
	// Least and Most limit the scores, both included, 0 to 100; nil is no limit.
	Least, Most *int64
	// Limit is the most hosts to read, lowest scores first; 0 is all.
	Limit int
	// MaxConcurrency is the most requests in flight; 0 means 4. With a limit it is one.
	MaxConcurrency int
}

// HostScores lists overall scores, each host once. With a limit they are the lowest ones, in order; without one they are all
// in no order. total is how many match. A listing that cannot be read to its end is an error.
func (c *Client) HostScores(ctx context.Context, read HostScoreRead) (scores []HostScore, total int64, err error) {
	width := cmp.Or(read.MaxConcurrency, defaultConcurrency)
	if read.Limit == 0 && width > 1 {
		scores, err = scoreListing(c.scoreChain).inRanges(ctx, read.Least, read.Most, width)
		return scores, int64(len(scores)), err
	}
	scores, total, err = c.scoreChain(ctx, read.Least, read.Most, read.Limit)
	if err == nil && total < 0 { // only the whole listing shows how many match
		scores, total, err = c.scoreChain(ctx, read.Least, read.Most, 0)
		scores = scores[:min(read.Limit, len(scores))]
	}
	return scores, total, err
}

// scoreFilter is the filter that the score listing requires; it accepts only the field score (wire/zero-trust.md#by-score).
func scoreFilter(least, most *int64) string {
	lower := "score:>=0"
	if least != nil {
		lower = fmt.Sprintf("score:>=%d", *least)
	}
	if most == nil {
		return lower
	}
	return lower + fmt.Sprintf("+score:<=%d", *most)
}

// HostScoreSummary is the tenant's audit of host scores (wire/zero-trust.md#audit).
type HostScoreSummary struct {
	CID string
	// AverageOverall is 0 to 100, higher is safer, as Falcon's text; "" if there is none.
	AverageOverall json.Number
	Hosts          int64
	Platforms      []PlatformScore
}

// PlatformScore is the audit of the hosts of one platform.
type PlatformScore struct {
	Name           string
	AverageOverall json.Number
	Hosts          int64
	// Audit has further figures by name, which are not documented.
	Audit map[string]json.Number
}

// HostScoreSummary reads the averages of the tenant and of each platform. An empty response is a tenant without hosts. Scope
// zero-trust-assessment:read.
func (c *Client) HostScoreSummary(ctx context.Context) (*HostScoreSummary, error) {
	ctx = withCall(ctx, call{doing: "read the tenant's host score summary", scope: scopeZTARead, repeat: safe})
	var r response
	_, err := c.zta.GetAuditV1(zero_trust_assessment.NewGetAuditV1ParamsWithContext(ctx),
		r.as(zero_trust_assessment.NewGetAuditV1OK()))
	env, err := checkedEnvelope(ctx, &r, err)
	if err != nil {
		return nil, err
	}
	type wirePlatform struct {
		Name    looseString             `json:"name"`
		Average json.Number             `json:"average_overall_score"`
		Hosts   *strictInt              `json:"num_aids"`
		Audit   map[string]*json.Number `json:"audit"`
	}
	type wireAudit struct {
		CID       looseString    `json:"cid"`
		Average   json.Number    `json:"average_overall_score"`
		Hosts     *strictInt     `json:"num_aids"`
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
		return nil, listingError(ctx, env, fmt.Sprintf("the response contains %d audits instead of the tenant's one", len(audits)))
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
