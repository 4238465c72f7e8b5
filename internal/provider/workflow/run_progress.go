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

// maxSilence is how long a run may continue without a message.
const maxSilence = 30 * time.Second

// runProgress turns the states of an execution into messages about what changed.
type runProgress struct {
	send     func(text string)
	started  time.Time
	lastSent time.Time
	status   string            // the last one that was reported
	nodes    map[string]string // node to its status that was reported
}

func newRunProgress(send func(string)) *runProgress {
	now := time.Now()
	return &runProgress{send: send, started: now, lastSent: now, nodes: map[string]string{}}
}

// report sends what changed since the last report, or after a while that nothing changed.
func (p *runProgress) report(e falcon.Execution) {
	var news []string
	for _, n := range e.Nodes {
		if p.nodes[n.NodeID] != n.Status {
			p.nodes[n.NodeID] = n.Status
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
	case len(news) == 0 && time.Since(p.lastSent) >= maxSilence:
		news = append(news, fmt.Sprintf("Execution: still %s after %s.", e.Status, time.Since(p.started).Round(time.Second)))
	}
	for _, text := range news {
		p.send(text)
		p.lastSent = time.Now()
	}
}

func nodeTitle(n falcon.ExecutedNode) string {
	if n.Name == "" || n.Name == n.NodeID {
		return fmt.Sprintf("Node %q", n.NodeID)
	}
	return fmt.Sprintf("Node %q (%s)", n.NodeID, n.Name)
}

// failureText describes how an execution ended, and which nodes failed.
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
		lines = append(lines, "Falcon does not report that one of its nodes failed.")
	}
	return strings.Join(lines, "\n\n")
}

// addInterruptedError reports that the wait for a run ended before the run.
func addInterruptedError(ctx context.Context, diags *diag.Diagnostics, ref falcon.WorkflowRef, id string, seen falcon.Execution) {
	last := "Falcon did not show it yet."
	if seen.Status != "" {
		last = fmt.Sprintf("Its status was %q.", seen.Status)
	}
	detail := fmt.Sprintf("The execution %s of the %s continues in Falcon; see its execution log in Fusion SOAR. %s", id, ref, last)
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		diags.AddError("Timed out waiting for the workflow", detail+" To wait longer, set timeouts = { invoke = \"30m\" } or more.")
		return
	}
	diags.AddError("Interrupted while waiting for the workflow", detail)
}
