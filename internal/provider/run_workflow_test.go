package provider

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

const (
	runType     = "falcon_run_workflow"
	executePath = "/workflows/entities/execute/v1"
	resultsPath = "/workflows/entities/execution-results/v1"
)

func (p *protocol) actions() tfprotov6.ActionServer {
	p.t.Helper()
	server, ok := p.server.(tfprotov6.ActionServer)
	if !ok {
		p.t.Fatal("the provider has no actions")
	}
	return server
}

func (p *protocol) actionConfig(config arguments) *tfprotov6.DynamicValue {
	p.t.Helper()
	return p.dynamic(p.valueOf(p.schema.ActionSchemas[runType].Schema.ValueType(), config))
}

// run plans and invokes the action and gives its messages and its end.
func (p *protocol) run(config arguments) (progress []string, diags []*tfprotov6.Diagnostic) {
	p.t.Helper()
	planned, err := p.actions().PlanAction(p.t.Context(), &tfprotov6.PlanActionRequest{ActionType: runType, Config: p.actionConfig(config)})
	if err != nil {
		p.t.Fatal(err)
	}
	p.wantFine(planned.Diagnostics)
	stream, err := p.actions().InvokeAction(p.t.Context(), &tfprotov6.InvokeActionRequest{ActionType: runType, Config: p.actionConfig(config)})
	if err != nil {
		p.t.Fatal(err)
	}
	for event := range stream.Events {
		switch e := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			progress = append(progress, e.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			diags = e.Diagnostics
		}
	}
	return progress, diags
}

// onDemand asks for a host.
const onDemand = `name: contain
trigger:
  type: On demand
  name: On demand
  next: [wait]
  parameters:
    type: object
    properties:
      host: {type: string, title: Host}
      count: {type: integer, minimum: 1}
      tags: {type: array, items: {type: string}}
    required: [host]
actions:
  wait:
    id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b
    name: Sleep
    properties: {sleep_time: 1m}
    version_constraint: ~1
`

func TestRunWorkflow(t *testing.T) {
	t.Parallel()
	const host = `{"host":"LAPTOP-1"}`
	for name, tt := range map[string]struct {
		id     string // which of the workflows is run by its id
		config arguments
		sent   string // the parameters
		want   string // in the error, with its argument; "" is success
	}{
		"by id":              {id: "nap", sent: "{}"},
		"by name":            {config: arguments{"name": "nap"}, sent: "{}"},
		"scheduled":          {id: "nightly", sent: "{}"},
		"parameters":         {id: "contain", config: arguments{"parameters": host}, sent: host},
		"parameter missing":  {id: "contain", want: "parameters: Invalid parameters: .*not started:\n\n  missing property 'host'"},
		"of a wrong type":    {id: "contain", config: arguments{"parameters": `{"host":5}`}, want: "parameters: .*host: got number, want string"},
		"too small":          {id: "contain", config: arguments{"parameters": `{"host":"h","count":0}`}, want: "parameters: .*count: minimum: got 0, want 1"},
		"wrong inside":       {id: "contain", config: arguments{"parameters": `{"tags":["a",1]}`}, want: `parameters: .*missing property 'host'\n  tags.1: got number, want string`},
		"off":                {config: arguments{"name": "off"}, want: "name: .*is disabled.*set enabled = true"},
		"starts with events": {id: "event", want: "workflow_id: .*not an On-demand.*starts when the event occurs"},
		"not there":          {config: arguments{"workflow_id": otherID}, want: "workflow_id: .*" + otherID + " not found"},
		"no such name":       {config: arguments{"name": "Nap"}, want: `name: .*workflow "Nap" not found`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := newSim(t, falconsim.Options{})
			p := newProtocol(t, sim)
			p.created(arguments{"definition": sleepDocument, "name": "off", "enabled": false})
			ids := map[string]string{
				"nap":     p.text(p.created(arguments{"definition": sleepDocument}), "id"),
				"contain": p.text(p.created(arguments{"definition": onDemand}), "id"),
				"nightly": p.text(p.created(arguments{"name": "nightly", "definition": strings.Replace(sleepDocument, "type: On demand", "type: Scheduled\n  event: Schedule", 1)}), "id"),
				"event":   p.text(p.created(arguments{"name": "event", "definition": strings.Replace(sleepDocument, "type: On demand", "type: Signal\n  event: Case/Created", 1)}), "id"),
			}
			config := maps.Clone(tt.config)
			if tt.id != "" {
				if config == nil {
					config = arguments{}
				}
				config["workflow_id"] = ids[tt.id]
			}
			progress, diags := p.run(config)
			text := messages(diags, tfprotov6.DiagnosticSeverityError)
			said := strings.Join(progress, "\n")
			if tt.want != "" {
				if !regexp.MustCompile("(?s)"+tt.want).MatchString(text) || len(progress) > 0 || len(sim.Executions()) > 0 {
					t.Errorf("got %q after %q, want %q", text, said, tt.want)
				}
				return
			}
			for _, want := range []string{"Started workflow", "as execution", "Execution: In progress.", `Node "wait" (Sleep): Succeeded.`, "Execution: Completed."} {
				if strings.Count(said, want) != 1 {
					t.Errorf("%q is not once in the messages:\n%s", want, said)
				}
			}
			if len(diags) > 0 {
				t.Errorf("got %s", diags[0].Detail)
			}
			requests := sim.Requests()
			started := slices.IndexFunc(requests, func(r falconsim.Request) bool { return r.Path == executePath })
			if started < 0 {
				t.Fatal("nothing was run")
			}
			sent, err := json.Marshal(requests[started].Body)
			if err != nil || string(sent) != tt.sent {
				t.Errorf("sent %s, %v, want %s", sent, err, tt.sent)
			}
		})
	}
}

// What goes wrong, by what Falcon answers. A single result without an id is the one that was asked for.
func TestRunWorkflow_failures(t *testing.T) {
	t.Parallel()
	const failed = `{"resources":[{"status":"Failed","end_timestamp":"2026-01-01T00:00:00Z","activities":[` +
		`{"node_id":"first","name":"Look up","status":"Succeeded"},{"node_id":"second","name":"Contain","status":"Failed","error_code":409,"error_message":"the host is offline."}]}]}`
	for name, tt := range map[string]struct {
		fault  falconsim.Fault
		config arguments
		want   []string
	}{
		"a node failed": {
			fault: falconsim.Fault{Path: resultsPath, Status: http.StatusOK, Body: failed},
			want:  []string{"Workflow failed", `ended with the status "Failed"`, `Node "second" (Contain): Failed: the host is offline (code 409)`},
		},
		"no node failed": {
			fault: falconsim.Fault{Path: resultsPath, Status: http.StatusOK, Body: `{"resources":[{"status":"Canceled","end_timestamp":"2026-01-01T00:00:00Z"}]}`},
			want:  []string{`ended with the status "Canceled"`, "does not say that one of its nodes failed"},
		},
		"no end": {
			fault:  falconsim.Fault{Path: resultsPath, Status: http.StatusOK, Body: `{"resources":[{"status":"In progress"}]}`},
			config: arguments{"timeouts": arguments{"invoke": "50ms"}},
			want:   []string{"Timed out waiting for the workflow", "goes on in Falcon", `Its status was "In progress"`, "invoke"},
		},
		"no right to read": {
			fault: falconsim.Fault{Path: resultsPath, Status: http.StatusForbidden, Body: `{"errors":[{"code":403,"message":"access denied, scope not permitted"}]}`},
			want:  []string{"Result of the workflow not known", "may have done its work", "lacks the scope workflow:read"},
		},
		"no right to run": {
			fault: falconsim.Fault{Path: executePath, Status: http.StatusForbidden, Body: `{"errors":[{"code":403,"message":"access denied, scope not permitted"}]}`},
			want:  []string{"Unable to run workflow", "lacks the scope workflow:write"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := newSim(t, falconsim.Options{})
			p := newProtocol(t, sim)
			config := arguments{"workflow_id": p.text(p.created(arguments{"definition": sleepDocument}), "id")}
			maps.Copy(config, tt.config)
			if err := sim.Inject(tt.fault); err != nil {
				t.Fatal(err)
			}
			_, diags := p.run(config)
			text := messages(diags, tfprotov6.DiagnosticSeverityError)
			for _, want := range tt.want {
				if !strings.Contains(text, want) {
					t.Errorf("got %q, want %q in it", text, want)
				}
			}
			started := 0
			for _, r := range sim.Requests() {
				if r.Path == executePath {
					started++
				}
			}
			if started != 1 {
				t.Errorf("started %d times", started)
			}
		})
	}
}

// A response that is lost is asked for again; that starts no second run.
func TestRunWorkflow_lostResponse(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]falconsim.Fault{
		"connection": {Path: executePath, Kind: falconsim.FaultDropAfter, Times: 1},
		"gateway":    {Path: executePath, Status: http.StatusBadGateway, Times: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := newSim(t, falconsim.Options{})
			p := newProtocol(t, sim)
			config := arguments{"workflow_id": p.text(p.created(arguments{"definition": sleepDocument}), "id")}
			mustInject(t, sim, fault)
			_, diags := p.run(config)
			p.wantFine(diags)
			if n := calls(sim, http.MethodPost, executePath); n != 2 || len(sim.Executions()) != 1 {
				t.Errorf("%d requests, executions %v", n, sim.Executions())
			}
			if _, diags = p.run(config); len(diags) > 0 || len(sim.Executions()) != 2 { // another invocation is another run
				t.Errorf("executions %v", sim.Executions())
			}
		})
	}
}

// How runs end that do not complete.
func TestRunWorkflow_outcomes(t *testing.T) {
	t.Parallel()
	for outcome, want := range map[string]string{
		"Action required": "Workflow waits for a decision: .*person has decided in the Falcon console",
		"Failed":          `Workflow failed: .*ended with the status "Failed"`,
		"Canceled":        `Workflow failed: .*ended with the status "Canceled"`,
		"Skipped":         `Workflow failed: .*ended with the status "Skipped"`,
	} {
		t.Run(outcome, func(t *testing.T) {
			t.Parallel()
			sim := newSim(t, falconsim.Options{})
			p := newProtocol(t, sim)
			id := p.text(p.created(arguments{"definition": sleepDocument}), "id")
			if err := sim.SetOutcome(id, outcome); err != nil {
				t.Fatal(err)
			}
			_, diags := p.run(arguments{"workflow_id": id})
			if text := messages(diags, tfprotov6.DiagnosticSeverityError); !regexp.MustCompile("(?s)" + want).MatchString(text) {
				t.Errorf("got %q, want %s", text, want)
			}
		})
	}
}

// Numbers are sent as they are written.
func TestRunWorkflow_numbers(t *testing.T) {
	t.Parallel()
	const text = `{"count":12345678901234567890,"ratio":1.50}`
	var diags diag.Diagnostics
	sent, err := json.Marshal(runWorkflowModel{Parameters: types.StringValue(text)}.parameters(&diags))
	if err != nil || string(sent) != text || len(diags) > 0 {
		t.Errorf("sent %s, %v, %v", sent, err, diags)
	}
}

// A schema that cannot be used is a warning, and nothing is read from files or addresses.
func TestParameterSchema(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ schema, warning string }{
		"of another draft": {schema: `{"$schema":"http://json-schema.org/draft-07/schema#","type":"object"}`},
		"refers to itself": {schema: `{"definitions":{"h":{"type":"string"}},"properties":{"host":{"$ref":"#/definitions/h"}}}`},
		"a file":           {schema: `{"$ref":"file:///etc/hostname"}`, warning: "refers to file:///etc/hostname"},
		"an address":       {schema: `{"$ref":"https://example.com/schema.json"}`, warning: "refers to https://example.com/schema.json"},
		"not a schema":     {schema: `{"type":"thing"}`, warning: "Parameters not checked"},
		"not JSON":         {schema: `{`, warning: "Parameters not checked"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var diags diag.Diagnostics
			checkParameters(&falcon.Workflow{ID: otherID, Name: "n", Parameters: tt.schema}, map[string]any{"host": "h"}, &diags)
			if diags.HasError() || (len(diags) > 0) != (tt.warning != "") || !strings.Contains(fmt.Sprint(diags), tt.warning) {
				t.Errorf("got %v, want %q", diags, tt.warning)
			}
		})
	}
}

func TestRunWorkflow_validation(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, newSim(t, falconsim.Options{}))
	for name, tt := range map[string]struct {
		config arguments
		want   string
	}{
		"neither":         {want: "Exactly one of"},
		"both":            {config: arguments{"workflow_id": otherID, "name": "x"}, want: "workflow_id"},
		"no id":           {config: arguments{"workflow_id": "x"}, want: "32 hexadecimal digits"},
		"no JSON":         {config: arguments{"name": "x", "parameters": "host=1"}, want: "JSON object"},
		"no object":       {config: arguments{"name": "x", "parameters": "[1]"}, want: "JSON object"},
		"unknown":         {config: arguments{"workflow_id": unknown{}, "parameters": unknown{}}},
		"one":             {config: arguments{"name": "x", "parameters": "{}"}},
		"broken time-out": {config: arguments{"name": "x", "timeouts": arguments{"invoke": "soon"}}, want: "soon"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resp, err := p.actions().ValidateActionConfig(t.Context(), &tfprotov6.ValidateActionConfigRequest{ActionType: runType, Config: p.actionConfig(tt.config)})
			if err != nil {
				t.Fatal(err)
			}
			text := messages(resp.Diagnostics, tfprotov6.DiagnosticSeverityError)
			if (text == "") != (tt.want == "") || !strings.Contains(text, tt.want) {
				t.Errorf("got %q, want %q", text, tt.want)
			}
		})
	}
}
