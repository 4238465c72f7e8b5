package tenantcheck

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

const (
	apiClientsPath   = "/api-clients/entities/api-clients/v1"
	apiClientIDsPath = "/api-clients/queries/api-clients/v1"
	scopesPath       = "/api-clients/entities/accessible-scopes/v1"
)

const (
	probeScopes       = "api_clients.scopes"
	probeClientIDs    = "api_clients.ids"
	probeClientIDsMax = "api_clients.ids_above_limit"
	probeBadLimit     = "api_clients.negative_limit"
	probeOwnClient    = "api_clients.own"
	probeNoClient     = "api_clients.missing"
)

// checkAPIClients reads the scopes that the tenant offers, the API client in use, and ids.
func checkAPIClients(ctx context.Context, s *session) {
	if !s.get(ctx, probeScopes, scopeClientsRead, scopesPath).ok() {
		return // all of them need the same scope
	}
	s.get(ctx, probeClientIDsMax, scopeClientsRead, apiClientIDsPath, "limit", "501")
	ids := s.get(ctx, probeClientIDs, scopeClientsRead, apiClientIDsPath, "limit", "500")
	s.get(ctx, probeBadLimit, scopeClientsRead, apiClientIDsPath, "limit", "-1")
	own := s.client.ClientID()
	if own == "" && len(ids.resources()) > 0 { // signed in with an access token: any client has the form
		own, _ = ids.resources()[0].(string)
	}
	if own != "" {
		s.get(ctx, probeOwnClient, scopeClientsRead, apiClientsPath, "ids", own)
	}
	s.get(ctx, probeNoClient, scopeClientsRead, apiClientsPath, "ids", missingID)
}

var apiClientQuestions = []question{
	{"Q02", read, settleClientIDKey},
	{"Q03", read, settleScopeForm},
	{"Q04", read, settleMissingClient},
	{"Q10", read, settleClientPage},
	{"Q11", read, settleClientScopes},
	{"Q54", read, settleIdentityDetections},
	{"Q55", read, settleRetryAfter},
	{"Q56", read, settleEmptyErrors},
	{"Q57", read, settleMessageTexts},
	{"Q60", read, settleBadNumber},
}

// oneClient is the API client of a response that has exactly one.
func oneClient(o *observations) (map[string]any, string) {
	r, asked := o.last(probeOwnClient)
	switch {
	case !asked || !r.ok():
		return nil, o.needs(probeOwnClient, scopeClientsRead, "read one API client")
	case len(r.objects()) != 1:
		return nil, fmt.Sprintf("the response to reading one API client has %d; one is needed", len(r.objects()))
	}
	return r.objects()[0], ""
}

func settleClientIDKey(o *observations) finding {
	client, needed := oneClient(o)
	if client == nil {
		return open(needed)
	}
	_, id := client["id"]
	_, clientID := client["client_id"]
	switch {
	case id && !clientID:
		return settled("a", "an API client has the key id, and no client_id")
	case clientID && !id:
		return settled("b", "an API client has the key client_id, and no id")
	}
	return open(fmt.Sprintf("an API client has the keys id and client_id: %t and %t", id, clientID))
}

func settleScopeForm(o *observations) finding {
	client, needed := oneClient(o)
	if client == nil {
		return open(needed)
	}
	value, shown := client["scopes"]
	if !shown {
		return settled("c", "an API client has no key scopes")
	}
	list, ok := value.([]any)
	if !ok || len(list) == 0 {
		return open("scopes of the API client in use is empty or not a list; an API client with scopes is needed")
	}
	switch list[0].(type) {
	case string:
		return settled("a", "scopes of an API client is a list of strings")
	case map[string]any:
		return settled("b", "scopes of an API client is a list of objects")
	}
	return open("scopes of an API client is a list of neither strings nor objects")
}

func settleMissingClient(o *observations) finding {
	r, asked := o.last(probeNoClient)
	switch {
	case asked && r.status == http.StatusNotFound && !r.unknownPath():
		return settled("c", "an id that does not exist is a 404")
	case !asked || !r.ok():
		return open(o.needs(probeNoClient, scopeClientsRead, "read an API client that does not exist"))
	case len(r.resources()) > 0:
		return open("the response to an id that does not exist has resources")
	case len(r.errorItems()) > 0:
		return settled("b", "an id that does not exist is a 200 with errors")
	}
	return settled("a", "an id that does not exist is a 200 without resources and errors")
}

// settleClientPage compares a limit above 500 with one of 500.
func settleClientPage(o *observations) finding {
	usual, asked := o.last(probeClientIDs)
	over, askedOver := o.last(probeClientIDsMax)
	if !asked || !askedOver || !usual.ok() {
		return open(o.needs(probeClientIDs, scopeClientsRead, "list the ids of API clients"))
	}
	if over.status == http.StatusBadRequest {
		return settled("a", "limit=500 is accepted and limit=501 is a 400")
	}
	used, named := number(over.body, "meta", "pagination", "limit")
	total, counted := over.total()
	switch {
	case !over.ok():
		return open(fmt.Sprintf("limit=501 is a %d", over.status))
	case named && used == 100 && len(over.resources()) <= 100:
		return settled("b", "limit=501 is accepted, and the response names a limit of 100")
	case !named && counted && total > 100 && len(over.resources()) == 100:
		return settled("b", fmt.Sprintf("limit=501 is accepted, and the page has 100 of %d ids", total))
	}
	return open(fmt.Sprintf("limit=501 is accepted, and the page has %d ids; more than 100 API clients are needed to see the largest page", len(over.resources())))
}

// offered are the ids of accessible-scopes; false if they could not be read.
func (o *observations) offered() ([]string, bool) {
	r, asked := o.last(probeScopes)
	if !asked || !r.ok() {
		return nil, false
	}
	ids := r.scopes()
	return ids, len(ids) > 0
}

// scopes are the ids of a list of scopes.
func (r response) scopes() []string {
	var ids []string
	for _, item := range r.objects() {
		if id := text(item, "id"); id != "" {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// held are the scopes of the API client in use; false if they are not known.
func (o *observations) held() ([]string, bool) {
	if o.ownID == "" {
		return nil, false
	}
	client, _ := oneClient(o)
	list, ok := client["scopes"].([]any)
	if !ok {
		return nil, false
	}
	var ids []string
	for _, item := range list {
		id, plain := item.(string)
		if !plain {
			id = text(item, "id")
		}
		if id != "" {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids, len(ids) > 0
}

func settleClientScopes(o *observations) finding {
	ids, known := o.offered()
	if !known {
		return open("the list of offered scopes itself " + o.needs(probeScopes, scopeClientsRead, "be read") + "; look for \"Api Client Mgmt\" in the console's form for a new API client")
	}
	for _, id := range []string{scopeClientsRead, scopeClientsWrite} {
		if !slices.Contains(ids, id) {
			return settled("b", "the list of offered scopes does not have "+id)
		}
	}
	return settled("a", "the list of offered scopes has api-client-mgmt:read and api-client-mgmt:write")
}

func settleIdentityDetections(o *observations) finding {
	ids, known := o.offered()
	if !known {
		return open(o.needs(probeScopes, scopeClientsRead, "list the offered scopes"))
	}
	if slices.Contains(ids, "identity-detections:read") {
		return settled("a", "the list of offered scopes has identity-detections:read")
	}
	if slices.ContainsFunc(ids, func(id string) bool { return strings.HasPrefix(id, "identity-") }) {
		return settled("b", "the list of offered scopes has others of Identity Protection, but not identity-detections:read")
	}
	return open("the tenant offers no scope of Identity Protection; a tenant with the product is needed")
}

// settleRetryAfter needs a 429 of Falcon, which a check does not provoke.
func settleRetryAfter(o *observations) finding {
	for _, r := range o.responses {
		if r.status != http.StatusTooManyRequests || r.header.Get("X-Cs-Traceid") == "" {
			continue
		}
		value, _, _ := strings.Cut(r.header.Get("X-RateLimit-RetryAfter"), ",")
		at, err := json.Number(strings.TrimSpace(value)).Float64()
		switch {
		case value == "" && r.header.Get("Retry-After") == "":
			return settled("c", "a 429 has no X-RateLimit-RetryAfter")
		case err == nil && at > 1e11:
			return settled("b", "X-RateLimit-RetryAfter of a 429 has 13 digits: milliseconds")
		case err == nil && at > 1e8:
			return settled("a", "X-RateLimit-RetryAfter of a 429 has 10 digits: seconds")
		}
	}
	return open("no request was limited; a 429 is needed")
}

// settleEmptyErrors looks at every successful response in the usual form. Those of assessments by score are known to have null.
func settleEmptyErrors(o *observations) finding {
	forms := map[string]int{}
	for _, r := range o.responses {
		_, envelope := r.at("meta", "trace_id")
		if !envelope || !r.ok() || r.path == scoresPath || len(r.errorItems()) > 0 {
			continue
		}
		switch value, shown := r.at("errors"); {
		case !shown:
			forms["c"]++
		case value == nil:
			forms["b"]++
		default:
			forms["a"]++
		}
	}
	names := map[string]string{"a": "an empty list", "b": "null", "c": "absent"}
	if len(forms) != 1 {
		return open("successful responses of one form are needed, and there are " + fmt.Sprint(len(forms)) + " forms of errors")
	}
	for letter, n := range forms {
		return settled(letter, fmt.Sprintf("errors is %s in %d successful responses", names[letter], n))
	}
	return finding{}
}

// settleMessageTexts looks at refusals whose texts no source records.
func settleMessageTexts(o *observations) finding {
	with, without := 0, 0
	for _, probe := range []string{probeBadLimit, probeClientIDsMax, probeNoClient, probeNoHost, probeNoAssessment} {
		r, asked := o.last(probe)
		if !asked || r.unknownPath() || r.status >= 500 || r.status == http.StatusForbidden {
			continue
		}
		for _, item := range r.errorItems() {
			if text(item, "message") == "" {
				without++
			} else {
				with++
			}
		}
	}
	switch {
	case with > 0 && without == 0:
		return settled("a", fmt.Sprintf("%d refusals whose texts no source records have a text", with))
	case without > 0 && with == 0:
		return settled("b", fmt.Sprintf("%d refusals have an empty message", without))
	case with > 0:
		return open(fmt.Sprintf("%d refusals have a text and %d have none", with, without))
	}
	return open("a refusal whose text no source records is needed")
}

func settleBadNumber(o *observations) finding {
	r, asked := o.last(probeBadLimit)
	switch {
	case asked && r.status == http.StatusBadRequest:
		return settled("a", "limit=-1 is a 400")
	case asked && r.ok():
		return settled("b", "limit=-1 is a 200")
	}
	return open(o.needs(probeBadLimit, scopeClientsRead, "send a limit of -1"))
}
