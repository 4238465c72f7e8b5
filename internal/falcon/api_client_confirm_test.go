package falcon

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// clientTenant is a tenant whose API clients are shown late.
type clientTenant struct {
	clients map[string]string // what is shown, by id
	late    map[string]int    // how many reads do not show a client yet
	status  int               // of a read of one client that exists; 0 is 200
}

func (c *clientTenant) sees(id string) bool {
	if c.late[id] > 0 {
		c.late[id]--
		return false
	}
	return c.clients[id] != ""
}

func (c *clientTenant) ids() step {
	return step{do: func(w http.ResponseWriter, r *http.Request) {
		var ids []string
		for id := range c.clients {
			if c.sees(id) {
				ids = append(ids, fmt.Sprintf("%q", id))
			}
		}
		slices.Sort(ids)
		ok("["+strings.Join(ids, ",")+"]").write(w, r)
	}}
}

func (c *clientTenant) get() step {
	return step{do: func(w http.ResponseWriter, r *http.Request) {
		var found []string
		ids := r.URL.Query()["ids"]
		for _, id := range ids {
			if c.sees(id) {
				found = append(found, c.clients[id])
			}
		}
		if c.status != 0 && len(ids) == 1 && len(found) == 1 {
			refuse(c.status, "access denied, scope not permitted").write(w, r)
			return
		}
		ok("["+strings.Join(found, ",")+"]").write(w, r)
	}}
}

// An id in the response to a create is believed when Falcon shows the client under it, and not before.
func TestCreateConfirmsTheID(t *testing.T) {
	t.Parallel()
	const ours, theirs, wrong = "c1", "c9", "c5"
	same := wireClient(ours, "zia", "d", "devices:read", "workflow:read")
	for _, tc := range []struct {
		name     string
		named    string // the id in the response
		late     int    // reads until the new client is shown
		missing  bool   // the new client is never shown
		status   int
		id       string
		warns    string
		resets   int
		absent   bool // an UnsettledError
		maxReads int
	}{
		{name: "its own", named: ours, id: ours, maxReads: 1},
		{name: "its own, shown late", named: ours, late: 4, id: ours, maxReads: 5},
		{name: "its own, never shown", named: ours, missing: true, id: ours, warns: "could not be read afterwards", maxReads: 20},
		{name: "its own, and reading is refused", named: ours, status: 403, id: ours, warns: "could not be read afterwards", maxReads: 2},
		{name: "one that never existed", named: wrong, id: ours, warns: "is taken to be the new one", resets: 1, maxReads: 20},
		{name: "that of another client", named: theirs, id: ours, warns: "is taken to be the new one", resets: 1, maxReads: 20},
		{name: "that of another client, and ours is never shown", named: theirs, missing: true, absent: true, maxReads: 20},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			tenant := &clientTenant{clients: map[string]string{theirs: wireClient(theirs, "other", "")}, late: map[string]int{}}
			post := step{do: func(w http.ResponseWriter, r *http.Request) {
				if !tc.missing {
					tenant.clients[ours] = same
				}
				tenant.late[ours], tenant.status = tc.late, tc.status
				step{status: 201, body: envelopeOK(`[{"id":"` + tc.named + `","client_secret":"` + newSecret + `"}]`)}.write(w, r)
			}}
			s, c := newScript(t, map[string][]step{
				idsLine: {tenant.ids()}, getLine: {tenant.get()}, postLine: {post},
				resetLine: {{status: 201, body: envelopeOK(`[{"id":"c1","client_secret":"` + newSecret + `"}]`)}},
			})
			client, warnings, err := c.CreateAPIClient(t.Context(), clientSpec)
			unsettled, isUnsettled := errors.AsType[*UnsettledError](err)
			if isUnsettled != tc.absent || isUnsettled && len(unsettled.IDs) > 0 || (err != nil) != tc.absent {
				t.Fatalf("got %v, %v", client, err)
			}
			if s.count(resetLine) != tc.resets || s.count(postLine) != 1 || s.count(getLine)-1 > tc.maxReads {
				t.Errorf("%d resets, %d creates, %d reads", s.count(resetLine), s.count(postLine), s.count(getLine)-1)
			}
			if tc.absent {
				return
			}
			if client.ID != tc.id || client.Secret != newSecret {
				t.Errorf("got %v", client)
			}
			if all := strings.Join(warnings, "\n"); (tc.warns == "") != (all == "") || !strings.Contains(all, tc.warns) {
				t.Errorf("warnings %q", all)
			}
		})
	}
}

// A create in progress continues when the caller's context ends: its response contains the only copy of the secret.
func TestCreateSurvivesCancel(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	post := step{do: func(w http.ResponseWriter, r *http.Request) {
		cancel()
		select {
		case <-r.Context().Done():
		case <-time.After(50 * time.Millisecond): // long enough to see a request that is canceled
		}
		step{status: 201, body: envelopeOK(`[{"id":"c1","client_secret":"` + newSecret + `"}]`)}.write(w, r)
	}}
	s, c := newScript(t, map[string][]step{
		idsLine: {ok(`[]`)}, postLine: {post}, getLine: {ok("[" + wireClient("c1", "zia", "d", "devices:read", "workflow:read") + "]")},
	})
	client, warnings, err := c.CreateAPIClient(ctx, clientSpec)
	if err != nil || client.Secret != newSecret || len(warnings) > 0 || s.count(resetLine) != 0 {
		t.Errorf("%v, %q, %v, %d resets", client, warnings, err, s.count(resetLine))
	}
	if _, _, err := c.CreateAPIClient(ctx, APIClientSpec{Name: "after the end"}); err == nil || s.count(postLine) != 1 {
		t.Errorf("a create was sent after the end of the context: %v", err)
	}
}

// One run never creates two API clients of one name, because Falcon may accept the second one.
func TestCreateTakesANameOnce(t *testing.T) {
	t.Parallel()
	s, c := newScript(t, map[string][]step{
		idsLine: {ok(`[]`)}, getLine: {ok("[" + wireClient("c1", "zia", "d", "devices:read", "workflow:read") + "]")},
		postLine:   {{status: 400, body: envelopeError(400, "no")}, {status: 201, body: envelopeOK(`[{"id":"c1","client_secret":"x"}]`)}},
		patchLine:  {{status: 204}},
		deleteLine: {{status: 202, body: envelopeOK(`[]`)}},
	})
	create := func() error {
		_, _, err := c.CreateAPIClient(t.Context(), clientSpec)
		return err
	}
	if err := create(); err == nil {
		t.Fatal("the refusal was lost")
	}
	if err := create(); err != nil { // the refused create does not keep the name
		t.Fatal(err)
	}
	twice, isTwice := errors.AsType[*DuplicateNameError](create())
	if !isTwice || twice.ID != "c1" || s.count(postLine) != 2 {
		t.Fatalf("got %v after %d creates", twice, s.count(postLine))
	}
	if err := c.UpdateAPIClient(t.Context(), "c1", APIClientSpec{Name: "renamed"}); err != nil {
		t.Fatal(err)
	}
	if err := create(); err != nil {
		t.Errorf("a renamed client still holds its name: %v", err)
	}
}

// Falcon may say with a 400 that an API client does not exist (wire/open-questions.md#q06).
func TestWritesToAMissingAPIClient(t *testing.T) {
	t.Parallel()
	bad := refuse(400, "bad")
	for name, there := range map[string]bool{"gone": false, "there": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := &clientTenant{clients: map[string]string{}}
			if there {
				tenant.clients["c1"] = wireClient("c1", "zia", "")
			}
			_, c := newScript(t, map[string][]step{
				idsLine: {tenant.ids()}, getLine: {tenant.get()}, patchLine: {bad}, resetLine: {bad}, deleteLine: {bad},
			})
			update := c.UpdateAPIClient(t.Context(), "c1", clientSpec)
			_, reset := c.ResetAPIClientSecret(t.Context(), "c1")
			if update == nil || reset == nil || IsNotFound(update) == there || IsNotFound(reset) == there {
				t.Errorf("update: %v\nreset: %v", update, reset)
			}
			if err := c.DeleteAPIClient(t.Context(), "c1"); (err != nil) != there {
				t.Errorf("delete: %v", err)
			}
		})
	}
}

// After a change the client is read until it shows the change, for a limited time.
func TestReadBackAPIClient(t *testing.T) {
	t.Parallel()
	before := ok("[" + wireClient("c1", "zia", "old", "devices:read", "workflow:read") + "]")
	after := ok("[" + wireClient("c1", "zia", "d", "devices:read", "workflow:read") + "]")
	for name, tc := range map[string]struct {
		reads       []step
		description string
		least, most int
	}{
		"at once": {[]step{after}, "d", 1, 1},
		"late":    {[]step{before, before, before, after}, "d", 4, 4},
		"never":   {[]step{before}, "old", 5, 20},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, c := newScript(t, map[string][]step{getLine: tc.reads})
			a, err := c.ReadBackAPIClient(t.Context(), "c1", clientSpec)
			if err != nil || *a.Description != tc.description {
				t.Errorf("%v, %v", a, err)
			}
			if n := s.count(getLine); n < tc.least || n > tc.most {
				t.Errorf("%d reads", n)
			}
		})
	}
}

// The customer id is requested once, even if Falcon refuses it. A child's is known.
func TestPlace(t *testing.T) {
	t.Parallel()
	const child = "0123456789ABCDEF0123456789abcdef-1F"
	for name, tc := range map[string]struct {
		response step
		member   string
		cid      string
		asked    int
	}{
		"readable":     {ok(`["FEDCBA9876543210FEDCBA9876543210-1F"]`), "", "fedcba9876543210fedcba9876543210", 1},
		"refused":      {refuse(403, "access denied, scope not permitted"), "", "", 1},
		"not an id":    {ok(`["none"]`), "", "", 1},
		"child tenant": {refuse(500, "oops"), child, "0123456789abcdef0123456789abcdef", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, c := newScript(t, map[string][]step{ccidLine: {tc.response}}, func(cfg *Config) { cfg.MemberCID = tc.member })
			for range 3 {
				here := c.TenantKey(t.Context())
				if here.CID != tc.cid || here.BaseURL != c.BaseURL() || here.ClientID != c.ClientID() || here.MemberCID != strings.ToLower(withoutChecksum(tc.member)) {
					text, err := json.Marshal(here)
					t.Errorf("%s %v", text, err)
				}
			}
			if n := s.count(ccidLine); n != tc.asked {
				t.Errorf("%d requests, want %d", n, tc.asked)
			}
		})
	}
	// A run that was interrupted says nothing about the tenant.
	s, c := newScript(t, map[string][]step{ccidLine: {ok(`["FEDCBA9876543210FEDCBA9876543210-1F"]`)}})
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if here := c.TenantKey(ended); here.CID != "" {
		t.Errorf("%v", here)
	}
	if here := c.TenantKey(t.Context()); here.CID == "" || s.count(ccidLine) > 2 {
		t.Errorf("%v after %d requests", here, s.count(ccidLine))
	}
}
