package falconsim

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/definition"
)

// Delivery is one request to a webhook.
type Delivery struct {
	WorkflowID   string `json:"workflow_id"`
	WorkflowName string `json:"workflow_name"`
	// Node is the key of the action in the workflow.
	Node     string `json:"node"`
	Category string `json:"category"`
	ConfigID string `json:"config_id"`
	URL      string `json:"url"`
	// Header and Body are what is sent, signature included, or would be if the address were a loopback one.
	Header http.Header     `json:"header,omitempty"`
	Body   json.RawMessage `json:"body,omitempty"`
	// BodyText is Body byte for byte, which is what is signed: a JSON parser does not keep the spacing and key order of Body.
	BodyText string `json:"body_text,omitempty"`
	// Status is the receiver's response; 0 if there is none (yet).
	Status int `json:"status"`
	// Error is why nothing was sent or no response came.
	Error string `json:"error,omitempty"`
	// Doubt names a condition that the simulator cannot evaluate and took for true.
	Doubt string `json:"doubt,omitempty"`
}

// deliveryTimeout is how long a receiver may take.
const deliveryTimeout = 10 * time.Second

// sign returns the signature of a delivery: base64 of the HMAC-SHA256 of body and timestamp, without a separator.
//
// GUESS Q59: two receivers verify that formula, and one the other; no captured delivery is public
// (wire/webhooks.md#deliveries).
func (s *Server) sign(key string, body []byte, timestamp string) string {
	mac := hmac.New(sha256.New, []byte(key))
	if s.reading("Q59") == "b" {
		mac.Write([]byte(timestamp))
		mac.Write(body)
		return hex.EncodeToString(mac.Sum(nil))
	}
	mac.Write(body)
	mac.Write([]byte(timestamp))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// reference matches a field of Data to include.
var reference = regexp.MustCompile(`^\$\{\s*(?:data\[['"])?([^}'"]+?)(?:['"]\])?\s*\}$`)

// send starts one delivery in the background. Call it with s.mu held.
func (s *Server) send(w *workflowVersion, node string, action definition.Document, event firedEvent, doubt string) {
	delivery := &Delivery{WorkflowID: w.id, WorkflowName: w.text("name"), Node: node, Category: event.category, Doubt: doubt}
	s.deliveries = append(s.deliveries, delivery)
	properties := definition.Object(action, "properties")
	keys := s.definitions.CallWebhookKeys()
	delivery.ConfigID = definition.Text(properties, keys.Config)
	config := s.configByID(delivery.ConfigID)
	if config == nil || config.appID != definition.WebhookAppID() {
		delivery.Error = "not sent: unknown webhook configuration " + strconv.Quote(delivery.ConfigID)
		return
	}
	delivery.URL = config.url
	data := map[string]any{}
	for _, field := range definition.Strings(properties[keys.Fields]) {
		name := field
		if m := reference.FindStringSubmatch(field); m != nil {
			name = m[1]
		}
		data[name] = event.values[name]
	}
	delivery.Body = bytes.TrimSpace(marshal(s.deliveryBody(event, data)))
	delivery.BodyText = string(delivery.Body)
	timestamp := s.now().Format(deliveryTime)
	delivery.Header = http.Header{
		"Content-Type":             {"application/json"},
		"X-Cs-Delivery-Timestamp":  {timestamp},
		"X-Cs-Signature-Algorithm": {signatureAlgorithm},
	}
	delivery.Header.Set(config.signatureHeader, s.sign(config.hmacKey, delivery.Body, timestamp))
	if !s.opts.RemoteDeliveries && !isLoopback(config.url) {
		delivery.Error = "not sent: the simulator only delivers to loopback addresses"
		return
	}
	if s.sending == 0 {
		s.sent = make(chan struct{})
	}
	s.sending++
	go s.post(delivery, delivery.URL, delivery.Header.Clone(), delivery.Body)
}

func (s *Server) post(delivery *Delivery, address string, header http.Header, body []byte) {
	status, err := postOnce(address, header, body)
	s.mu.Lock()
	defer s.mu.Unlock()
	delivery.Status = status
	if err != nil {
		delivery.Error = err.Error()
	}
	if s.sending--; s.sending == 0 {
		close(s.sent)
	}
}

// postOnce does not keep the connection open, so that no goroutine outlives it.
func postOnce(address string, header http.Header, body []byte) (int, error) {
	ctx, cancel := context.WithTimeout(context.Background(), deliveryTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	request.Header = header
	client := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	response, err := client.Do(request)
	if err != nil {
		return 0, err
	}
	return response.StatusCode, response.Body.Close()
}

func isLoopback(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

// WaitDeliveries returns when no delivery of the tenant and its children is in flight, or with the context's error.
func (s *Server) WaitDeliveries(ctx context.Context) error {
	for _, child := range s.members {
		if err := child.WaitDeliveries(ctx); err != nil {
			return err
		}
	}
	for {
		s.mu.Lock()
		sending, sent := s.sending, s.sent
		s.mu.Unlock()
		if sending == 0 {
			return nil
		}
		select {
		case <-sent:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Deliveries returns all deliveries, oldest first.
func (s *Server) Deliveries() []Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	return copies(s.deliveries)
}

// The form of the timestamp and the name of the algorithm come from the code and tests of receivers
// (wire/webhooks.md#deliveries).
const (
	deliveryTime       = "2006-01-02T15:04:05Z"
	signatureAlgorithm = "hmac-sha256"
)

// GUESS Q58: the objects data and meta are in the code of receivers of 2023; the keys in data are the paths that the workflow
// includes. No captured delivery is public.
func (s *Server) deliveryBody(event firedEvent, data map[string]any) map[string]any {
	if s.reading("Q58") == "b" {
		short := map[string]any{}
		for name, value := range data {
			short[name[strings.LastIndex(name, ".")+1:]] = value
		}
		return map[string]any{"data": short}
	}
	return map[string]any{
		"data": data,
		"meta": map[string]any{"trigger_category": event.category, "trigger_name": event.triggerName},
	}
}
