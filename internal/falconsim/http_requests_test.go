package falconsim

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// requestWorkflow is a workflow on demand with a parameter that sends a request, and prints its status if it is not 202.
// more are further keys of the action.
func requestWorkflow(url, contentType, body, more string) string {
	return fmt.Sprintf(`{"name": "send", "trigger": {"type": "On demand", "next": ["Send"], "parameters": {"type": "object", "properties": {"name": {"type": "string"}}}},
		"actions": {
		"Send": {"id": "1ba474f407d9228fc8fa02cdce8ae8ef", "class": "Inline.HTTPRequest", "version_constraint": "~1", "next": ["Other"]%s, "properties": {
			"authentication_option": "UseExisting", "config_name": "Receiver", "config_id": "0123456789abcdef0123456789abcdef", "http_transaction": {
			"request_http_method": "PUT", "request_url": %q, "request_content_type": %q, "request_body": %q,
			"request_headers": {"Authorization": "Bearer x", "X-Run": "${data['Workflow.Execution.ID']}"},
			"request_query": {"a": {"name": "k", "value": "${name}&"}}}}},
		"Print": {"id": "aadbf530e35fc452a032f5f8acaaac2a", "version_constraint": "~1", "properties": {"text_data": "x"}}},
		"conditions": {"Other": {"next": ["Print"], "cel_expression": "data[?'Send.response_status_code'].orValue(0) != 202"}}}`, more, url, contentType, body)
}

// answering returns a receiver that responds with a status and a body, and the last request to it.
func answering(t *testing.T, status int, body string) (address string, last func() (*http.Request, string)) {
	t.Helper()
	var request *http.Request
	var text string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		request, text = r, string(raw)
		w.WriteHeader(status)
		if _, err := io.WriteString(w, body); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL, func() (*http.Request, string) { return request, text }
}

// An HTTP action sends its request with the references filled; the run continues with the response
// (wire/catalog.md#http-actions).
func TestRequestIsSent(t *testing.T) {
	t.Parallel()
	address, last := answering(t, http.StatusAccepted, "{}")
	c := newTestClient(t, Options{})
	id := c.importEnabled(requestWorkflow(address+"/${name}", "JSON", `{"name": "${data['name']}", "n": ${data[?'missing'].orValue(3)}, "x": "${data['a'] + 1}"}`, ""))
	run := c.execute("definition_id="+id, `{"name": "host"}`)
	deliveries := c.deliveries()
	if len(deliveries) != 1 {
		t.Fatalf("deliveries %+v", deliveries)
	}
	request, body := last()
	if want := `{"name": "host", "n": 3, "x": "${data['a'] + 1}"}`; body != want || request.Method != http.MethodPut || request.URL.String() != "/host?k=host%26" {
		t.Errorf("%s %s %s", request.Method, request.URL, body)
	}
	for name, want := range map[string]string{"Authorization": "Bearer x", "X-Run": run, "Content-Type": "application/json", "X-Cs-Primary-Signature": ""} {
		if got := request.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	d := deliveries[0]
	if d.Status != http.StatusAccepted || d.Error != "" || d.Method != http.MethodPut || d.ConfigID != "" || d.BodyText != body || d.Header.Get("Authorization") != masked || !strings.Contains(d.Doubt, "Receiver") {
		t.Errorf("delivery %+v", d)
	}
	if page := c.call(http.MethodGet, "/", "").text; !strings.Contains(page, "HTTP request") || !strings.Contains(page, address+"/host?k=host%26") {
		t.Errorf("status page %s", page)
	}
	c.result(run)
	result := c.result(run)
	activities := result["activities"].([]any)
	if len(activities) != 1 || result["status"] != "Completed" {
		t.Fatalf("result %v", result)
	}
	if output := activities[0].(map[string]any)["result"].(map[string]any); output["response_status_code"] != float64(202) || output["raw_response_body"] != "{}" {
		t.Errorf("output %v", output)
	}
}

func TestRequestOutcome(t *testing.T) {
	t.Parallel()
	const continues = `, "continue_on_error": true`
	for name, tt := range map[string]struct {
		readings       Readings
		status         int
		response, more string
		state          string
		ran            int // actions
	}{
		"accepted":                        {status: 202, response: "{}", state: "Completed", ran: 1},
		"another status":                  {status: 500, response: "{}", state: "Completed", ran: 2},
		"another status fails":            {readings: Readings{"Q105": "b"}, status: 500, response: "{}", state: "Failed", ran: 1},
		"another status fails, continues": {readings: Readings{"Q105": "b"}, status: 500, response: "{}", more: continues, state: "Completed", ran: 2},
		"text":                            {status: 202, response: "ok", state: "Completed", ran: 1},
		"text fails":                      {readings: Readings{"Q106": "b"}, status: 202, response: "ok", state: "Failed", ran: 1},
		"text fails, continues":           {readings: Readings{"Q106": "b"}, status: 202, response: "ok", more: continues, state: "Completed", ran: 1},
		"no connection":                   {state: "Failed", ran: 1},
		"no connection, continues":        {more: continues, state: "Completed", ran: 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := "http://127.0.0.1:1/"
			if tt.status != 0 {
				address, _ = answering(t, tt.status, tt.response)
			}
			c := newTestClient(t, Options{Readings: tt.readings})
			run := c.execute("definition_id="+c.importEnabled(requestWorkflow(address, "JSON", "{}", tt.more)), "{}")
			d := c.deliveries()[0]
			if d.Status != tt.status || (d.Error == "") != (tt.status != 0) {
				t.Errorf("delivery %+v", d)
			}
			c.result(run)
			result := c.result(run)
			if n := len(result["activities"].([]any)); result["status"] != tt.state || n != tt.ran {
				t.Errorf("state %v with %d actions, want %s with %d", result["status"], n, tt.state, tt.ran)
			}
		})
	}
}

// GUESS Q107 decides whether a request without a credential is sent.
func TestRequestWithoutCredential(t *testing.T) {
	t.Parallel()
	for letter, want := range map[string]struct {
		status int
		state  string
	}{"a": {http.StatusAccepted, "Completed"}, "b": {0, "Failed"}} {
		address, _ := answering(t, http.StatusAccepted, "{}")
		c := newTestClient(t, Options{Readings: Readings{"Q107": letter}})
		text := strings.Replace(requestWorkflow(address, "JSON", "{}", ""), `"authentication_option": "UseExisting", "config_name": "Receiver", "config_id": "0123456789abcdef0123456789abcdef", `, "", 1)
		run := c.execute("definition_id="+c.importEnabled(text), "{}")
		d := c.deliveries()[0]
		c.result(run)
		if got := c.result(run)["status"]; d.Status != want.status || got != want.state || (letter == "b") != strings.Contains(d.Error, "no credential") {
			t.Errorf("%s: %+v, state %v", letter, d, got)
		}
	}
}

// GUESS Q104 decides whether a quotation mark breaks the body.
func TestRequestBodyEscape(t *testing.T) {
	t.Parallel()
	for letter, want := range map[string]string{"a": `{"name": "a "b""}`, "b": `{"name": "a \"b\""}`} {
		address, last := answering(t, http.StatusAccepted, "{}")
		c := newTestClient(t, Options{Readings: Readings{"Q104": letter}})
		c.execute("definition_id="+c.importEnabled(requestWorkflow(address, "JSON", `{"name": "${name}"}`, "")), `{"name": "a \"b\""}`)
		if d := c.deliveries()[0]; d.BodyText != want || (d.Body != nil) != (letter == "b") {
			t.Errorf("%s: %+v", letter, d)
		}
		if _, body := last(); body != want {
			t.Errorf("%s: %s, want %s", letter, body, want)
		}
	}
}

// A request to another address than a loopback one is not sent; the run continues.
func TestRequestStaysLocal(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, Options{})
	run := c.execute("definition_id="+c.importEnabled(requestWorkflow("https://receiver.example/", "NONE", "text", "")), "{}")
	if d := c.deliveries()[0]; d.Status != 0 || !strings.Contains(d.Error, "loopback") || d.BodyText != "text" {
		t.Errorf("delivery %+v", d)
	}
	c.result(run)
	if got := c.result(run)["status"]; got != "Completed" {
		t.Errorf("state %v", got)
	}
}

// A run waits for the response, and a run that was canceled meanwhile does not continue.
func TestRunWaitsForResponse(t *testing.T) {
	t.Parallel()
	for name, canceled := range map[string]bool{"waits": false, "is canceled": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			respond := make(chan struct{})
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				<-respond
				w.WriteHeader(http.StatusTeapot)
			}))
			t.Cleanup(server.Close)
			c := newTestClient(t, Options{})
			run := c.execute("definition_id="+c.importEnabled(requestWorkflow(server.URL, "NONE", "text", "")), "{}")
			for range 3 {
				if got := c.result(run)["status"]; got != "In progress" {
					t.Errorf("state %v while it waits", got)
				}
			}
			want, ran := "Completed", 2
			if canceled {
				c.do("/workflows/entities/execution-actions/v1?action_name=cancel", fmt.Sprintf(`{"ids": [%q]}`, run)).want(t, http.StatusOK, "")
				want, ran = "Canceled", 1
			}
			close(respond)
			if d := c.deliveries()[0]; d.Status != http.StatusTeapot {
				t.Errorf("delivery %+v", d)
			}
			c.result(run)
			if result := c.result(run); result["status"] != want || len(result["activities"].([]any)) != ran {
				t.Errorf("result %v, want %s with %d actions", result, want, ran)
			}
		})
	}
}
