package provider

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

// fault is something that happens to a call on its way.
type fault struct {
	name string
	do   func(w *wire, req *http.Request) (*http.Response, error)
	// harmless faults must not be noticed at all.
	harmless bool
}

const (
	proxyPage = "<html><head><title>Bad gateway</title></head><body>No server.</body></html>"
)

// faults is what may happen to any call of the provider: a line here is a column of the table.
var faults = []fault{
	{name: "connection refused", do: func(*wire, *http.Request) (*http.Response, error) {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	}},
	{name: "dropped before the change", do: func(*wire, *http.Request) (*http.Response, error) { return nil, io.EOF }},
	{name: "dropped after the change", do: after(func(*http.Request) (*http.Response, error) {
		return nil, &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)}
	})},
	{name: "time-out before the change", do: func(_ *wire, req *http.Request) (*http.Response, error) { return never(req) }},
	{name: "time-out after the change", do: after(never)},
	{name: "429, seconds", do: limited(func() string { return strconv.FormatInt(time.Now().Add(2*time.Second).Unix(), 10) })},
	{name: "429, milliseconds", do: limited(func() string { return strconv.FormatInt(time.Now().Add(2*time.Second).UnixMilli(), 10) })},
	{name: "429, no time", do: limited(func() string { return "" })},
	{name: "429, absurd time", do: limited(func() string { return "99999999999999999999" })},
	{name: "429, past", do: limited(func() string { return "17" })},
	{name: "401", do: func(w *wire, req *http.Request) (*http.Response, error) {
		w.tenant.RevokeTokens()
		return w.carry(req)
	}},
	{name: "401, whatever the token", do: status(401, "access denied, invalid bearer token")},
	{name: "hostile refusal", do: func(_ *wire, req *http.Request) (*http.Response, error) {
		// It repeats the request, and would clear the screen.
		text := "\x1b[2J\x1b]0;owned\x07\u202e\r" + req.Header.Get("Authorization") + strings.Repeat(" and on", 50_000)
		if req.GetBody != nil {
			if body, err := req.GetBody(); err == nil {
				if raw, err := io.ReadAll(body); err == nil {
					text = "\x1b[31m" + string(raw) + text
				}
			}
		}
		return answered(req, http.StatusBadRequest, refused(http.StatusBadRequest, text), "X-Cs-Traceid", text, "X-Cs-Region", text)
	}},
	{name: "500", do: status(500, "Internal Server Error: Please provide trace-id='trace-of-the-fault' to support")},
	{name: "500 after the change", do: after(func(req *http.Request) (*http.Response, error) {
		return answered(req, 500, `{"errors":[{"code":500,"message":"Internal Server Error"}]}`)
	})},
	{name: "502, HTML", do: func(_ *wire, req *http.Request) (*http.Response, error) {
		return answered(req, http.StatusBadGateway, proxyPage, "Content-Type", "text/html")
	}},
	{name: "200, HTML", do: func(_ *wire, req *http.Request) (*http.Response, error) {
		return answered(req, http.StatusOK, proxyPage, "Content-Type", "text/html")
	}},
	{name: "503", do: status(503, "Service Unavailable")},
	{name: "404, HTML", do: func(_ *wire, req *http.Request) (*http.Response, error) {
		return answered(req, http.StatusNotFound, proxyPage, "Content-Type", "text/html")
	}},
	{name: "403", do: status(403, "access denied, authorization failed")},
	{name: "truncated", do: func(w *wire, req *http.Request) (*http.Response, error) {
		return w.altered(req, func(body []byte) []byte { return body[:len(body)/2] })
	}},
	{name: "empty body", do: func(w *wire, req *http.Request) (*http.Response, error) {
		return w.altered(req, func([]byte) []byte { return nil })
	}},
	{name: "resources null", do: envelope(func(e map[string]any) { e["resources"] = nil })},
	{name: "resources absent", do: envelope(func(e map[string]any) { delete(e, "resources") })},
	{name: "nothing but null", do: func(w *wire, req *http.Request) (*http.Response, error) {
		return w.altered(req, func([]byte) []byte { return []byte(`{"meta":{"trace_id":"t"},"errors":null,"resources":null}`) })
	}},
	{name: "errors on a 200", do: func(_ *wire, req *http.Request) (*http.Response, error) {
		return answered(req, http.StatusOK, refused(http.StatusInternalServerError, "something went wrong"))
	}},
	{name: "unknown fields", harmless: true, do: envelope(func(e map[string]any) {
		e["novelty"] = map[string]any{"a": []any{1, "b"}}
		each(e["resources"], func(object map[string]any) { object["novelty"] = []any{map[string]any{"x": nil}} })
	})},
	{name: "wrong types in resources", do: envelope(func(e map[string]any) {
		each(e["resources"], func(object map[string]any) {
			for key := range object {
				object[key] = []any{map[string]any{"of": "another type"}}
			}
		})
	})},
	{name: "resources of another type", do: envelope(func(e map[string]any) { e["resources"] = "none" })},
	{name: "308 to another host", do: func(_ *wire, req *http.Request) (*http.Response, error) {
		return answered(req, http.StatusPermanentRedirect, "", "Location", "https://elsewhere.example"+req.URL.RequestURI(), "X-Cs-Region", "eu-1")
	}},
}

// after lets the change take effect before the fault strikes.
func after(strike func(*http.Request) (*http.Response, error)) func(*wire, *http.Request) (*http.Response, error) {
	return func(w *wire, req *http.Request) (*http.Response, error) {
		resp, err := w.carry(req)
		if err != nil {
			return nil, err
		}
		if err := resp.Body.Close(); err != nil {
			return nil, err
		}
		return strike(req)
	}
}

// never answers: the caller has to give up.
func never(req *http.Request) (*http.Response, error) {
	<-req.Context().Done()
	return nil, context.Cause(req.Context())
}

func status(code int, message string) func(*wire, *http.Request) (*http.Response, error) {
	return func(_ *wire, req *http.Request) (*http.Response, error) {
		return answered(req, code, refused(code, message))
	}
}

func refused(code int, message string) string {
	raw, err := json.Marshal(map[string]any{
		"meta": map[string]any{"trace_id": "trace-of-the-fault"}, "errors": []any{map[string]any{"code": code, "message": message}}, "resources": []any{},
	})
	if err != nil {
		return err.Error()
	}
	return string(raw)
}

func limited(until func() string) func(*wire, *http.Request) (*http.Response, error) {
	return func(_ *wire, req *http.Request) (*http.Response, error) {
		return answered(req, http.StatusTooManyRequests, refused(http.StatusTooManyRequests, "API rate limit exceeded."), "X-Ratelimit-Retryafter", until())
	}
}

// envelope changes the JSON of an answer; any other answer stays as it is.
func envelope(change func(map[string]any)) func(*wire, *http.Request) (*http.Response, error) {
	return func(w *wire, req *http.Request) (*http.Response, error) {
		return w.altered(req, func(body []byte) []byte {
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

// faultNamed is a fault of the list.
func faultNamed(name string) *fault {
	return &faults[slices.IndexFunc(faults, func(f fault) bool { return f.name == name })]
}
