package workflow_test

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

func TestRunAction(t *testing.T) {
	t.Parallel()
	const host = `{"host":"LAPTOP-1"}`
	for name, tt := range map[string]struct {
		id     string // of the workflow, if it is run by its id
		config acctest.Arguments
		sent   string // parameters
		want   string // error with its argument; "" for none
	}{
		"by id":                  {id: "nap", sent: "{}"},
		"by name":                {config: acctest.Arguments{"name": "nap"}, sent: "{}"},
		"scheduled":              {id: "nightly", sent: "{}"},
		"parameters":             {id: "contain", config: acctest.Arguments{"parameters": host}, sent: host},
		"parameter missing":      {id: "contain", want: "parameters: Invalid parameters: .*not started:\n\n  missing property 'host'"},
		"of a wrong type":        {id: "contain", config: acctest.Arguments{"parameters": `{"host":5}`}, want: "parameters: .*host: got number, want string"},
		"too small":              {id: "contain", config: acctest.Arguments{"parameters": `{"host":"h","count":0}`}, want: "parameters: .*count: minimum: got 0, want 1"},
		"of a wrong nested type": {id: "contain", config: acctest.Arguments{"parameters": `{"tags":["a",1]}`}, want: `parameters: .*missing property 'host'\n  tags.1: got number, want string`},
		"disabled":               {config: acctest.Arguments{"name": "off"}, want: "name: .*is disabled.*set enabled = true"},
		"starts with events":     {id: "event", want: "workflow_id: .*not an On-demand.*starts when the event occurs"},
		"unknown id":             {config: acctest.Arguments{"workflow_id": coretest.OtherID}, want: "workflow_id: .*" + coretest.OtherID + " not found"},
		"unknown name":           {config: acctest.Arguments{"name": "Nap"}, want: `name: .*workflow "Nap" not found`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := acctest.NewSim(t, falconsim.Options{})
			p := acctest.NewProtocol(t, sim)
			p.Create(acctest.Arguments{"definition": acctest.SleepDocument, "name": "off", "enabled": false})
			ids := map[string]string{
				"nap":     p.Text(p.Create(acctest.Arguments{"definition": acctest.SleepDocument}), "id"),
				"contain": p.Text(p.Create(acctest.Arguments{"definition": acctest.OnDemand}), "id"),
				"nightly": p.Text(p.Create(acctest.Arguments{"name": "nightly", "definition": strings.Replace(acctest.SleepDocument, "type: On demand", "type: Scheduled\n  event: Schedule", 1)}), "id"),
				"event":   p.Text(p.Create(acctest.Arguments{"name": "event", "definition": strings.Replace(acctest.SleepDocument, "type: On demand", "type: Signal\n  event: Case/Created", 1)}), "id"),
			}
			config := maps.Clone(tt.config)
			if tt.id != "" {
				if config == nil {
					config = acctest.Arguments{}
				}
				config["workflow_id"] = ids[tt.id]
			}
			progress, diags := p.InvokeAction(config)
			text := acctest.Messages(diags, tfprotov6.DiagnosticSeverityError)
			messages := strings.Join(progress, "\n")
			if tt.want != "" {
				if !regexp.MustCompile("(?s)"+tt.want).MatchString(text) || len(progress) > 0 || len(sim.Executions()) > 0 {
					t.Errorf("got %q after %q, want %q", text, messages, tt.want)
				}
				return
			}
			for _, want := range []string{"Started workflow", "as execution", "Execution: In progress.", `Node "wait" (Sleep): Succeeded.`, "Execution: Completed."} {
				if strings.Count(messages, want) != 1 {
					t.Errorf("%q is not in the messages exactly once:\n%s", want, messages)
				}
			}
			if len(diags) > 0 {
				t.Errorf("got %s", diags[0].Detail)
			}
			requests := sim.Requests()
			started := slices.IndexFunc(requests, func(r falconsim.Request) bool { return r.Path == acctest.ExecutePath })
			if started < 0 {
				t.Fatal("no workflow was run")
			}
			sent, err := json.Marshal(requests[started].Body)
			if err != nil || string(sent) != tt.sent {
				t.Errorf("sent %s, %v, want %s", sent, err, tt.sent)
			}
		})
	}
}

// Errors by Falcon's responses. A single result without an id is that of the execution.
func TestRunAction_failures(t *testing.T) {
	t.Parallel()
	const failed = `{"resources":[{"status":"Failed","end_timestamp":"2026-01-01T00:00:00Z","activities":[` +
		`{"node_id":"first","name":"Look up","status":"Succeeded"},{"node_id":"second","name":"Contain","status":"Failed","error_code":409,"error_message":"the host is offline."}]}]}`
	for name, tt := range map[string]struct {
		fault  falconsim.Fault
		config acctest.Arguments
		want   []string
	}{
		"a node failed": {
			fault: falconsim.Fault{Path: acctest.ResultsPath, Status: http.StatusOK, Body: failed},
			want:  []string{"Workflow failed", `ended with the status "Failed"`, `Node "second" (Contain): Failed: the host is offline (code 409)`},
		},
		"no node failed": {
			fault: falconsim.Fault{Path: acctest.ResultsPath, Status: http.StatusOK, Body: `{"resources":[{"status":"Canceled","end_timestamp":"2026-01-01T00:00:00Z"}]}`},
			want:  []string{`ended with the status "Canceled"`, "does not report that one of its nodes failed"},
		},
		"no end": {
			fault:  falconsim.Fault{Path: acctest.ResultsPath, Status: http.StatusOK, Body: `{"resources":[{"status":"In progress"}]}`},
			config: acctest.Arguments{"timeouts": acctest.Arguments{"invoke": "50ms"}},
			want:   []string{"Timed out waiting for the workflow", "continues in Falcon", `Its status was "In progress"`, "invoke"},
		},
		"no scope to read": {
			fault: falconsim.Fault{Path: acctest.ResultsPath, Status: http.StatusForbidden, Body: `{"errors":[{"code":403,"message":"access denied, scope not permitted"}]}`},
			want:  []string{"Unable to read result of workflow", "may have completed", "lacks the scope workflow:read"},
		},
		"no scope to run": {
			fault: falconsim.Fault{Path: acctest.ExecutePath, Status: http.StatusForbidden, Body: `{"errors":[{"code":403,"message":"access denied, scope not permitted"}]}`},
			want:  []string{"Unable to run workflow", "lacks the scope workflow:write"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := acctest.NewSim(t, falconsim.Options{})
			p := acctest.NewProtocol(t, sim)
			config := acctest.Arguments{"workflow_id": p.Text(p.Create(acctest.Arguments{"definition": acctest.SleepDocument}), "id")}
			maps.Copy(config, tt.config)
			if err := sim.Inject(tt.fault); err != nil {
				t.Fatal(err)
			}
			_, diags := p.InvokeAction(config)
			text := acctest.Messages(diags, tfprotov6.DiagnosticSeverityError)
			for _, want := range tt.want {
				if !strings.Contains(text, want) {
					t.Errorf("got %q, want %q in it", text, want)
				}
			}
			started := 0
			for _, r := range sim.Requests() {
				if r.Path == acctest.ExecutePath {
					started++
				}
			}
			if started != 1 {
				t.Errorf("started %d times", started)
			}
		})
	}
}

// A request whose response is lost is repeated, and starts no second run.
func TestRunAction_lostResponse(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]falconsim.Fault{
		"connection": {Path: acctest.ExecutePath, Kind: falconsim.FaultDropAfter, Times: 1},
		"gateway":    {Path: acctest.ExecutePath, Status: http.StatusBadGateway, Times: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := acctest.NewSim(t, falconsim.Options{})
			p := acctest.NewProtocol(t, sim)
			config := acctest.Arguments{"workflow_id": p.Text(p.Create(acctest.Arguments{"definition": acctest.SleepDocument}), "id")}
			acctest.Inject(t, sim, fault)
			_, diags := p.InvokeAction(config)
			p.WantNoError(diags)
			if n := acctest.CountRequests(sim, http.MethodPost, acctest.ExecutePath); n != 2 || len(sim.Executions()) != 1 {
				t.Errorf("%d requests, executions %v", n, sim.Executions())
			}
			if _, diags = p.InvokeAction(config); len(diags) > 0 || len(sim.Executions()) != 2 { // another invocation is another run
				t.Errorf("executions %v", sim.Executions())
			}
		})
	}
}

// Runs that do not complete.
func TestRunAction_outcomes(t *testing.T) {
	t.Parallel()
	for outcome, want := range map[string]string{
		"Action required": "Workflow waits for a decision: .*someone decides in the Falcon console",
		"Failed":          `Workflow failed: .*ended with the status "Failed"`,
		"Canceled":        `Workflow failed: .*ended with the status "Canceled"`,
		"Skipped":         `Workflow failed: .*ended with the status "Skipped"`,
	} {
		t.Run(outcome, func(t *testing.T) {
			t.Parallel()
			sim := acctest.NewSim(t, falconsim.Options{})
			p := acctest.NewProtocol(t, sim)
			id := p.Text(p.Create(acctest.Arguments{"definition": acctest.SleepDocument}), "id")
			if err := sim.SetOutcome(id, outcome); err != nil {
				t.Fatal(err)
			}
			_, diags := p.InvokeAction(acctest.Arguments{"workflow_id": id})
			if text := acctest.Messages(diags, tfprotov6.DiagnosticSeverityError); !regexp.MustCompile("(?s)" + want).MatchString(text) {
				t.Errorf("got %q, want %s", text, want)
			}
		})
	}
}

// A canceled apply does not end the workflow, and the error says so.
func TestRunAction_canceled(t *testing.T) {
	t.Parallel()
	acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness) {
		p := b.Start(acctest.WorkflowType)
		id := p.Text(p.Create(acctest.WorkflowArguments), "id")
		if err := b.Sim.Inject(falconsim.Fault{Path: acctest.ResultsPath, Status: http.StatusOK, Body: `{"resources":[{"status":"In progress"}]}`}); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		time.AfterFunc(time.Minute, cancel)
		p.Ctx = ctx
		_, diags := p.InvokeAction(acctest.Arguments{"workflow_id": id})
		acctest.WantError(t, "canceled", diags, "Interrupted while waiting for the workflow: The execution ", "continues in Falcon")
	})
}

func TestRunAction_validation(t *testing.T) {
	t.Parallel()
	p := acctest.NewProtocol(t, acctest.NewSim(t, falconsim.Options{}))
	for name, tt := range map[string]struct {
		config acctest.Arguments
		want   string
	}{
		"neither":         {want: "Exactly one of"},
		"both":            {config: acctest.Arguments{"workflow_id": coretest.OtherID, "name": "x"}, want: "workflow_id"},
		"not an id":       {config: acctest.Arguments{"workflow_id": "x"}, want: "32 hexadecimal digits"},
		"not JSON":        {config: acctest.Arguments{"name": "x", "parameters": "host=1"}, want: "JSON object"},
		"not an object":   {config: acctest.Arguments{"name": "x", "parameters": "[1]"}, want: "JSON object"},
		"unknown":         {config: acctest.Arguments{"workflow_id": acctest.Unknown{}, "parameters": acctest.Unknown{}}},
		"one":             {config: acctest.Arguments{"name": "x", "parameters": "{}"}},
		"invalid timeout": {config: acctest.Arguments{"name": "x", "timeouts": acctest.Arguments{"invoke": "soon"}}, want: "soon"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resp, err := p.Actions().ValidateActionConfig(t.Context(), &tfprotov6.ValidateActionConfigRequest{ActionType: acctest.RunType, Config: p.ActionConfig(tt.config)})
			if err != nil {
				t.Fatal(err)
			}
			text := acctest.Messages(resp.Diagnostics, tfprotov6.DiagnosticSeverityError)
			if (text == "") != (tt.want == "") || !strings.Contains(text, tt.want) {
				t.Errorf("got %q, want %q", text, tt.want)
			}
		})
	}
}
