package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/tenantfacts"
)

func TestTenantOf(t *testing.T) {
	t.Parallel()
	files := map[string]string{"": ""}
	for _, letter := range []string{"a", "b"} {
		facts := tenantfacts.New()
		facts.Readings = append(facts.Readings, tenantfacts.Reading{Question: writeQuestion, Reading: letter, Evidence: tenantfacts.EvidenceWrite})
		files[letter] = filepath.Join(t.TempDir(), letter+".json")
		if err := facts.Save(files[letter]); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		writes, recorded string
		accepts          bool
		reading          string // on the command line of the simulator
	}{
		{"", "", true, "Q12=b"}, {"try", "", true, "Q12=b"}, {"never", "", false, ""},
		{"", "a", false, ""}, {"", "b", true, ""}, {"try", "a", true, "Q12=b"}, {"never", "b", false, "Q12=a"},
	} {
		tenant, err := tenantOf(tt.writes, files[tt.recorded])
		if err != nil {
			t.Fatal(err)
		}
		args := strings.Join(tenant.arguments(), " ")
		hasFacts := slices.Contains(tenant.arguments(), "-facts")
		if tenant.writes != tt.accepts || strings.Contains(args, "Q12") != (tt.reading != "") || !strings.Contains(args, tt.reading) || hasFacts != (tt.recorded != "") {
			t.Errorf("%+v: %+v, %s", tt, tenant, args)
		}
	}
	if _, err := tenantOf("", filepath.Join(t.TempDir(), "missing.json")); err == nil {
		t.Error("a missing record is accepted")
	}
}

// What the recorded tenant does not show decides what the demo can expect.
func TestTenantOf_notShown(t *testing.T) {
	t.Parallel()
	for reading, want := range map[string]string{
		"Q03=a": "map[] false", "Q03=c": "map[falcon_api_client.zscaler:true] false", "Q15=b": "map[falcon_webhook.zscaler:true] false",
		"Q14=b": "map[] true", "Q18=b": "map[] true", "Q14=c": "map[] false",
	} {
		facts := tenantfacts.New()
		question, letter, _ := strings.Cut(reading, "=")
		facts.Readings = append(facts.Readings, tenantfacts.Reading{Question: question, Reading: letter, Evidence: tenantfacts.EvidenceRead})
		file := filepath.Join(t.TempDir(), "facts.json")
		if err := facts.Save(file); err != nil {
			t.Fatal(err)
		}
		tenant, err := tenantOf("", file)
		if got := fmt.Sprint(tenant.hidden, " ", tenant.needsID); err != nil || got != want {
			t.Errorf("%s: %s, want %s, error %v", reading, got, want, err)
		}
	}
}
