package falcon

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/crowdstrike/gofalcon/falcon/client/zero_trust_assessment"
)

const (
	scopeZTARead = "zero-trust-assessment:read"
	// assessmentBatch keeps the address of a request below 4 kB; Falcon itself takes 1000 ids (wire-api.md 5.1).
	assessmentBatch   = 100
	assessmentsAtOnce = 4
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
	Version       string
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

type wireAssessment struct {
	AID              looseString `json:"aid"`
	CID              looseString `json:"cid"`
	SerialNumber     looseString `json:"system_serial_number"`
	Platform         looseString `json:"event_platform"`
	ProductType      looseString `json:"product_type_desc"`
	Modified         looseString `json:"modified_time"`
	SensorFileStatus looseString `json:"sensor_file_status"`
	Assessment       struct {
		OS           *whole      `json:"os"`
		SensorConfig *whole      `json:"sensor_config"`
		Overall      *whole      `json:"overall"`
		Version      looseString `json:"version"`
	} `json:"assessment"`
	Items struct {
		OSSignals     []wireSignal `json:"os_signals"`
		SensorSignals []wireSignal `json:"sensor_signals"`
	} `json:"assessment_items"`
}

type wireSignal struct {
	ID            looseString `json:"signal_id"`
	Name          looseString `json:"signal_name"`
	Group         looseString `json:"group_name"`
	Criteria      looseString `json:"criteria"`
	MeetsCriteria looseString `json:"meets_criteria"`
}

func (w wireAssessment) assessment() HostAssessment {
	return HostAssessment{
		AID:              string(w.AID),
		CID:              string(w.CID),
		SerialNumber:     string(w.SerialNumber),
		Platform:         string(w.Platform),
		ProductType:      string(w.ProductType),
		Modified:         string(w.Modified),
		SensorFileStatus: string(w.SensorFileStatus),
		OS:               w.Assessment.OS.int64(),
		SensorConfig:     w.Assessment.SensorConfig.int64(),
		Overall:          w.Assessment.Overall.int64(),
		Version:          string(w.Assessment.Version),
		OSSignals:        signals(w.Items.OSSignals),
		SensorSignals:    signals(w.Items.SensorSignals),
	}
}

func signals(wire []wireSignal) []Signal {
	list := make([]Signal, 0, len(wire))
	for _, s := range wire {
		list = append(list, Signal{
			ID:            string(s.ID),
			Name:          string(s.Name),
			Group:         string(s.Group),
			Criteria:      string(s.Criteria),
			MeetsCriteria: string(s.MeetsCriteria),
		})
	}
	return list
}

// HostAssessments reads the assessments of hosts, in the order asked for, each host once. Ids that Falcon has no
// assessment for are in notFound; they are no error.
func (c *Client) HostAssessments(ctx context.Context, aids []string) (found []HostAssessment, notFound []string, err error) {
	ids := distinctIDs(aids)
	doing := fmt.Sprintf("read the assessments of %d hosts", len(ids))
	if len(ids) == 1 {
		doing = "read the assessment of host " + ids[0]
	}
	ctx = withCall(ctx, call{doing: doing, scope: scopeZTARead, repeat: safe})
	batches := slices.Collect(slices.Chunk(ids, assessmentBatch))
	answers := make([][]wireAssessment, len(batches))
	err = parallel(ctx, len(batches), assessmentsAtOnce, func(ctx context.Context, i int) error {
		var err error
		answers[i], err = c.assessmentsOf(ctx, batches[i])
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	byID := map[string]HostAssessment{}
	for _, w := range slices.Concat(answers...) {
		byID[strings.ToLower(string(w.AID))] = w.assessment()
	}
	for _, id := range ids {
		if a, ok := byID[strings.ToLower(id)]; ok {
			found = append(found, a)
		} else {
			notFound = append(notFound, id)
		}
	}
	return found, notFound, nil
}

func (c *Client) assessmentsOf(ctx context.Context, ids []string) ([]wireAssessment, error) {
	params := zero_trust_assessment.NewGetAssessmentV1ParamsWithContext(ctx)
	params.SetIds(ids)
	var a answer
	// An unknown id makes it a 404 that holds the other records; gofalcon does not know that status here and loses the
	// body (wire-api.md 5.1).
	_, err := c.zta.GetAssessmentV1(params, a.as(zero_trust_assessment.NewGetAssessmentV1OK()))
	env, err := partialEnvelope(ctx, &a, err)
	if err != nil {
		return nil, err
	}
	return resources[wireAssessment](ctx, env)
}

// distinctIDs drops repeated ids, whatever their letter case, and keeps the order.
func distinctIDs(ids []string) []string {
	seen := map[string]bool{}
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
		key := strings.ToLower(id)
		known := seen[key]
		seen[key] = true
		return known
	})
}

// HostScores lists overall scores from least to most (both included; nil is no bound), lowest first. With limit 0 all
// are read, else at most that many; total is how many match.
func (c *Client) HostScores(ctx context.Context, least, most *int64, limit int) (scores []HostScore, total int64, err error) {
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
			// Half a list must not pass for all hosts.
			return scores, total, cutShort(ctx, env, shown)
		}
		before := len(scores)
		for _, s := range page {
			if s.AID == "" || s.Score == nil {
				return nil, 0, listingError(ctx, env, "an entry of the listing has no agent id or no score")
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
