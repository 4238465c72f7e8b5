package falconsim

import (
	"html"
	"net/http"
	"strings"
	"testing"
)

// browserAccept is what browsers send.
const browserAccept = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"

// Both forms of the page show the objects, the faults, and the log, and no secret. Names cannot add markup or move a cursor.
func TestStatusPage(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, Options{Readings: WebhookWrites(), Users: 25, MemberCIDs: []string{firstChild}})
	c.act("enable", c.importWorkflow(sleepWorkflow("a"))).want(t, 200, "")
	const hostile = "<script>alert(1)</script>\x1b[2J\n\" onclick=x"
	if _, _, err := c.server.CreateClient(hostile, "", nil); err != nil {
		t.Fatal(err)
	}
	if err := c.server.Inject(Fault{Method: "PUT", Path: "/some/path", Status: 503, Times: 2}); err != nil {
		t.Fatal(err)
	}
	want := []string{
		c.server.CID(), "it is a guess", "terraform", "Security channel", "version 2", "enabled", c.server.Hosts()[0].Hostname, "Users (25)",
		c.server.Users()[0].EntityID, "/oauth2/token", "Faults (1)", "/some/path", "2 times", "Executions (0)", "/?member_cid=" + firstChild,
	}
	for accept, kind := range map[string]string{"": "text/plain", "*/*": "text/plain", browserAccept: "text/html"} {
		got := c.call(http.MethodGet, "/", "", "Accept", accept)
		if !strings.HasPrefix(got.header.Get("Content-Type"), kind+";") || got.header.Get("Vary") != "Accept" {
			t.Errorf("Accept %q: %v", accept, got.header)
		}
		for _, text := range want {
			if !strings.Contains(html.UnescapeString(got.text), text) {
				t.Errorf("%q is not on the page\n%s", text, got.text)
			}
		}
		for _, text := range []string{c.server.ClientSecret(), c.token, c.server.Users()[24].EntityID} {
			if strings.Contains(got.text, text) {
				t.Errorf("Accept %q: the page shows %s", accept, text)
			}
		}
		if kind == "text/html" {
			policy := got.header.Get("Content-Security-Policy")
			if strings.Contains(got.text, "<script") || !strings.Contains(html.UnescapeString(got.text), hostile) || !strings.HasPrefix(policy, "default-src 'none'") {
				t.Errorf("a name is not escaped: %s\n%s", policy, got.text)
			}
		} else if strings.Contains(got.text, "\x1b") || !strings.Contains(got.text, "</script>\uFFFD[2J\uFFFD\" onclick=x") {
			t.Errorf("a name has control characters\n%q", got.text)
		}
	}
	child := c.get("/?member_cid="+firstChild, "Accept", browserAccept)
	if !strings.Contains(child.text, "<dd>"+firstChild+"</dd>") || !strings.Contains(child.text, `<a href="/">parent tenant `+c.server.CID()) || strings.Contains(child.text, "version 2") {
		t.Errorf("the page of a child\n%s", child.text)
	}
}

func TestPrefersHTML(t *testing.T) {
	t.Parallel()
	for accept, want := range map[string]bool{
		"": false, "*/*": false, "text/*": false, "text/plain": false, browserAccept: true, "text/html": true, "text/html;q=0": false,
		"text/plain, text/html;q=0.5": false, "text/plain;q=0.5, text/html": true, "text/html;q=x": false, "application/json": false,
	} {
		if got := prefersHTML([]string{accept}); got != want {
			t.Errorf("Accept %q: %v", accept, got)
		}
	}
}
