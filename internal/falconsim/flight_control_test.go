package falconsim

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/definition"
)

// wire/flight-control.md#children: a parent lists its children and shows each.
func TestChildren(t *testing.T) {
	t.Parallel()
	const queries, entities, byBody = "/mssp/queries/children/v1", "/mssp/entities/children/v1", "/mssp/entities/children/GET/v2"
	var children []string
	for i := range 12 {
		children = append(children, strings.Repeat(string("0123456789ab"[i]), 32))
	}
	c := newTestClient(t, Options{MemberCIDs: children})
	ids := func(query string) []string {
		var list []string
		for _, id := range c.call(http.MethodGet, queries+"?"+query, "").resources() {
			list = append(list, id.(string))
		}
		return list
	}
	newest := slices.Clone(children)
	slices.Reverse(newest)
	for query, want := range map[string][]string{
		"": newest[:10], "limit=3&offset=10": newest[10:], "limit=20&sort=" + url.QueryEscape("last_modified_timestamp|asc"): children,
		"filter=" + url.QueryEscape("cid:'"+children[4]+"'"): {children[4]},
	} {
		if got := ids(query); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", query, got, want)
		}
	}
	for _, query := range []string{"sort=last_modified_timestamp.asc", "filter=" + url.QueryEscape("name:'x'"), "limit=x"} {
		if got := c.call(http.MethodGet, queries+"?"+query, "").status; got != 400 {
			t.Errorf("%s: %d", query, got)
		}
	}
	for _, got := range []apiResponse{
		c.call(http.MethodGet, entities+"?ids="+children[0]+"&ids="+children[1], ""), c.call(http.MethodPost, byBody, `{"ids": ["`+children[0]+`", "`+children[1]+`"]}`),
	} {
		first := got.first(t)
		if got.status != 200 || len(got.resources()) != 2 || first["child_cid"] != children[0] || first["child_of"] != c.server.CID() || first["checksum"] == "" {
			t.Errorf("%d %s", got.status, got.text)
		}
	}
	if got := c.call(http.MethodGet, entities+"?ids="+children[0]+"&ids=nope", ""); got.status != 207 || len(got.resources()) != 1 || len(got.codes()) != 1 {
		t.Errorf("with an unknown id: %d %s", got.status, got.text)
	}
	c.call(http.MethodGet, entities, "").want(t, 400, "ids is required")
	for letter, status := range map[string]int{"a": 403, "b": 200} { // Q103
		lone := newTestClient(t, Options{Readings: Readings{"Q103": letter}})
		if got := lone.call(http.MethodGet, queries, ""); got.status != status || len(got.resources()) != 0 {
			t.Errorf("Q103=%s: %d %s", letter, got.status, got.text)
		}
	}
}

// Q115 and Q116: the largest page of ids, and what a child shows.
func TestReadingsOfChildren(t *testing.T) {
	t.Parallel()
	const queries, entities = "/mssp/queries/children/v1", "/mssp/entities/children/v1"
	var children []string
	for i := range 150 {
		children = append(children, fmt.Sprintf("%032x", i+1))
	}
	for letter, page := range map[string]int{"a": 150, "b": 100} {
		c := newTestClient(t, Options{MemberCIDs: children, Readings: Readings{"Q115": letter}})
		if got := len(c.call(http.MethodGet, queries+"?limit=5000", "").resources()); got != page {
			t.Errorf("Q115=%s: %d ids", letter, got)
		}
		c.call(http.MethodGet, queries+"?limit=5001", "").want(t, 400, "invalid limit")
	}
	for letter, shown := range map[string]any{"a": "Branch", "b": nil} {
		c := newTestClient(t, Options{
			MemberCIDs: children[:1], Children: map[string]ChildOptions{children[0]: {Name: "Branch"}}, Readings: Readings{"Q116": letter},
		})
		child, _ := c.server.Member(children[0])
		got := c.call(http.MethodGet, entities+"?ids="+children[0], "").first(t)
		if got["name"] != shown || !strings.EqualFold(children[0]+"-"+got["checksum"].(string), child.CCID()) {
			t.Errorf("Q116=%s: %v", letter, got)
		}
	}
}

// Children can offer less than their parent.
func TestChildrenDiffer(t *testing.T) {
	t.Parallel()
	full, poor := strings.Repeat("a", 32), strings.Repeat("b", 32)
	server := New(Options{MemberCIDs: []string{full, poor}, Children: map[string]ChildOptions{
		poor: {WithoutScopes: []string{"identity-graphql"}, WithoutActions: []string{"Send email"}, NoCallWebhook: true},
	}})
	for cid, offers := range map[string]bool{full: true, poor: false} {
		child, _ := server.Member(cid)
		has := func(name string) bool {
			return slices.ContainsFunc(child.definitions.Activities, func(a definition.Activity) bool { return a.Name == name })
		}
		if slices.Contains(child.offeredScopes(), "identity-graphql:write") != offers || has("Send email") != offers || has("Call webhook") != offers {
			t.Errorf("%s offers otherwise", cid)
		}
	}
	if err := (&Server{opts: Options{Children: map[string]ChildOptions{full: {}}}}).addMembers(); err == nil {
		t.Error("options of a tenant that is not a child are accepted")
	}
}
