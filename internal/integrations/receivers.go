package integrations

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// Notification is a message about an event. Its texts may contain references of a
// workflow, which are replaced when an event is sent.
type Notification struct {
	URL, Title, Text string
	Fields           []NotificationField
	// RoutingKey, Severity, Source and DedupKey are PagerDuty's.
	RoutingKey, Severity, Source, DedupKey string
}

// NotificationField is a labeled value.
type NotificationField struct{ Label, Value string }

// Receiver is a product that receives messages by HTTP requests in a format of its
// own. The sources are the vendors' pages (wire/catalog.md#http-actions).
type Receiver struct {
	// Name is the name in configurations.
	Name string
	// Options are the options that the receiver has in addition to title, text and
	// fields; Required are those that must be set, title included.
	Options, Required []string
	// DefaultURL is the URL of a receiver that has only one.
	DefaultURL string
	// MaxTitle is the maximum length of the title; 0 is none.
	MaxTitle int
	body     func(Notification) any
}

// maxSlackFields is the maximum number of fields in a section of Slack's Block Kit.
const maxSlackFields = 10

// PagerDutySeverities are the values of payload.severity of PagerDuty's events.
var PagerDutySeverities = []string{"critical", "error", "warning", "info"}

var receivers = []Receiver{
	{Name: "slack", Options: []string{"url"}, Required: []string{"url", "title"}, MaxTitle: 150, body: slackMessage},
	{Name: "teams", Options: []string{"url"}, Required: []string{"url", "title"}, body: teamsMessage},
	{
		Name: "pagerduty", Options: []string{"url", "routing_key", "severity", "source", "dedup_key"}, Required: []string{"routing_key", "title"},
		DefaultURL: "https://events.pagerduty.com/v2/enqueue", MaxTitle: 1024, body: pagerDutyEvent,
	},
	{Name: "google_chat", Options: []string{"url"}, Required: []string{"url", "title"}, body: googleChatMessage},
	{Name: "generic", Options: []string{"url"}, Required: []string{"url", "title"}, body: genericMessage},
}

// Receivers returns the names of the receivers.
func Receivers() []string {
	out := make([]string, len(receivers))
	for i, r := range receivers {
		out[i] = r.Name
	}
	return out
}

// FindReceiver returns the receiver with this name. The error lists the existing
// names.
func FindReceiver(name string) (Receiver, error) {
	for _, r := range receivers {
		if r.Name == name {
			return r, nil
		}
	}
	return Receiver{}, fmt.Errorf("%q is not a known receiver: it must be one of %s", name, strings.Join(Receivers(), ", "))
}

// Body returns the body of the request as JSON. References stay as they are.
func (r Receiver) Body(n Notification) (string, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false) // references may contain < and >
	if err := encoder.Encode(r.body(n)); err != nil {
		return "", err
	}
	return strings.TrimSpace(out.String()), nil
}

type textBlock struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

type slackBlock struct {
	Type   string      `json:"type"`
	Text   *textBlock  `json:"text,omitempty"`
	Fields []textBlock `json:"fields,omitempty"`
}

func slackMessage(n Notification) any {
	blocks := []slackBlock{{Type: "header", Text: &textBlock{"plain_text", n.Title}}}
	if n.Text != "" {
		blocks = append(blocks, slackBlock{Type: "section", Text: &textBlock{"mrkdwn", n.Text}})
	}
	for i, f := range n.Fields {
		if i%maxSlackFields == 0 {
			blocks = append(blocks, slackBlock{Type: "section"})
		}
		last := &blocks[len(blocks)-1]
		last.Fields = append(last.Fields, textBlock{"mrkdwn", "*" + f.Label + "*\n" + f.Value})
	}
	// The text is what notifications show.
	return struct {
		Text   string       `json:"text"`
		Blocks []slackBlock `json:"blocks"`
	}{n.Title, blocks}
}

type cardElement struct {
	Type   string     `json:"type"`
	Text   string     `json:"text,omitempty"`
	Size   string     `json:"size,omitempty"`
	Weight string     `json:"weight,omitempty"`
	Wrap   bool       `json:"wrap,omitempty"`
	Facts  []cardFact `json:"facts,omitempty"`
}

type cardFact struct {
	Title string `json:"title"`
	Value string `json:"value"`
}

func teamsMessage(n Notification) any {
	card := []cardElement{{Type: "TextBlock", Text: n.Title, Size: "Medium", Weight: "Bolder", Wrap: true}}
	if n.Text != "" {
		card = append(card, cardElement{Type: "TextBlock", Text: n.Text, Wrap: true})
	}
	if len(n.Fields) > 0 {
		facts := make([]cardFact, len(n.Fields))
		for i, f := range n.Fields {
			facts[i] = cardFact{f.Label, f.Value}
		}
		card = append(card, cardElement{Type: "FactSet", Facts: facts})
	}
	return map[string]any{"type": "message", "attachments": []any{map[string]any{
		"contentType": "application/vnd.microsoft.card.adaptive",
		"content": map[string]any{
			"$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "type": "AdaptiveCard", "version": "1.4", "body": card,
		},
	}}}
}

func pagerDutyEvent(n Notification) any {
	payload := map[string]any{"summary": n.Title, "source": n.Source, "severity": n.Severity}
	if details := labeled(n); len(details) > 0 {
		payload["custom_details"] = details
	}
	event := map[string]any{"routing_key": n.RoutingKey, "event_action": "trigger", "payload": payload}
	if n.DedupKey != "" {
		event["dedup_key"] = n.DedupKey
	}
	return event
}

// labeled returns the text and the fields of a notification by their labels.
func labeled(n Notification) map[string]string {
	out := map[string]string{}
	if n.Text != "" {
		out["text"] = n.Text
	}
	for _, f := range n.Fields {
		out[f.Label] = f.Value
	}
	return out
}

func googleChatMessage(n Notification) any {
	lines := []string{"*" + n.Title + "*"}
	if n.Text != "" {
		lines = append(lines, n.Text)
	}
	for _, f := range n.Fields {
		lines = append(lines, f.Label+": "+f.Value)
	}
	return map[string]string{"text": strings.Join(lines, "\n")}
}

func genericMessage(n Notification) any {
	message := map[string]any{"title": n.Title}
	if n.Text != "" {
		message["text"] = n.Text
	}
	fields := map[string]string{}
	for _, f := range n.Fields {
		fields[f.Label] = f.Value
	}
	if len(fields) > 0 {
		message["fields"] = fields
	}
	return message
}
