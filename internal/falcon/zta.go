package falcon

import (
	"cmp"
	"context"
	"fmt"
)

const (
	scopeZTARead = "zero-trust-assessment:read"
	// scorePage is the most that the score listing gives in one page (wire/zero-trust.md#by-score).
	scorePage = 1000
)

// HostAssessment is the Zero Trust Assessment of one host (wire/zero-trust.md#assessments).
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
// order. Total is how many match. A listing that can't be read to its end is an error.
func (c *Client) HostScores(ctx context.Context, read HostScoreRead) (scores []HostScore, total int64, err error) {
	width := cmp.Or(read.MaxConcurrency, hostsAtOnce)
	if read.Limit == 0 && width > 1 {
		scores, err = scoreListing(c.scoreChain).inParts(ctx, read.Least, read.Most, width)
		return scores, int64(len(scores)), err
	}
	scores, total, err = c.scoreChain(ctx, read.Least, read.Most, read.Limit)
	if err == nil && total < 0 { // only the whole listing tells how many match
		scores, total, err = c.scoreChain(ctx, read.Least, read.Most, 0)
		scores = scores[:min(read.Limit, len(scores))]
	}
	return scores, total, err
}

// scoreFilter is the filter that the score listing demands; it knows only the field score
// (wire/zero-trust.md#by-score).
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
