package falcon

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

const hookContent = `{"name":"zia","url":"https://z.example/1","signature_header_name":"X-Sig"}`

// listed is a listing of these configurations.
func listed(configs ...string) step { return ok("[" + strings.Join(configs, ",") + "]") }

// TestCreateWebhookAmongForeignConfigs checks that an existing configuration is never taken for the new one, whoever created it.
func TestCreateWebhookAmongForeignConfigs(t *testing.T) {
	t.Parallel()
	foreign := config("s1", "slack", hookContent)
	own := config("w0", "app1", `{"name":"another"}`)
	made, twin := config("w1", "app1", hookContent), config("w2", "app1", hookContent)
	lost, unsaid := step{drop: true}, step{status: 200, body: nothingStated}
	for _, tc := range []struct {
		name          string
		before, after step
		post          step
		id            string
		appeared      string
		fails         string
		unsettled     []string
	}{
		{name: "foreign of the same content", before: listed(foreign, own), post: lost, after: listed(foreign, own), fails: "was closed before", unsettled: []string{}},
		{name: "foreign and the new one", before: listed(foreign, own), post: lost, after: listed(made, foreign, own), appeared: "w1", fails: "was closed before"},
		{name: "another's new one in the meantime", before: listed(own), post: lost, after: listed(foreign, own), fails: "was closed before", unsettled: []string{}},
		{name: "the app's first, foreign before", before: listed(), post: lost, after: listed(foreign, made), appeared: "w1", fails: "was closed before"},
		{name: "two new ones, accepted", before: listed(own), post: ok(`[]`), after: listed(made, twin, own), fails: "nothing shows which", unsettled: []string{"w1", "w2"}},
		{name: "two new ones, lost", before: listed(own), post: lost, after: listed(made, twin, own), fails: "nothing shows which", unsettled: []string{"w1", "w2"}},
		{name: "two new ones, named", before: listed(own), post: ok(`["w2"]`), after: listed(made, twin, own), id: "w2"},
		{name: "the app's last one vanishes", before: listed(foreign, own), post: lost, after: listed(foreign), fails: "was closed before", unsettled: []string{}},
		{name: "not known what was there", before: unsaid, post: lost, after: listed(made), fails: "it is not known whether", unsettled: []string{"w1"}},
		{name: "not known what was there, but named", before: unsaid, post: ok(`["w1"]`), after: listed(made), id: "w1"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, c := newScript(t, map[string][]step{
				pluginsLine: {tc.before, tc.after}, hookPost: {tc.post}, activityLine: {callWebhook("app1")},
			})
			got, err := c.CreateWebhook(t.Context(), hook)
			checkWrite(t, err, 0, tc.fails, tc.id != "")
			if tc.id != "" && got.ID != tc.id {
				t.Errorf("took %s, want %s", got.ID, tc.id)
			}
			wantAppeared(t, err, tc.appeared)
			unsettled, _ := errors.AsType[*UnsettledError](err)
			if (unsettled != nil) != (tc.unsettled != nil) || unsettled != nil && !slices.Equal(unsettled.IDs, tc.unsettled) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// wantAppeared checks the id of a WebhookAppearedError; "": the error must be another one.
func wantAppeared(t *testing.T, err error, id string) {
	t.Helper()
	got := ""
	if e, ok := errors.AsType[*WebhookAppearedError](err); ok {
		got = e.Config.ID
	}
	if got != id {
		t.Errorf("appeared %q, want %q: %v", got, id, err)
	}
}

// TestWebhookCandidates checks that a configuration known to be another app's is not a candidate. Where the app is not
// known, every one is.
func TestWebhookCandidates(t *testing.T) {
	t.Parallel()
	own, slack := config("w1", "APP1", `{}`), config("s1", "slack", `{}`)
	for _, tc := range []struct {
		name             string
		list, activities step
		configs, others  string
		known, one       bool
		noAction         bool
	}{
		{"known", listed(own, slack), callWebhook("app1"), "w1", "s1", true, true, false},
		{"only another app's", listed(slack), callWebhook("app1"), "s1", "", false, true, false},
		{"catalog silent", listed(own, slack), callWebhook(""), "w1 s1", "", false, false, false},
		{"catalog closed", listed(own), refuse(403, "access denied, scope not permitted"), "w1", "", false, true, false},
		{"none", listed(), callWebhook("app1"), "", "", false, true, false},
		{"no such action", listed(own), ok(`[]`), "w1", "", false, true, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, c := newScript(t, map[string][]step{pluginsLine: {tc.list}, activityLine: {tc.activities}})
			w, err := c.WebhookCandidates(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			configs, others := strings.Join(configIDs(w.Configs), " "), strings.Join(configIDs(w.Others), " ")
			if configs != tc.configs || others != tc.others || w.AppKnown != tc.known || w.OneApp() != tc.one || w.NoAction != tc.noAction {
				t.Errorf("got %+v, of one app: %t", w, w.OneApp())
			}
		})
	}
}

// erring is a 2xx response that contains errors, and perhaps the written object.
func erring(status int, resources string) step {
	return step{status: status, body: `{"meta":{"trace_id":"t"},"errors":[{"code":500,"message":"something went wrong"}],"resources":` + resources + `}`}
}

// TestCreateWebhookSettled checks that a configuration that Falcon named is not lost because the list cannot be read, and
// that the list decides about the effect of a 2xx response with errors.
func TestCreateWebhookSettled(t *testing.T) {
	t.Parallel()
	own := config("w0", "app1", `{"name":"another"}`)
	made := config("w1", "app1", hookContent)
	unsaid, denied := step{status: 200, body: nothingStated}, refuse(403, "no")
	named := step{status: 201, body: envelopeOK(`[{"config_id":"w1"}]`)}
	for _, tc := range []struct {
		name                string
		before, post, after step
		id                  string
		made                string // id of a WebhookUnverifiedError
		appeared            string // id of a WebhookAppearedError
		status              int    // of a WritesUnavailableError
		fails               string
	}{
		{name: "named, list denied", before: listed(own), post: named, after: denied, made: "w1", fails: "w1"},
		{name: "named, list with errors", before: listed(own), post: named, after: erring(200, `[]`), made: "w1", fails: "something went wrong"},
		{name: "named, list says nothing", before: listed(own), post: named, after: unsaid, made: "w1", fails: "neither resources nor a total"},
		{name: "named, list broken", before: listed(own), post: named, after: step{drop: true}, made: "w1", fails: "was closed before"},
		{name: "named, as something else", before: listed(own), post: named, after: listed(own, config("w1", "slack", hookContent)), made: "w1", fails: "something different from the request"},
		{name: "named one that was there", before: listed(config("w1", "app1", `{"name":"old"}`)), post: named, after: denied, fails: "it is not known whether"},
		{name: "not named, list says nothing", before: listed(own), post: ok(`[]`), after: unsaid, fails: "it is not known whether"},
		{name: "errors, made", before: listed(own), post: erring(201, `[]`), after: listed(own, made), appeared: "w1", fails: "something went wrong"},
		{name: "errors, made and named", before: listed(own), post: erring(200, `["w1"]`), after: listed(own, made), appeared: "w1", fails: "something went wrong"},
		{name: "errors, not made", before: listed(own), post: erring(201, `[]`), after: listed(own), status: 201, fails: "something went wrong"},
		{name: "errors, list denied", before: listed(own), post: erring(200, `[]`), after: denied, fails: "it is not known whether"},
		{name: "errors and a name, list denied", before: listed(own), post: erring(200, `["w1"]`), after: denied, fails: "it is not known whether"},
		{name: "errors and the name of what is in the way", before: unsaid, post: erring(200, `["w1"]`), after: listed(made), fails: "it is not known whether"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, c := newScript(t, map[string][]step{
				pluginsLine: {tc.before, tc.after}, hookPost: {tc.post}, activityLine: {callWebhook("app1")},
			})
			got, err := c.CreateWebhook(t.Context(), hook)
			checkWrite(t, err, tc.status, tc.fails, tc.id != "")
			if tc.id != "" && got.ID != tc.id {
				t.Errorf("took %s, want %s", got.ID, tc.id)
			}
			id := ""
			if e, ok := errors.AsType[*WebhookUnverifiedError](err); ok {
				id = e.ID
			}
			if id != tc.made {
				t.Errorf("made %q, want %q: %v", id, tc.made, err)
			}
			wantAppeared(t, err, tc.appeared)
			if e, ok := errors.AsType[*WritesUnavailableError](err); ok && e.Effect != EffectNone {
				t.Errorf("the list was read, and the effect is %d", e.Effect)
			}
		})
	}
}

// TestUpdateWebhookEffect checks that the error of a failed change says what the list shows.
func TestUpdateWebhookEffect(t *testing.T) {
	t.Parallel()
	shown, stale := listed(hookShown(hook.URL)), listed(hookShown("https://old.example"))
	hidden := listed(config("w1", "app1", `{"name":"zia"}`))
	noKey := hook
	noKey.HMACSecret = ""
	for _, tc := range []struct {
		name       string
		patch      step
		list       step
		spec       WebhookSpec
		status     int
		effect     WriteEffect
		done, read bool
	}{
		{name: "refused", patch: refuse(400, "no"), list: stale, spec: hook, status: 400, effect: EffectNone},
		{name: "errors, not changed", patch: erring(200, `[]`), list: stale, spec: hook, status: 200, effect: EffectNone, read: true},
		{name: "errors, changed but for what is not shown", patch: erring(200, `[]`), list: shown, spec: hook, status: 200, effect: EffectShown, read: true},
		{name: "errors, changed, no key", patch: erring(201, `[]`), list: shown, spec: noKey, done: true, read: true},
		{name: "errors, nothing shown", patch: erring(200, `[]`), list: hidden, spec: noKey, status: 200, effect: EffectUnknown, read: true},
		{name: "errors, list denied", patch: erring(200, `[]`), list: refuse(403, "no"), spec: hook, status: 200, effect: EffectUnknown, read: true},
		{name: "accepted, not changed", patch: ok(`[]`), list: stale, spec: hook, status: 200, effect: EffectNone, read: true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s, c := newScript(t, map[string][]step{pluginsLine: {tc.list}, hookPatch: {tc.patch}})
			_, err := c.UpdateWebhook(t.Context(), "w1", tc.spec)
			checkWrite(t, err, tc.status, "", tc.done)
			if e, ok := errors.AsType[*WritesUnavailableError](err); ok && e.Effect != tc.effect {
				t.Errorf("effect %d, want %d: %v", e.Effect, tc.effect, err)
			}
			if read := s.count(pluginsLine) > 0; read != tc.read {
				t.Errorf("the list was read: %t", read)
			}
		})
	}
}
