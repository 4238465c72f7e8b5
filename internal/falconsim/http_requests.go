package falconsim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/definition"
)

// requestTimeout is how long the receiver of an HTTP action may take, maxResponse how long its response may be
// (wire/release-rules.md, R72).
const (
	requestTimeout = 30 * time.Second
	maxResponse    = 10 << 20
)

// request starts the request of a Cloud HTTP Request in the background. The run continues when the response arrives, or
// at once if the request fails at once; it returns false if the simulator sends nothing and the run just goes on. Call it with s.mu held.
func (s *Server) request(run *execution, node string, action definition.Document, doubt string) bool {
	w := run.workflow
	r := s.definitions.CloudRequest(action, run.event.values)
	if r.Credential != "" {
		doubt = "sent without the secret of the credential " + r.Credential
	}
	delivery := &Delivery{
		WorkflowID: w.id, WorkflowName: w.text("name"), Node: node, Category: run.event.category,
		Method: r.Method, URL: r.URL, Header: maskedHeader(r.Header), BodyText: r.Body, Doubt: doubt,
	}
	if json.Valid([]byte(r.Body)) {
		delivery.Body = json.RawMessage(r.Body)
	}
	s.deliveries = append(s.deliveries, delivery)
	// GUESS Q107: whether a request without a credential is sent.
	if r.Credential == "" && s.reading("Q107") == "b" {
		delivery.Error = "not sent: the action has no credential"
		s.continueAfter(run, node, action, 0, nil, delivery.Error)
		return true
	}
	if !s.mayDeliver(delivery) {
		return false
	}
	run.pending++
	s.startSending()
	go func() {
		status, body, err := exchange(r.Method, r.URL, r.Header, []byte(r.Body), requestTimeout)
		s.mu.Lock()
		defer s.mu.Unlock()
		delivery.Status = status
		run.pending--
		if err != nil {
			delivery.Error = err.Error()
		}
		s.continueAfter(run, node, action, status, body, delivery.Error)
		s.endSending()
	}()
	return true
}

// continueAfter continues a run with the response to a request, unless the request failed. Call it with s.mu held.
func (s *Server) continueAfter(run *execution, node string, action definition.Document, status int, body []byte, failure string) {
	if !run.ended.IsZero() {
		return // canceled
	}
	if failure == "" {
		run.event.values[node+".response_status_code"] = status
		run.event.values[node+".raw_response_body"] = string(body)
		failure = s.refusedResponse(status, body)
	}
	if failure != "" {
		run.failure = failure
		if action["continue_on_error"] != true {
			run.outcome = stateFailed
			return
		}
	}
	s.walk(run, definition.Strings(action["next"]))
}

// refusedResponse returns why an action fails with a response; "" if it does not.
func (s *Server) refusedResponse(status int, body []byte) string {
	// GUESS Q105: whether a status of 400 or more fails the action.
	if status >= http.StatusBadRequest && s.reading("Q105") == "b" {
		return fmt.Sprintf("the receiver responded with status %d", status)
	}
	// GUESS Q106: whether a response that is not a JSON object fails the action.
	var object map[string]any
	if s.reading("Q106") == "b" && json.Unmarshal(body, &object) != nil {
		return "the response is not a JSON object"
	}
	return ""
}

// maskedHeader returns headers for the log, without secrets.
func maskedHeader(header http.Header) http.Header {
	header = header.Clone()
	for _, key := range []string{"Authorization", "Cookie"} {
		if header.Get(key) != "" {
			header.Set(key, masked)
		}
	}
	return header
}
