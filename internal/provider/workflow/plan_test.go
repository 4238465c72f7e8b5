package workflow_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// The planned document differs from the prior one in what changes, and only in that.
func TestPlan_document(t *testing.T) {
	t.Parallel()
	base := acctest.LoopsDocument(t)
	for _, tt := range []struct {
		name, old, new string
		changes        []string
		more           acctest.Arguments
	}{
		{name: "property", old: "sleep_time: 10s", new: "sleep_time: 11s", changes: []string{".actions.Wait.properties.sleep_time"}},
		{name: "deep in loops", old: "tag: seen", new: "tag: unseen", changes: []string{".loops.Loop.loops.Inner.actions.AddTag.properties.tag"}},
		{name: "condition", old: "Severity'] > 3", new: "Severity'] > 4", changes: []string{".conditions.is_severe.cel_expression"}},
		{name: "name attribute", more: acctest.Arguments{"name": "another"}, changes: []string{".name"}},
		{name: "property and form", old: "            sleep_time: 10s\n", new: "            \"sleep_time\": '11s' # longer\n", changes: []string{".actions.Wait.properties.sleep_time"}},
		{name: "an action's name omitted next to a change", old: "        name: Sleep\n        next:\n            - SendEmail\n        properties:\n            sleep_time: 10s", new: "        next:\n            - SendEmail\n        properties:\n            sleep_time: 11s", changes: []string{".actions.Wait.properties.sleep_time"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := acctest.NewProtocol(t, acctest.NewSim(t, falconsim.Options{}))
			created := p.Created(acctest.Arguments{"definition": base, "enabled": false})
			config := acctest.Arguments{"definition": strings.Replace(base, tt.old, tt.new, 1), "enabled": false}
			maps.Copy(config, tt.more)
			planned, diags := p.Plan(created, config)
			p.WantNoError(diags)
			if got := changedKeys(t, p.Text(created, "document"), p.Text(planned, "document")); !slices.Equal(got, tt.changes) {
				t.Errorf("the plan changes %q, want %q", got, tt.changes)
			}
			for name, known := range map[string]bool{"id": true, "name": true, "description": true, "version": false, "last_modified": false} {
				if got := p.Members(planned.Value)[name].IsKnown(); got != known {
					t.Errorf("%s is known: %t, want %t", name, got, known)
				}
			}
		})
	}
}

// With an unknown argument, what depends on it is unknown, and nothing else.
func TestPlan_unknown(t *testing.T) {
	t.Parallel()
	p := acctest.NewProtocol(t, acctest.NewSim(t, falconsim.Options{}))
	created := p.Created(acctest.Arguments{"definition": acctest.SleepDocument})
	for _, tt := range []struct {
		name    string
		prior   acctest.Instance
		config  acctest.Arguments
		unknown string
	}{
		{"new, definition", p.None(), acctest.Arguments{"definition": acctest.Unknown{}}, "definition description document id last_modified name validation_errors version"},
		{"new, definition, name given", p.None(), acctest.Arguments{"definition": acctest.Unknown{}, "name": "x"}, "definition description document id last_modified validation_errors version"},
		{"new, name", p.None(), acctest.Arguments{"definition": acctest.SleepDocument, "name": acctest.Unknown{}}, "description document id last_modified name validation_errors version"},
		{"definition", created, acctest.Arguments{"definition": acctest.Unknown{}}, "definition description document last_modified name validation_errors version"},
		{"description", created, acctest.Arguments{"definition": acctest.SleepDocument, "description": acctest.Unknown{}}, "description document last_modified name validation_errors version"},
		{"enabled", created, acctest.Arguments{"definition": acctest.SleepDocument, "enabled": acctest.Unknown{}}, "enabled last_modified validation_errors version"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			planned, diags := p.Plan(tt.prior, tt.config)
			p.WantNoError(diags)
			var got []string
			for name, v := range p.Members(planned.Value) {
				if !v.IsKnown() {
					got = append(got, name)
				}
			}
			slices.Sort(got)
			if strings.Join(got, " ") != tt.unknown {
				t.Errorf("unknown attributes %v, want %s", got, tt.unknown)
			}
		})
	}
}
