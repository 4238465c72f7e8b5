package falcon

import (
	"cmp"
	"context"
	"fmt"

	"github.com/crowdstrike/gofalcon/falcon/client/zero_trust_assessment"
)

const (
	scopeZTARead = "zero-trust-assessment:read"
	// scorePage is the most that the score listing gives in one page (wire-api.md 5.2).
	scorePage = 1000
)

// HostAssessment is the Zero Trust Assessment of one host (wire-api.md 5.1).
type HostAssessment struct {
	// AID is the agent id, 32 hexadecimal digits.
	AID          string
	CID          string
	SerialNumber string
	// Platform is "Mac", "Win" or "Lin"; only "Mac" has been seen in a recording.
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
	// OSSignals and SensorSignals are nil unless they were asked for.
	OSSignals     []Signal
	SensorSignals []Signal
}

// Signal is one criterion that an assessment looks at.
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

// HostScoreRead says which overall scores to list, and how.
type HostScoreRead struct {
	// Least and Most bound the scores, both included, 0 to 100; nil is no bound.
	Least, Most *int64
	// Limit is the most hosts to read, lowest scores first; 0 is all.
	Limit int
	// MaxConcurrency is the most calls in flight; 0 means 4. With a limit there is one.
	MaxConcurrency int
}

// HostScores lists overall scores, each host once; those of a limit are the lowest, in order, and all of them are in no
// order. Total is how many match.
func (c *Client) HostScores(ctx context.Context, read HostScoreRead) (scores []HostScore, total int64, err error) {
	width := cmp.Or(read.MaxConcurrency, hostsAtOnce)
	if read.Limit > 0 || width == 1 {
		return c.scoreChain(ctx, read.Least, read.Most, read.Limit)
	}
	scores, err = scoreListing(c.scoreChain).inParts(ctx, read.Least, read.Most, width)
	return scores, int64(len(scores)), err
}

// scoreChain lists overall scores from least to most, page after page, lowest first. With limit 0 all are read, else at most
// that many; total is how many match.
func (c *Client) scoreChain(ctx context.Context, least, most *int64, limit int) (scores []HostScore, total int64, err error) {
	ctx = withCall(ctx, call{doing: "list the hosts' scores", scope: scopeZTARead, repeat: safe})
	type wireScore struct {
		AID   looseString `json:"aid"`
		Score *whole      `json:"score"`
	}
	filter := scoreFilter(least, most)
	seen, shown := map[string]bool{}, 0
	for after := ""; ; {
		env, err := c.scorePage(ctx, filter, after, limit-len(scores))
		if err != nil {
			return nil, 0, err
		}
		if after == "" {
			total = int64(max(env.Total, 0))
		}
		page, err := resources[wireScore](ctx, env)
		if err != nil {
			return nil, 0, err
		}
		if shown += len(page); len(page) == 0 {
			if shown == 0 && env.silent() {
				return nil, 0, env.unstated(ctx)
			}
			// Half a list must not pass for all hosts.
			return scores, total, cutShort(ctx, env, shown)
		}
		before := len(scores)
		for _, s := range page {
			if s.AID == "" || s.Score == nil {
				return nil, 0, listingError(ctx, env, "an entry of the listing has no agent id or no score")
			}
			if *s.Score < 0 || *s.Score > highestScore {
				return nil, 0, listingError(ctx, env, fmt.Sprintf("host %s has the score %d, which is not between 0 and %d", s.AID, *s.Score, highestScore))
			}
			// A host whose score changes during the listing may come twice.
			if !seen[string(s.AID)] {
				seen[string(s.AID)] = true
				scores = append(scores, HostScore{AID: string(s.AID), Score: int64(*s.Score)})
			}
		}
		if limit > 0 && len(scores) >= limit {
			return scores[:limit], max(total, int64(limit)), nil
		}
		// The last page's token is empty (wire-api.md 5.2). One that brings nothing new would go on for ever.
		if env.After == "" || len(scores) == before {
			return scores, max(total, int64(len(scores))), nil
		}
		after = env.After
	}
}

func (c *Client) scorePage(ctx context.Context, filter, after string, wanted int) (*envelope, error) {
	params := zero_trust_assessment.NewGetAssessmentsByScoreV1ParamsWithContext(ctx)
	params.SetFilter(filter)
	params.SetSort(new("score|asc"))
	size := int64(scorePage)
	if wanted > 0 && int64(wanted) < size {
		size = int64(wanted)
	}
	params.SetLimit(&size)
	if after != "" {
		params.SetAfter(&after)
	}
	var a answer
	// gofalcon's paging model lacks after (wire-api.md 5.2).
	_, err := c.zta.GetAssessmentsByScoreV1(params, a.as(zero_trust_assessment.NewGetAssessmentsByScoreV1OK()))
	env, err := checkedEnvelope(ctx, &a, err)
	if e, ok := asNotFound(err); ok && !unknownPath(e) {
		return &envelope{}, nil // no host has such a score
	}
	return env, err
}

// scoreFilter is the filter that the score listing demands; it knows only the field score (scores.md 4.1).
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
