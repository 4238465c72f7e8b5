package main

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// screen hands over what is printed.
type screen chan string

func (s screen) Write(text []byte) (int, error) {
	s <- string(text)
	return len(text), nil
}

func TestRunPrintsServesAndStops(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	out, done := make(screen, 1), make(chan error, 1)
	go func() { done <- run(ctx, []string{"-plugin-writes", "-hosts", "4"}, out, io.Discard) }()
	lines := strings.Split(<-out, "\n")
	values := map[string]string{}
	for i, key := range []string{"base_url", "client_id", "client_secret", "cid", "ccid"} {
		name, value, _ := strings.Cut(lines[i], "=")
		if name != key || value == "" {
			t.Fatalf("line %d is %q", i, lines[i])
		}
		values[name] = value
	}
	if len(lines) > 24 || !strings.Contains(strings.Join(lines, "\n"), "a guess") {
		t.Errorf("%d lines: %v", len(lines), lines)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, values["base_url"]+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(response.Body)
	if err != nil || response.Body.Close() != nil || !strings.Contains(string(page), "Hosts (4)") {
		t.Errorf("page %s, %v", page, err)
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestRunRefuses(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"-addr", "0.0.0.0:0"}, {"-addr", "nonsense"}, {"-hosts", "-1"}, {"-hosts", "many"}, {"extra"}, {"-no-such-flag"},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := run(ctx, args, io.Discard, io.Discard); err == nil {
			t.Errorf("%v is accepted", args)
		}
	}
}
