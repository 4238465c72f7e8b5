package falconsim

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/definition"
)

// Delivery is one request to a receiver: by the action Call webhook, or without a ConfigID by an HTTP action.
type Delivery struct {
	WorkflowID   string `json:"workflow_id"`
	WorkflowName string `json:"workflow_name"`
	// Node is the key of the action in the workflow.
	Node     string `json:"node"`
	Category string `json:"category"`
	ConfigID string `json:"config_id,omitempty"`
	Method   string `json:"method"`
	URL      string `json:"url"`
	// Header and Body are what is sent, signature included, or would be if the address were a loopback one. The header
	// Authorization is masked. Body is absent if it is not JSON.
	Header http.Header     `json:"header,omitempty"`
	Body   json.RawMessage `json:"body,omitempty"`
	// BodyText is Body byte for byte, which is what is signed: a JSON parser does not keep the spacing and key order of Body.
	BodyText string `json:"body_text,omitempty"`
	// Status is the receiver's response; 0 if there is none (yet).
	Status int `json:"status"`
	// Error is why nothing was sent or no response came.
	Error string `json:"error,omitempty"`
	// Doubt names what Falcon may do differently: a condition that the simulator cannot evaluate and took for true, or a
	// credential whose secret it does not know.
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
	delivery := &Delivery{WorkflowID: w.id, WorkflowName: w.text("name"), Node: node, Category: event.category, Method: http.MethodPost, Doubt: doubt}
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
	if !s.mayDeliver(delivery) {
		return
	}
	s.startSending()
	header := delivery.Header.Clone()
	go func() {
		status, _, err := exchange(delivery.Method, delivery.URL, header, delivery.Body, deliveryTimeout)
		s.mu.Lock()
		defer s.mu.Unlock()
		delivery.Status = status
		if err != nil {
			delivery.Error = err.Error()
		}
		s.endSending()
	}()
}

// mayDeliver reports whether a delivery is sent, and otherwise says in it why not.
func (s *Server) mayDeliver(delivery *Delivery) bool {
	if s.opts.RemoteDeliveries || isLoopback(delivery.URL) {
		return true
	}
	delivery.Error = "not sent: the simulator only delivers to loopback addresses"
	return false
}

// startSending and endSending count the deliveries in flight. Call them with s.mu held.
func (s *Server) startSending() {
	if s.sending == 0 {
		s.sent = make(chan struct{})
	}
	s.sending++
}

func (s *Server) endSending() {
	if s.sending--; s.sending == 0 {
		close(s.sent)
	}
}

// exchange sends a request and reads the response. It does not keep the connection open, so that no goroutine outlives it.
func exchange(method, address string, header http.Header, body []byte, limit time.Duration) (status int, response []byte, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	request.Header = header
	client := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	got, err := client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	response, err = io.ReadAll(io.LimitReader(got.Body, maxResponse))
	return got.StatusCode, response, errors.Join(err, got.Body.Close())
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
