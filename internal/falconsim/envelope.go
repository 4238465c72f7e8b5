package falconsim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// tracePlaceholder in an error message is replaced with the response's trace id.
const tracePlaceholder = "{trace}"

const gatewayName = "crowdstrike-api-gateway"

// reply is a handler's response before render writes it. The zero value with a status is an envelope without resources.
type reply struct {
	status    int
	resources any                  // nil becomes []
	errors    []apiError           // on any status: Falcon responds with 200 and errors too
	paging    map[string]any       // meta.pagination
	affected  int                  // meta.writes.resources_affected when above 0
	poweredBy string               // "" is the route's
	header    http.Header          // added to the usual headers, or replacing them
	verbatim  bool                 // the error messages were set by a test
	empty     bool                 // no body, as with 204 and 308
	raw       []byte               // instead of the envelope
	doc       map[string]any       // JSON object instead of the envelope
	adjust    func(map[string]any) // changes the finished envelope
}

// apiError is an item of errors[] (wire/conventions.md#envelope).
type apiError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
	ID      string `json:"id,omitempty"`
}

// succeeded is a 200 with resources, which must be a slice.
func succeeded(resources any) reply {
	return reply{status: http.StatusOK, resources: resources}
}

// failed is an error envelope with one error that has the status as its code.
func failed(status int, format string, args ...any) reply {
	return reply{status: status, errors: []apiError{{Code: status, Message: fmt.Sprintf(format, args...)}}}
}

// refuse is [failed] for functions that return nil unless they refuse a request.
func refuse(status int, format string, args ...any) *reply {
	response := failed(status, format, args...)
	return &response
}

func notFoundPath() reply {
	response := failed(http.StatusNotFound, "404: Page Not Found")
	response.poweredBy = gatewayName
	return response
}

func (r reply) paged(limit, offset, total int) reply {
	r.paging = map[string]any{"limit": limit, "offset": offset, "total": total}
	return r
}

// rendered is a complete response.
type rendered struct {
	status int
	header http.Header
	body   []byte
}

// rateLimit is the number of requests that the API allows per minute, unless a record says otherwise
// (wire/conventions.md#rate-limits).
const rateLimit = 6000

// remainingOf is how many requests of a limit are left after n. It never goes down to 10, where clients throttle themselves
// (wire/authentication.md#gofalcon-configuration).
func remainingOf(limit int, n uint64) string {
	return strconv.Itoa(limit - 1 - int(n%1_000_000)%max(1, limit-100))
}

func (s *Server) render(r reply) rendered {
	s.mu.Lock()
	s.responses++
	n := s.responses
	trace := s.newID("trace")
	s.mu.Unlock()
	trace = trace[:8] + "-" + trace[8:12] + "-" + trace[12:16] + "-" + trace[16:20] + "-" + trace[20:]

	out := rendered{status: r.status, header: http.Header{}}
	out.header.Set("Server", "nginx")
	out.header.Set("Strict-Transport-Security", "max-age=15724800; includeSubDomains")
	out.header.Set("X-Cs-Region", s.opts.Cloud)
	out.header.Set("X-Cs-Traceid", trace)
	out.header.Set("X-Ratelimit-Limit", strconv.Itoa(s.minuteLimit()))
	out.header.Set("X-Ratelimit-Remaining", remainingOf(s.minuteLimit(), n))
	out.header.Set("Content-Type", "application/json")
	for key, values := range r.header {
		out.header[http.CanonicalHeaderKey(key)] = values
	}
	switch {
	case r.empty:
		out.header.Del("Content-Type")
	case r.raw != nil:
		out.body = r.raw
	case r.doc != nil:
		out.body = marshal(r.doc)
	default:
		out.body = marshal(s.envelope(r, trace, n))
	}
	return out
}

func (s *Server) envelope(r reply, trace string, n uint64) map[string]any {
	meta := map[string]any{"query_time": 0.001 * float64(1+n%9), "trace_id": trace}
	if r.poweredBy != "" {
		meta["powered_by"] = r.poweredBy
	}
	if r.paging != nil {
		meta["pagination"] = r.paging
	}
	if r.affected > 0 {
		meta["writes"] = map[string]any{"resources_affected": r.affected}
	}
	for i := range r.errors {
		r.errors[i].Message = strings.ReplaceAll(r.errors[i].Message, tracePlaceholder, trace)
		if !r.verbatim {
			r.errors[i].Message = s.message(r.errors[i].Message)
		}
	}
	doc := map[string]any{"meta": meta, "resources": r.resources, "errors": r.errors}
	if r.resources == nil {
		doc["resources"] = []any{}
	}
	if r.errors == nil {
		switch s.reading("Q56") { // GUESS Q56: null was recorded for assessments by score only
		case "a":
			doc["errors"] = []any{}
		case "c":
			delete(doc, "errors")
		}
	}
	if r.adjust != nil {
		r.adjust(doc)
	}
	return doc
}

// marshal returns JSON without escaping <, >, and &, as Falcon does. The values are the simulator's own: a failure is a bug.
func marshal(v any) []byte {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(fmt.Sprintf("falconsim: a response could not be encoded: %v", err))
	}
	return buf.Bytes()
}

// write sends the response. A truncated one announces its full length and stops halfway.
func (o rendered) write(w http.ResponseWriter, truncated bool) {
	for key, values := range o.header {
		w.Header()[key] = values
	}
	if o.status != http.StatusNoContent {
		w.Header().Set("Content-Length", strconv.Itoa(len(o.body)))
	}
	w.WriteHeader(o.status)
	body := o.body
	if truncated {
		body = body[:len(body)/2]
	}
	if len(body) > 0 {
		if _, err := w.Write(body); err != nil {
			panic(http.ErrAbortHandler) // the client is gone
		}
	}
	if truncated {
		if err := http.NewResponseController(w).Flush(); err != nil {
			panic(http.ErrAbortHandler) // the client is gone
		}
		panic(http.ErrAbortHandler)
	}
}

// withMissing turns the response into a 404 that keeps its resources and lists the ids that were not found.
func (r reply) withMissing(ids []string, kind string) reply {
	for _, id := range ids {
		r.status = http.StatusNotFound
		r.errors = append(r.errors, apiError{Code: http.StatusNotFound, Message: kind + " not found: " + id, ID: id})
	}
	return r
}

// with adds headers to the response. Existing ones are kept.
func (r reply) with(header http.Header) reply {
	merged := header.Clone()
	for key, values := range r.header {
		merged[http.CanonicalHeaderKey(key)] = values
	}
	r.header = merged
	return r
}
