package provider_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// formats check the body of a request as the receivers' vendors describe it (wire/catalog.md#http-actions), and return the
// text that the message shows. They share nothing with the provider's presets.
var formats = map[string]func(body []byte) (string, error){
	"slack":       checkSlack,
	"teams":       checkTeams,
	"pagerduty":   checkPagerDuty,
	"google_chat": checkGoogleChat,
	"generic":     checkGeneric,
}

// strictly decodes JSON without unknown members.
func strictly(body []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}

func checkSlack(body []byte) (string, error) {
	type text struct{ Type, Text string }
	var message struct {
		Text   string
		Blocks []struct {
			Type   string
			Text   *text
			Fields []text
		}
	}
	if err := strictly(body, &message); err != nil {
		return "", err
	}
	shown := message.Text
	for _, block := range message.Blocks {
		texts := block.Fields
		if block.Text != nil {
			texts = append(texts, *block.Text)
		}
		if len(texts) == 0 || len(block.Fields) > 10 || !slices.Contains([]string{"header", "section"}, block.Type) {
			return "", fmt.Errorf("invalid block %+v", block)
		}
		for _, t := range texts {
			want := "mrkdwn"
			if block.Type == "header" {
				want = "plain_text"
			}
			if t.Type != want || t.Text == "" {
				return "", fmt.Errorf("invalid text %+v in a block %s", t, block.Type)
			}
			shown += "\n" + t.Text
		}
	}
	if message.Text == "" {
		return "", errors.New("no_text")
	}
	return shown, nil
}

func checkTeams(body []byte) (string, error) {
	var message struct {
		Type        string
		Attachments []struct {
			ContentType string
			Content     struct {
				Schema  string `json:"$schema"`
				Type    string
				Version string
				Body    []struct {
					Type, Text, Size, Weight string
					Wrap                     bool
					Facts                    []struct{ Title, Value string }
				}
			}
		}
	}
	if err := strictly(body, &message); err != nil {
		return "", err
	}
	if message.Type != "message" || len(message.Attachments) != 1 {
		return "", fmt.Errorf("not a message with a card: %+v", message)
	}
	card := message.Attachments[0]
	if card.ContentType != "application/vnd.microsoft.card.adaptive" || card.Content.Type != "AdaptiveCard" || !regexp.MustCompile(`^1\.[0-6]$`).MatchString(card.Content.Version) {
		return "", fmt.Errorf("not an Adaptive Card: %+v", card)
	}
	shown := ""
	for _, element := range card.Content.Body {
		if (element.Type == "TextBlock") != (element.Text != "") || (element.Type == "FactSet") != (len(element.Facts) > 0) {
			return "", fmt.Errorf("invalid element %+v", element)
		}
		shown += "\n" + element.Text
		for _, fact := range element.Facts {
			shown += "\n" + fact.Title + " " + fact.Value
		}
	}
	return shown, nil
}

func checkPagerDuty(body []byte) (string, error) {
	var event struct {
		RoutingKey  string `json:"routing_key"`
		EventAction string `json:"event_action"`
		DedupKey    string `json:"dedup_key"`
		Payload     struct {
			Summary, Source, Severity string
			CustomDetails             map[string]any `json:"custom_details"`
		}
	}
	if err := strictly(body, &event); err != nil {
		return "", err
	}
	if len(event.RoutingKey) != 32 || event.EventAction != "trigger" || len(event.DedupKey) > 255 {
		return "", fmt.Errorf("invalid event %+v", event)
	}
	if p := event.Payload; p.Summary == "" || len(p.Summary) > 1024 || p.Source == "" || !slices.Contains([]string{"critical", "error", "warning", "info"}, p.Severity) {
		return "", fmt.Errorf("invalid payload %+v", p)
	}
	return fmt.Sprint(event.Payload.Summary, " ", event.DedupKey, event.Payload.CustomDetails), nil
}

func checkGoogleChat(body []byte) (string, error) {
	var message struct{ Text string }
	if err := strictly(body, &message); err != nil || message.Text == "" {
		return "", fmt.Errorf("no text: %w", err)
	}
	return message.Text, nil
}

func checkGeneric(body []byte) (string, error) {
	var message struct {
		Title, Text string
		Fields      map[string]string
	}
	if err := strictly(body, &message); err != nil || message.Title == "" {
		return "", fmt.Errorf("no title: %w", err)
	}
	return fmt.Sprint(message.Title, message.Fields), nil
}

// vendor is a receiver that checks what it gets.
type vendor struct {
	*httptest.Server
	mu    sync.Mutex
	shown []string
	query string
}

func newVendor(t *testing.T, check func([]byte) (string, error), status int, response string) *vendor {
	t.Helper()
	v := &vendor{}
	v.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		text, err := check(body)
		if err != nil || r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json" || r.Header.Get("X-Cs-Primary-Signature") != "" {
			t.Errorf("%s %q with the headers %v: %v", r.Method, body, r.Header, err)
			http.Error(w, "invalid_payload", http.StatusBadRequest)
			return
		}
		v.mu.Lock()
		defer v.mu.Unlock()
		v.shown, v.query = append(v.shown, text), r.URL.RawQuery
		w.WriteHeader(status)
		if _, err := io.WriteString(w, response); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(v.Close)
	return v
}

// Each example of examples/notifications is one apply in a tenant without the Store app; an event is delivered in the
// receiver's format; a change in the console is found; and nothing is left after destroy.
func TestAccNotifications(t *testing.T) {
	t.Parallel()
	folders, err := os.ReadDir(filepath.Join(acctest.ExamplesDir, "notifications"))
	if err != nil || len(folders) != len(formats) {
		t.Fatalf("%d examples for %d receivers: %v", len(folders), len(formats), err)
	}
	for name, tt := range map[string]struct {
		variable, query, response string
		status                    int
		score                     bool
		shows                     []string
	}{
		"slack":       {variable: "slack_url", status: 200, response: "ok", shows: []string{"New case in CrowdStrike Falcon", "*Severity*\n50", "*Status*\nnew"}},
		"teams":       {variable: "teams_url", query: "sig=a%2Fb&sp=%2Frun", status: 202, shows: []string{"New case", "Severity 50", "Status new"}},
		"pagerduty":   {variable: "pagerduty_url", status: 202, response: `{"status": "success"}`, score: true, shows: []string{"Overall score of a host is 12 falcon-", "cid:", "sensor_id:"}},
		"google_chat": {variable: "google_chat_url", query: "key=k&token=t%3D", status: 200, response: "{}", shows: []string{"*New case in CrowdStrike Falcon*\n", "Severity: 50"}},
		"generic":     {variable: "receiver_url", status: 200, response: "{}", score: true, shows: []string{"Score changed", "overall_score:12"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := acctest.NewSim(t, falconsim.Options{NoCallWebhook: true})
			receiver := newVendor(t, formats[name], tt.status, tt.response)
			address := receiver.URL + "/hook"
			if tt.query != "" {
				address += "?" + tt.query
			}
			w := acctest.NewTerraform(t, sim, map[string]string{tt.variable: address})
			w.Add("notifications/"+name, func(string) bool { return true })
			w.Run("init")
			w.Run("apply", "-auto-approve")
			w.WantPlan(false)

			events := []func() error{func() error { sim.CreateCase("a case"); return nil }}
			if tt.score {
				events = nil
				for _, score := range []int{80, 12} {
					events = append(events, func() error { return sim.SetHostScore(sim.Hosts()[0].AgentID, &score, nil, nil) })
				}
			}
			for _, event := range events {
				if err := errors.Join(event(), sim.WaitDeliveries(t.Context())); err != nil {
					t.Fatal(err)
				}
			}
			receiver.mu.Lock()
			defer receiver.mu.Unlock()
			if len(receiver.shown) == 0 {
				t.Fatalf("nothing was delivered: %+v", sim.Deliveries())
			}
			last := receiver.shown[len(receiver.shown)-1]
			for _, want := range tt.shows {
				if !strings.Contains(last, want) {
					t.Errorf("%q does not show %q", last, want)
				}
			}
			if strings.Contains(last, "${") {
				t.Errorf("%q has a reference", last)
			}
			// The parameters are a mapping in the document, so they may come in another order.
			got, want := strings.Split(receiver.query, "&"), strings.Split(tt.query, "&")
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("query %s, want %s", receiver.query, tt.query)
			}

			workflow := sim.Workflows()[0]
			if err := sim.SetWorkflowEnabled(workflow.ID, false); err != nil {
				t.Fatal(err)
			}
			w.WantPlan(true)
			w.Run("destroy", "-auto-approve")
			if after := sim.Workflows(); len(after) != 0 {
				t.Errorf("left behind: %v", after)
			}
		})
	}
}
