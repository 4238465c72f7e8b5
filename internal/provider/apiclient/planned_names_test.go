package apiclient_test

import (
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

// Two resources with one name are an error of the plan. A name that another API client has is a warning, from one listing for
// all creates, unless that client is in the state.
func TestPlan_names(t *testing.T) {
	t.Parallel()
	acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, h *acctest.Harness) {
		named := func(name string) acctest.Arguments {
			return acctest.Arguments{"name": name, "scopes": []string{"devices:read"}}
		}
		p := h.Start(acctest.APIClientType)
		a, b := p.Create(named("a")), p.Create(named("b"))

		p = h.Start(acctest.APIClientType)
		before := h.CountRequests("GET", "/api-clients/queries/api-clients/v1")
		for name, want := range map[string]string{"a": p.Text(a, "id"), "b": p.Text(b, "id"), "c": ""} {
			_, diags := p.Plan(p.None(), named(name))
			p.WantNoError(diags)
			text := warnings(diags)
			warned := strings.HasPrefix(text, "name: Name already taken: The tenant has an API client named \""+name+"\" (id "+want+").") &&
				strings.Contains(text, "terraform import falcon_api_client.this "+want)
			if want == "" && text != "" || want != "" && !warned {
				t.Errorf("%s: got %q", name, text)
			}
		}
		if n := h.CountRequests("GET", "/api-clients/queries/api-clients/v1") - before; n != 1 {
			t.Errorf("%d listings", n)
		}
		_, diags := p.Plan(p.None(), named("c"))
		p.WantNoError(diags) // plans that follow each other may be those of one resource

		p.Create(named("d"))
		before = h.CountRequests("GET", "/api-clients/queries/api-clients/v1")
		_, diags = p.Plan(p.None(), named("e"))
		p.WantNoError(diags)
		if n := h.CountRequests("GET", "/api-clients/queries/api-clients/v1") - before; n != 0 {
			t.Errorf("%d listings of a plan after a create", n)
		}

		p = h.Start(acctest.APIClientType)
		_, diags = p.Plan(a, named("b"))
		p.WantNoError(diags)
		if text := warnings(diags); !strings.HasPrefix(text, "name: Name already taken") {
			t.Errorf("rename: got %q", text)
		}

		p = h.Start(acctest.APIClientType)
		p.Refresh(b) // it is in the state: the run may delete it
		_, diags = p.Plan(p.None(), named("b"))
		p.WantNoError(diags)
		if text := warnings(diags); text != "" {
			t.Errorf("name of a client in the state: got %q", text)
		}
		_, diags = p.Plan(acctest.Instance{Value: p.None().Value, Private: a.Private}, named("a"))
		p.WantNoError(diags)
		if text := warnings(diags); strings.Contains(text, "taken") {
			t.Errorf("replacement: got %q", text)
		}
	})
}

// Two API clients of one name are an error if they are planned at the same time: one of the two plans fails.
func TestPlan_sameName(t *testing.T) {
	t.Parallel()
	acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, h *acctest.Harness) {
		p := h.Start(acctest.APIClientType)
		h.Transport.SetFault(func(acctest.SentCall) *acctest.Fault { return acctest.Delay(5*time.Second, func() {}) })
		var texts [2]string
		plan := func(i int) coretest.Timed {
			return coretest.Timed{After: time.Duration(i) * time.Second, Do: func() {
				_, diags := p.Plan(p.None(), acctest.Arguments{"name": "x", "scopes": []string{"devices:read"}})
				texts[i] = acctest.Messages(diags, tfprotov6.DiagnosticSeverityError)
			}}
		}
		coretest.Together(plan(0), plan(1))
		if texts[0] != "" || !strings.HasPrefix(texts[1], "name: Name used twice") {
			t.Errorf("got %q and %q", texts[0], texts[1])
		}
	})
}
