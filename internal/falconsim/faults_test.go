package falconsim

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

func start(t *testing.T, opts Options) *Running {
	t.Helper()
	running, err := Start(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := running.Close(); err != nil {
			t.Error(err)
		}
	})
	return running
}

// sendOverNetwork sends a request over the network. It also returns errors that reading the body had.
func sendOverNetwork(t *testing.T, r *Running, method, target, body, token string) (apiResponse, error) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, r.URL+target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	if err != nil {
		return apiResponse{}, err
	}
	text, err := io.ReadAll(response.Body)
	if closed := response.Body.Close(); err == nil {
		err = closed
	}
	return apiResponse{status: response.StatusCode, header: response.Header, text: string(text)}, err
}

func TestFaultKinds(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		fault  Fault
		status int
		text   string
		broken bool // the connection or body breaks
		done   bool // the change took effect
	}{
		{"none", Fault{Path: "/elsewhere"}, 201, `"name":"x"`, false, true},
		{"status", Fault{Status: 503}, 503, "Service Unavailable", false, false},
		{"status with body", Fault{Status: 400, Body: "no"}, 400, "no", false, false},
		{"internal error", Fault{Status: 500}, 500, "Internal Server Error: Please provide trace-id=", false, false},
		{"rate limit", Fault{Status: 429}, 429, "API rate limit exceeded", false, false},
		{"errors on 200", Fault{Kind: FaultErrors, Body: "quota"}, 200, `"message":"quota"`, false, false},
		{"html", Fault{Kind: FaultHTML}, 502, "<html>", false, false},
		{"dropped before", Fault{Kind: FaultDropBefore}, 0, "", true, false},
		{"dropped after", Fault{Kind: FaultDropAfter}, 0, "", true, true},
		{"truncated", Fault{Kind: FaultTruncate}, 201, "{", true, true},
		{"stalled", Fault{Kind: FaultStall, Delay: 1}, 201, `"name":"x"`, false, true},
		{"delayed", Fault{Delay: 1}, 201, `"name":"x"`, false, true},
		{"another method", Fault{Method: "GET", Status: 500}, 201, `"name":"x"`, false, true},
		{"another query", Fault{Query: map[string]string{"a": "b"}, Status: 500}, 201, `"name":"x"`, false, true},
		{"glob", Fault{Path: "/api-clients/*/api-clients/v1", Status: 500}, 500, "Internal", false, false},
		{"prefix", Fault{Path: "/api-clients/", Status: 500}, 500, "Internal", false, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			running := start(t, Options{})
			c := &testClient{t: t, server: running.Server}
			c.token = c.login(running.ClientID(), running.ClientSecret())
			before := len(running.Clients())
			if err := running.Inject(test.fault); err != nil {
				t.Fatal(err)
			}
			got, err := sendOverNetwork(t, running, http.MethodPost, clientEntities, clientBody("x", "devices:read"), c.token)
			if got.status != test.status || !strings.Contains(got.text, test.text) || (err != nil) != test.broken {
				t.Errorf("%d %q, %v", got.status, got.text, err)
			}
			if done := len(running.Clients()) > before; done != test.done {
				t.Errorf("took effect: %v", done)
			}
			log := running.Requests()
			if last := log[len(log)-1]; (last.Status == 0) != (test.status == 0) || last.Path != clientEntities {
				t.Errorf("logged as %+v", last)
			}
		})
	}
}

func TestFaultCounts(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, Options{})
	inject := func(f Fault) {
		if err := c.server.Inject(f); err != nil {
			t.Fatal(err)
		}
	}
	inject(Fault{Path: ccidPath, Skip: 1, Times: 2, Status: 503})
	inject(Fault{Path: ccidPath, Times: 1, Status: 500, Match: func(r *http.Request) bool {
		body, err := io.ReadAll(r.Body)
		return err == nil && string(body) == "hit"
	}})
	for i, want := range []int{200, 503, 503, 500, 200} {
		if got := c.call(http.MethodGet, ccidPath, map[bool]string{true: "hit"}[i == 3]); got.status != want {
			t.Errorf("call %d: %d, want %d", i, got.status, want)
		}
	}
	inject(Fault{Status: 401, Path: ccidPath})
	c.call(http.MethodGet, ccidPath, "").want(t, 401, "access denied, invalid bearer token")
	if len(c.server.Faults()) != 3 {
		t.Errorf("faults: %+v", c.server.Faults())
	}
	c.server.ClearFaults()
	c.call(http.MethodGet, ccidPath, "").want(t, 200, "")
	for _, bad := range []Fault{{Kind: "odd"}, {Status: 99}, {Kind: FaultStatus}, {Status: 500, Path: "["}} {
		if err := c.server.Inject(bad); err == nil {
			t.Errorf("%+v is accepted", bad)
		}
	}
}

func TestRequestLogMasksSecrets(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, Options{Readings: WebhookWrites()})
	c.call(http.MethodPost, pluginWritePath, fullConfig("hook")).want(t, 200, "")
	c.call(http.MethodPost, revokePath, "token="+c.token, "Content-Type", "application/x-www-form-urlencoded").want(t, 400, "Failed to generate")
	log := string(marshal(c.server.Requests()))
	for _, secret := range []string{c.server.ClientSecret(), c.token, testKey} {
		if strings.Contains(log, secret) {
			t.Errorf("the log shows a secret: %s", log)
		}
	}
	for _, text := range []string{`"path":"/oauth2/token"`, `"client_id":"` + c.server.ClientID() + `"`, `"hmac_secret_key":"***"`, `"status":201`} {
		if !strings.Contains(log, text) {
			t.Errorf("%s is not in the log %s", text, log)
		}
	}
	c.server.ResetRequests()
	if len(c.server.Requests()) != 0 {
		t.Error("the log is not empty")
	}
}

//nolint:paralleltest // it counts goroutines
func TestCloseWaitsAndLeaksNothing(t *testing.T) {
	before := goleak.IgnoreCurrent()
	hook := newReceiver(t)
	running, err := Start(Options{})
	if err != nil {
		t.Fatal(err)
	}
	c := &testClient{t: t, server: running.Server}
	c.token = c.login(running.ClientID(), running.ClientSecret())
	config, err := running.CreatePluginConfig("hook", hook.URL, testKey, "")
	if err != nil {
		t.Fatal(err)
	}
	c.act("enable", c.importWorkflow(webhookWorkflow("n", "Case", config, ""))).want(t, 200, "")
	running.CreateCase("a")
	if err := running.Close(); err != nil {
		t.Fatal(err)
	}
	if got := running.Deliveries(); len(got) != 1 || got[0].Status != 202 {
		t.Errorf("deliveries %+v", got)
	}
	if _, err := sendOverNetwork(t, running, http.MethodGet, "/", "", ""); err == nil {
		t.Error("it still listens")
	}
	hook.Close()
	goleak.VerifyNone(t, before)
}

func TestStartRefusesOtherAddresses(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"0.0.0.0:0", ":0", "192.0.2.1:0", "example.com:0", "127.0.0.1"} {
		if running, err := StartOn(Options{}, address); err == nil {
			t.Errorf("%s is accepted: %v", address, running.Close())
		}
	}
}

// A delay adds its headers to Falcon's own response. That is how a tenant announces the end of an operation.
func TestDelayAddsHeaders(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, Options{})
	if err := c.server.Inject(Fault{Path: ccidPath, Header: http.Header{"x-api-deprecation": {"use v2"}}}); err != nil {
		t.Fatal(err)
	}
	got := c.call(http.MethodGet, ccidPath, "")
	got.want(t, 200, "")
	if got.header.Get("X-Api-Deprecation") != "use v2" || got.header.Get("X-Cs-Traceid") == "" || len(got.resources()) != 1 {
		t.Errorf("%v %s", got.header, got.text)
	}
}
