package integration_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

const (
	childrenSource = "falcon_child_tenants"
	firstChild     = "00c0ffee00c0ffee00c0ffee00c0ffee"
	secondChild    = "11c0ffee11c0ffee11c0ffee11c0ffee"
)

// childTexts reads the children of a tenant as lines of their attributes.
func childTexts(t *testing.T, p *acctest.Protocol) []string {
	t.Helper()
	read, diags := p.Data(childrenSource, nil)
	p.WantNoError(diags)
	var items []tftypes.Value
	if err := p.Attributes(read.Value)["children"].As(&items); err != nil {
		t.Fatal(err)
	}
	lines := make([]string, len(items))
	for i, item := range items {
		var cells []string
		for _, name := range []string{"cid", "ccid", "name", "status", "parent_cid"} {
			cells = append(cells, p.Text(acctest.Instance{Value: item}, name))
		}
		lines[i] = strings.Join(cells, " ")
	}
	return lines
}

// A parent lists its children, sorted, also those that were linked last.
func TestChildTenants(t *testing.T) {
	t.Parallel()
	acctest.WithFakeClock(t, falconsim.Options{
		MemberCIDs: []string{secondChild, strings.ToUpper(firstChild)},
		Children:   map[string]falconsim.ChildOptions{firstChild: {Name: "Branch", Status: "inactive"}},
	}, func(t *testing.T, h *acctest.Harness) {
		first, _ := h.Sim.Member(firstChild)
		second, _ := h.Sim.Member(secondChild)
		want := fmt.Sprint([]string{
			firstChild + " " + first.CCID() + " Branch inactive " + h.Sim.CID(), secondChild + " " + second.CCID() + " child 11c0ff active " + h.Sim.CID(),
		})
		if got := fmt.Sprint(childTexts(t, h.Start(""))); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	})
}

// Two requests read 500 children.
func TestChildTenants_many(t *testing.T) {
	t.Parallel()
	var cids []string
	for i := range 120 {
		cids = append(cids, fmt.Sprintf("%032x", i+1))
	}
	for letter, listings := range map[string]int{"a": 1, "b": 2} { // Q115
		t.Run(letter, func(t *testing.T) {
			t.Parallel()
			acctest.WithFakeClock(t, falconsim.Options{MemberCIDs: cids, Readings: falconsim.Readings{"Q115": letter}}, func(t *testing.T, h *acctest.Harness) {
				if got := childTexts(t, h.Start("")); len(got) != len(cids) {
					t.Errorf("%d children", len(got))
				}
				got := [2]int{h.CountRequests(http.MethodGet, "/mssp/queries/children/v1"), h.CountRequests(http.MethodPost, "/mssp/entities/children/GET/v2")}
				if got != [2]int{listings, 1} {
					t.Errorf("%v requests, want %d and 1", got, listings)
				}
			})
		})
	}
}

// A tenant without children, one without the scope, and a child say what is wrong.
func TestChildTenants_notParent(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		opts   falconsim.Options
		member string
		want   string // "" is no children
	}{
		"not a parent":         {want: "not a Flight Control parent"},
		"not a parent, Q103=b": {opts: falconsim.Options{Readings: falconsim.Readings{"Q103": "b"}}},
		"no scope":             {opts: falconsim.Options{MemberCIDs: []string{firstChild}, Scopes: []string{"alerts:read"}}, want: "mssp:read"},
		"in a child":           {opts: falconsim.Options{MemberCIDs: []string{firstChild}}, member: firstChild, want: "signed in to the child tenant " + firstChild},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.WithFakeClock(t, tc.opts, func(t *testing.T, h *acctest.Harness) {
				p := acctest.NewUnconfigured(t, h.Transport, "")
				arguments := acctest.Arguments{}
				if tc.member != "" {
					arguments["member_cid"] = tc.member
				}
				p.WantNoError(p.Configure(h.ProviderArguments(arguments)))
				if tc.want == "" {
					if got := childTexts(t, p); len(got) != 0 {
						t.Errorf("got %q", got)
					}
					return
				}
				_, diags := p.Data(childrenSource, nil)
				problem := h.CheckDiagnostics(diags)
				if !strings.Contains(problem, "Unable to list child tenants") || !strings.Contains(problem, tc.want) {
					t.Errorf("got %s, want %s", problem, tc.want)
				}
				if tc.want == "mssp:read" && strings.Contains(problem, "parent") {
					t.Errorf("a missing scope is explained otherwise: %s", problem)
				}
			})
		})
	}
}
