package falcon

import (
	"context"
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

// request is one request to a fake.
type request struct {
	line   string // "GET /path"
	query  map[string][]string
	header http.Header
	body   string
}

func (r request) get(key string) string {
	if v := r.query[key]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// fake is a Falcon that responds as a test defines, and keeps its requests.
type fake struct {
	mu     sync.Mutex
	seen   []request
	routes map[string]func(w http.ResponseWriter, r request)
}

// newFake serves routes, keyed "METHOD /path", and returns a client for it whose waits take no time.
func newFake(t *testing.T, routes map[string]func(w http.ResponseWriter, r request)) (*fake, *Client) {
	t.Helper()
	f := &fake{routes: routes}
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	c, err := New(t.Context(), Config{AccessToken: "test-token", BaseURL: server.URL, MaxRetries: 2, clock: instantClock(0)})
	if err != nil {
		t.Fatal(err)
	}
	return f, c
}

// instantClock is a clock on which waiting takes no time. After the limit, waits fail; 0 is no limit.
func instantClock(limit time.Duration) *clock {
	var mu sync.Mutex
	start := time.Unix(1_800_000_000, 0)
	now := start
	return &clock{
		now: func() time.Time {
			mu.Lock()
			defer mu.Unlock()
			return now
		},
		sleep: func(ctx context.Context, d time.Duration) error {
			mu.Lock()
			defer mu.Unlock()
			if now = now.Add(d); limit > 0 && now.Sub(start) > limit {
				return context.DeadlineExceeded
			}
			return ctx.Err()
		},
	}
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	req := request{line: r.Method + " " + r.URL.Path, query: r.URL.Query(), header: r.Header, body: string(body)}
	f.mu.Lock()
	f.seen = append(f.seen, req)
	f.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Cs-Traceid", "trace-1")
	if route := f.routes[req.line]; route != nil {
		route(w, req)
		return
	}
	reply(w, http.StatusNotFound, `{"meta":{"query_time":0,"trace_id":"t"},"errors":[{"code":404,"message":"404: Page Not Found"}]}`)
}

// calls returns the requests of a route.
func (f *fake) calls(line string) []request {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(f.seen), func(r request) bool { return r.line != line })
}

// lines returns the short names of all requests in order: the method and the last significant part of the path.
func (f *fake) lines() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []string
	for _, r := range f.seen {
		method, path, _ := strings.Cut(r.line, " ")
		short := strings.TrimSuffix(path, "/v1")
		short = short[strings.LastIndex(short, "/")+1:]
		if r.get("validate_only") == "true" {
			short += "?"
		}
		if a := r.get("action_name"); a != "" {
			short = a
		}
		out = append(out, method+" "+short)
	}
	return strings.Join(out, ", ")
}

func reply(w http.ResponseWriter, status int, body string) {
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

// list is a 200 with resources (JSON values) and a total.
func list(w http.ResponseWriter, total int, resources ...string) {
	reply(w, http.StatusOK, fmt.Sprintf(`{"meta":{"query_time":0.1,"trace_id":"t","pagination":{"limit":1,"offset":0,"total":%d}},`+
		`"errors":null,"resources":[%s]}`, total, strings.Join(resources, ",")))
}

// refusal is an error response.
func refusal(w http.ResponseWriter, status int, message string) {
	reply(w, status, fmt.Sprintf(`{"meta":{"query_time":0,"trace_id":"t"},"errors":[{"code":%d,"message":%q}],"resources":null}`, status, message))
}

// drop closes the connection without a response.
func drop() { panic(http.ErrAbortHandler) }
