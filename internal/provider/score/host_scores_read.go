package score

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

// scoreReader is the part of the client that the list of hosts needs.
type scoreReader interface {
	HostScores(ctx context.Context, read falcon.HostScoreRead) ([]falcon.HostScore, int64, error)
	HostAssessmentsOf(ctx context.Context, aids []string, read falcon.AssessmentRead) ([]falcon.HostAssessment, []string, error)
}

// hostScoresResult is the result of a read: all matching scores, and the assessments of the rows if they were read.
type hostScoresResult struct {
	matched  []falcon.HostScore
	rows     []falcon.HostScore
	details  map[string]falcon.HostAssessment
	bare     []string // returned hosts without an assessment
	notFound []string
}

// fill reads the hosts and the summary.
func (m hostScoresModel) fill(ctx context.Context, client scoreReader, diags *diag.Diagnostics) hostScoresModel {
	result, err := m.read(ctx, client)
	if err != nil {
		diags.AddError("Unable to read host scores", err.Error())
		return m
	}
	filled, err := m.fromAPI(result)
	if err != nil {
		diags.AddError("Unable to encode host scores", err.Error())
		return m
	}
	filled.warn("hosts", diags)
	const bareShown = 5
	if n := len(result.bare); n > 0 {
		diags.AddAttributeWarning(core.Attribute("detail"), "Hosts without details", fmt.Sprintf(
			"Falcon returned no assessment for %d of the %d returned hosts, although it lists their scores: their details are null. The first: %s. "+
				"The usual reason is a host that has just left the tenant.", n, len(result.rows), strings.Join(result.bare[:min(n, bareShown)], ", ")))
	}
	return filled
}

func (m hostScoresModel) read(ctx context.Context, client scoreReader) (hostScoresResult, error) {
	var r hostScoresResult
	var err error
	if m.AgentIDs.IsNull() {
		// The summary is of all matching hosts, so the complete list is read.
		r.matched, _, err = client.HostScores(ctx, falcon.HostScoreRead{
			Least: m.MinScore.ValueInt64Pointer(), Most: m.MaxScore.ValueInt64Pointer(), MaxConcurrency: m.atOnce(),
		})
	} else {
		r, err = m.readByID(ctx, client)
	}
	if err != nil {
		return r, err
	}
	m.order(r.matched)
	r.rows = m.cut(r.matched)
	if m.Detail.ValueBool() && r.details == nil && len(r.rows) > 0 {
		aids := make([]string, 0, len(r.rows))
		for _, row := range r.rows {
			aids = append(aids, row.AID)
		}
		// A host that left the tenant after the list was read keeps its score and has no details.
		found, missing, err := client.HostAssessmentsOf(ctx, aids, falcon.AssessmentRead{MaxConcurrency: m.atOnce()})
		if err != nil {
			return r, err
		}
		r.details, r.bare = byAgent(found), missing
	}
	return r, nil
}

// readByID reads the hosts in agent_ids: a few requests, where the list would go through the whole tenant.
func (m hostScoresModel) readByID(ctx context.Context, client scoreReader) (hostScoresResult, error) {
	r := hostScoresResult{details: map[string]falcon.HostAssessment{}}
	aids := m.agentIDs()
	if len(aids) == 0 {
		return r, nil
	}
	found, _, err := client.HostAssessmentsOf(ctx, aids, falcon.AssessmentRead{MaxConcurrency: m.atOnce()})
	if err != nil {
		return r, err
	}
	r.details = byAgent(found)
	for _, aid := range aids {
		a, ok := r.details[aid]
		switch {
		case !ok || a.Overall == nil:
			r.notFound = append(r.notFound, aid)
		case m.inRange(*a.Overall):
			r.matched = append(r.matched, falcon.HostScore{AID: aid, Score: *a.Overall})
		}
	}
	return r, nil
}

func byAgent(found []falcon.HostAssessment) map[string]falcon.HostAssessment {
	out := make(map[string]falcon.HostAssessment, len(found))
	for _, a := range found {
		out[a.AID] = a
	}
	return out
}

// agentIDs returns agent_ids, each once, in Falcon's lower case.
func (m hostScoresModel) agentIDs() []string {
	var aids []string
	seen := map[string]bool{}
	for _, aid := range stringsOf(m.AgentIDs) {
		aid = strings.ToLower(aid)
		if !seen[aid] {
			seen[aid] = true
			aids = append(aids, aid)
		}
	}
	return aids
}

// atOnce is the most requests in flight, of the list and then of the assessments.
func (m hostScoresModel) atOnce() int {
	if m.MaxConcurrency.IsNull() {
		return defaultConcurrency
	}
	return int(m.MaxConcurrency.ValueInt64())
}

func (m hostScoresModel) inRange(score int64) bool {
	return (m.MinScore.IsNull() || score >= m.MinScore.ValueInt64()) && (m.MaxScore.IsNull() || score <= m.MaxScore.ValueInt64())
}

// order sorts by score and then by agent id, so that two reads of the same hosts return the same rows.
func (m hostScoresModel) order(scores []falcon.HostScore) {
	direction := 1
	if m.Sort.ValueString() == sortHighestFirst {
		direction = -1
	}
	slices.SortFunc(scores, func(a, b falcon.HostScore) int {
		return cmp.Or(direction*cmp.Compare(a.Score, b.Score), cmp.Compare(a.AID, b.AID))
	})
}

// cut returns the rows to return.
func (m hostScoresModel) cut(matched []falcon.HostScore) []falcon.HostScore {
	if m.rows() == rowsNone {
		return nil
	}
	limit := m.atMost()
	if limit == 0 || limit > len(matched) {
		return matched
	}
	return matched[:limit]
}

// fromAPI fills in the result of a read.
func (m hostScoresModel) fromAPI(r hostScoresResult) (hostScoresModel, error) {
	m.count(int64(len(r.matched)), int64(len(r.rows)))
	m.Summary = hostSummary(r.matched)
	m.NotFound = core.StringList(r.notFound)
	m.Hosts = types.ListNull(hostRowType)
	switch m.rows() {
	case rowsList:
		rows := m.rowsOf(r)
		m.Hosts = rowsAsList(hostRowType, len(rows), func(i int) map[string]attr.Value { return rows[i].values() })
	case rowsJSON:
		var err error
		rows := m.rowsOf(r)
		m.RowsJSON, err = rowsAsJSON(len(rows), func(i int) any { return rows[i] })
		return m, err
	}
	return m, nil
}
