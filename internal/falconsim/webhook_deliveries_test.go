package falconsim

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/definition"
)

// receiver is a webhook receiver that records deliveries.
type receiver struct {
	*httptest.Server
	mu       sync.Mutex
	received []apiResponse
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		body, err := io.ReadAll(request.Body)
		if err != nil {
			t.Error(err)
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		got := apiResponse{header: request.Header, text: string(body)}
		if err := json.Unmarshal(body, &got.doc); err != nil {
			t.Error(err)
		}
		r.received = append(r.received, got)
		w.WriteHeader(http.StatusAccepted)
	}))
	t.Cleanup(r.Close)
	return r
}

// webhookWorkflow returns a workflow that calls a webhook on an event.
func webhookWorkflow(name, event, config, condition string) string {
	next, conditions := "call", "{}"
	if condition != "" {
		next, conditions = "only", fmt.Sprintf(`{"only": {"next": ["call"], "cel_expression": %q}}`, condition)
	}
	field := "Trigger.Category.Incident.Name"
	switch {
	case strings.HasPrefix(event, "ZeroTrust"):
		field = "Trigger.Category.ZeroTrust.EventType.HostScoreChange.OverallScore"
	case strings.HasPrefix(event, "Case"):
		field = "Trigger.Case.Status"
	}
	return fmt.Sprintf(`{"name": %q, "trigger": {"type": "Signal", "event": %q, "next": [%q], "version_constraint": "~1"}, "conditions": %s,
		"actions": {"call": {"id": %q, "version_constraint": "~1", "properties": {"config_id": %q, "_fields": [
		"${Trigger.CID}", "${data['Workflow.Definition.Name']}", "${%s}"]}}}}`,
		name, event, next, conditions, definition.CallWebhookID, config, field)
}

func (c *testClient) deliveries() []Delivery {
	c.t.Helper()
	if err := c.server.WaitDeliveries(c.t.Context()); err != nil {
		c.t.Fatal(err)
	}
	return c.server.Deliveries()
}

func TestDeliveryIsSigned(t *testing.T) {
	t.Parallel()
	hook := newReceiver(t)
	c := newTestClient(t, Options{})
	config, err := c.server.CreatePluginConfig("hook", hook.URL+"/in", testKey, "X-My-Signature")
	if err != nil {
		t.Fatal(err)
	}
	id := c.importWorkflow(webhookWorkflow("scores", definition.HostScoreChange, config, ""))
	host := c.server.Hosts()[0]
	score := (host.Overall + 1) % 101
	if err := c.server.SetHostScore(host.Hostname, &score, nil, nil); err != nil {
		t.Fatal(err)
	}
	if got := c.deliveries(); len(got) != 0 {
		t.Fatalf("a disabled workflow delivered: %+v", got)
	}
	c.act("enable", id).want(t, 200, "")
	score = (score + 1) % 101
	if err := c.server.SetHostScore(host.AgentID, &score, nil, nil); err != nil {
		t.Fatal(err)
	}
	deliveries := c.deliveries()
	if len(deliveries) != 1 || deliveries[0].Status != 202 || deliveries[0].Error != "" || len(hook.received) != 1 {
		t.Fatalf("deliveries %+v", deliveries)
	}
	got := hook.received[0]
	mac := hmac.New(sha256.New, []byte(testKey))
	mac.Write([]byte(got.text + got.header.Get("X-Cs-Delivery-Timestamp")))
	if want := base64.StdEncoding.EncodeToString(mac.Sum(nil)); got.header.Get("X-My-Signature") != want {
		t.Errorf("signature %q, want %q", got.header.Get("X-My-Signature"), want)
	}
	if got.header.Get("X-Cs-Signature-Algorithm") == "" || got.header.Get("X-Cs-Primary-Signature") != "" {
		t.Errorf("headers %v", got.header)
	}
	data, meta := got.doc["data"].(map[string]any), got.doc["meta"].(map[string]any)
	want := map[string]any{
		"Trigger.CID": c.server.CID(), "Workflow.Definition.Name": "scores",
		"Trigger.Category.ZeroTrust.EventType.HostScoreChange.OverallScore": float64(score),
	}
	if fmt.Sprint(data) != fmt.Sprint(want) || meta["trigger_category"] != definition.OverallScoreChange {
		t.Errorf("body %s", got.text)
	}
}

func TestListeningWorkflows(t *testing.T) {
	t.Parallel()
	hook := newReceiver(t)
	c := newTestClient(t, Options{})
	config, err := c.server.CreatePluginConfig("hook", hook.URL, testKey, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, event := range []string{"Case", definition.CaseCreated, definition.CaseUpdated, definition.CaseStatusChanged, "Incident", definition.HostScoreChange} {
		c.act("enable", c.importWorkflow(webhookWorkflow(event, event, config, ""))).want(t, 200, "")
	}
	heard := func(do func()) []string {
		before := len(c.deliveries())
		do()
		var names []string
		for _, d := range c.deliveries()[before:] {
			names = append(names, d.WorkflowName+"<"+d.Category)
		}
		slices.Sort(names)
		return names
	}
	var id string
	for _, test := range []struct {
		name string
		do   func()
		want []string
	}{
		{"created", func() { id = c.server.CreateCase("Odd logon") }, []string{"Case/Created<Case/Created", "Case<Case/Created"}},
		{"updated", func() { c.update(id, CaseUpdate{Severity: new(int)}) }, []string{"Case/Updated<Case/Updated", "Case<Case/Updated"}},
		{"status changed", func() { s := "closed"; c.update(id, CaseUpdate{Status: &s}) }, []string{
			"Case/StatusChanged<Case/StatusChanged", "Case/Updated<Case/Updated", "Case<Case/StatusChanged", "Case<Case/Updated",
		}},
		{"same score", func() {
			h := c.server.Hosts()[0]
			if err := c.server.SetHostScore(h.AgentID, &h.Overall, nil, nil); err != nil {
				t.Error(err)
			}
		}, nil},
	} {
		if got := heard(test.do); !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
	if err := c.server.UpdateCase("nope", CaseUpdate{}); err == nil {
		t.Error("an unknown case can be updated")
	}
}

func (c *testClient) update(id string, update CaseUpdate) {
	c.t.Helper()
	if err := c.server.UpdateCase(id, update); err != nil {
		c.t.Error(err)
	}
}

func TestConditionedAndUnsentDeliveries(t *testing.T) {
	t.Parallel()
	hook := newReceiver(t)
	c := newTestClient(t, Options{})
	near, err := c.server.CreatePluginConfig("near", hook.URL, testKey, "")
	if err != nil {
		t.Fatal(err)
	}
	far, err := c.server.CreatePluginConfig("far", "https://hooks.example.com/in", testKey, "")
	if err != nil {
		t.Fatal(err)
	}
	gone, err := c.server.CreatePluginConfig("gone", hook.URL, testKey, "")
	if err != nil {
		t.Fatal(err)
	}
	for name, wanted := range map[string][2]string{
		"met": {near, "data['Trigger.Case.Name'] == 'a'"}, "not met": {near, "data['Trigger.Case.Name'] == 'b'"},
		"in doubt": {near, "cs.unknown()"}, "far": {far, ""}, "gone": {gone, ""},
	} {
		c.act("enable", c.importWorkflow(webhookWorkflow(name, definition.CaseCreated, wanted[0], wanted[1]))).want(t, 200, "")
	}
	if err := c.server.DeletePluginConfig(gone); err != nil {
		t.Fatal(err)
	}
	c.server.CreateCase("a")
	var got []string
	for _, d := range c.deliveries() {
		got = append(got, fmt.Sprint(d.WorkflowName, " ", d.Status, " ", d.Error, d.Doubt))
		signed := d.Header.Get("X-Cs-Primary-Signature") == c.server.sign(testKey, []byte(d.BodyText), d.Header.Get("X-Cs-Delivery-Timestamp"))
		if signed != (d.WorkflowName != "gone") || d.BodyText != string(d.Body) {
			t.Errorf("%s: header %v, body %s", d.WorkflowName, d.Header, d.BodyText)
		}
	}
	slices.Sort(got)
	want := []string{
		"far 0 not sent: the simulator only delivers to loopback addresses",
		"gone 0 not sent: unknown webhook configuration " + `"` + gone + `"`,
		"in doubt 202 condition not evaluated: cs.unknown()",
		"met 202 ",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
