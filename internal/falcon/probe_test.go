package falcon

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

const (
	probeTokenLine  = "POST /oauth2/token"
	probeRevokeLine = "POST /oauth2/revoke"
	probeHostsLine  = "GET /devices/queries/devices/v1"
	probeFlowsLine  = "GET /workflows/combined/definitions/v1"
	probeIOCsLine   = "GET /indicators/aggregates/devices-count/v1"
	probeQueryLine  = "POST /identity-protection/combined/graphql/v1"
	probeSecret     = "secret-of-the-new-client"
)

// probeRoutes is a Falcon that allows the new client everything; changes replace routes.
func probeRoutes(changes map[string]func(w http.ResponseWriter, r request)) map[string]func(w http.ResponseWriter, r request) {
	routes := map[string]func(w http.ResponseWriter, r request){
		probeTokenLine: func(w http.ResponseWriter, r request) {
			w.Header().Set("X-Ratelimit-Limit", "300")
			w.Header().Set("X-Cs-Region", "us-2")
			if !strings.Contains(r.body, probeSecret) {
				refusal(w, http.StatusForbidden, "Failed to issue access token - Not Authorized")
				return
			}
			reply(w, http.StatusCreated, `{"access_token":"probe-token","expires_in":1799}`)
		},
		probeRevokeLine: func(w http.ResponseWriter, _ request) { reply(w, http.StatusOK, `{"meta":{},"errors":[]}`) },
		probeHostsLine: func(w http.ResponseWriter, _ request) {
			w.Header().Set("X-Ratelimit-Limit", "6000")
			w.Header().Set("X-Cs-Region", "us-2")
			list(w, 0)
		},
		probeFlowsLine: func(w http.ResponseWriter, _ request) { list(w, 0) },
		probeIOCsLine:  func(w http.ResponseWriter, _ request) { list(w, 0) },
		probeQueryLine: func(w http.ResponseWriter, _ request) { reply(w, http.StatusOK, `{"data":{"entities":{"nodes":[]}}}`) },
	}
	for line, route := range changes {
		routes[line] = route
	}
	return routes
}

func refusing(status int, message string) func(w http.ResponseWriter, r request) {
	return func(w http.ResponseWriter, _ request) { refusal(w, status, message) }
}

// cutOff is an incomplete response. (net/http may itself repeat a request whose connection ends before any response.)
func cutOff(w http.ResponseWriter, _ request) {
	w.Header().Set("Content-Length", "100")
	reply(w, http.StatusOK, `{"meta":`)
	if f, ok := w.(http.Flusher); ok {
		f.Flush()
	}
	drop()
}

const (
	noScope   = "access denied, scope not permitted"
	noAccess  = "access denied, authorization failed"
	noQuery   = `{"data":null,"errors":[{"message":"Insufficient permissions"}]}`
	badQuery  = `{"data":null,"errors":[{"message":"Cannot query field entities"}]}`
	gateway   = "404: Page Not Found"
	entityID  = "identity-entities:read"
	queryID   = "identity-graphql:write"
	hostsID   = "devices:read"
	flowsID   = "workflow:read"
	oldIOCsID = "iocs:read"
)

func TestProbe(t *testing.T) {
	t.Parallel()
	type routes = map[string]func(w http.ResponseWriter, r request)
	answerQuery := func(body string) routes {
		return routes{probeQueryLine: func(w http.ResponseWriter, _ request) { reply(w, http.StatusOK, body) }}
	}
	for name, tt := range map[string]struct {
		secret string
		routes routes
		scopes []string
		ok     bool
		states string // in the order of scopes
		hint   string
		says   string // in the problems
		reads  int    // requests in addition to token and revoke
	}{
		"all works":                          {scopes: []string{hostsID, flowsID, "workflow:write"}, ok: true, states: "works works not_tested", reads: 2},
		"only a write scope":                 {scopes: []string{queryID}, ok: true, states: "not_tested"},
		"retired products are not called":    {scopes: []string{"detects:read", "incidents:read", "detects:write"}, ok: true, states: "retired retired retired"},
		"one scope is missing":               {routes: routes{probeFlowsLine: refusing(403, noScope)}, scopes: []string{hostsID, flowsID}, states: "works denied", hint: "workflow:read", says: `"Workflow: read"`, reads: 2},
		"not on the allow list":              {routes: routes{probeHostsLine: refusing(403, noAccess)}, scopes: []string{hostsID}, states: "denied", hint: "allow list", says: noAccess, reads: 1},
		"an old API that still works":        {scopes: []string{oldIOCsID}, ok: true, states: "works", reads: 1},
		"an old API that is refused":         {routes: routes{probeIOCsLine: refusing(403, noScope)}, scopes: []string{oldIOCsID}, ok: true, states: "retired", reads: 1},
		"an old API that is gone":            {routes: routes{probeIOCsLine: refusing(404, gateway)}, scopes: []string{oldIOCsID}, ok: true, states: "retired", reads: 1},
		"a path that the cloud lacks":        {routes: routes{probeHostsLine: refusing(404, gateway)}, scopes: []string{hostsID}, ok: true, states: "not_tested", reads: 1},
		"a service that finds nothing":       {routes: routes{probeHostsLine: refusing(404, "no such thing")}, scopes: []string{hostsID}, ok: true, states: "works", reads: 1},
		"a fault is not repeated":            {routes: routes{probeHostsLine: refusing(500, "Internal Server Error")}, scopes: []string{hostsID, flowsID}, states: "not_tested works", hint: "again", says: "500", reads: 2},
		"an response that is cut off":        {routes: routes{probeHostsLine: cutOff}, scopes: []string{hostsID}, states: "not_tested", hint: "again", says: "could not be tested", reads: 1},
		"a proxy's page":                     {routes: routes{probeHostsLine: func(w http.ResponseWriter, _ request) { reply(w, 403, "<html></html>") }}, scopes: []string{hostsID}, states: "not_tested", says: "web page", reads: 1},
		"a token that is refused":            {routes: routes{probeHostsLine: refusing(401, "access denied, invalid bearer token")}, scopes: []string{hostsID}, states: "denied", says: "401", reads: 1},
		"a query works":                      {scopes: []string{entityID, queryID}, ok: true, states: "works not_tested", reads: 1},
		"a query is refused":                 {routes: routes{probeQueryLine: refusing(403, noScope)}, scopes: []string{entityID, queryID}, states: "denied not_tested", hint: entityID, reads: 1},
		"a query that may lack GraphQL":      {routes: routes{probeQueryLine: refusing(403, noScope)}, scopes: []string{entityID}, ok: true, states: "not_tested", reads: 1},
		"a query is refused in a 200":        {routes: answerQuery(noQuery), scopes: []string{entityID, queryID}, states: "denied not_tested", says: "Insufficient permissions", reads: 1},
		"a query fails for another reason":   {routes: answerQuery(badQuery), scopes: []string{entityID, queryID}, ok: true, states: "not_tested not_tested", reads: 1},
		"no harmless read is known":          {scopes: []string{"identity-detections:read"}, ok: true, states: "not_tested"},
		"the secret is wrong":                {secret: "wrong", scopes: []string{hostsID, "detects:read"}, states: "not_tested not_tested", hint: "client_secret", says: "403"},
		"the token call fails":               {routes: routes{probeTokenLine: refusing(500, "down")}, scopes: []string{hostsID}, states: "not_tested", says: "500"},
		"the token call is not for this one": {routes: routes{probeTokenLine: refusing(403, noAccess)}, scopes: []string{hostsID}, states: "not_tested", hint: "allow list"},
		"the token is not revoked":           {routes: routes{probeRevokeLine: refusing(500, "down")}, scopes: []string{hostsID}, ok: true, states: "works", says: "not revoked", reads: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, c := newFake(t, probeRoutes(tt.routes))
			secret := probeSecret
			if tt.secret != "" {
				secret = tt.secret
			}
			got := c.Probe(t.Context(), "new-client", secret, tt.scopes)
			var states, ids []string
			for _, s := range got.Scopes {
				states, ids = append(states, s.State), append(ids, s.ID)
			}
			if got.OK != tt.ok || strings.Join(states, " ") != tt.states || !slices.Equal(ids, tt.scopes) {
				t.Errorf("got ok %v, %v %v, want %v, %s", got.OK, ids, states, tt.ok, tt.states)
			}
			problems := strings.Join(got.Problems, "\n")
			if !strings.Contains(got.Hint, tt.hint) || tt.hint == "" && got.OK && got.Hint != "" {
				t.Errorf("hint %q, want %q", got.Hint, tt.hint)
			}
			if !strings.Contains(problems, tt.says) || (problems == "") != (tt.ok && tt.says == "") {
				t.Errorf("problems %q, want %q", problems, tt.says)
			}
			if strings.Contains(problems+got.Hint, probeSecret) || strings.Contains(problems+got.Hint, "provider's API client") {
				t.Errorf("a text about the other client says too much: %s %s", problems, got.Hint)
			}
			signedIn := 0
			if len(f.calls(probeRevokeLine)) > 0 {
				signedIn = 1
			}
			if reads := len(f.seen) - len(f.calls(probeTokenLine)) - len(f.calls(probeRevokeLine)); reads != tt.reads || len(f.calls(probeTokenLine)) != 1 {
				t.Errorf("%d reads and %d tokens, want %d and 1: %s", reads, len(f.calls(probeTokenLine)), tt.reads, f.lines())
			}
			if worked := states[0] != ScopeNotTested || tt.reads > 0 || tt.ok; worked != (signedIn == 1) {
				t.Errorf("revoked %d times: %s", signedIn, f.lines())
			}
		})
	}
}

func TestProbeUsesTheOtherClientsToken(t *testing.T) {
	t.Parallel()
	f, c := newFake(t, probeRoutes(nil))
	got := c.Probe(t.Context(), "new-client", probeSecret, []string{hostsID, flowsID})
	if got.Region != "us-2" || got.RateLimit != 6000 {
		t.Errorf("region %q and rate limit %d, want us-2 and 6000 (not the token call's)", got.Region, got.RateLimit)
	}
	for _, line := range []string{probeHostsLine, probeFlowsLine} {
		for _, r := range f.calls(line) {
			if r.header.Get("Authorization") != "Bearer probe-token" || r.get("limit") != "1" {
				t.Errorf("%s with %q, limit %q", line, r.header.Get("Authorization"), r.get("limit"))
			}
		}
	}
	if revoked := f.calls(probeRevokeLine); len(revoked) != 1 || !strings.Contains(revoked[0].body, "token=probe-token") {
		t.Errorf("the token was not revoked once: %s", f.lines())
	}
}

// Every read of the table must be a GET of at most one entry, or a query.
func TestProbeReadsAreHarmless(t *testing.T) {
	t.Parallel()
	var scopes []string
	for id := range probeReads {
		scopes = append(scopes, id)
	}
	f, c := newFake(t, probeRoutes(nil))
	got := c.Probe(t.Context(), "new-client", probeSecret, scopes)
	if len(f.seen) != len(scopes)+2 {
		t.Errorf("%d calls for %d scopes: %s", len(f.seen), len(scopes), f.lines())
	}
	for _, r := range f.seen {
		switch {
		case r.line == probeTokenLine, r.line == probeRevokeLine, r.line == probeIOCsLine && r.get("value") != "":
		case r.line == probeQueryLine && strings.Contains(r.body, `"query":"{ `) && !strings.Contains(r.body, "mutation"):
		case strings.HasPrefix(r.line, "GET ") && r.get("limit") == "1":
		default:
			t.Errorf("%s %v is not known to be harmless", r.line, r.query)
		}
	}
	for _, s := range got.Scopes {
		if !strings.HasSuffix(s.ID, ":read") {
			t.Errorf("%s is no read scope", s.ID)
		}
	}
}
