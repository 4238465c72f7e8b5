package falcon

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

const (
	routeAssessments = "GET /zero-trust-assessment/entities/assessments/v1"
	routeScores      = "GET /zero-trust-assessment/queries/assessments/v1"
)

func assessmentJSON(aid string) string {
	return fmt.Sprintf(`{"aid":%q,"cid":"c","system_serial_number":null,"event_platform":"Mac","product_type_desc":"Workstation",`+
		`"modified_time":"2023-05-22T17:20:01Z","sensor_file_status":"not deployed",`+
		`"assessment":{"sensor_config":2,"os":65,"overall":19,"version":"3.6.1"},`+
		`"assessment_items":{"os_signals":[{"signal_id":"s","signal_name":"S","group_name":"g","criteria":"c","meets_criteria":"unknown"}],"sensor_signals":null}}`, aid)
}

func TestHostAssessments(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		response string
		status   int
		found    string
		notFound string
		says     string
	}{
		"all": {
			status: 200, response: `{"meta":{"query_time":1,"trace_id":"t"},"errors":null,"resources":[` + assessmentJSON("b") + "," + assessmentJSON("a") + `]}`,
			found: "[a b]", notFound: "[]",
		},
		"404 with the others": {
			status: 404, response: `{"meta":{},"errors":[{"code":404,"message":"b not found"}],"resources":[` + assessmentJSON("a") + `]}`,
			found: "[a]", notFound: "[b]",
		},
		"404 with none": {status: 404, response: `{"meta":{},"errors":[{"code":404,"message":"not found"}],"resources":null}`, found: "[]", notFound: "[a b]"},
		"200 with one less": {
			status: 200, response: `{"meta":{},"errors":[],"resources":[` + assessmentJSON("B") + `]}`, found: "[B]", notFound: "[a]",
		},
		"unknown path":    {status: 404, response: `{"meta":{},"errors":[{"code":404,"message":"404: Page Not Found"}]}`, says: "Page Not Found"},
		"404 of a proxy":  {status: 404, response: `nothing here`, says: "read the assessments of 2 hosts"},
		"errors only":     {status: 200, response: `{"meta":{},"errors":[{"code":500,"message":"broken"}],"resources":[]}`, says: "broken"},
		"score is text":   {status: 200, response: `{"meta":{},"resources":[{"aid":"a","assessment":{"overall":"high"}}]}`, says: "could not be decoded"},
		"no list":         {status: 200, response: `{"meta":{},"resources":{"aid":"a"}}`, says: "could not be decoded"},
		"no object":       {status: 200, response: `[{"aid":"a"}]`, says: "could not be decoded"},
		"errors and data": {status: 200, response: `{"resources":[null,` + assessmentJSON("a") + `],"errors":[{"code":500,"message":"b is broken"}]}`, says: "b is broken"},
		"errors of none":  {status: 200, response: `{"errors":[{"code":404,"message":"no a"},{"code":404,"message":"no b"}],"resources":null}`, found: "[]", notFound: "[a b]"},
		"scope missing":   {status: 403, response: `{"meta":{},"errors":[{"code":403,"message":"access denied, scope not permitted"}]}`, says: "zero-trust-assessment:read"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, c := newFake(t, routes{routeAssessments: func(w http.ResponseWriter, _ request) { reply(w, tc.status, tc.response) }})
			found, notFound, err := c.HostAssessments(t.Context(), []string{"a", "b", "A"})
			if tc.says != "" {
				if err == nil || !strings.Contains(err.Error(), tc.says) {
					t.Fatalf("error %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var ids []string
			for _, h := range found {
				ids = append(ids, h.AID)
				if *h.Overall != 19 || *h.OS != 65 || *h.SensorConfig != 2 || h.OSSignals[0].MeetsCriteria != "unknown" || h.SerialNumber != "" {
					t.Errorf("got %+v", h)
				}
			}
			if fmt.Sprint(ids) != tc.found || fmt.Sprint(notFound) != tc.notFound {
				t.Errorf("found %v, not found %v", ids, notFound)
			}
			if got := f.calls(routeAssessments)[0].query["ids"]; fmt.Sprint(got) != "[a b]" {
				t.Errorf("ids %v", got)
			}
		})
	}
}

func TestHostWithoutAssessmentHasNoScore(t *testing.T) {
	t.Parallel()
	_, c := newFake(t, routes{routeAssessments: func(w http.ResponseWriter, _ request) { list(w, 1, `{"aid":"a","assessment":{}}`) }})
	found, _, err := c.HostAssessments(t.Context(), []string{"a"})
	if err != nil || len(found) != 1 || found[0].Overall != nil {
		t.Errorf("got %+v, %v", found, err)
	}
}

// A response that may have lost its records is not taken for that of a host without assessment.
func TestAssessmentsNotStated(t *testing.T) {
	t.Parallel()
	_, c := newFake(t, routes{routeAssessments: func(w http.ResponseWriter, _ request) { reply(w, 200, nothingStated) }})
	if _, missing, err := c.HostAssessments(t.Context(), []string{"a"}); !errors.Is(err, errUnstated) {
		t.Errorf("%v are called missing: %v", missing, err)
	}
}

// Hosts that a response leaves out without an error are requested once more, and then reported as missing.
func TestAssessmentsLeftOut(t *testing.T) {
	t.Parallel()
	for name, heals := range map[string]bool{"once": true, "always": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			calls := 0
			f, c := newFake(t, routes{routeAssessments: func(w http.ResponseWriter, _ request) {
				if calls++; calls == 1 || !heals {
					list(w, 1, assessmentJSON("a"))
					return
				}
				list(w, 1, assessmentJSON("b"))
			}})
			found, missing, err := c.HostAssessments(t.Context(), []string{"a", "b"})
			if err != nil || heals != (len(found) == 2 && len(missing) == 0) || !heals && fmt.Sprint(missing) != "[b]" {
				t.Errorf("found %v, missing %v, %v", found, missing, err)
			}
			if sent := f.calls(routeAssessments); len(sent) != 2 || fmt.Sprint(sent[1].query["ids"]) != "[b]" {
				t.Errorf("%d calls", len(sent))
			}
		})
	}
}

func TestHostScores(t *testing.T) {
	t.Parallel()
	var twenty, forty int64 = 20, 40
	tests := map[string]struct {
		least, most *int64
		limit       int
		filter      string
		want, calls int
		size        string
	}{
		"all":      {filter: "score:>=0", want: 5, calls: 3, size: "1000"},
		"range":    {least: &twenty, most: &forty, filter: "score:>=20+score:<=40", want: 5, calls: 3, size: "1000"},
		"at most":  {most: &forty, filter: "score:>=0+score:<=40", want: 5, calls: 3, size: "1000"},
		"limited":  {limit: 3, filter: "score:>=0", want: 3, calls: 2, size: "3"},
		"only one": {limit: 1, filter: "score:>=0", want: 1, calls: 1, size: "1"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, c := newFake(t, routes{routeScores: func(w http.ResponseWriter, r request) {
				pages := map[string]string{
					"":   `"after":"t1"}},"errors":null,"resources":[{"aid":"a","score":1},{"aid":"b","score":"2"}]}`,
					"t1": `"after":"t2"}},"errors":null,"resources":[{"aid":"b","score":2},{"aid":"c","score":3},{"aid":"d","score":3}]}`,
					"t2": `"after":""}},"errors":null,"resources":[{"aid":"e","score":9}]}`,
				}
				reply(w, 200, `{"meta":{"pagination":{"limit":2,"total":5,`+pages[r.get("after")])
			}})
			scores, total, err := c.HostScores(t.Context(), HostScoreRead{Least: tc.least, Most: tc.most, Limit: tc.limit, MaxConcurrency: 1})
			if err != nil || len(scores) != tc.want || total != 5 {
				t.Fatalf("%v, total %d, %v", scores, total, err)
			}
			calls := f.calls(routeScores)
			if len(calls) != tc.calls || calls[0].get("filter") != tc.filter || calls[0].get("limit") != tc.size || calls[0].get("sort") != "score|asc" {
				t.Errorf("%d calls, first %v", len(calls), calls[0].query)
			}
		})
	}
}

func TestHostScoresEnd(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		response string
		status   int
		says     string
		want     int
	}{
		"no score in range": {status: 200, response: `{"meta":{"pagination":{"after":"","total":0}},"resources":[]}`},
		"same token again":  {status: 200, response: `{"meta":{"pagination":{"after":"x","total":1}},"resources":[{"aid":"a","score":1}]}`, want: 1},
		"nothing":           {status: 200, response: `{"meta":{"pagination":{"after":"","total":0}},"resources":null,"errors":null}`},
		"nothing stated":    {status: 200, response: nothingStated, says: "neither resources nor a total"},
		"list cut off":      {status: 200, response: `{"meta":{"pagination":{"after":"","total":3}},"resources":null}`, says: "should have 3 entries"},
		"404 for no host":   {status: 404, response: `{"meta":{},"errors":[{"code":404,"message":"no assessments"}]}`},
		"score of 190":      {status: 200, response: `{"meta":{},"resources":[{"aid":"a","score":190}]}`, says: "not between 0 and 100"},
		"entry without id":  {status: 200, response: `{"meta":{},"resources":[{"score":1}]}`, says: "no agent id or no score"},
		"entry with no sum": {status: 200, response: `{"meta":{},"resources":[{"aid":"a","score":null}]}`, says: "no agent id or no score"},
		"unknown path":      {status: 404, response: `{"meta":{},"errors":[{"code":404,"message":"404: Page Not Found"}]}`, says: "Page Not Found"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, c := newFake(t, routes{routeScores: func(w http.ResponseWriter, _ request) { reply(w, tc.status, tc.response) }})
			scores, _, err := c.HostScores(t.Context(), HostScoreRead{MaxConcurrency: 1})
			if (err == nil) != (tc.says == "") || !strings.Contains(fmt.Sprint(err), tc.says) || len(scores) != tc.want {
				t.Fatalf("%v, %v", scores, err)
			}
			if n := len(f.calls(routeScores)); n > 2*maxListingTries { // each try reads the total once more
				t.Errorf("%d calls", n)
			}
		})
	}
}
