package falcon

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/crowdstrike/gofalcon/falcon/client/workflows"
)

const (
	firstPollWait = 250 * time.Millisecond // before an execution's result is read again
	maxPollWait   = 10 * time.Second       // the longest wait between two reads
	// maxMissingPolls is how often a new execution may be missing: it is not published that Falcon shows it immediately.
	maxMissingPolls = 6
)

// Execution is one run of a workflow.
type Execution struct {
	ID           string
	WorkflowID   string
	WorkflowName string
	// Status is Falcon's word, such as "Completed" or "Failed".
	Status string
	// Ended says that Status is a final state.
	Ended bool
	// Waiting says that the run waits for a person's decision before it continues.
	Waiting bool
	// Nodes are the trigger, actions and loops that have run or are running, in Falcon's order.
	Nodes []ExecutedNode
	// Output is the workflow's output as JSON; nil if none.
	Output json.RawMessage
	// Summary is the text that the workflow's document defines for it; "" if none.
	Summary string
}

// Succeeded reports whether the run has ended successfully.
func (e Execution) Succeeded() bool { return e.Ended && stateOf(e.Status) == stateSucceeded }

// Failures are the nodes that failed.
func (e Execution) Failures() []ExecutedNode {
	var failed []ExecutedNode
	for _, n := range e.Nodes {
		if n.Failed() {
			failed = append(failed, n)
		}
	}
	return failed
}

// ExecutedNode is a node of a workflow in one run of it.
type ExecutedNode struct {
	NodeID string // the key in the workflow's document
	Name   string // the name in the console; "" for a loop
	Status string
	// Code and Message say why the node failed; 0 and "" if Falcon does not say.
	Code    int
	Message string
}

// Failed reports whether Falcon calls the node failed, or returns an error for it.
func (n ExecutedNode) Failed() bool {
	return stateOf(n.Status) == stateFailed || n.Message != "" || n.Code != 0
}

type wireExecution struct {
	ID           looseString     `json:"execution_id"`
	WorkflowID   looseString     `json:"definition_id"`
	WorkflowName looseString     `json:"definition_name"`
	Status       looseString     `json:"status"`
	End          looseString     `json:"end_timestamp"`
	Trigger      *wireNode       `json:"trigger"`
	Activities   []wireNode      `json:"activities"`
	Loops        []wireNode      `json:"loops"`
	Output       json.RawMessage `json:"output_data"`
	Summary      looseString     `json:"summary"`
}

type wireNode struct {
	NodeID  looseString `json:"node_id"`
	Name    looseString `json:"name"`
	Status  looseString `json:"status"`
	Code    looseInt    `json:"error_code"`
	Message looseString `json:"error_message"`
}

// zeroTime is Go's form of a time that is not set; a server written in Go may return it.
const zeroTime = "0001-01-01T00:00:00"

func (w wireExecution) execution() Execution {
	// These texts are shown to the user, and parts of them come from data that the workflow processed.
	shown := func(s looseString) string { return plainText(string(s), maxMessage) }
	status := shown(w.Status)
	e := Execution{
		ID: shown(w.ID), WorkflowID: shown(w.WorkflowID), WorkflowName: shown(w.WorkflowName), Status: status, Summary: shown(w.Summary),
	}
	switch stateOf(status) {
	case stateSucceeded, stateFailed, stateCanceled:
		e.Ended = true
	case stateWaiting:
		e.Waiting = true
	case stateUnknown:
		// According to Falcon's schema, only a final state has an end.
		e.Ended = w.End != "" && !strings.HasPrefix(string(w.End), zeroTime)
	}
	if output := string(w.Output); output != "" && output != "null" {
		e.Output = w.Output
	}
	var nodes []wireNode
	if w.Trigger != nil {
		nodes = append(nodes, *w.Trigger)
	}
	for _, n := range append(append(nodes, w.Activities...), w.Loops...) {
		e.Nodes = append(e.Nodes, ExecutedNode{
			NodeID: shown(n.NodeID), Name: shown(n.Name), Status: shown(n.Status), Code: int(n.Code), Message: shown(n.Message),
		})
	}
	return e
}

// WorkflowRef names a workflow by its id or, if that is empty, by its name.
type WorkflowRef struct{ ID, Name string }

// String is the workflow in a message.
func (r WorkflowRef) String() string {
	if r.ID != "" {
		return "workflow " + r.ID
	}
	return fmt.Sprintf("workflow %q", r.Name)
}

// RunWorkflow starts an enabled on-demand or scheduled workflow with these parameters (nil: none) and returns the id of the
// execution. The request has a key of its own: repeated with the same key after a lost response, it returns the execution
// that it started and does not start a second one. Where [Ambiguous] holds for the error, the workflow may be running. Scope
// workflow:write (wire/executions.md#execute).
func (c *Client) RunWorkflow(ctx context.Context, ref WorkflowRef, parameters map[string]any) (string, error) {
	ctx = withCall(ctx, call{doing: "run " + ref.String(), scope: scopeWorkflowWrite, repeat: safe})
	if parameters == nil {
		parameters = map[string]any{}
	}
	params := workflows.NewExecuteParamsWithContext(ctx)
	params.SetBody(parameters)
	params.SetKey(new(rand.Text()))
	if ref.ID != "" {
		params.SetDefinitionID([]string{ref.ID})
	} else {
		params.SetName(&ref.Name)
	}
	var r response
	_, err := c.workflows.Execute(params, r.as(workflows.NewExecuteOK()))
	if e, ok := errors.AsType[*Error](err); ok && !e.token {
		e.hint = executeHint(e)
	}
	env, err := checkedEnvelope(ctx, &r, err)
	if err != nil {
		return "", err
	}
	ids, err := resources[looseString](ctx, env)
	if err != nil {
		return "", err
	}
	if len(ids) == 0 || ids[0] == "" {
		return "", env.broken(ctx, errors.New("the response contains no execution id"))
	}
	return string(ids[0]), nil
}

// executeHint explains why Falcon refuses to run a workflow (wire/executions.md#execute).
func executeHint(e *Error) string {
	switch {
	case e.Status == http.StatusUnauthorized:
		return "Falcon also returns this for a workflow that can be run only by a person who confirms it with a second factor."
	case e.Status == http.StatusPreconditionFailed && e.says("disabled"):
		return "Only an enabled workflow can be run: set enabled = true, or enable it in the console."
	case e.Status == http.StatusPreconditionFailed:
		return "Only workflows with an on-demand or scheduled trigger can be run. A workflow with an event trigger starts when the event occurs."
	}
	return e.hint
}

// Runnable reads what is needed to run a workflow: its id, state and parameters. IsNotFound holds for the error when there
// is no such workflow.
func (c *Client) Runnable(ctx context.Context, ref WorkflowRef) (*Workflow, error) {
	if ref.ID != "" {
		return c.readWorkflow(ctx, ref.ID)
	}
	found, err := c.WorkflowsByName(ctx, ref.Name)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, notFound(withCall(ctx, call{doing: "run " + ref.String()}), ref.String())
	}
	return &found[0], nil
}

// WaitExecution reads an execution until it has ended or waits for a person, and calls report after each read. When ctx ends
// first, the error is that of ctx, and the execution is as it was read last. Scope workflow:read.
func (c *Client) WaitExecution(ctx context.Context, id string, report func(Execution)) (Execution, error) {
	var last Execution
	missing := 0
	for wait := firstPollWait; ; wait = min(2*wait, maxPollWait) {
		seen, err := c.execution(ctx, id)
		switch {
		case err == nil:
			last = *seen
			report(last)
		case ctx.Err() != nil:
			return last, context.Cause(ctx)
		case !IsNotFound(err) || last.ID != "" || missing == maxMissingPolls:
			return last, err
		default:
			missing++
		}
		if last.Ended || last.Waiting {
			return last, nil
		}
		if err := c.clock.sleep(ctx, wait); err != nil {
			return last, err
		}
	}
}

func (c *Client) execution(ctx context.Context, id string) (*Execution, error) {
	ctx = withCall(ctx, call{doing: "read the result of execution " + id, scope: scopeWorkflowRead, repeat: safe})
	params := workflows.NewExecutionResultsParamsWithContext(ctx)
	params.SetIds([]string{id})
	var r response
	_, err := c.workflows.ExecutionResults(params, r.as(workflows.NewExecutionResultsOK()))
	env, err := checkedEnvelope(ctx, &r, err)
	if err != nil {
		return nil, err
	}
	found, err := resources[wireExecution](ctx, env)
	if err != nil {
		return nil, err
	}
	for _, w := range found {
		if string(w.ID) == id || w.ID == "" && len(found) == 1 {
			e := w.execution()
			e.ID = id
			return &e, nil
		}
	}
	return nil, notFound(ctx, "execution "+id)
}

// executionState is the meaning of Falcon's words for the state of an execution or of its nodes.
type executionState int

const (
	stateUnknown executionState = iota
	stateRunning
	stateSucceeded
	stateFailed
	stateCanceled
	stateWaiting // for a person
)

// executionStates are the known states. Responses had "Completed", "In progress" and "Action required", and clients wait for
// "Succeeded" and "ActionRequired": both vocabularies are accepted (wire/executions.md#states). The state of a canceled
// execution is not known.
var executionStates = map[string]executionState{
	"inprogress":     stateRunning,
	"running":        stateRunning,
	"pending":        stateRunning,
	"queued":         stateRunning,
	"completed":      stateSucceeded,
	"succeeded":      stateSucceeded,
	"success":        stateSucceeded,
	"failed":         stateFailed,
	"canceled":       stateCanceled,
	"cancelled":      stateCanceled,
	"actionrequired": stateWaiting,
}

// stateOf ignores case, spaces, underscores and hyphens.
func stateOf(status string) executionState {
	return executionStates[strings.NewReplacer(" ", "", "_", "", "-", "").Replace(strings.ToLower(status))]
}
