package falcon

import (
	"fmt"
	"strings"
	"testing"
)

const (
	hmacSecret   = "0123456789-0123456789-0123456789-hmac"
	pluginsLine  = "GET /plugins/combined/configs/v1"
	hookPost     = "POST /plugins/entities/configs/v1"
	hookPatch    = "PATCH /plugins/entities/configs/v1"
	hookDelete   = "DELETE /plugins/entities/configs/v1"
	activityLine = "GET /workflows/combined/activities/v1"
)

var hook = WebhookSpec{Name: "zia", URL: "https://z.example/1", HMACSecret: hmacSecret, SignatureHeader: "X-Sig"}

func config(id, app, content string) string {
	return fmt.Sprintf(`{"config_id":%q,"app_id":%q,"definition_id":"d1","state":"active","config":%s}`, id, app, content)
}

func hookShown(url string) string {
	return config("w1", "app1", fmt.Sprintf(`{"name":"zia","url":%q,"signature_header_name":"X-Sig"}`, url))
}

func callWebhook(app string) step {
	return ok(fmt.Sprintf(`[{"id":"a1","name":"Call webhook","app_id":%q}]`, app))
}

func TestWebhookConfigs(t *testing.T) {
	t.Parallel()
	list := ok("[" + strings.Join([]string{
		config("w1", "app1", `{"name":"zia","url":"https://z.example/1","signature_header_name":"X-Sig","hmac_secret_key":"`+hmacSecret+`"}`),
		config("w2", "app1", `"{\"display_name\":\"text\",\"webhook_url\":\"https://z.example/2\"}"`),
		config("s1", "slack", `{"name":"zia"}`),
		config("n1", "app1", `null`),
	}, ",") + "]")
	for _, tc := range []struct {
		name       string
		activities step
		want       string
	}{
		{"of the app", callWebhook("app1"), "w1=zia https://z.example/1 X-Sig; w2=text https://z.example/2 -; n1=- - -"},
		{"not told", callWebhook(""), "w1=zia https://z.example/1 X-Sig; w2=text https://z.example/2 -; s1=zia - -; n1=- - -"},
		{"no such action", ok(`[]`), "w1=zia https://z.example/1 X-Sig; w2=text https://z.example/2 -; s1=zia - -; n1=- - -"},
		{"may not read", refuse(403, "access denied, scope not permitted"), "w1=zia https://z.example/1 X-Sig; w2=text https://z.example/2 -; s1=zia - -; n1=- - -"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, c := newScript(t, map[string][]step{pluginsLine: {list}, activityLine: {tc.activities}})
			configs, err := c.WebhookConfigs(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			text := func(s *string) string {
				if s == nil {
					return "-"
				}
				return *s
			}
			var all []string
			for _, p := range configs {
				all = append(all, fmt.Sprintf("%s=%s %s %s", p.ID, text(p.Name), text(p.URL), text(p.SignatureHeader)))
			}
			if got := strings.Join(all, "; "); got != tc.want {
				t.Errorf("got %s\nwant %s", got, tc.want)
			}
		})
	}
}

// TestCreateWebhook checks that the undocumented request counts only if the response is 2xx and the list then shows the
// result.
func TestCreateWebhook(t *testing.T) {
	t.Parallel()
	shown := ok("[" + hookShown(hook.URL) + "]")
	written := ok(`[{"config_id":"w1"}]`)
	for _, tc := range []struct {
		name   string
		before step
		post   step
		after  step
		id     string
		status int // of a WritesUnavailableError
		fails  string
		posts  int
	}{
		{name: "shown", before: ok(`[]`), post: written, after: shown, id: "w1", posts: 1},
		{name: "shown, id as text", before: ok(`[]`), post: ok(`["w1"]`), after: shown, id: "w1", posts: 1},
		{name: "shown, no id", before: ok(`[]`), post: ok(`[]`), after: shown, id: "w1", posts: 1},
		{name: "shown without its name", before: ok(`[]`), post: written, after: ok("[" + config("w1", "app1", `{}`) + "]"), id: "w1", posts: 1},
		{name: "no name and no id", before: ok(`[]`), post: ok(`[]`), after: ok("[" + config("w1", "app1", `{}`) + "]"), fails: "it may be the one with id w1", posts: 1},
		{name: "not shown", before: ok(`[]`), post: written, after: ok(`[]`), status: 200, posts: 1},
		{name: "shown with another address", before: ok(`[]`), post: written, after: ok("[" + hookShown("https://other.example") + "]"), fails: "something different from the request", posts: 1},
		{name: "404", before: ok(`[]`), post: refuse(404, "404: Page Not Found"), status: 404, posts: 1},
		{name: "405", before: ok(`[]`), post: step{status: 405}, status: 405, posts: 1},
		{name: "500", before: ok(`[]`), post: refuse(500, "oops"), after: ok(`[]`), status: 500, posts: 1},
		{name: "echo", before: ok(`[]`), post: refuse(400, "bad key "+hmacSecret), status: 400, posts: 1},
		{name: "scope", before: ok(`[]`), post: refuse(403, "access denied, scope not permitted"), fails: "api-integrations:write", posts: 1},
		{name: "lost, and one appears", before: ok(`[]`), post: step{drop: true}, after: shown, fails: "not known whether this request created it", posts: 1},
		{name: "500, and one appears", before: ok(`[]`), post: refuse(500, "oops"), after: shown, fails: "not known whether this request created it", posts: 1},
		{name: "lost", before: ok(`[]`), post: step{drop: true}, after: ok(`[]`), fails: "was closed before", posts: 1},
		{name: "lost, list fails", before: ok(`[]`), post: step{drop: true}, after: refuse(403, "no"), fails: "it is not known whether", posts: 1},
		{name: "taken", before: shown, fails: "already exists (id w1)"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s, c := newScript(t, map[string][]step{
				pluginsLine: {tc.before, tc.after}, hookPost: {tc.post}, activityLine: {callWebhook("app1")},
			})
			made, err := c.CreateWebhook(t.Context(), hook)
			checkWrite(t, err, tc.status, tc.fails, tc.id != "")
			if tc.id != "" && made.ID != tc.id {
				t.Errorf("made %v", made)
			}
			if n := s.count(hookPost); n != tc.posts {
				t.Errorf("%d writes, want %d", n, tc.posts)
			}
			noSecrets(t, append(s.logs, fmt.Sprint(err), fmt.Sprintf("%v %+v %#v", hook, hook, hook))...)
			for i, line := range s.lines {
				if line == hookPost && s.forms[i] != `{"resources":[{"app_id":"app1","config":{"hmac_secret_key":"`+hmacSecret+
					`","name":"zia","signature_header_name":"X-Sig","url":"https://z.example/1"}}]}` {
					t.Errorf("sent %s", s.forms[i])
				}
			}
		})
	}
}

func checkWrite(t *testing.T, err error, status int, text string, done bool) {
	t.Helper()
	var unavailable *WritesUnavailableError
	if e, ok := err.(*WritesUnavailableError); ok { //nolint:errorlint // it must be bare, so that its cause is hidden
		unavailable = e
	}
	switch {
	case done != (err == nil):
		t.Fatalf("got %v", err)
	case (unavailable != nil) != (status != 0), unavailable != nil && unavailable.Status != status:
		t.Errorf("got %v", err)
	case text != "" && !strings.Contains(err.Error(), text):
		t.Errorf("%v lacks %q", err, text)
	case unavailable != nil && IsNotFound(err):
		t.Error("a refused write says that the object does not exist")
	}
}

func TestUpdateAndDeleteWebhook(t *testing.T) {
	t.Parallel()
	shown := ok("[" + hookShown(hook.URL) + "]")
	stale := ok("[" + hookShown("https://old.example") + "]")
	for _, tc := range []struct {
		name   string
		write  step
		list   step
		change bool // an update; else a delete
		status int
		fails  string
		done   bool
	}{
		{name: "changed", write: step{status: 204}, list: shown, change: true, done: true},
		{name: "not changed", write: step{status: 200}, list: stale, change: true, status: 200},
		{name: "gone", write: step{status: 200}, list: ok(`[]`), change: true, fails: "not found"},
		{name: "no update", write: refuse(404, "404: Page Not Found"), list: shown, change: true, status: 404},
		{name: "update lost", write: step{drop: true}, list: shown, change: true, fails: "was closed before"},
		{name: "deleted", write: step{status: 202}, list: ok(`[]`), done: true},
		{name: "deleted before", write: refuse(404, "no such configuration"), list: ok(`[]`), done: true},
		{name: "the last one", write: step{status: 202}, list: step{status: 200, body: nothingStated}, done: true},
		{name: "lost, and nothing said", write: step{drop: true}, list: step{status: 200, body: nothingStated}, fails: "neither resources nor a total"},
		{name: "changed, and nothing said", write: step{status: 204}, list: step{status: 200, body: nothingStated}, change: true, fails: "neither resources nor a total"},
		{name: "delete lost", write: step{drop: true}, list: ok(`[]`), done: true},
		{name: "not deleted", write: step{status: 200, body: envelopeOK(`[]`)}, list: shown, status: 200},
		{name: "no delete", write: refuse(405, "not allowed"), list: shown, status: 405},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s, c := newScript(t, map[string][]step{pluginsLine: {tc.list}, hookPatch: {tc.write}, hookDelete: {tc.write}})
			var err error
			if tc.change {
				_, err = c.UpdateWebhook(t.Context(), "w1", hook)
			} else {
				err = c.DeleteWebhook(t.Context(), "w1")
			}
			checkWrite(t, err, tc.status, tc.fails, tc.done)
			if n := s.count(hookPatch) + s.count(hookDelete); n != 1 {
				t.Errorf("%d writes", n)
			}
		})
	}
}

func TestWebhookWritesNever(t *testing.T) {
	t.Parallel()
	s, c := newScript(t, nil, func(cfg *Config) { cfg.WebhookWrites = WebhookWritesNever })
	_, createErr := c.CreateWebhook(t.Context(), hook)
	_, updateErr := c.UpdateWebhook(t.Context(), "w1", hook)
	for _, err := range []error{createErr, updateErr, c.DeleteWebhook(t.Context(), "w1")} {
		if _, ok := err.(*WritesUnavailableError); !ok { //nolint:errorlint // it must be bare
			t.Errorf("got %v", err)
		}
	}
	if len(s.lines) != 0 {
		t.Errorf("calls were sent: %v", s.lines)
	}
}
