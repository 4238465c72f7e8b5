package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/tenantcheck"
)

// ran runs the program for a simulated tenant; nil is a machine without any variable.
func ran(t *testing.T, sim *falconsim.Running, args ...string) (status int, out, messages string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	variables := map[string]string{}
	if sim != nil {
		variables = map[string]string{
			"FALCON_CLIENT_ID": sim.ClientID(), "FALCON_CLIENT_SECRET": sim.ClientSecret(), "FALCON_SIMULATOR": sim.URL, "FALCON_CLOUD": "us-2",
		}
	}
	p := program{in: strings.NewReader(""), out: &stdout, messages: &stderr, getenv: func(name string) string { return variables[name] }}
	status = p.run(t.Context(), args)
	if sim != nil && strings.Contains(stdout.String()+stderr.String(), sim.ClientSecret()) {
		t.Error("the output has the secret")
	}
	return status, stdout.String(), stderr.String()
}

func started(t *testing.T, opts falconsim.Options) *falconsim.Running {
	t.Helper()
	sim, err := falconsim.Start(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := sim.Close(); err != nil {
			t.Error(err)
		}
	})
	return sim
}

func TestRun_reports(t *testing.T) {
	t.Parallel()
	sim := started(t, falconsim.Options{Readings: falconsim.Readings{"Q04": "c"}})
	status, out, messages := ran(t, sim)
	if status != tenantcheck.StatusWorks {
		t.Errorf("status %d", status)
	}
	for _, part := range []string{
		"Tenant " + sim.CID(), "zscaler_adaptive_access", "works with a console step", "falcon_webhook", "Q04", "c: 404. Seen: ", "not settled: ",
	} {
		if !strings.Contains(out, part) {
			t.Errorf("the report does not have %q:\n%s", part, out)
		}
	}
	if !strings.Contains(messages, "us-2 is ignored") || !strings.Contains(messages, "Identity Protection\n") {
		t.Errorf("messages: %s", messages)
	}
	for _, line := range strings.Split(out, "\n") {
		if strings.ContainsAny(line, "\x1b\r") {
			t.Errorf("control characters in %q", line)
		}
	}
}

func TestRun_exitStatus(t *testing.T) {
	t.Parallel()
	missing := started(t, falconsim.Options{NoCallWebhook: true})
	if status, out, _ := ran(t, missing); status != tenantcheck.StatusMissing || !strings.Contains(out, "Install the app CrowdStrike Webhook") {
		t.Errorf("status %d:\n%s", status, out)
	}
	narrow := started(t, falconsim.Options{Scopes: []string{"workflow:read"}})
	if status, out, _ := ran(t, narrow); status != tenantcheck.StatusNotChecked || !strings.Contains(out, "needs the scope api-client-mgmt:read") {
		t.Errorf("status %d:\n%s", status, out)
	}
	status, out, messages := ran(t, nil)
	if status != tenantcheck.StatusNotChecked || out != "" || !strings.Contains(messages, "FALCON_CLIENT_ID") {
		t.Errorf("status %d: %s%s", status, out, messages)
	}
	for _, args := range [][]string{{"-try-webhook-write"}, {"-yes"}, {"-remove-leftovers"}, {"more"}, {"-unknown"}} {
		if status, out, messages := ran(t, nil, args...); status != tenantcheck.StatusNotChecked || out != "" || messages == "" {
			t.Errorf("%v: status %d: %s%s", args, status, out, messages)
		}
	}
}

func TestRun_json(t *testing.T) {
	t.Parallel()
	sim := started(t, falconsim.Options{})
	_, out, _ := ran(t, sim, "-json")
	var report tenantcheck.Report
	if err := json.Unmarshal([]byte(out), &report); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if report.Tenant.CID != sim.CID() || len(report.Verdicts) < 20 || len(report.Answers) < 40 || report.Facts.CallWebhook == nil {
		t.Errorf("%+v", report)
	}
}

// The help fits on a screen and names every flag.
func TestRun_help(t *testing.T) {
	t.Parallel()
	status, _, messages := ran(t, nil, "-h")
	lines := strings.Split(messages, "\n")
	if status != tenantcheck.StatusWorks || len(lines) > 25 {
		t.Errorf("status %d, %d lines", status, len(lines))
	}
	for _, line := range lines {
		if len(line) > 120 {
			t.Errorf("too long: %q", line)
		}
	}
	for _, flag := range []string{"-json", "-write", "-yes", "-remove-leftovers", "-try-webhook-write"} {
		if !strings.Contains(messages, "\n  "+flag+" ") {
			t.Errorf("%s is not described", flag)
		}
	}
}
