package provider_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// lifeCycle takes one kind of object, or the data sources, through everything that happens in the life of a configuration.
type lifeCycle struct {
	name string
	run  func(c *cycle)
}

const dataSources = "data sources"

var lifeCycles = []lifeCycle{
	{"API client", clientCycle},
	{"webhook", webhookCycle},
	{"adopted webhook", adoptionCycle},
	{"workflow", workflowCycle},
	{"notify_webhook", notifyCycle},
	{dataSources, dataSourceCycle},
	{"list resources", listCycle},
	{"run workflow", runCycle},
}

// impossible lists what a reading of an open question, or several together, make impossible, per life cycle: the error
// that the provider reports then. Every other life cycle succeeds under every reading.
var impossible = map[string]map[string]string{
	"Q11=b": {
		"API client": "(?s)create: Unable to create API client.*api-client-mgmt:read.*Not every tenant may offer this scope",
		dataSources:  "falcon_api_(clients?|scopes): .*api-client-mgmt:read.*Not every tenant may offer this scope",
	},
	"Q14=b": {dataSources: `falcon_webhook: Configuration not found: |falcon_workflow_document: .*Falcon does not show the names of its configurations`},
	"Q18=b": {"adopted webhook": `It is not known whether it belongs to the CrowdStrike Webhook app`},
	"Q25=b": {dataSources: `falcon_workflow_trigger: event: Trigger not found: `},
	// Which key an adopted configuration has is not known, so a change of its URL cannot include the key.
	"Q13=d+Q86=b": {"webhook": "update: Webhook configuration has to be changed in the Falcon console"},

	"Q12=a": {"webhook": acctest.CreateInConsoleSummary},
	"Q12=c": {"webhook": acctest.CreateInConsoleSummary},
	"Q12=d": {"webhook": acctest.CreateInConsoleSummary},
	"Q12=e": {"webhook": acctest.CreateInConsoleSummary},
	"Q12=f": {"webhook": acctest.CreateInConsoleSummary},
	"Q12=g": {"webhook": "(?s)Unable to create webhook configuration.*Apply again"},
}

// unreached are the questions on which no life cycle with the default readings of all others depends, and why.
var unreached = map[string]string{
	"Q05":  "the provider never sends null in a PATCH",
	"Q06":  "each object is read before it is changed",
	"Q27":  "the simulator fires it only where a test asks for it",
	"Q34":  "names are looked up before an import",
	"Q37":  "needs an invalid draft: TestDraft in package workflow",
	"Q41":  "the provider never asks for a sanitized export",
	"Q46":  "the provider cancels no execution",
	"Q53":  "no query fails",
	"Q55":  "no rate limit is reached: package falcon",
	"Q57":  "no message is read for a decision",
	"Q58":  "deliveries go to receivers, not to the provider",
	"Q59":  "deliveries go to receivers, not to the provider",
	"Q61":  "no query is that expensive",
	"Q66":  "needs more than 10,000 hosts",
	"Q110": "needs a credential of an HTTP action: TestPortable_unlistedCredential in package workflow",
	"Q67":  "the provider always names the domain",
	"Q73":  "documents name a list",
	"Q74":  "documents have a version constraint",
	"Q77":  "no life cycle has a Python action",
	"Q86":  "needs Q13=d: known_key_test.go in package webhook",
	"Q102": "the client has all scopes",
	"Q103": "children are read in a parent: TestChildTenants_notParent in package integration",
	"Q104": "requests go to receivers, not to the provider",
	"Q105": "requests go to receivers, not to the provider",
	"Q106": "requests go to receivers, not to the provider",
	"Q107": "requests go to receivers, not to the provider",
	"Q114": "needs more than 200 API clients: TestClients_many in package apiclient",
	"Q117": "no rate limit is reached: TestFleet in this package",
}

// randomCombinations returns how many tenants with random readings of all questions are tested.
func randomCombinations() int {
	if acctest.FullTests() {
		return 40
	}
	return 6
}

// The main life cycles pass under every reading of every open question about Falcon's API
// (internal/falcon/wire/open-questions.md), one reading at a time. A life cycle during which the simulator never depends
// on a question is the same under each of its readings, and runs once.
func TestReadings_each(t *testing.T) {
	t.Parallel()
	ordinary, asked, complete := ordinaryData(t), map[string]bool{}, true // not complete under a narrower -run
	for _, life := range lifeCycles {
		var needed []string
		t.Run("default/"+life.name, func(t *testing.T) {
			needed = life.under(t, falconsim.Readings{}, ordinary)
		})
		complete = complete && needed != nil
		for _, question := range falconsim.Questions() {
			if !slices.Contains(needed, question.ID) {
				continue
			}
			asked[question.ID] = true
			for _, reading := range question.Readings {
				if reading.Letter == defaultReading(question) {
					continue
				}
				t.Run(fmt.Sprintf("%s=%s/%s", question.ID, reading.Letter, life.name), func(t *testing.T) {
					t.Parallel()
					life.under(t, falconsim.Readings{question.ID: reading.Letter}, ordinary)
				})
			}
		}
	}
	for _, question := range falconsim.Questions() {
		if _, listed := unreached[question.ID]; complete && asked[question.ID] == listed {
			t.Errorf("%s: a life cycle depends on it: %t; listed in unreached: %t", question.ID, asked[question.ID], listed)
		}
	}
}

// defaultReading returns the letter of the reading that the harness has by default.
func defaultReading(question falconsim.Question) string {
	if letter, ok := falconsim.WebhookWrites()[question.ID]; ok {
		return letter
	}
	return question.Readings[0].Letter
}

// They also pass with random readings of all questions, for a number of seeded combinations.
func TestReadings_random(t *testing.T) {
	t.Parallel()
	ordinary := ordinaryData(t)
	combinations := randomCombinations()
	for seed := range combinations {
		random := rand.New(rand.NewPCG(uint64(seed), 0)) //nolint:gosec // reproducible, not secret
		choice := falconsim.Readings{}
		for _, question := range falconsim.Questions() {
			choice[question.ID] = question.Readings[random.IntN(len(question.Readings))].Letter
		}
		if random.IntN(2) == 0 {
			maps.Copy(choice, falconsim.WebhookWrites()) // all others end the life cycle of a webhook early
		}
		for _, life := range lifeCycles {
			t.Run(fmt.Sprintf("%d/%s", seed, life.name), func(t *testing.T) {
				t.Parallel()
				life.under(t, choice, ordinary)
			})
		}
	}
	t.Logf("%d combinations of %d questions, %d life cycles each", combinations, len(falconsim.Questions()), len(lifeCycles))
}

// ordinaryData reads every data source of a tenant with the default readings.
func ordinaryData(t *testing.T) map[string]tftypes.Value {
	t.Helper()
	if _, err := acctest.ProviderSchema(); err != nil {
		t.Fatal(err)
	}
	results := map[string]tftypes.Value{}
	synctest.Test(t, func(t *testing.T) {
		b := acctest.NewHarness(t, falconsim.Options{})
		for source, config := range sources {
			p := b.Start("")
			read, diags := p.Data(source, config(b))
			p.WantNoError(diags)
			results[source] = read.Value
		}
	})
	return results
}

// under runs a life cycle against a tenant with these readings. It succeeds, or ends with the error that one of the
// readings makes unavoidable. The result is the questions on which the tenant's responses depended.
func (l lifeCycle) under(t *testing.T, readings falconsim.Readings, ordinary map[string]tftypes.Value) (asked []string) {
	if _, err := acctest.ProviderSchema(); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		c := &cycle{Harness: acctest.NewHarness(t, falconsim.Options{Readings: maps.Clone(readings)}), readings: readings, ordinary: ordinary}
		ended := c.ending(l.run)
		if len(c.Transport.ForeignHosts) > 0 {
			t.Errorf("requests to other hosts: %v", c.Transport.ForeignHosts)
		}
		expected := l.expected(readings)
		switch {
		case ended == "" && len(readings) == 1 && len(expected) > 0:
			t.Errorf("%v succeeded, want an error with %q", readings, expected)
		case ended != "" && !matchesAny(ended, expected):
			t.Errorf("%v: unexpected error, want one of %q:\n%s", readings, expected, ended)
		}
		asked = c.Sim.Asked()
	})
	return asked
}

func matchesAny(text string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool { return regexp.MustCompile(pattern).MatchString(text) })
}

// expected are the errors that the readings make unavoidable for the life cycle.
func (l lifeCycle) expected(readings falconsim.Readings) []string {
	var texts []string
	for _, choices := range slices.Sorted(maps.Keys(impossible)) {
		if text := impossible[choices][l.name]; text != "" && have(readings, choices) {
			texts = append(texts, text)
		}
	}
	return texts
}

// have reports whether readings are as choices say, such as "Q13=d+Q86=b".
func have(readings falconsim.Readings, choices string) bool {
	for choice := range strings.SplitSeq(choices, "+") {
		if id, letter, _ := strings.Cut(choice, "="); readings[id] != letter {
			return false
		}
	}
	return true
}

// cycle is a life cycle in progress. Its methods end it with the first error that the provider reports.
type cycle struct {
	*acctest.Harness
	readings falconsim.Readings
	// ordinary are the results of the data sources of a tenant with the default readings.
	ordinary map[string]tftypes.Value
}

// reported is the panic that ends a life cycle.
type reported string

func (c *cycle) ending(run func(*cycle)) (text string) {
	defer func() {
		if r := recover(); r != nil {
			ended, ok := r.(reported)
			if !ok {
				panic(r)
			}
			text = string(ended)
		}
	}()
	run(c)
	return ""
}

// check ends the life cycle if the provider reported an error.
func (c *cycle) check(step, problem string) {
	if problem != "" {
		panic(reported(step + ": " + problem))
	}
}

// provider starts a run of Terraform.
func (c *cycle) provider(resource string) *acctest.Protocol {
	c.T.Helper()
	p, problem := c.TryStart(resource)
	c.check("configure", problem)
	return p
}

// outside is what a person does in the console, a while after the last run of Terraform and a while before the next.
func (c *cycle) outside(change func() error) {
	c.T.Helper()
	time.Sleep(time.Minute) // on the fake clock: whatever Falcon shows late is shown by then
	if err := change(); err != nil {
		c.T.Fatal(err)
	}
	time.Sleep(time.Minute)
}

// apply brings an object to a configuration in one run, and checks that the next plan is empty.
func (c *cycle) apply(step, resource string, state acctest.Instance, config acctest.Arguments) acctest.Instance {
	c.T.Helper()
	o := acctest.Operation{Resource: resource, Config: acctest.Fixed(config)}
	next, problem := o.Do(c.Harness, state)
	c.check(step, problem)
	return c.wantEmptyPlan(step, resource, next, config)
}

// wantEmptyPlan refreshes and plans in a run of its own.
func (c *cycle) wantEmptyPlan(step, resource string, state acctest.Instance, config acctest.Arguments) acctest.Instance {
	c.T.Helper()
	p := c.provider(resource)
	read, diags := p.Read(state)
	c.check(step+", refresh", c.CheckDiagnostics(diags))
	planned, diags := p.Plan(read, config)
	c.check(step+", second plan", c.CheckDiagnostics(diags))
	if !planned.Value.Equal(read.Value) {
		c.T.Errorf("%v, %s: the second plan is not empty:\n%s\nafter\n%s", c.readings, step, planned.Value, read.Value)
	}
	return read
}

// wantDrift checks that a refresh and plan show a change that someone made.
func (c *cycle) wantDrift(step, resource string, state acctest.Instance, config acctest.Arguments) {
	c.T.Helper()
	p := c.provider(resource)
	read, diags := p.Read(state)
	c.check(step+", refresh", c.CheckDiagnostics(diags))
	if read.Value.IsNull() {
		c.T.Errorf("%v, %s: the object was taken for deleted", c.readings, step)
		return
	}
	planned, diags := p.Plan(read, config)
	c.check(step+", plan", c.CheckDiagnostics(diags))
	if planned.Value.Equal(read.Value) {
		c.T.Errorf("%v, %s: the plan shows no drift", c.readings, step)
	}
}

// imported imports an object by its id, in a run of its own.
func (c *cycle) imported(step, resource, id string) acctest.Instance {
	c.T.Helper()
	p := c.provider(resource)
	found, diags := p.Import(id)
	c.check(step, c.CheckDiagnostics(diags))
	return found
}

// wantAlike compares attributes of two states.
func (c *cycle) wantAlike(step, resource string, a, b acctest.Instance, names ...string) {
	c.T.Helper()
	p := c.provider(resource)
	for _, name := range names {
		if x, y := p.Text(a, name), p.Text(b, name); x != y {
			c.T.Errorf("%v, %s: %s is %q, was %q", c.readings, step, name, y, x)
		}
	}
}

// wantFound reads a data source and compares the id that it finds.
func (c *cycle) wantFound(step, source string, config acctest.Arguments, id string) {
	c.T.Helper()
	p := c.provider("")
	found, diags := p.Data(source, config)
	c.check(step, c.CheckDiagnostics(diags))
	if got := p.Text(found, "id"); got != id {
		c.T.Errorf("%v, %s: found %q, want %q", c.readings, step, got, id)
	}
}

// wantGone checks that a refresh notices that an object was deleted.
func (c *cycle) wantGone(step, resource string, state acctest.Instance) acctest.Instance {
	c.T.Helper()
	read, diags := c.provider(resource).Read(state)
	c.check(step, c.CheckDiagnostics(diags))
	if !read.Value.IsNull() {
		c.T.Errorf("%v, %s: the deleted object is still in state", c.readings, step)
	}
	return read
}

// losing applies while the response to one request is lost, and finishes what is left to do.
func (c *cycle) losing(step, resource string, state acctest.Instance, config acctest.Arguments, method, path string) acctest.Instance {
	c.T.Helper()
	o := acctest.Operation{Resource: resource, Config: acctest.Fixed(config)}
	c.Transport.SetFault(acctest.FaultAt(acctest.SentCall{Method: method, Path: path, N: 1}, *acctest.FindFault("dropped after the change"), false))
	next, problem := o.Do(c.Harness, state)
	c.Transport.SetFault(nil)
	time.Sleep(time.Minute)
	for round := 0; problem != ""; round++ {
		if m := acctest.ImportCommand.FindStringSubmatch(problem); m != nil && next.Value.IsNull() {
			next = c.imported(step+", advised import", resource, m[2])
		}
		if round == 3 {
			c.check(step, problem)
		}
		next, problem = o.Do(c.Harness, next)
	}
	return c.wantEmptyPlan(step, resource, next, config)
}

// destroy destroys an object and checks that the tenant has the same objects as before.
func (c *cycle) destroy(step, resource string, state acctest.Instance, before string) {
	c.T.Helper()
	next, problem := acctest.Operation{Resource: resource}.Do(c.Harness, state)
	c.check(step, problem)
	if !next.Value.IsNull() {
		c.T.Errorf("%v, %s: the state keeps the object", c.readings, step)
	}
	time.Sleep(time.Minute)
	if after := c.DescribeManaged(); after != before {
		c.T.Errorf("%v, %s: the tenant holds\n%s\nand held\n%s", c.readings, step, after, before)
	}
}

func clientCycle(c *cycle) {
	c.T.Helper()
	before := c.DescribeManaged()
	state := c.apply("create", acctest.APIClientType, acctest.Instance{Value: c.provider(acctest.APIClientType).None().Value}, acctest.ClientArguments)
	p := c.provider(acctest.APIClientType)
	c.WantWorkingSecret(p, state)
	id := p.Text(state, "id")
	config := acctest.ClientArguments.With(acctest.Arguments{"description": "changed", "scopes": []string{"alerts:read", "devices:read"}})
	state = c.apply("update", acctest.APIClientType, state, config)
	c.outside(func() error { return c.Sim.EditClient(id, falconsim.ClientEdit{Description: new("by hand")}) })
	c.wantDrift("drift", acctest.APIClientType, state, config)
	state = c.apply("repair", acctest.APIClientType, state, config)
	c.wantAlike("import", acctest.APIClientType, state, c.imported("import", acctest.APIClientType, id), "id", "name", "description")
	c.wantFound("look-up by id", acctest.APIClientType, acctest.Arguments{"id": id}, id)
	c.wantFound("look-up by name", acctest.APIClientType, acctest.Arguments{"name": "mine"}, id)
	c.outside(func() error { return c.Sim.DeleteClient(id) })
	state = c.wantGone("deleted outside", acctest.APIClientType, state)
	state = c.losing("lost response", acctest.APIClientType, state, config, "POST", "/api-clients/entities/api-clients/v1")
	c.WantWorkingSecret(c.provider(acctest.APIClientType), state)
	c.destroy("destroy", acctest.APIClientType, state, before)
}

func workflowCycle(c *cycle) {
	c.T.Helper()
	before := c.DescribeManaged()
	none := acctest.Instance{Value: c.provider(acctest.WorkflowType).None().Value}
	state := c.apply("create", acctest.WorkflowType, none, acctest.WorkflowArguments)
	id := c.provider(acctest.WorkflowType).Text(state, "id")
	config := acctest.Arguments{"definition": strings.Replace(acctest.SleepDocument, "1m", "2m", 1), "name": "renamed"}
	state = c.apply("update", acctest.WorkflowType, state, config)
	off := config.With(acctest.Arguments{"enabled": false})
	state = c.apply("disable", acctest.WorkflowType, state, off)
	state = c.apply("enable", acctest.WorkflowType, state, config)
	c.outside(func() error {
		return c.Sim.ReplaceWorkflow(id, []byte(strings.Replace(acctest.SleepDocument, "1m", "7m", 1)))
	})
	c.wantDrift("drift", acctest.WorkflowType, state, config)
	state = c.apply("repair", acctest.WorkflowType, state, config)
	imported := c.imported("import", acctest.WorkflowType, id)
	c.wantAlike("import", acctest.WorkflowType, state, imported, "id", "name", "enabled", "document", "version")
	c.wantFound("look-up by id", acctest.WorkflowType, acctest.Arguments{"id": id}, id)
	c.wantFound("look-up by name", acctest.WorkflowType, acctest.Arguments{"name": "renamed"}, id)
	c.outside(func() error { return c.Sim.DeleteWorkflow(id) })
	state = c.wantGone("deleted outside", acctest.WorkflowType, state)
	state = c.losing("lost response", acctest.WorkflowType, state, config, "POST", "/workflows/entities/definitions/import/v1")
	c.destroy("destroy", acctest.WorkflowType, state, before)
}

func notifyCycle(c *cycle) {
	c.T.Helper()
	before := c.DescribeManaged()
	none := acctest.Instance{Value: c.provider(acctest.WorkflowType).None().Value}
	for i, receiver := range []acctest.Arguments{
		{"trigger": "score_changed", "webhook_id": c.ReceiverID},
		{"trigger": "new_incident", "webhook_id": c.ReceiverID},
		{"trigger": "score_changed", "http": acctest.Arguments{"url": acctest.WebhookURL + "?k=v", "success_codes": []int{200, 202}}},
	} {
		name := fmt.Sprint("notification ", i)
		config := acctest.Arguments{"name": "notify", "notify_webhook": receiver}
		state := c.apply("create "+name, acctest.WorkflowType, none, config)
		id := c.provider(acctest.WorkflowType).Text(state, "id")
		config = config.With(acctest.Arguments{"name": "notify more"})
		state = c.apply("rename "+name, acctest.WorkflowType, state, config)
		c.outside(func() error { return c.Sim.SetWorkflowEnabled(id, false) })
		c.wantDrift("drift "+name, acctest.WorkflowType, state, config)
		state = c.apply("repair "+name, acctest.WorkflowType, state, config)
		c.destroy("destroy "+name, acctest.WorkflowType, state, before)
	}
}

// shownOtherwise lists the readings under which a data source shows other values than under the default ones.
var shownOtherwise = map[string][]string{
	"falcon_api_client":       {"Q03=c"},                                     // no scopes
	"falcon_api_clients":      {"Q03=c", "Q54=b"},                            // no scopes, fewer scopes of the provider's API client
	"falcon_api_scopes":       {"Q54=b"},                                     // fewer scopes
	"falcon_child_tenants":    {"Q116=b"},                                    // neither name nor status
	"falcon_workflow_catalog": {"Q25=b"},                                     // without the events of cases
	"falcon_webhook":          {"Q15=b", "Q16=b", "Q18=b", "Q85=b", "Q85=c"}, // no URL, header or state, another app id
	"falcon_user_scores":      {"Q52=c"},                                     // the summary counts scores by the bounds that Falcon applies
	"falcon_workflow":         {"Q39=b", "Q39=c"},                            // created later, after reads that lag
	"falcon_domains":          {"Q64=b"},                                     // fewer domains without data_sources
}

// dataSourceCycle reads every data source. What it returns does not depend on the readings, but for the exceptions.
func dataSourceCycle(c *cycle) {
	c.T.Helper()
	expected := lifeCycle{name: dataSources}.expected(c.readings)
	var ended []string
	for _, source := range slices.Sorted(maps.Keys(sources)) {
		read, diags := c.provider("").Data(source, sources[source](c.Harness))
		problem := c.CheckDiagnostics(diags)
		if problem != "" {
			ended = append(ended, source+": "+problem)
			if !matchesAny(source+": "+problem, expected) {
				c.check(source, problem)
			}
			continue
		}
		otherwise := slices.ContainsFunc(shownOtherwise[source], func(choice string) bool { return have(c.readings, choice) })
		if ordinary := c.ordinary[source]; !otherwise && !read.Value.Equal(ordinary) {
			c.T.Errorf("%v, %s: got\n%s\nand with the default readings\n%s", c.readings, source, read.Value, ordinary)
		}
	}
	c.check("data sources", strings.Join(ended, "\n"))
}

func listCycle(c *cycle) {
	c.T.Helper()
	none := acctest.Instance{Value: c.provider(acctest.WorkflowType).None().Value}
	c.apply("create", acctest.WorkflowType, none, acctest.WorkflowArguments.With(acctest.Arguments{"name": "First: on"}))
	second := c.apply("create", acctest.WorkflowType, none, acctest.WorkflowArguments.With(acctest.Arguments{"name": "Second", "enabled": false}))
	c.apply("rename", acctest.WorkflowType, second, acctest.WorkflowArguments.With(acctest.Arguments{"name": "first, renamed", "enabled": false}))
	time.Sleep(time.Minute)
	for _, tt := range []struct {
		config acctest.Arguments
		want   string
	}{
		{nil, "First: on, first, renamed"},
		{acctest.Arguments{"name_contains": "first"}, "First: on, first, renamed"},
		{acctest.Arguments{"name_contains": "Second"}, ""},
		{acctest.Arguments{"enabled": true}, "First: on"},
	} {
		names := strings.Split(shownNames(c.provider(acctest.WorkflowType).Query(tt.config, false, 0)), ", ")
		slices.Sort(names)
		want := strings.Split(tt.want, ", ")
		slices.Sort(want)
		if !slices.Equal(names, want) {
			c.T.Errorf("%v, list %v: %q, want %q", c.readings, tt.config, names, want)
		}
	}
}

func runCycle(c *cycle) {
	c.T.Helper()
	none := acctest.Instance{Value: c.provider(acctest.WorkflowType).None().Value}
	c.apply("create", acctest.WorkflowType, none, acctest.Arguments{"definition": acctest.OnDemand})
	_, diags := c.provider(acctest.WorkflowType).InvokeAction(acctest.Arguments{"name": "contain", "parameters": `{"host":"LAPTOP-1"}`})
	c.check("run", c.CheckDiagnostics(diags))
}
