package falcon

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	testID     = "0123456789abcdef0123456789abcdef"
	testSecret = "s3cret-of-the-provider"
	testToken  = "t0ken-of-the-provider"
)

// step is one prepared response of a [script].
type step struct {
	status int
	header map[string]string
	body   string
	drop   bool // the connection is closed without a response
	cut    bool // the connection is closed in the middle of the body
	do     func(w http.ResponseWriter, r *http.Request)
}

// script is a Falcon that returns its steps in order, and always the last one after that, per "METHOD /path". It issues
// tokens by itself unless it has steps for them.
type script struct {
	mu    sync.Mutex
	steps map[string][]step
	lines []string // "METHOD /path"
	auth  []string
	forms []string
	slept []time.Duration
	logs  []string
	now   time.Time
}

func envelopeOK(resources string) string {
	return `{"meta":{"query_time":0.1,"trace_id":"trace-ok"},"errors":null,"resources":` + resources + `}`
}

func envelopeError(code int, message string) string {
	text, err := json.Marshal(message)
	if err != nil {
		panic(err)
	}
	return fmt.Sprintf(`{"meta":{"query_time":0.1,"trace_id":"trace-err"},"errors":[{"code":%d,"message":%s}],"resources":[]}`, code, text)
}

func refuse(status int, message string) step {
	return step{status: status, body: envelopeError(status, message)}
}

func (s *script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, "unreadable", http.StatusBadRequest)
		return
	}
	line := r.Method + " " + r.URL.Path
	s.mu.Lock()
	s.lines = append(s.lines, line)
	s.auth = append(s.auth, r.Header.Get("Authorization"))
	s.forms = append(s.forms, string(body))
	next := step{status: http.StatusNotFound, body: envelopeError(404, "404: Page Not Found")}
	if line == "POST /oauth2/token" {
		next = step{status: 201, body: `{"access_token":"` + testToken + `","token_type":"bearer","expires_in":1799}`}
	}
	if steps := s.steps[line]; len(steps) > 0 {
		next = steps[0]
		if len(steps) > 1 {
			s.steps[line] = steps[1:]
		}
	}
	s.mu.Unlock()
	next.write(w, r)
}

func (st step) write(w http.ResponseWriter, r *http.Request) {
	switch {
	case st.do != nil:
		st.do(w, r)
		return
	case st.drop || st.status == 0: // a step that the test did not expect is no response at all
		panic(http.ErrAbortHandler)
	}
	if w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", "application/json")
	}
	for k, v := range st.header {
		w.Header().Set(k, v)
	}
	if st.cut {
		w.Header().Set("Content-Length", fmt.Sprint(len(st.body)+10))
	}
	w.WriteHeader(st.status)
	_, err := io.WriteString(w, st.body)
	if st.cut || err != nil {
		panic(http.ErrAbortHandler)
	}
}

// count returns the number of requests to a path.
func (s *script) count(line string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, l := range s.lines {
		if l == line {
			n++
		}
	}
	return n
}

func (s *script) waits() []time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.slept)
}

// clock sleeps in no time: it advances its own time. It starts with the real time, to match the Date of responses.
func (s *script) clock() *clock {
	s.now = time.Now()
	return &clock{
		now: s.clockNow,
		sleep: func(ctx context.Context, d time.Duration) error {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.slept = append(s.slept, d)
			s.now = s.now.Add(d)
			return ctx.Err()
		},
	}
}

func (s *script) clockNow() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// newScript starts the server and returns a client for it. Connections are not reused: net/http would repeat reads by itself
// on one that the server closed, so the counts would be random.
func newScript(t *testing.T, steps map[string][]step, change ...func(*Config)) (*script, *Client) {
	t.Helper()
	s := &script{steps: steps}
	server := httptest.NewUnstartedServer(s)
	server.Config.ErrorLog = nil
	server.Start()
	t.Cleanup(server.Close)
	cfg := Config{
		ClientID: testID, ClientSecret: testSecret, BaseURL: server.URL, MaxRetries: 3, clock: s.clock(),
		HTTPTransport: &http.Transport{DisableKeepAlives: true},
		Log: func(_ context.Context, msg string, fields map[string]any) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.logs = append(s.logs, fmt.Sprint(msg, fields))
		},
	}
	for _, f := range change {
		f(&cfg)
	}
	c, err := New(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s, c
}

// noSecrets fails when a text contains one of the run's secrets.
func noSecrets(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		for _, secret := range []string{testSecret, testToken, hmacSecret} {
			if strings.Contains(text, secret) {
				t.Errorf("a secret is in %q", text)
			}
		}
	}
}

// roundTripper is a Falcon without a network, for tests on the fake clock of testing/synctest.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// jsonResponse is a JSON response.
func jsonResponse(req *http.Request, status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(body)), Request: req,
	}
}
