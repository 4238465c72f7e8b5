package tenantcheck

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
)

type probeKey struct{}

// withProbe names the requests that are sent with the context: their responses are found under this name.
func withProbe(ctx context.Context, probe string) context.Context {
	return context.WithValue(ctx, probeKey{}, probe)
}

func probeOf(ctx context.Context) string {
	name, ok := ctx.Value(probeKey{}).(string)
	if !ok {
		return "other"
	}
	return name
}

// response is one response as Falcon sent it. It may hold secrets: nothing prints it.
type response struct {
	probe, method, path string
	query               url.Values
	status              int // 0 if there was none
	header              http.Header
	raw                 []byte
	body                any // the decoded JSON; nil if there is none
}

// String shows no content.
func (r response) String() string { return r.method + " " + r.path }

// GoString shows no content.
func (r response) GoString() string { return "tenantcheck.response{" + r.String() + "}" }

const maxObserved = 64 << 20 // bytes of one response, as in the client

// observer is the RoundTripper under the client. It keeps each response, except those to requests for a token: only their status
// and headers are kept.
type observer struct {
	base   http.RoundTripper
	onWait func(ctx context.Context, header http.Header) // called for each 429

	mu   sync.Mutex
	seen []response
}

// RoundTrip sends one attempt.
func (o *observer) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := o.base.RoundTrip(req)
	seen := response{probe: probeOf(req.Context()), method: req.Method, path: template(req.URL.Path), query: req.URL.Query()}
	if err == nil {
		var raw []byte
		raw, err = io.ReadAll(io.LimitReader(resp.Body, maxObserved+1))
		resp.Body = &replay{Reader: bytes.NewReader(raw), err: err, Closer: resp.Body}
		err = nil // the client sees it at the end of the body
		seen.status, seen.header = resp.StatusCode, resp.Header.Clone()
		if !strings.HasPrefix(req.URL.Path, "/oauth2/") {
			seen.raw = raw
			seen.body = decode(raw)
			if withoutSecrets(seen.body) {
				seen.raw = nil
			}
		}
	}
	o.mu.Lock()
	o.seen = append(o.seen, seen)
	o.mu.Unlock()
	if seen.status == http.StatusTooManyRequests && o.onWait != nil {
		o.onWait(req.Context(), seen.header)
	}
	return resp, err
}

// replay is a body that was read before. After its end it returns the error of that read.
type replay struct {
	io.Reader
	io.Closer
	err error
}

// Read reads the body.
func (r *replay) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if err == io.EOF && r.err != nil {
		err = r.err
	}
	return n, err
}

// decode is the JSON value of a body, with numbers as written; nil if it is not JSON.
func decode(raw []byte) any {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var value any
	if dec.Decode(&value) != nil || dec.More() {
		return nil
	}
	return value
}

var idInPath = regexp.MustCompile(`^[0-9A-Fa-f-]{16,}$`)

// template is a path with its ids replaced.
func template(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if idInPath.MatchString(part) {
			parts[i] = "{id}"
		}
	}
	return strings.Join(parts, "/")
}

// all returns the responses so far, in the order of the requests' ends.
func (o *observer) all() []response {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.seen)
}

// exchanges are the forms of the responses: one for each probe, method, path and status.
func (o *observer) exchanges() []Exchange {
	type key struct {
		probe, method, path string
		status              int
	}
	merged := map[key]*Exchange{}
	var order []key
	for _, r := range o.all() {
		k := key{r.probe, r.method, r.path, r.status}
		e := merged[k]
		if e == nil {
			e = &Exchange{Probe: r.probe, Method: r.method, Path: r.path, Status: r.status}
			merged[k] = e
			order = append(order, k)
		}
		e.Query = union(e.Query, slices.Collect(maps.Keys(r.query)))
		e.Headers = union(e.Headers, slices.Collect(maps.Keys(r.header)))
		e.Messages = union(e.Messages, r.messages())
		if r.body != nil {
			e.Shape = shapeOf(e.Shape, r.body)
		}
	}
	out := make([]Exchange, 0, len(order))
	for _, k := range order {
		out = append(out, *merged[k])
	}
	return out
}

func union(a, b []string) []string {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}

// shapeOf adds a value to a form.
func shapeOf(s *Shape, value any) *Shape {
	if s == nil {
		s = &Shape{}
	}
	kind := "null"
	switch v := value.(type) {
	case map[string]any:
		kind = "object"
		if s.Keys == nil {
			s.Keys = map[string]*Shape{}
		}
		for k, item := range v {
			s.Keys[k] = shapeOf(s.Keys[k], item)
		}
	case []any:
		kind = "list"
		for _, item := range v {
			s.Items = shapeOf(s.Items, item)
		}
	case string:
		kind = "string"
	case json.Number:
		kind = "number"
	case bool:
		kind = "bool"
	}
	s.Types = union(s.Types, []string{kind})
	return s
}
