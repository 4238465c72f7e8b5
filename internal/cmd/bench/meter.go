package main

import (
	"io"
	"net/http"
	"sync"
)

const tokenPath = "/oauth2/token" //nolint:gosec // a path, no credential

// meter counts requests and the bytes of their responses.
type meter struct {
	base http.RoundTripper

	mu       sync.Mutex
	requests int
	bytes    int64
	now      int
	most     int
}

func newMeter() *meter {
	base := &http.Transport{MaxIdleConnsPerHost: 32, DisableCompression: true}
	return &meter{base: base}
}

// RoundTrip sends a request. It does not count requests for tokens.
func (m *meter) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Path == tokenPath {
		return m.base.RoundTrip(r)
	}
	m.mu.Lock()
	m.requests++
	m.now++
	m.most = max(m.most, m.now)
	m.mu.Unlock()
	resp, err := m.base.RoundTrip(r)
	m.mu.Lock()
	m.now--
	m.mu.Unlock()
	if err == nil {
		resp.Body = &countedBody{ReadCloser: resp.Body, meter: m}
	}
	return resp, err
}

func (m *meter) outcome() outcome {
	m.mu.Lock()
	defer m.mu.Unlock()
	return outcome{Requests: m.requests, Bytes: m.bytes, InFlight: m.most}
}

type countedBody struct {
	io.ReadCloser
	meter *meter
}

func (b *countedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.meter.mu.Lock()
	b.meter.bytes += int64(n)
	b.meter.mu.Unlock()
	return n, err
}
