package acctest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Fault is what happens to a request on its way.
type Fault struct {
	Name string
	Do   func(w *Transport, req *http.Request) (*http.Response, error)
	// Harmless faults must have no effect.
	Harmless bool
}

const proxyPage = "<html><head><title>Bad gateway</title></head><body>No server.</body></html>"

// Faults is what can happen to any request of the provider: a line here is a column of the table.
var Faults = []Fault{
	{Name: "connection refused", Do: func(*Transport, *http.Request) (*http.Response, error) {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	}},
	{Name: "dropped before the change", Do: func(*Transport, *http.Request) (*http.Response, error) { return nil, io.EOF }},
	{Name: "dropped after the change", Do: after(func(*http.Request) (*http.Response, error) {
		return nil, &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)}
	})},
	{Name: "time-out before the change", Do: func(_ *Transport, req *http.Request) (*http.Response, error) { return NeverRespond(req) }},
	{Name: "time-out after the change", Do: after(NeverRespond)},
	{Name: "429, seconds", Do: limited(func() string { return strconv.FormatInt(time.Now().Add(2*time.Second).Unix(), 10) })},
	{Name: "429, milliseconds", Do: limited(func() string { return strconv.FormatInt(time.Now().Add(2*time.Second).UnixMilli(), 10) })},
	{Name: "429, no time", Do: limited(func() string { return "" })},
	{Name: "429, absurd time", Do: limited(func() string { return "99999999999999999999" })},
	{Name: "429, past", Do: limited(func() string { return "17" })},
	{Name: "401", Do: func(w *Transport, req *http.Request) (*http.Response, error) {
		w.tenant.RevokeTokens()
		return w.Send(req)
	}},
	{Name: "401, whatever the token", Do: status(401, "access denied, invalid bearer token")},
	{Name: "hostile refusal", Do: func(_ *Transport, req *http.Request) (*http.Response, error) {
		// It repeats the request, and would clear a terminal.
		text := "\x1b[2J\x1b]0;owned\x07\u202e\r" + req.Header.Get("Authorization")
		header := text
		text += strings.Repeat(" and on", 5_000)
		if req.GetBody != nil {
			if body, err := req.GetBody(); err == nil {
				if raw, err := io.ReadAll(body); err == nil {
					text = "\x1b[31m" + string(raw) + text
				}
			}
		}
		return Respond(req, http.StatusBadRequest, ErrorBody(http.StatusBadRequest, text), "X-Cs-Traceid", header, "X-Cs-Region", header)
	}},
	{Name: "500", Do: status(500, "Internal Server Error: Please provide trace-id='trace-of-the-fault' to support")},
	{Name: "500 after the change", Do: after(func(req *http.Request) (*http.Response, error) {
		return Respond(req, 500, `{"errors":[{"code":500,"message":"Internal Server Error"}]}`)
	})},
	{Name: "502, HTML", Do: func(_ *Transport, req *http.Request) (*http.Response, error) {
		return Respond(req, http.StatusBadGateway, proxyPage, "Content-Type", "text/html")
	}},
	{Name: "200, HTML", Do: func(_ *Transport, req *http.Request) (*http.Response, error) {
		return Respond(req, http.StatusOK, proxyPage, "Content-Type", "text/html")
	}},
	{Name: "503", Do: status(503, "Service Unavailable")},
	{Name: "404, HTML", Do: func(_ *Transport, req *http.Request) (*http.Response, error) {
		return Respond(req, http.StatusNotFound, proxyPage, "Content-Type", "text/html")
	}},
	{Name: "403", Do: status(403, "access denied, authorization failed")},
	{Name: "truncated", Do: func(w *Transport, req *http.Request) (*http.Response, error) {
		return w.SendAltered(req, func(body []byte) []byte { return body[:len(body)/2] })
	}},
	{Name: "empty body", Do: func(w *Transport, req *http.Request) (*http.Response, error) {
		return w.SendAltered(req, func([]byte) []byte { return nil })
	}},
	{Name: "resources null", Do: envelope(func(e map[string]any) { e["resources"] = nil })},
	{Name: "resources absent", Do: envelope(func(e map[string]any) { delete(e, "resources") })},
	{Name: "all fields null", Do: func(w *Transport, req *http.Request) (*http.Response, error) {
		return w.SendAltered(req, func([]byte) []byte { return []byte(`{"meta":{"trace_id":"t"},"errors":null,"resources":null}`) })
	}},
	{Name: "errors on a 200", Do: func(_ *Transport, req *http.Request) (*http.Response, error) {
		return Respond(req, http.StatusOK, ErrorBody(http.StatusInternalServerError, "something went wrong"))
	}},
	{Name: "unknown fields", Harmless: true, Do: envelope(func(e map[string]any) {
		e["novelty"] = map[string]any{"a": []any{1, "b"}}
		each(e["resources"], func(object map[string]any) { object["novelty"] = []any{map[string]any{"x": nil}} })
	})},
	{Name: "wrong types in resources", Do: envelope(func(e map[string]any) {
		each(e["resources"], func(object map[string]any) {
			for key := range object {
				object[key] = []any{map[string]any{"of": "another type"}}
			}
		})
	})},
	{Name: "resources of another type", Do: envelope(func(e map[string]any) { e["resources"] = "none" })},
	{Name: "308 to another host", Do: func(_ *Transport, req *http.Request) (*http.Response, error) {
		return Respond(req, http.StatusPermanentRedirect, "", "Location", "https://elsewhere.example"+req.URL.RequestURI(), "X-Cs-Region", "eu-1")
	}},
}

// after sends the request before the fault happens, so that its change takes effect.
func after(fault func(*http.Request) (*http.Response, error)) func(*Transport, *http.Request) (*http.Response, error) {
	return func(w *Transport, req *http.Request) (*http.Response, error) {
		resp, err := w.Send(req)
		if err != nil {
			return nil, err
		}
		if err := resp.Body.Close(); err != nil {
			return nil, err
		}
		return fault(req)
	}
}

// NeverRespond waits until the request is canceled.
func NeverRespond(req *http.Request) (*http.Response, error) {
	<-req.Context().Done()
	return nil, context.Cause(req.Context())
}

func status(code int, message string) func(*Transport, *http.Request) (*http.Response, error) {
	return func(_ *Transport, req *http.Request) (*http.Response, error) {
		return Respond(req, code, ErrorBody(code, message))
	}
}

// ErrorBody returns the JSON of an error response.
func ErrorBody(code int, message string) string {
	raw, err := json.Marshal(map[string]any{
		"meta": map[string]any{"trace_id": "trace-of-the-fault"}, "errors": []any{map[string]any{"code": code, "message": message}}, "resources": []any{},
	})
	if err != nil {
		return err.Error()
	}
	return string(raw)
}

func limited(until func() string) func(*Transport, *http.Request) (*http.Response, error) {
	return func(_ *Transport, req *http.Request) (*http.Response, error) {
		return Respond(req, http.StatusTooManyRequests, ErrorBody(http.StatusTooManyRequests, "API rate limit exceeded."), "X-Ratelimit-Retryafter", until())
	}
}

// envelope changes the JSON of a response; a body of another kind is unchanged.
func envelope(change func(map[string]any)) func(*Transport, *http.Request) (*http.Response, error) {
	return func(w *Transport, req *http.Request) (*http.Response, error) {
		return w.SendAltered(req, func(body []byte) []byte {
			var doc map[string]any
			decoder := json.NewDecoder(bytes.NewReader(body))
			decoder.UseNumber()
			if decoder.Decode(&doc) != nil {
				return body
			}
			change(doc)
			if out, err := json.Marshal(doc); err == nil {
				return out
			}
			return body
		})
	}
}

func each(resources any, do func(map[string]any)) {
	items, ok := resources.([]any)
	if !ok {
		return
	}
	for _, item := range items {
		if object, ok := item.(map[string]any); ok {
			do(object)
		}
	}
}

// FindFault returns the fault of this name.
func FindFault(name string) *Fault {
	return &Faults[slices.IndexFunc(Faults, func(f Fault) bool { return f.Name == name })]
}

// Delay returns a fault that delays a request on the fake clock. It calls sent before the delay.
func Delay(wait time.Duration, sent func()) *Fault {
	return &Fault{Do: func(w *Transport, req *http.Request) (*http.Response, error) {
		sent()
		select {
		case <-time.After(wait):
			return w.Send(req)
		case <-req.Context().Done():
			return nil, context.Cause(req.Context())
		}
	}}
}

// FaultAt selects a fault for one request and, if it lasts, for the later ones of the same kind.
func FaultAt(at SentCall, f Fault, lasting bool) func(SentCall) *Fault {
	return func(c SentCall) *Fault {
		if c.Method == at.Method && c.Path == at.Path && (c.N == at.N || lasting && c.N > at.N) {
			return &f
		}
		return nil
	}
}
