package workflow

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
)

// signOfLife is how long a run may go on without a message.
const signOfLife = 30 * time.Second

// runProgress turns looks at an execution into messages: what is new in each.
type runProgress struct {
	say     func(text string)
	began   time.Time
	spoke   time.Time
	status  string
	reached map[string]string // node to the status that was told
}

func newRunProgress(say func(string)) *runProgress {
	now := time.Now()
	return &runProgress{say: say, began: now, spoke: now, reached: map[string]string{}}
}

// report tells what has changed since the last look, or now and then that nothing has.
func (p *runProgress) report(e falcon.Execution) {
	var news []string
	for _, n := range e.Nodes {
		if p.reached[n.NodeID] != n.Status {
			p.reached[n.NodeID] = n.Status
			news = append(news, fmt.Sprintf("%s: %s.", nodeTitle(n), n.Status))
		}
	}
	switch {
	case e.Status != p.status:
		p.status = e.Status
		news = append(news, fmt.Sprintf("Execution: %s.", e.Status))
		if e.Ended && e.Summary != "" {
			news = append(news, e.Summary)
		}
	case len(news) == 0 && time.Since(p.spoke) >= signOfLife:
		news = append(news, fmt.Sprintf("Execution: still %s after %s.", e.Status, time.Since(p.began).Round(time.Second)))
	}
	for _, text := range news {
		p.say(text)
		p.spoke = time.Now()
	}
}

func nodeTitle(n falcon.ExecutedNode) string {
	if n.Name == "" || n.Name == n.NodeID {
		return fmt.Sprintf("Node %q", n.NodeID)
	}
	return fmt.Sprintf("Node %q (%s)", n.NodeID, n.Name)
}

// failureText says how an execution ended, and where.
func failureText(ref falcon.WorkflowRef, e falcon.Execution) string {
	lines := []string{fmt.Sprintf("The execution %s of the %s ended with the status %q.", e.ID, ref, e.Status)}
	failures := e.Failures()
	for _, n := range failures {
		line := fmt.Sprintf("  %s: %s", nodeTitle(n), n.Status)
		if n.Message != "" {
			line += ": " + strings.TrimSuffix(n.Message, ".")
		}
		if n.Code != 0 {
			line += fmt.Sprintf(" (code %d)", n.Code)
		}
		lines = append(lines, line)
	}
	if len(failures) == 0 {
		lines = append(lines, "Falcon does not say that one of its nodes failed.")
	}
	return strings.Join(lines, "\n\n")
}

// addUnendedError is about a run that was not waited for to its end.
func addUnendedError(ctx context.Context, diags *diag.Diagnostics, ref falcon.WorkflowRef, id string, seen falcon.Execution) {
	last := "Falcon had not shown it yet."
	if seen.Status != "" {
		last = fmt.Sprintf("Its status was %q.", seen.Status)
	}
	goesOn := fmt.Sprintf("The execution %s of the %s goes on in Falcon; see its execution log in Fusion SOAR. %s", id, ref, last)
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		diags.AddError("Timed out waiting for the workflow", goesOn+" To wait longer, set timeouts = { invoke = \"30m\" } or more.")
		return
	}
	diags.AddError("Waiting for the workflow was stopped", goesOn)
}
