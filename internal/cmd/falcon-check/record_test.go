package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/tenantcheck"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/tenantfacts"
)

// The record of a tenant, and of a simulator that behaves like the record, are the same file.
func TestRun_record(t *testing.T) {
	t.Parallel()
	first, second := filepath.Join(t.TempDir(), "first.json"), filepath.Join(t.TempDir(), "second.json")
	sim := started(t, falconsim.Options{Seed: 7, Users: 40, Readings: falconsim.Readings{"Q02": "b", "Q10": "b", "Q23": "c", "Q57": "b"}})
	status, _, messages := ran(t, sim, "-record", first)
	if status != tenantcheck.StatusWorks || !strings.Contains(messages, "Wrote "+first) {
		t.Errorf("status %d: %s", status, messages)
	}
	facts, err := tenantfacts.Load(first)
	if err != nil {
		t.Fatal(err)
	}
	if status, _, messages := ran(t, started(t, falconsim.Options{Facts: facts}), "-record", second); status != tenantcheck.StatusWorks {
		t.Errorf("status %d: %s", status, messages)
	}
	one, two := contents(t, first), contents(t, second)
	if one != two {
		t.Errorf("the records differ:\n%s\n%s", one, two)
	}
	if strings.Contains(one, sim.CID()) || strings.Contains(one, strings.TrimPrefix(sim.URL, "http://")) {
		t.Errorf("the record names the tenant: %s", one)
	}
	if info, err := os.Stat(first); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
}

func contents(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A path that cannot be written is reported before the first request.
func TestRun_recordPath(t *testing.T) {
	t.Parallel()
	sim := started(t, falconsim.Options{})
	for path, want := range map[string]string{
		filepath.Join(t.TempDir(), "missing", "facts.json"): "is not a directory", t.TempDir(): "is not a file",
	} {
		status, out, messages := ran(t, sim, "-record", path)
		if status != tenantcheck.StatusNotChecked || out != "" || !strings.Contains(messages, want) {
			t.Errorf("%s: status %d, %s", path, status, messages)
		}
	}
	if sent := len(sim.Requests()); sent > 0 {
		t.Errorf("%d requests were sent", sent)
	}
}

// A check that could not sign in writes no record.
func TestRun_noRecordWithoutReport(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "facts.json")
	status, _, messages := ran(t, nil, "-record", path)
	if status != tenantcheck.StatusNotChecked {
		t.Errorf("status %d: %s", status, messages)
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("there is a record: %v", err)
	}
}
