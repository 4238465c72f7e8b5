package falconsim

import (
	"bytes"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/hosts"
)

const (
	assessmentPath = "/zero-trust-assessment/entities/assessments/v1"
	scoreListPath  = "/zero-trust-assessment/queries/assessments/v1"
	auditPath      = "/zero-trust-assessment/entities/audit/v1"
)

func TestAssessmentRefusals(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, Options{})
	ids := c.server.Hosts()
	for name, call := range map[string]struct {
		target string
		status int
	}{
		"no ids":              {assessmentPath, 400},
		"1001 ids":            {assessmentPath + "?ids=a" + strings.Repeat("&ids=a", 1000), 400},
		"1000 ids":            {assessmentPath + "?ids=a" + strings.Repeat("&ids=a", 999), 200},
		"comma joined":        {assessmentPath + "?ids=" + ids[0].AgentID + "," + ids[1].AgentID, 200},
		"no filter":           {scoreListPath, 400},
		"empty filter":        {scoreListPath + "?filter=", 400},
		"other property":      {scoreListPath + "?filter=" + url.QueryEscape("os:>50"), 400},
		"score is no number":  {scoreListPath + "?filter=" + url.QueryEscape("score:'high'"), 400},
		"limit":               {scoreListPath + "?limit=1001&filter=score:0", 400},
		"sort of other calls": {scoreListPath + "?sort=score.desc&filter=score:0", 400},
		"foreign after":       {scoreListPath + "?after=zzz&filter=score:0", 400},
	} {
		if got := c.do(call.target, "").status; got != call.status {
			t.Errorf("%s: status %d, want %d", name, got, call.status)
		}
	}
}

// Live: an unknown id is left out of a 200, and ids are case-sensitive. Q50=b: a 404 with the records of the others.
func TestAssessmentsWithUnknownIDs(t *testing.T) {
	t.Parallel()
	late := newTestClient(t, Options{Readings: Readings{"Q50": "b"}})
	host := late.server.Hosts()[0]
	others := "&ids=unknown&ids=" + strings.ToUpper(host.AgentID)
	if response := late.read(assessmentPath+"?ids="+host.AgentID+others, ""); response.Status != 404 || len(response.Errors) != 2 || len(response.Resources) != 1 {
		t.Errorf("Q50=b: status %d, errors %+v, %d resources", response.Status, response.Errors, len(response.Resources))
	}
	c := newTestClient(t, Options{})
	response := c.read(assessmentPath+"?ids="+host.AgentID+others, "")
	if response.Status != 200 || len(response.Errors) != 0 || len(response.Resources) != 1 || response.Meta.PoweredBy != nil {
		t.Fatalf("status %d, errors %+v, %d resources", response.Status, response.Errors, len(response.Resources))
	}
	var got struct {
		CID        string
		Assessment hosts.AssessmentScores
		Items      hosts.AssessmentItems `json:"assessment_items"`
	}
	if err := json.Unmarshal(response.Resources[0], &got); err != nil {
		t.Fatal(err)
	}
	want := hosts.AssessmentScores{SensorConfig: host.Sensor, OS: host.OS, Overall: host.Overall, Version: host.Version}
	if got.Assessment != want || got.CID != c.server.CID() || len(got.Items.OS) != 11 || len(got.Items.Sensor) != 19 {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestHostWithoutAssessment(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, Options{})
	id, err := c.server.PutHost(Host{Hostname: "new", NotAssessed: true})
	if err != nil {
		t.Fatal(err)
	}
	response := c.read(assessmentPath+"?ids="+id, "")
	if response.Status != 200 || !bytes.Contains(response.Resources[0], []byte(`"assessment":{}`)) {
		t.Errorf("status %d, %s", response.Status, response.Resources)
	}
	if total := c.read(scoreListPath+"?filter="+url.QueryEscape("score:>=0"), "").Meta.Pagination.Total; total != 3 {
		t.Errorf("by-score total %d, want the 3 assessed hosts", total)
	}
}

func TestScoreListingPagesThroughEveryHost(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, Options{Hosts: 250})
	for _, order := range []string{"score|asc", "score|desc"} {
		var rows []hostScore
		after := ""
		for {
			w := c.do(scoreListPath+"?limit=60&sort="+url.QueryEscape(order)+"&filter="+url.QueryEscape("score:>=0")+"&after="+url.QueryEscape(after), "")
			if !strings.Contains(w.text, `"errors":null`) {
				t.Fatalf("errors are not null: %s", w.text)
			}
			var response struct {
				Resources []hostScore
				Meta      struct{ Pagination struct{ After *string } }
			}
			if err := json.Unmarshal([]byte(w.text), &response); err != nil {
				t.Fatal(err)
			}
			rows = append(rows, response.Resources...)
			if response.Meta.Pagination.After == nil {
				t.Fatal("the last page has no after")
			}
			if after = *response.Meta.Pagination.After; after == "" {
				break
			}
		}
		sorted := slices.IsSortedFunc(rows, func(a, b hostScore) int {
			if order == "score|desc" {
				a, b = b, a
			}
			return a.Score - b.Score
		})
		ids := map[string]bool{}
		for _, row := range rows {
			ids[row.AgentID] = true
		}
		if !sorted || len(ids) != 250 || len(rows) != 250 {
			t.Errorf("%s: sorted %t, %d rows, %d hosts", order, sorted, len(rows), len(ids))
		}
	}
}

func TestScoreRangesAreDisjointAndComplete(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, Options{Hosts: 300})
	sum := 0
	for _, filter := range []string{"score:<25", "score:>=25+score:<50", "score:>=50+score:<=75", "score:>75"} {
		sum += c.read(scoreListPath+"?limit=1&filter="+url.QueryEscape(filter), "").Meta.Pagination.Total
	}
	if sum != 300 {
		t.Errorf("ranges hold %d hosts, want 300", sum)
	}
}

func TestAuditAveragesPlatforms(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, Options{Hosts: 40})
	response := c.read(auditPath, "")
	var got hosts.Audit
	if err := json.Unmarshal(response.Resources[0], &got); err != nil {
		t.Fatal(err)
	}
	sum, hosts := 0.0, 0
	for _, p := range got.Platforms {
		sum += p.AverageScore * float64(p.AgentIDs)
		hosts += p.AgentIDs
	}
	if hosts != 40 || got.AgentIDs != 40 || len(got.Platforms) != 3 || sum/40-got.AverageScore > 1e-9 || got.AverageScore-sum/40 > 1e-9 {
		t.Errorf("%+v", got)
	}
}

func TestSetHostScore(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, Options{})
	host := c.server.Hosts()[0]
	low, high := 12, 101
	if err := c.server.SetHostScore(strings.ToLower(host.Hostname), &low, nil, nil); err != nil {
		t.Fatal(err)
	}
	got := c.server.Hosts()[0]
	if got.Overall != low || got.OS != host.OS || got.Sensor != host.Sensor || !got.Modified.After(host.Modified) {
		t.Errorf("got %+v", got)
	}
	if err := c.server.SetHostScore(host.AgentID, nil, &high, nil); err == nil {
		t.Error("a score of 101 was accepted")
	}
	if err := c.server.SetHostScore("nobody", &low, nil, nil); err == nil {
		t.Error("an unknown host was accepted")
	}
	if _, err := c.server.PutHost(Host{Hostname: host.Hostname}); err != nil {
		t.Fatal(err)
	}
	if err := c.server.SetHostScore(host.Hostname, &low, nil, nil); err == nil || !strings.Contains(err.Error(), host.AgentID) {
		t.Errorf("two hosts of one name: %v, want both agent ids", err)
	}
}

func TestSeedIsStable(t *testing.T) {
	t.Parallel()
	few, many := New(Options{Seed: 7, Hosts: 5}).Hosts(), New(Options{Seed: 7, Hosts: 50}).Hosts()
	for _, h := range few {
		if !slices.Contains(many, h) {
			t.Errorf("host %s is not in the larger tenant", h.AgentID)
		}
	}
	if slices.Contains(New(Options{Seed: 8, Hosts: 50}).Hosts(), few[0]) {
		t.Error("another seed results in the same host")
	}
}
