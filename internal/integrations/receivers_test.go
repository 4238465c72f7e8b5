package integrations

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

func notification(fields int) Notification {
	n := Notification{
		Title: "Score < ${data['Trigger.A']}", Text: "of ${data['Trigger.B']}", RoutingKey: "key", Severity: "error", Source: "falcon", DedupKey: "${data['Trigger.ID']}",
	}
	for i := range fields {
		n.Fields = append(n.Fields, NotificationField{"L" + string(rune('a'+i)), "${data['Trigger.C']}"})
	}
	return n
}

// Each body is JSON in the receiver's published format, with the references as they are.
func TestReceiverBodies(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"slack": `{"text":"Score < ${data['Trigger.A']}","blocks":[{"type":"header","text":{"type":"plain_text","text":"Score < ${data['Trigger.A']}"}},` +
			`{"type":"section","text":{"type":"mrkdwn","text":"of ${data['Trigger.B']}"}},{"type":"section","fields":[{"type":"mrkdwn","text":"*La*\n${data['Trigger.C']}"}]}]}`,
		"teams": `{"attachments":[{"content":{"$schema":"http://adaptivecards.io/schemas/adaptive-card.json","body":[` +
			`{"type":"TextBlock","text":"Score < ${data['Trigger.A']}","size":"Medium","weight":"Bolder","wrap":true},{"type":"TextBlock","text":"of ${data['Trigger.B']}","wrap":true},` +
			`{"type":"FactSet","facts":[{"title":"La","value":"${data['Trigger.C']}"}]}],"type":"AdaptiveCard","version":"1.4"},"contentType":"application/vnd.microsoft.card.adaptive"}],"type":"message"}`,
		"pagerduty": `{"dedup_key":"${data['Trigger.ID']}","event_action":"trigger","payload":{"custom_details":{"La":"${data['Trigger.C']}","text":"of ${data['Trigger.B']}"},` +
			`"severity":"error","source":"falcon","summary":"Score < ${data['Trigger.A']}"},"routing_key":"key"}`,
		"google_chat": `{"text":"*Score < ${data['Trigger.A']}*\nof ${data['Trigger.B']}\nLa: ${data['Trigger.C']}"}`,
		"generic":     `{"fields":{"La":"${data['Trigger.C']}"},"text":"of ${data['Trigger.B']}","title":"Score < ${data['Trigger.A']}"}`,
	} {
		r, err := FindReceiver(name)
		if err != nil {
			t.Fatal(err)
		}
		got, err := r.Body(notification(1))
		if err != nil || got != want {
			t.Errorf("%s: %v\ngot  %s\nwant %s", name, err, got, want)
		}
		if !json.Valid([]byte(got)) {
			t.Errorf("%s: not JSON", name)
		}
		short, err := r.Body(Notification{Title: "x"})
		if err != nil || strings.Contains(short, `""}`) && name != "pagerduty" || strings.Contains(short, "null") {
			t.Errorf("%s without text: %s, %v", name, short, err)
		}
	}
	if want := []string{"slack", "teams", "pagerduty", "google_chat", "generic"}; !slices.Equal(Receivers(), want) {
		t.Errorf("receivers %q", Receivers())
	}
	if _, err := FindReceiver("slak"); err == nil || !strings.Contains(err.Error(), "google_chat") {
		t.Errorf("unknown receiver: %v", err)
	}
}

// A section of Slack's has at most ten fields.
func TestSlackSections(t *testing.T) {
	t.Parallel()
	r, err := FindReceiver("slack")
	if err != nil {
		t.Fatal(err)
	}
	body, err := r.Body(notification(21))
	if err != nil {
		t.Fatal(err)
	}
	var message struct {
		Blocks []struct{ Fields []any }
	}
	if err := json.Unmarshal([]byte(body), &message); err != nil {
		t.Fatal(err)
	}
	var sizes []int
	for _, block := range message.Blocks[2:] {
		sizes = append(sizes, len(block.Fields))
	}
	if want := []int{10, 10, 1}; !slices.Equal(sizes, want) {
		t.Errorf("sections of %v fields, want %v", sizes, want)
	}
}
