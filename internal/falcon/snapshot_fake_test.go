package falcon

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// objects is a tenant in memory, behind the transport: it has a text for each id of each kind.
type objects struct {
	t     *testing.T
	mu    sync.Mutex
	kinds map[string]map[string]string // kind, id, text
	seen  []string                     // "METHOD /path", with "(list)" behind the listing of workflows
	broke string                       // the listing that fails
	held  chan struct{}                // listings wait for it, unless nil
	// versions is how many rows there are for each workflow: the last one has its text, the others have "former".
	versions int
	now      time.Time
}

const (
	workflowsPath = "/workflows/combined/definitions/v1"
	idsPath       = "/api-clients/queries/api-clients/v1"
	clientsPath   = "/api-clients/entities/api-clients/v1"
	configsPath   = "/plugins/combined/configs/v1"
)

// newObjects returns a client for a tenant with n objects of each kind, w0 to c0 to p0, all with the text "old".
func newObjects(t *testing.T, workflows, clients, configs int) (*objects, *Client) {
	t.Helper()
	o := &objects{t: t, kinds: map[string]map[string]string{}, now: time.Unix(1_800_000_000, 0)}
	for kind, n := range map[string]int{"w": workflows, "c": clients, "p": configs} {
		o.kinds[kind] = map[string]string{}
		for i := range n {
			o.kinds[kind][fmt.Sprint(kind, i)] = "old"
		}
	}
	c, err := New(t.Context(), Config{AccessToken: "test-token", BaseURL: "https://falcon.example", HTTPTransport: o, clock: &clock{
		now: func() time.Time { o.mu.Lock(); defer o.mu.Unlock(); return o.now }, sleep: systemClock().sleep,
	}})
	if err != nil {
		t.Fatal(err)
	}
	return o, c
}

// put changes or adds an object without the client.
func (o *objects) put(id, text string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.kinds[id[:1]][id] = text
}

func (o *objects) pass(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.now = o.now.Add(d)
}

// calls are all requests, or those with this prefix.
func (o *objects) calls(prefix string) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(slices.DeleteFunc(slices.Clone(o.seen), func(s string) bool { return !strings.HasPrefix(s, prefix) }))
}

func (o *objects) RoundTrip(r *http.Request) (*http.Response, error) {
	q, line := r.URL.Query(), r.Method+" "+r.URL.Path
	listing := r.Method == http.MethodGet && r.URL.Path != clientsPath && (r.URL.Path != workflowsPath || q.Get("filter") == "")
	if listing && r.URL.Path == workflowsPath {
		line += " (list)"
	}
	o.mu.Lock()
	o.seen = append(o.seen, line)
	held := o.held
	o.mu.Unlock()
	if listing && held != nil {
		select {
		case <-held:
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
	if r.Body != nil {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return nil, err
		}
	}
	w := httptest.NewRecorder()
	w.Header().Set("Content-Type", "application/json")
	o.response(w, line, q)
	return w.Result(), nil
}

func (o *objects) response(w http.ResponseWriter, line string, q url.Values) {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch line {
	case o.broke:
		refusal(w, http.StatusForbidden, "broken")
	case "POST " + clientsPath:
		reply(w, http.StatusCreated, envelopeOK(`[{"id":"c999","client_secret":"x"}]`))
	case "GET " + workflowsPath:
		o.some(w, "w", strings.Trim(strings.TrimPrefix(q.Get("filter"), "id:"), "'"))
	case "GET " + workflowsPath + " (list)":
		o.page(w, "w", q, o.rows)
	case "GET " + idsPath:
		o.page(w, "c", q, func(id string) []string { return []string{strconv.Quote(id)} })
	case "GET " + clientsPath:
		if slices.Equal(q["ids"], []string{"c999"}) { // the one that was created
			list(w, 1, `{"id":"c999"}`)
			return
		}
		o.some(w, "c", q["ids"]...)
	case "GET " + configsPath:
		o.page(w, "p", q, o.rows)
	case "GET /workflows/combined/activities/v1":
		list(w, 0)
	default: // every other write is refused
		refusal(w, http.StatusForbidden, "no")
	}
}

func (o *objects) object(id string) string {
	text, err := json.Marshal(o.kinds[id[:1]][id])
	if err != nil {
		o.t.Error(err)
	}
	return fmt.Sprintf(`{"id":%q,"config_id":%q,"name":%s,"config":{"name":%s},"scopes":[%s]}`, id, id, text, text, text)
}

// rows are the rows of an object in the listings.
func (o *objects) rows(id string) []string {
	newest := o.object(id)
	if id[:1] != "w" || o.versions < 2 {
		return []string{newest}
	}
	var rows []string
	for v := 1; v < o.versions; v++ { // oldest first: the requested order is not respected
		rows = append(rows, fmt.Sprintf(`{"id":%q,"name":"former","version":%d}`, id, v))
	}
	return append(rows, strings.Replace(newest, "{", fmt.Sprintf(`{"version":%d,`, o.versions), 1))
}

func (o *objects) some(w http.ResponseWriter, kind string, ids ...string) {
	var found []string
	for _, id := range ids {
		if _, ok := o.kinds[kind][id]; ok {
			found = append(found, o.rows(id)...)
		}
	}
	list(w, len(found), found...)
}

func (o *objects) page(w http.ResponseWriter, kind string, q url.Values, show func(id string) []string) {
	var all []string
	for _, id := range slices.Sorted(maps.Keys(o.kinds[kind])) {
		all = append(all, show(id)...)
	}
	from, err := strconv.Atoi("0" + q.Get("offset"))
	limit, limitErr := strconv.Atoi(q.Get("limit"))
	if err != nil || limitErr != nil || limit > 500 {
		o.t.Errorf("page with %v", q)
	}
	list(w, len(all), all[min(from, len(all)):min(from+limit, len(all))]...)
}
