package tenantcheck

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// spy sees the requests of a check, and can interfere with one of them. Requests for a token are not counted.
type spy struct {
	base http.RoundTripper

	mu      sync.Mutex
	n       int
	creates map[string]int // requests that create an object, by the object's name
	writes  []string       // method and path of requests that are no reads
	scopes  []string       // bodies of requests that create an API client
	secrets []string       // that were sent or received
	// interfere, if set, is called with the number of each request, from 1.
	interfere func(n int, req *http.Request, send func() (*http.Response, error)) (*http.Response, error)
}

var (
	nameInBody   = regexp.MustCompile(`"?name"?: ?"(falcon-check [a-z]{12} [^"]+)"`)
	secretInBody = regexp.MustCompile(`"(?:client_secret|secret|hmac_secret_key)": ?"([^"*]{16,})"`)
)

// RoundTrip implements http.RoundTripper.
func (s *spy) RoundTrip(req *http.Request) (*http.Response, error) {
	if strings.HasPrefix(req.URL.Path, "/oauth2/") {
		return s.base.RoundTrip(req)
	}
	var body []byte
	if req.Body != nil {
		var err error
		if body, err = io.ReadAll(req.Body); err != nil {
			return nil, err
		}
		req.Body = io.NopCloser(bytes.NewReader(body))
	}
	s.mu.Lock()
	s.n++
	n, interfere := s.n, s.interfere
	if req.Method != http.MethodGet {
		s.writes = append(s.writes, req.Method+" "+req.URL.Path)
	}
	if m := nameInBody.FindSubmatch(body); m != nil && req.Method == http.MethodPost {
		s.creates[string(m[1])]++
	}
	if req.Method == http.MethodPost && req.URL.Path == apiClientsPath {
		s.scopes = append(s.scopes, string(body))
	}
	s.noteSecrets(body)
	s.mu.Unlock()
	send := func() (*http.Response, error) { return s.send(req) }
	if interfere != nil {
		return interfere(n, req, send)
	}
	return send()
}

// send sends a request and notes the secrets in the response.
func (s *spy) send(req *http.Request) (*http.Response, error) {
	resp, err := s.base.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.noteSecrets(body)
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

func (s *spy) noteSecrets(body []byte) {
	for _, m := range secretInBody.FindAllSubmatch(body, -1) {
		s.secrets = append(s.secrets, string(m[1]))
	}
}

var errKilled = &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}

// lost is what a client sees of a request whose response is lost.
func lost(resp *http.Response, err error) (*http.Response, error) {
	if err != nil {
		return nil, err
	}
	if err := resp.Body.Close(); err != nil {
		return nil, err
	}
	return nil, io.ErrUnexpectedEOF
}

// writing is one run of the part of a check that writes.
type writing struct {
	*spy
	progress []string
	report   *Report
}

// runWriting runs the part of a check that writes against a simulated tenant.
func runWriting(ctx context.Context, t *testing.T, h *acctest.Harness, spied *spy) *writing {
	t.Helper()
	w := &writing{spy: spied}
	w.base, w.creates = h.Transport, map[string]int{}
	opts := writeCheck(h)
	opts.Config.HTTPTransport = w.spy
	opts.Progress = func(line string) { w.progress = append(w.progress, line) }
	s, err := signIn(context.WithoutCancel(ctx), opts)
	if err != nil {
		t.Fatal(err)
	}
	s.write(ctx, *opts.Write)
	w.report = s.report()
	return w
}

// text is everything that a person may get to see of a run.
func (w *writing) text() string {
	return fmt.Sprintf("%s\n%+v\n%#v\n%s", acctest.JSONText(w.report), w.report, w.report, strings.Join(w.progress, "\n")) + acctest.JSONText(w.report.Exchanges)
}

// check checks what is true of every run: each object was created once, no secret is shown, and nothing is left that is not listed.
func (w *writing) check(t *testing.T, h *acctest.Harness, repeated int) {
	t.Helper()
	wantNothingLeft(t, h, w.report)
	for name, n := range w.creates {
		once := 1
		if strings.HasSuffix(name, draftPlain) || strings.HasSuffix(name, purposeClient) || strings.HasSuffix(name, purposeWebhook) {
			once = 2 // to see how Falcon refuses the second
		}
		if n > once+repeated {
			t.Errorf("%q was created %d times", name, n)
		}
	}
	text := w.text()
	for _, secret := range append(w.secrets, h.Sim.ClientSecret()) {
		if strings.Contains(text, secret) {
			t.Errorf("a secret is shown: %s", text)
		}
	}
	for _, body := range w.scopes {
		if strings.Contains(body, ":write") || strings.Count(body, ":read") != 1 {
			t.Errorf("an API client has other than one read scope: %s", body)
		}
	}
}

var errIsCanceled = errors.New("interrupted")
