package falcon

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func manyHosts(n int) []string {
	aids := make([]string, n)
	for i := range aids {
		aids[i] = fmt.Sprintf("%032x", i)
	}
	return aids
}

func respondAssessments(w http.ResponseWriter, r request) {
	var all []string
	for _, id := range r.query["ids"] {
		all = append(all, assessmentJSON(id))
	}
	list(w, len(all), all...)
}

// sizes returns the numbers of requested ids, in the order of the requests.
func (f *fake) sizes() []int {
	var out []int
	for _, r := range f.calls(routeAssessments) {
		out = append(out, len(r.query["ids"]))
	}
	return out
}

func TestHostAssessmentsInBatches(t *testing.T) {
	t.Parallel()
	f, c := newFake(t, routes{routeAssessments: respondAssessments})
	aids := manyHosts(2050)
	found, notFound, err := c.HostAssessments(t.Context(), aids)
	if err != nil || len(found) != len(aids) || notFound != nil {
		t.Fatalf("%d found, %v, %v", len(found), notFound, err)
	}
	for i := range aids {
		if found[i].AID != aids[i] {
			t.Fatalf("host %d is %s, want %s", i, found[i].AID, aids[i])
		}
	}
	sizes := f.sizes()
	slices.Sort(sizes)
	if fmt.Sprint(sizes) != "[50 1000 1000]" {
		t.Errorf("batches of %v", sizes)
	}
	if _, _, err := c.HostAssessments(t.Context(), nil); err != nil || len(f.sizes()) != 3 {
		t.Errorf("no ids: %v, or a call was sent", err)
	}
}

func TestHostAssessmentsInSmallerBatches(t *testing.T) {
	t.Parallel()
	status := func(status int, body string) func(w http.ResponseWriter) {
		return func(w http.ResponseWriter) { reply(w, status, body) }
	}
	const page = "<html><body>Request-URI Too Large</body></html>"
	tests := map[string]struct {
		hosts, most int
		refuse      func(w http.ResponseWriter)
		calls       string // of the first read
		next        string // of the next one
		says        string
	}{
		"414 of a proxy":   {hosts: 1001, most: 600, refuse: status(414, page), calls: "[1000 1 500 500]", next: "[500 500 1]"},
		"twice":            {hosts: 2000, most: 499, refuse: status(414, ""), calls: "[1000 500 250 250 250 250 250 250 250 250]", next: "[250 250 250 250 250 250 250 250]"},
		"431":              {hosts: 7, most: 4, refuse: status(431, ""), calls: "[7 4 3]", next: "[4 3]"},
		"413":              {hosts: 4, most: 2, refuse: status(413, page), calls: "[4 2 2]", next: "[2 2]"},
		"400 of Falcon":    {hosts: 4, most: 2, refuse: func(w http.ResponseWriter) { refusal(w, 400, "number of agent IDs exceeds the limit of 1000") }, calls: "[4 2 2]", next: "[2 2]"},
		"400 of a proxy":   {hosts: 4, most: 2, refuse: status(400, page), calls: "[4 2 2]", next: "[2 2]"},
		"other 400":        {hosts: 4, most: 2, refuse: func(w http.ResponseWriter) { refusal(w, 400, "invalid agent id") }, calls: "[4]", next: "[4]", says: "invalid agent id"},
		"403":              {hosts: 4, most: 2, refuse: status(403, page), calls: "[4]", next: "[4]", says: "403"},
		"not even one":     {hosts: 3, most: 0, refuse: status(414, page), calls: "[3 2 1]", next: "[1]", says: "414"},
		"a single one":     {hosts: 1, most: 0, refuse: status(414, page), calls: "[1]", next: "[1]", says: "414"},
		"all is very well": {hosts: 1, most: 1, calls: "[1]", next: "[1]"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, c := newFake(t, routes{routeAssessments: func(w http.ResponseWriter, r request) {
				if len(r.query["ids"]) > tc.most {
					tc.refuse(w)
					return
				}
				respondAssessments(w, r)
			}})
			aids, seen := manyHosts(tc.hosts), 0
			for _, want := range []string{tc.calls, tc.next} {
				found, notFound, err := c.HostAssessmentsOf(t.Context(), aids, AssessmentRead{MaxConcurrency: 1})
				if tc.says != "" && (err == nil || !strings.Contains(err.Error(), tc.says)) {
					t.Fatalf("error %v", err)
				}
				if tc.says == "" && (err != nil || len(found) != tc.hosts || notFound != nil) {
					t.Fatalf("%d found, %v, %v", len(found), notFound, err)
				}
				sizes := f.sizes()
				if got := fmt.Sprint(sizes[seen:]); got != want {
					t.Errorf("batches of %s, want %s", got, want)
				}
				seen = len(sizes)
			}
		})
	}
}

// Batches that are refused at the same time lower the size once, not once each.
func TestHostAssessmentsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	const atOnce = 4
	var refused sync.WaitGroup
	refused.Add(atOnce)
	f, c := newFake(t, routes{routeAssessments: func(w http.ResponseWriter, r request) {
		if len(r.query["ids"]) > 500 {
			refused.Done()
			refused.Wait()
			reply(w, http.StatusRequestURITooLong, "")
			return
		}
		respondAssessments(w, r)
	}})
	found, _, err := c.HostAssessmentsOf(t.Context(), manyHosts(atOnce*1000), AssessmentRead{MaxConcurrency: atOnce})
	if err != nil || len(found) != atOnce*1000 {
		t.Fatalf("%d found, %v", len(found), err)
	}
	sizes := f.sizes()
	slices.Sort(sizes)
	if got := fmt.Sprint(sizes); got != "[500 500 500 500 500 500 500 500 1000 1000 1000 1000]" {
		t.Errorf("batches of %s", got)
	}
}

// slowHosts knows no host. In a synctest bubble every request that may be in flight is, before the first response.
type slowHosts struct {
	mu           sync.Mutex
	flying, most int
}

func (s *slowHosts) RoundTrip(*http.Request) (*http.Response, error) {
	s.fly(1)
	time.Sleep(time.Second)
	s.fly(-1)
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(`{"resources":[]}`))}, nil
}

func (s *slowHosts) fly(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.flying += n
	s.most = max(s.most, s.flying)
}

func TestHostAssessmentsInFlight(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ asked, want int }{"default": {0, 4}, "one": {1, 1}, "many": {7, 7}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var tenant slowHosts
			synctest.Test(t, func(t *testing.T) {
				c, err := New(t.Context(), Config{AccessToken: "test-token", BaseURL: "https://falcon.invalid", HTTPTransport: &tenant})
				if err != nil {
					t.Fatal(err)
				}
				_, missing, err := c.HostAssessmentsOf(t.Context(), manyHosts(20_000), AssessmentRead{MaxConcurrency: tc.asked})
				if err != nil || len(missing) != 20_000 {
					t.Errorf("%d missing, %v", len(missing), err)
				}
			})
			if tenant.most != tc.want {
				t.Errorf("%d in flight, want %d", tenant.most, tc.want)
			}
		})
	}
}

func TestHostAssessmentsWithoutSignals(t *testing.T) {
	t.Parallel()
	_, c := newFake(t, routes{routeAssessments: respondAssessments})
	for _, signals := range []bool{false, true} {
		found, _, err := c.HostAssessmentsOf(t.Context(), []string{"a"}, AssessmentRead{Signals: signals})
		if err != nil || len(found) != 1 || *found[0].Overall != 19 || found[0].Version != "3.6.1" {
			t.Fatalf("signals %t: %+v, %v", signals, found, err)
		}
		if got := found[0].OSSignals != nil && found[0].SensorSignals != nil; got != signals {
			t.Errorf("signals %t: got %v and %v", signals, found[0].OSSignals, found[0].SensorSignals)
		}
	}
}

// Signals that were not requested are not decoded: ten times as many are not one allocation more.
//
//nolint:paralleltest // counting allocations allows no other test at the same time
func TestSkippedSignalsAllocateNothing(t *testing.T) {
	body := func(signals int) []byte {
		const one = `{"signal_id":"s","signal_name":"S","group_name":"g","criteria":"c","meets_criteria":"no"}`
		return []byte(`{"aid":"a","assessment_items":{"os_signals":[` + strings.Repeat(one+",", signals) + one + `]}}`)
	}
	grown := func(decode func(*envelope) ([]HostAssessment, error)) float64 {
		allocations := func(signals int) float64 {
			env := &envelope{Resources: []json.RawMessage{body(signals)}}
			return testing.AllocsPerRun(20, func() {
				if found, err := decode(env); err != nil || len(found) != 1 {
					t.Errorf("%d found, %v", len(found), err)
				}
			})
		}
		return allocations(500) - allocations(50)
	}
	if n := grown(func(env *envelope) ([]HostAssessment, error) { return assessmentsIn[wireAssessment](t.Context(), env) }); n > 1 {
		t.Errorf("%v allocations more", n)
	}
	if n := grown(func(env *envelope) ([]HostAssessment, error) {
		return assessmentsIn[wireAssessmentWithSignals](t.Context(), env)
	}); n <= 1 {
		t.Errorf("the test proves nothing: %v allocations more with signals", n)
	}
}
