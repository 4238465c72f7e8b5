package provider_test

import (
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

// oddNames are names with a meaning for a filter, GraphQL, YAML, a URL or Terraform, each next to names that would be found
// instead if a part of it were not taken as text.
var oddNames = []string{
	`it's`, `it''s`, `it\'s`, `its`, // the quote of FQL
	`say "hi"`, `say hi`, `say \"hi\"`,
	`CORP\ada`, `CORP\\ada`, `CORPada`, `ends in \`, `ends in`,
	"two\nlines", "two lines", `two\nlines`,
	`a*b`, `axb`, `a?b`, `*`,
	`x'+name:'its`, `x,its`, `a+b`, `a%2Bb`, `a b&limit=1#`, `[1,2]`, `1.0`, `null`, `~`, `- item: {x}`, `"quoted"`,
	`${data['Trigger.CID']}`, `%{ if true }`, `Ärger 🔑 日本`, `ärger 🔑 日本`, `<b>&amp;</b>`, `<b>&</b>`,
}

// A name finds exactly its object, whatever its characters are, the second plan is empty, and the name is taken.
func TestOddNames(t *testing.T) {
	t.Parallel()
	for kind, arguments := range map[string]func(*acctest.Harness) acctest.Arguments{
		acctest.APIClientType: acctest.Constant(acctest.Arguments{"scopes": []string{"devices:read"}}),
		acctest.WebhookType:   acctest.Constant(acctest.Arguments{"url": acctest.WebhookURL, "hmac_secret_wo": coretest.TestKey}),
		acctest.WorkflowType: func(h *acctest.Harness) acctest.Arguments {
			return acctest.Arguments{"notify_webhook": acctest.Arguments{"webhook_id": h.Receiver, "trigger": "score_changed"}}
		},
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, h *acctest.Harness) {
				run := func() *acctest.Protocol {
					p, problem := h.Run(kind)
					if problem != "" {
						t.Fatal(problem)
					}
					return p
				}
				named := func(name string) acctest.Arguments {
					return arguments(h).With(acctest.Arguments{"name": name})
				}
				made := map[string]acctest.Instance{}
				p := run()
				for _, name := range oddNames {
					state, diags := p.Apply(p.None(), named(name))
					p.WantNoError(diags)
					made[name] = state
				}
				p = run()
				for name, state := range made {
					id := p.Text(state, "id")
					if got := namesOf(h, kind)[id]; got != name {
						t.Errorf("%q is named %q in Falcon", name, got)
					}
					found, diags := p.Data(kind, acctest.Arguments{"name": name})
					p.WantNoError(diags)
					if got := p.Text(found, "id"); got != id {
						t.Errorf("%q finds %q", name, namesOf(h, kind)[got])
					}
					read, diags := p.Read(state)
					p.WantNoError(diags)
					planned, diags := p.Plan(read, named(name))
					p.WantNoError(diags)
					if !planned.Value.Equal(read.Value) {
						t.Errorf("the second plan of %q has a change: %s", name, planned.Value)
					}
				}
				before := len(namesOf(h, kind))
				p = run()
				for _, name := range oddNames {
					_, diags := p.Apply(p.None(), named(name))
					switch problem := h.Checked(diags); {
					case kind == acctest.WebhookType: // adopted as it is
						p.WantNoError(diags)
					case problem == "":
						t.Errorf("%q is not taken", name)
					default:
						acctest.WantError(t, name, diags, "name: Name already taken")
					}
				}
				if after := len(namesOf(h, kind)); after != before {
					t.Errorf("%d objects became %d", before, after)
				}
			})
		})
	}
}

// namesOf returns the names of all objects of a kind in Falcon, by id.
func namesOf(h *acctest.Harness, kind string) map[string]string {
	names := map[string]map[string]string{acctest.APIClientType: {}, acctest.WebhookType: {}, acctest.WorkflowType: {}}
	for _, c := range h.Sim.Clients() {
		names[acctest.APIClientType][c.ID] = c.Name
	}
	for _, c := range h.Sim.PluginConfigs() {
		names[acctest.WebhookType][c.ID] = c.Name
	}
	for _, w := range h.Sim.Workflows() {
		names[acctest.WorkflowType][w.ID] = w.Name
	}
	return names[kind]
}
