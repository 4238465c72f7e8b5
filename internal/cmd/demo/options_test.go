package main

import (
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
