package main

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/tenantcheck"
)

// wrote reports whether a run wrote to the tenant.
func wrote(sim *falconsim.Running) bool {
	return slices.ContainsFunc(sim.Requests(), func(r falconsim.Request) bool { return strings.HasSuffix(r.Path, "/import/v1") })
}

// Only the answer yes of a person at a terminal, or -yes, lets the check write.
func TestRun_writeAsks(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		input  string
		asks   bool
		args   []string
		writes bool
		says   string
	}{
		"no terminal":       {"yes\n", false, []string{"-write"}, false, "the standard input is not a terminal: add -yes"},
		"no terminal, -yes": {"", false, []string{"-write", "-yes"}, true, "Trying workflows"},
		"yes":               {"yes\n", true, []string{"-write"}, true, "Type yes to go on: "},
		"y":                 {"y\n", true, []string{"-write"}, false, `create workflow "falcon-check `},
		"end of input":      {"", true, []string{"-write"}, false, "Type yes to go on: "},
		"reading only":      {"yes\n", true, nil, false, "Workflows"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := started(t, falconsim.Options{})
			before := string(sim.Dump())
			status, messages := ranAsking(t.Context(), sim, strings.NewReader(test.input), test.asks, test.args...)
			if wrote(sim) != test.writes || !strings.Contains(messages, test.says) {
				t.Errorf("wrote: %t, messages: %s", wrote(sim), messages)
			}
			if after := string(sim.Dump()); after != before {
				t.Errorf("the tenant has changed: %s", after)
			}
			if want := !slices.Contains([]string{"no terminal"}, name); (status == tenantcheck.StatusWorks) != want {
				t.Errorf("status %d: %s", status, messages)
			}
		})
	}
}

// An interrupt ends the question, and the report so far is printed.
func TestRun_interruptedQuestion(t *testing.T) {
	t.Parallel()
	sim := started(t, falconsim.Options{})
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	never, end := io.Pipe()
	status, messages := ranAsking(ctx, sim, &asked{never, interrupt}, true, "-write")
	if wrote(sim) || status != tenantcheck.StatusNotChecked || !strings.Contains(messages, "Nothing was created") {
		t.Errorf("status %d, wrote: %t, messages: %s", status, wrote(sim), messages)
	}
	if err := end.Close(); err != nil {
		t.Error(err)
	}
}

// asked is a person who presses Ctrl-C instead of answering.
type asked struct {
	io.Reader
	interrupt func()
}

// Read reads the answer.
func (a *asked) Read(p []byte) (int, error) {
	a.interrupt()
	return a.Reader.Read(p)
}

// ranAsking runs the program with an input that may be a terminal. messages are everything that it prints.
func ranAsking(ctx context.Context, sim *falconsim.Running, in io.Reader, asks bool, args ...string) (status int, messages string) {
	var printed bytes.Buffer
	variables := map[string]string{"FALCON_CLIENT_ID": sim.ClientID(), "FALCON_CLIENT_SECRET": sim.ClientSecret(), "FALCON_SIMULATOR": sim.URL}
	p := program{in: in, asks: asks, out: &printed, messages: &printed, getenv: func(name string) string { return variables[name] }}
	status = p.run(ctx, args)
	return status, printed.String()
}
