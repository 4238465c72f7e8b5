package falconsim

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestEndpointsFollowTheirHosts(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, Options{})
	host, overall := c.server.Hosts()[0], 7
	if err := c.server.SetHostScore(host.AgentID, &overall, nil, nil); err != nil {
		t.Fatal(err)
	}
	result := c.ask(fmt.Sprintf(`{entities(agentIds:[%q],first:1){nodes{...on EndpointEntity{ztaScore cid}}}}`, host.AgentID)).text
	want := fmt.Sprintf(`{"nodes":[{"ztaScore":7,"cid":%q}]}`, c.server.CID())
	if !strings.Contains(result, want) {
		t.Errorf("%s, want %s", result, want)
	}
}

func TestUserConsole(t *testing.T) {
	t.Parallel()
	s := New(Options{})
	id, err := s.PutUser(User{PrimaryDisplayName: "Ada", EmailAddresses: []string{"ada@example.com"}})
	if err != nil {
		t.Fatal(err)
	}
	for name, wrong := range map[string]error{
		"score above 1":   s.SetUserScore(id, 1.1),
		"unknown user":    s.SetUserScore("bob@example.com", 0.1),
		"delete unknown":  s.DeleteUser("bob@example.com"),
		"score of domain": s.SetAssessmentScore("nowhere", 0.1),
	} {
		if wrong == nil {
			t.Errorf("%s was accepted", name)
		}
	}
	if _, err := s.PutUser(User{}); err == nil {
		t.Error("a user without a name was accepted")
	}
	if err := s.SetUserScore("ADA@example.com", 0.5); err != nil || s.Users()[0].RiskScore != 0.5 {
		t.Errorf("%v %+v", err, s.Users())
	}
	if _, err := s.PutUser(User{PrimaryDisplayName: "Other Ada", EmailAddresses: []string{"ada@example.com"}}); err != nil {
		t.Fatal(err)
	}
	if err := s.DeleteUser("ada@example.com"); err == nil {
		t.Error("two users share the address, and one was deleted")
	}
	if err := s.DeleteUser(id); err != nil || len(s.Users()) != 1 {
		t.Errorf("%v, %d users left", err, len(s.Users()))
	}
}

func TestScoreConsole(t *testing.T) {
	t.Parallel()
	s := New(Options{})
	mux := http.NewServeMux()
	for _, c := range s.consoleOperations() {
		mux.HandleFunc(c.method+" "+c.path, func(w http.ResponseWriter, r *http.Request) {
			result, err := c.handle(r)
			writeConsole(w, result, err)
		})
	}
	for _, call := range []struct {
		method, path, body string
		ok                 bool
	}{
		{"POST", "/users", `{"primary_display_name":"Ada","email_addresses":["ada@example.com"],"risk_score":0.3}`, true},
		{"POST", "/users", `{"name":"Ada"}`, false},
		{"POST", "/users/ada@example.com/score", `{"risk_score":0.7}`, true},
		{"POST", "/users/ada@example.com/score", `{"risk_score":7}`, false},
		{"POST", "/users/ada@example.com/score", `{}`, false},
		{"POST", "/hosts", `{"hostname":"new-host","overall":50}`, true},
		{"POST", "/hosts", `{"overall":50}`, false},
		{"DELETE", "/hosts/new-host", ``, true},
		{"DELETE", "/hosts/new-host", ``, false},
		{"POST", "/domains/CORP.EXAMPLE.COM/score", `{"risk_score":0.1}`, true},
	} {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), call.method, call.path, strings.NewReader(call.body)))
		if (w.Code == http.StatusOK) != call.ok {
			t.Errorf("%s %s %s: %d %s", call.method, call.path, call.body, w.Code, w.Body)
		}
	}
	if users := s.Users(); len(users) != 1 || users[0].RiskScore != 0.7 || len(s.Hosts()) != 3 {
		t.Errorf("%+v, %d hosts", users, len(s.Hosts()))
	}
}
