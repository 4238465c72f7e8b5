package falconsim

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

var (
	firstChild  = strings.Repeat("c", 32)
	secondChild = strings.Repeat("d", 32)
)

// in returns a client with a token for a child.
func (c *testClient) in(cid string) *testClient {
	c.t.Helper()
	form := url.Values{"client_id": {c.server.ClientID()}, "client_secret": {c.server.ClientSecret()}, "member_cid": {cid}}
	got := c.requestToken(form)
	got.want(c.t, 201, "")
	return &testClient{t: c.t, server: c.server, token: got.doc["access_token"].(string)}
}

// A token with member_cid works in that child only: neither the parent nor another child sees what it creates.
func TestMembersAreSeparate(t *testing.T) {
	t.Parallel()
	parent := newTestClient(t, Options{MemberCIDs: []string{strings.ToUpper(firstChild), secondChild}, Users: 2, Readings: WebhookWrites()})
	tenants := map[string]*testClient{parent.server.CID(): parent, firstChild: parent.in(firstChild), secondChild: parent.in(secondChild)}
	created := map[string][]string{}
	for cid, c := range tenants {
		c.get(ccidPath).want(t, 200, "")
		if ccid := c.get(ccidPath).resources()[0].(string); !strings.HasPrefix(ccid, strings.ToUpper(cid)+"-") {
			t.Errorf("the token for %s works in %s", cid, ccid)
		}
		created[cid] = []string{
			c.call(http.MethodPost, clientEntities, clientBody("same name", "devices:read")).first(t)["id"].(string),
			c.call(http.MethodPost, pluginWritePath, fullConfig("same name")).first(t)["config_id"].(string),
			c.importWorkflow(sleepWorkflow("same name")),
		}
	}
	for cid, c := range tenants {
		if page := c.get("/?member_cid=" + cid).text; !strings.Contains(page, cid+"\n") {
			t.Errorf("%s: page %s", cid, page)
		}
		about := c.get(consolePath + "/tenant?member_cid=" + cid).text
		hosts := c.get("/devices/queries/devices/v1").resources()
		users := c.ask(`{ entities(types: [USER], first: 10) { nodes { entityId } } }`).text
		for other := range tenants {
			for _, id := range created[other] {
				if strings.Contains(about, id) != (cid == other) {
					t.Errorf("%s: object %s of %s", cid, id, other)
				}
			}
			tenant := parent.server
			if child, ok := parent.server.Member(other); ok {
				tenant = child
			}
			shown := false
			for _, id := range hosts {
				shown = shown || id == tenant.Hosts()[0].AgentID
			}
			if shown != (cid == other) || strings.Contains(users, tenant.Users()[0].EntityID) != (cid == other) {
				t.Errorf("%s: hosts and users of %s, %v", cid, other, users)
			}
			c.get(clientEntities+"?ids="+created[other][0]).want(t, 200, "")
			if got := len(c.get(clientEntities + "?ids=" + created[other][0]).resources()); (got == 1) != (cid == other) {
				t.Errorf("%s reads %d API clients of %s", cid, got, other)
			}
		}
	}
	if got := parent.get("/?member_cid=" + strings.Repeat("e", 32)); got.status != http.StatusNotFound || !strings.Contains(got.text, "is not a child") {
		t.Errorf("an unknown child: %d %s", got.status, got.text)
	}
}

// An API client of a child signs in to the child without member_cid, to no other tenant, and not after it was deleted.
func TestMemberClient(t *testing.T) {
	t.Parallel()
	parent := newTestClient(t, Options{MemberCIDs: []string{firstChild, secondChild}})
	child := parent.in(firstChild)
	entity := child.call(http.MethodPost, clientEntities, clientBody("own", "sensor-installers:read")).first(t)
	id, secret := entity["id"].(string), entity["client_secret"].(string)
	own := &testClient{t: t, server: parent.server, token: parent.login(id, secret)}
	if ccid := own.get(ccidPath).resources()[0].(string); !strings.HasPrefix(ccid, strings.ToUpper(firstChild)) {
		t.Errorf("it works in %s", ccid)
	}
	own.get("/devices/queries/devices/v1").want(t, 403, "access denied, scope not permitted")
	for _, cid := range []string{secondChild, parent.server.CID()} {
		form := url.Values{"client_id": {id}, "client_secret": {secret}, "member_cid": {cid}}
		own.requestToken(form).want(t, 403, "access denied, authorization failed")
	}
	child.call(http.MethodDelete, clientEntities+"?ids="+id, "").want(t, 202, "")
	own.get(ccidPath).want(t, 401, "access denied, invalid bearer token")
}

// Faults, tokens, and the request log belong to the address, which a child shares with its parent.
func TestMemberSharesTheAddress(t *testing.T) {
	t.Parallel()
	parent := newTestClient(t, Options{MemberCIDs: []string{firstChild}})
	tenant, _ := parent.server.Member(firstChild)
	child := parent.in(firstChild)
	if err := tenant.Inject(Fault{Path: ccidPath, Status: 503, Times: 1}); err != nil {
		t.Fatal(err)
	}
	child.get(ccidPath).want(t, 503, "Service Unavailable")
	if got := tenant.Requests(); len(got) == 0 || got[len(got)-1].Status != 503 || len(got) != len(parent.server.Requests()) {
		t.Errorf("the request log of the child: %v", got)
	}
	tenant.RevokeTokens()
	parent.get(ccidPath).want(t, 401, "access denied, invalid bearer token")
}

func TestMembersAreChecked(t *testing.T) {
	t.Parallel()
	own := New(Options{}).CID()
	for _, cids := range [][]string{{"abc"}, {firstChild, firstChild}, {own}} {
		if running, err := Start(Options{MemberCIDs: cids}); err == nil {
			t.Errorf("%v is accepted: %v", cids, running.Close())
		}
	}
}
