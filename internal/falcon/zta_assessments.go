package falcon

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/crowdstrike/gofalcon/falcon/client/zero_trust_assessment"
)

const (
	// assessmentBatch is the most ids that Falcon accepts in one request (wire/zero-trust.md#assessments). They make a URL
	// of 37 kB.
	assessmentBatch    = 1000
	defaultConcurrency = 4
)

// AssessmentRead selects what to read of hosts' assessments.
type AssessmentRead struct {
	// Signals requests HostAssessment.OSSignals and SensorSignals too: most of an assessment's size.
	Signals bool
	// MaxConcurrency is the most requests in flight; 0 means 4.
	MaxConcurrency int
}

// HostAssessments reads the assessments of hosts with their signals, otherwise like [Client.HostAssessmentsOf].
func (c *Client) HostAssessments(ctx context.Context, aids []string) (found []HostAssessment, notFound []string, err error) {
	return c.HostAssessmentsOf(ctx, aids, AssessmentRead{Signals: true})
}

// HostAssessmentsOf reads the assessments of hosts, in the order of aids, each host once. notFound are the ids without an
// assessment, which are not an error.
func (c *Client) HostAssessmentsOf(ctx context.Context, aids []string, read AssessmentRead) (found []HostAssessment, notFound []string, err error) {
	ids := distinctIDs(aids)
	doing := fmt.Sprintf("read the assessments of %d hosts", len(ids))
	if len(ids) == 1 {
		doing = "read the assessment of host " + ids[0]
	}
	ctx = withCall(ctx, call{doing: doing, scope: scopeZTARead, repeat: safe})
	byID, asked := make(map[string]HostAssessment, len(ids)), map[string]bool{}
	for left := ids; len(left) > 0; {
		batchesFound, refused, leftOut, err := c.readBatches(ctx, left, read)
		if err != nil {
			return nil, nil, err
		}
		for _, batch := range batchesFound {
			for _, a := range batch {
				byID[strings.ToLower(a.AID)] = a
			}
		}
		left = refused
		for _, id := range leftOut { // once more: they may have been lost in transit
			if !asked[id] {
				asked[id] = true
				left = append(left, id)
			}
		}
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

// readBatches reads ids in batches of the known batch size. If a batch turns out to be too large, the ids of the batches
// that were refused or not sent are returned, to be read in smaller ones. leftOut are ids for which a response has neither a
// record nor an error.
func (c *Client) readBatches(ctx context.Context, ids []string, read AssessmentRead) (batchesFound [][]HostAssessment, refused, leftOut []string, err error) {
	width := read.MaxConcurrency
	if width <= 0 {
		width = defaultConcurrency
	}
	batches := slices.Collect(slices.Chunk(ids, c.hostBatch.size(assessmentBatch)))
	batchesFound = make([][]HostAssessment, len(batches))
	again, silent := make([][]string, len(batches)), make([][]string, len(batches))
	err = parallel(ctx, len(batches), width, func(ctx context.Context, i int) error {
		n := len(batches[i])
		if n > c.hostBatch.size(assessmentBatch) { // another batch has just been refused
			again[i] = batches[i]
			return nil
		}
		found, explained, err := c.assessmentsOf(ctx, batches[i], read.Signals)
		batchesFound[i] = found
		if err == nil && !explained && len(found) < n {
			silent[i] = slices.DeleteFunc(slices.Clone(batches[i]), func(id string) bool {
				return slices.ContainsFunc(found, func(a HostAssessment) bool { return strings.EqualFold(a.AID, id) })
			})
		}
		if n > 1 && tooManyIDs(err) {
			c.hostBatch.lower((n + 1) / 2)
			again[i] = batches[i]
			return nil
		}
		return err
	})
	return batchesFound, slices.Concat(again...), slices.Concat(silent...), err
}

// tooManyIDs reports a response after which fewer ids may help. A proxy may accept only shorter URLs than Falcon; some
// respond with the status of a request that is too large, or with a 400 and a web page. Falcon's own wording of a 400 about
// the number of ids is not known (wire/zero-trust.md#assessments).
func tooManyIDs(err error) bool {
	e, ok := errors.AsType[*Error](err)
	if !ok || e.token {
		return false
	}
	switch e.Status {
	case http.StatusRequestURITooLong, http.StatusRequestHeaderFieldsTooLarge, http.StatusRequestEntityTooLarge:
		return true
	case http.StatusBadRequest:
		return e.html || e.says("exceed") || e.says("too many") || e.says("too long") || e.says("too large")
	}
	return false
}

// batchLimit is how many ids a request may have, as far as responses have shown.
type batchLimit struct{ found atomic.Int64 }

// size returns the limit, or most if no response has shown a lower one.
func (b *batchLimit) size(most int) int {
	if n := b.found.Load(); n > 0 {
		return int(n)
	}
	return most
}

// lower sets the size to n, unless it is already lower.
func (b *batchLimit) lower(n int) {
	for {
		old := b.found.Load()
		if old > 0 && old <= int64(n) || b.found.CompareAndSwap(old, int64(n)) {
			return
		}
	}
}

// assessmentsOf sends one request. explained reports whether Falcon named the hosts that it left out.
func (c *Client) assessmentsOf(ctx context.Context, ids []string, signals bool) (found []HostAssessment, explained bool, err error) {
	params := zero_trust_assessment.NewGetAssessmentV1ParamsWithContext(ctx)
	params.SetIds(ids)
	var r response
	// An unknown id makes the response a 404 that contains the other records; gofalcon does not know that status here and
	// loses the body (wire/zero-trust.md#assessments).
	_, err = c.zta.GetAssessmentV1(params, r.as(zero_trust_assessment.NewGetAssessmentV1OK()))
	env, partialErr := partialEnvelope(ctx, &r, err)
	switch {
	case partialErr != nil:
		return nil, false, partialErr
	case err == nil && !allNotFound(env.Errors):
		return nil, false, env.err(ctx)
	case err == nil && env.Resources == nil && len(env.Errors) == 0:
		return nil, false, env.unstated(ctx) // a host that has no assessment is named in the errors
	case len(env.Resources) > 2*assessmentBatch:
		return nil, false, listingError(ctx, env, "the response contains more hosts than were requested")
	}
	if signals {
		found, err = assessmentsIn[wireAssessmentWithSignals](ctx, env)
	} else {
		found, err = assessmentsIn[wireAssessment](ctx, env)
	}
	return found, len(env.Errors) > 0 || env.Status == http.StatusNotFound, err
}

// assessmentsIn decodes the records. The signals, most of a record's size, are decoded only into a W that has them.
func assessmentsIn[W interface{ assessment() HostAssessment }](ctx context.Context, env *envelope) ([]HostAssessment, error) {
	records, err := resources[W](ctx, env)
	if err != nil {
		return nil, err
	}
	found := make([]HostAssessment, 0, len(records))
	for _, r := range records {
		if host := r.assessment(); host.AID != "" {
			found = append(found, host)
		}
	}
	return found, nil
}

// distinctIDs removes repeated ids, ignoring case, and keeps the order.
func distinctIDs(ids []string) []string {
	seen := map[string]bool{}
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
		key := strings.ToLower(id)
		known := seen[key]
		seen[key] = true
		return known
	})
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
		OS           *strictInt  `json:"os"`
		SensorConfig *strictInt  `json:"sensor_config"`
		Overall      *strictInt  `json:"overall"`
		Version      looseString `json:"version"`
	} `json:"assessment"`
}

// wireAssessmentWithSignals is a wireAssessment with its signals.
type wireAssessmentWithSignals struct {
	wireAssessment
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
	}
}

func (w wireAssessmentWithSignals) assessment() HostAssessment {
	host := w.wireAssessment.assessment()
	host.OSSignals, host.SensorSignals = signals(w.Items.OSSignals), signals(w.Items.SensorSignals)
	return host
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
