package tenantcheck

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

const (
	hostIDsPath     = "/devices/queries/devices/v1"
	hostDetailsPath = "/devices/entities/devices/v2"
	assessmentsPath = "/zero-trust-assessment/entities/assessments/v1"
	scoresPath      = "/zero-trust-assessment/queries/assessments/v1"
	auditPath       = "/zero-trust-assessment/entities/audit/v1"
)

const (
	probeHostIDs      = "hosts.ids"
	probeNoHost       = "hosts.missing"
	probeHostWord     = "hosts.word"
	probeScores       = "scores.page"
	probeFewScores    = "scores.few"
	probeNoAssessment = "scores.missing"
	probeAudit        = "scores.audit"
)

// scorePage is the largest page of scores (wire/zero-trust.md#by-score).
const scorePage = 1000

// checkHosts reads a few hosts by id, and one by a word of its name.
func checkHosts(ctx context.Context, s *session) {
	ids := s.get(ctx, probeHostIDs, scopeHosts, hostIDsPath, "limit", "20").resources()
	if len(ids) == 0 {
		return
	}
	found := s.post(ctx, probeNoHost, scopeHosts, hostDetailsPath, map[string]any{"ids": append(slices.Clone(ids), missingID)})
	if _, word := hostWithWords(found.objects()); word != "" {
		s.get(ctx, probeHostWord, scopeHosts, hostIDsPath, "limit", "5000", "filter", "hostname:'"+word+"'")
	}
}

// hostWithWords is the id of a host whose name has several words, and one of them.
func hostWithWords(hosts []map[string]any) (id, word string) {
	for _, h := range hosts {
		name := text(h, "hostname")
		words := strings.FieldsFunc(name, func(r rune) bool { return r == '-' || r == '_' || r == '.' })
		if len(words) > 1 && plainName.MatchString(words[0]) {
			return text(h, "device_id"), words[0]
		}
	}
	return "", ""
}

// checkScores reads a page of host scores, and a last page of it.
func checkScores(ctx context.Context, s *session) {
	page := s.get(ctx, probeScores, scopeAssessments, scoresPath, "limit", strconv.Itoa(scorePage), "filter", "score:>=0")
	if !page.ok() {
		return
	}
	if page.hasMore() { // a narrower filter has its last page soon
		for _, filter := range []string{"score:<=1", "score:>=100", "score:>=99"} {
			r := s.get(ctx, probeFewScores, scopeAssessments, scoresPath, "limit", strconv.Itoa(scorePage), "filter", filter)
			if r.ok() && !r.hasMore() && len(r.resources()) > 0 {
				break
			}
		}
	}
	for _, host := range page.objects() {
		s.get(ctx, probeNoAssessment, scopeAssessments, assessmentsPath, "ids", text(host, "aid"), "ids", missingID)
		break
	}
	s.get(ctx, probeAudit, scopeAssessments, auditPath)
}

// hasMore reports whether a page of scores has a next one.
func (r response) hasMore() bool { return text(r.body, "meta", "pagination", "after") != "" }

var scoreQuestions = slices.Concat([]question{
	{"Q50", read, settleMissingAssessment},
	{"Q51", read, settleLastAfter},
	{"Q66", read, settleScoreTotal},
	{"Q68", read, settleHostWords},
	{"Q101", read, settleMissingHost},
}, identityQuestions)

// scoreBounds are the lowest and highest score of the first page; false if there is none.
func (o *observations) scoreBounds() (low, high int, known bool) {
	r, _ := o.last(probeScores)
	for _, host := range r.objects() {
		score, ok := number(host, "score")
		if !ok {
			continue
		}
		if !known {
			low, high, known = score, score, true
		}
		low, high = min(low, score), max(high, score)
	}
	return low, high, known
}

func settleMissingAssessment(o *observations) finding {
	r, asked := o.last(probeNoAssessment)
	switch {
	case asked && r.ok() && len(r.resources()) == 1:
		return settled("a", "an unknown agent id next to a known one is a 200 with the record of the known one")
	case asked && r.status == http.StatusNotFound && len(r.resources()) == 1:
		return settled("b", "an unknown agent id next to a known one is a 404 with the record of the known one")
	}
	return open(o.needsHostWith(probeScores, scopeAssessments, "a host with an assessment"))
}

// needsHostWith says what a question about hosts needs.
func (o *observations) needsHostWith(probe, scope, what string) string {
	if missing := o.needsUnlessGranted(probe, scope, "list hosts"); missing != "" {
		return missing
	}
	return "needs " + what
}

func settleLastAfter(o *observations) finding {
	for _, r := range slices.Concat(o.each(probeScores), o.each(probeFewScores)) {
		total, counted := r.total()
		if !r.ok() || !counted || len(r.resources()) == 0 || len(r.resources()) != total {
			continue
		}
		switch after, shown := r.at("meta", "pagination", "after"); {
		case !shown:
			return settled("b", "after is absent on a page that has all hosts")
		case after == nil:
			return settled("c", "after is null on a page that has all hosts")
		case after == "":
			return settled("a", `after is "" on a page that has all hosts`)
		}
	}
	return open(o.needsHostWith(probeScores, scopeAssessments, "a last page of hosts by score"))
}

func settleScoreTotal(o *observations) finding {
	const atMost = 10_000
	page, _ := o.last(probeScores)
	total, counted := page.total()
	hosts := 0
	if audit, _ := o.last(probeAudit); len(audit.objects()) == 1 {
		hosts, _ = number(audit.objects()[0], "num_aids")
	}
	switch {
	case counted && total > atMost:
		return settled("a", fmt.Sprintf("total is %d", total))
	case counted && total == atMost && hosts > atMost:
		return settled("b", fmt.Sprintf("total is 10000, and the audit counts %d hosts", hosts))
	}
	return open(o.needsHostWith(probeScores, scopeAssessments, "more than 10,000 hosts with an assessment"))
}

func settleHostWords(o *observations) finding {
	known, _ := o.last(probeNoHost)
	r, asked := o.last(probeHostWord)
	id, _ := hostWithWords(known.objects())
	total, counted := r.total()
	switch {
	case !asked || !r.ok() || id == "":
	case slices.Contains(r.resources(), any(id)):
		return settled("a", "a filter by one word of a host's name finds the host")
	case counted && total == len(r.resources()):
		return settled("b", "a filter by one word of a host's name does not find the host")
	}
	return open(o.needsHostWith(probeHostIDs, scopeHosts, "a host whose name has several words"))
}

func settleMissingHost(o *observations) finding {
	r, asked := o.last(probeNoHost)
	switch {
	case asked && r.status == http.StatusNotFound && len(r.resources()) > 0:
		return settled("a", "an unknown id next to known ones is a 404 with the records of the others")
	case asked && r.ok() && len(r.resources()) > 0:
		return settled("b", "an unknown id next to known ones is a 200 with the records of the others")
	}
	return open(o.needsHostWith(probeHostIDs, scopeHosts, "a host"))
}
