package integrations

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestPresetsAreWellFormed(t *testing.T) {
	t.Parallel()
	scope := regexp.MustCompile(`^[a-z-]+:(read|write)$`)
	wantScopes := map[string]int{"zscaler_adaptive_access": 11, "cortex_xsoar": 28, "zscaler_uvm_identity": 3, "netskope_risk_exchange": 1}
	for _, name := range Names() {
		p, err := Find(name)
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Scopes) != wantScopes[name] {
			t.Errorf("%s: %d scopes, the product's page documents %d", name, len(p.Scopes), wantScopes[name])
		}
		seen := map[string]bool{}
		for _, s := range append(append([]string{}, p.Scopes...), p.Recommended...) {
			if !scope.MatchString(s) || seen[s] {
				t.Errorf("%s: scope %q is malformed or listed twice", name, s)
			}
			seen[s] = true
		}
		for _, tr := range p.Triggers {
			if len(Wanted(tr)) == 0 {
				t.Errorf("%s: unknown trigger %q", name, tr)
			}
		}
	}
}

// Scopes that a product's page leaves out are only added on request.
func TestRecommendedScopes(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][]string{
		"zscaler_adaptive_access": nil,
		"cortex_xsoar":            {"identity-graphql:write", "workflow:read", "workflow:write"},
		"zscaler_uvm_identity":    nil,
		"netskope_risk_exchange":  {"identity-entities:read"},
	} {
		p, err := Find(name)
		if err != nil || !slices.Equal(p.Recommended, want) {
			t.Errorf("%s: %v, %v", name, p.Recommended, err)
		}
	}
}

func TestFindListsExistingNames(t *testing.T) {
	t.Parallel()
	_, err := Find("zscaler")
	if err == nil || !strings.Contains(err.Error(), "cortex_xsoar") {
		t.Fatalf("want an error that lists the presets, got %v", err)
	}
}

func TestChoose(t *testing.T) {
	t.Parallel()
	zta := Entry{Category: "ZeroTrust/HostScoreChange", Name: "Zero Trust Assessment > Host assessment change"}
	os := Entry{Category: "ZeroTrust/HostScoreChange/HostOSScoreChange", Name: "… > OS assessment"}
	overall := Entry{Category: "ZeroTrust/HostScoreChange/HostOverallScoreChange", Name: "… > Change"}
	byName := Entry{Category: "ZeroTrust/HostScoreChange/X", Name: "… > Overall assessment"}
	created, incident := Entry{Category: "Case/Created"}, Entry{Category: "Incident"}
	for _, tt := range []struct {
		name, trigger string
		catalog       []Entry
		want          int
	}{
		{"the overall subtype is preferred to its parent", ScoreChanged, []Entry{zta, os, overall}, 2},
		{"the subtype is also recognized by its display name", ScoreChanged, []Entry{zta, byName}, 1},
		{"without subtypes the parent is used", ScoreChanged, []Entry{os, zta}, 1},
		{"another score is not the overall score", ScoreChanged, []Entry{os}, -1},
		{"cases are preferred to incidents", NewIncident, []Entry{incident, created}, 1},
		{"an old tenant has incidents only", NewIncident, []Entry{incident}, 0},
		{"updates fall back to the audit event", IncidentUpdate, []Entry{created, {Category: "FalconAudit/Incident"}}, 1},
		{"no entry matches", NewDetection, []Entry{zta}, -1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := Choose(tt.trigger, tt.catalog); got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
		})
	}
}
