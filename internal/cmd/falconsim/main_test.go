package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/tenantfacts"
)

// screen passes on the output.
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
	go func() { done <- run(ctx, []string{"-reading", "Q12=b", "-hosts", "4"}, nil, out, io.Discard) }()
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
		{"-addr", "0.0.0.0:0"}, {"-addr", "nonsense"}, {"-hosts", "-1"}, {"-hosts", "many"}, {"./no-such-program"}, {"-no-such-flag"},
		{"-facts", "missing.json"}, {"-facts", "main_test.go"}, {"-every-scope"}, {"-member-cid", "abc"}, {"-member-cid", strings.Repeat("a", 32), "-member-cid", strings.Repeat("A", 32)}, {"-reading", "Q12"}, {"-reading", "Q12=z"}, {"-reading", "Q99=a"}, {"-plugin-writes"},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := run(ctx, args, nil, io.Discard, io.Discard); err == nil {
			t.Errorf("%v is accepted", args)
		}
	}
}

// helperVariable makes the test binary act as the command, with the exit status that it has.
const helperVariable = "FALCONSIM_TEST_COMMAND"

func TestMain(m *testing.M) {
	if want := os.Getenv(helperVariable); want != "" {
		os.Exit(standIn(want))
	}
	os.Exit(m.Run())
}

// fixedAddress makes the stand-in a client with a fixed address.
const fixedAddress = "fixed-address"

// standIn signs in to the tenant of its environment, as any Falcon client does, and returns the status in want.
func standIn(want string) int {
	status, err := strconv.Atoi(want)
	if err != nil {
		return 99
	}
	form := url.Values{"client_id": {os.Getenv("FALCON_CLIENT_ID")}, "client_secret": {os.Getenv("FALCON_CLIENT_SECRET")}}
	address := os.Getenv("FALCON_BASE_URL")
	if slices.Contains(os.Args, fixedAddress) && runtime.GOOS == "linux" { // on other systems Go does not read SSL_CERT_FILE
		address = "https://api.crowdstrike.com"
	}
	response, err := http.PostForm(address+"/oauth2/token", form) //nolint:noctx // the test ends it and set the address
	if err != nil || response.Body.Close() != nil || response.StatusCode != http.StatusCreated {
		return 98
	}
	fmt.Println("signed in", os.Getenv("FALCON_CLOUD") == "" && os.Getenv("FALCON_SIMULATOR") == os.Getenv("FALCON_BASE_URL"), os.Args[1:])
	return status
}

func TestRunCommand(t *testing.T) {
	t.Setenv("FALCON_CLOUD", "us-2")
	t.Setenv("FALCON_BASE_URL", "https://api.crowdstrike.com")
	t.Setenv("FALCON_SIMULATOR", "https://api.crowdstrike.com")
	for _, status := range []int{0, 7} {
		t.Setenv(helperVariable, strconv.Itoa(status))
		var out strings.Builder
		err := run(t.Context(), []string{"-hosts", "4", os.Args[0], "-x", "y"}, nil, &out, io.Discard)
		var got exitStatus
		if errors.As(err, &got); int(got) != status || (status == 0) != (err == nil) {
			t.Errorf("got %v, want %d", err, status)
		}
		if out.String() != "signed in true [-x y]\n" {
			t.Errorf("output %q", out.String())
		}
	}
}

// -facts makes the tenant behave like a record.
func TestRunFacts(t *testing.T) {
	t.Parallel()
	facts := tenantfacts.New()
	facts.Readings = append(facts.Readings, tenantfacts.Reading{Question: "Q12", Reading: "b", Evidence: tenantfacts.EvidenceWrite})
	facts.Scopes = tenantfacts.Scopes{Offered: []string{"devices:read", "workflow:read"}, Denied: []string{"workflow:read"}}
	path := filepath.Join(t.TempDir(), "facts.json")
	if err := facts.Save(path); err != nil {
		t.Fatal(err)
	}
	for want, args := range map[string][]string{"1 scope": {"-facts", path}, "2 scopes": {"-facts", path, "-every-scope"}} {
		asked, err := parse(args, io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		server := falconsim.New(asked.options)
		scopes := server.Clients()[0].Scopes
		if len(scopes) != int(want[0]-'0') || server.Readings()["Q12"] != "b" {
			t.Errorf("%v: scopes %v, readings %v", args, scopes, server.Readings())
		}
	}
}

func TestHelp(t *testing.T) {
	t.Parallel()
	var messages strings.Builder
	if err := run(t.Context(), []string{"-h"}, nil, io.Discard, &messages); !errors.Is(err, flag.ErrHelp) {
		t.Error(err)
	}
	for _, want := range []string{"falconsim [flags] COMMAND", "-seed", "-users", "-hosts", "-latency", "-reading ", "-readings", "GET /_sim", "sends its id and secret to CrowdStrike's address"} {
		if !strings.Contains(messages.String(), want) {
			t.Errorf("%q is not in\n%s", want, messages.String())
		}
	}
}

func TestReadingsAreListed(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := run(t.Context(), []string{"-readings"}, nil, &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	for _, question := range falconsim.Questions() {
		want := question.ID + "  " + question.Title + "\n"
		for _, reading := range question.Readings {
			want += "     " + reading.Letter + "  " + reading.Summary + "\n"
		}
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not listed", want)
		}
	}
}

// A real region in X-Cs-Region makes some clients send their credentials to CrowdStrike, so the program warns.
func TestRealCloudIsExplained(t *testing.T) {
	t.Setenv(helperVariable, "0")
	for region, warned := range map[string]bool{"": false, "sim-7": false, "us-1": true, "eu-1": true} {
		var messages strings.Builder
		args := []string{os.Args[0]}
		if region != "" {
			args = []string{"-cloud", region, os.Args[0]}
		}
		if err := run(t.Context(), args, nil, io.Discard, &messages); err != nil {
			t.Fatal(err)
		}
		if said := strings.Contains(messages.String(), "the real region "+region) && strings.Contains(messages.String(), "CrowdStrike's address"); said != warned {
			t.Errorf("-cloud %q: %q", region, messages.String())
		}
	}
}
