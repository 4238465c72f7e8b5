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

// TestCreateWebhookAmongStrangers: what was there before is never taken for the new configuration, whoever's it is.
func TestCreateWebhookAmongStrangers(t *testing.T) {
	t.Parallel()
	stranger := config("s1", "slack", hookContent)
	own := config("w0", "app1", `{"name":"another"}`)
	made := config("w1", "app1", hookContent)
	lost, unsaid := step{drop: true}, step{status: 200, body: nothingStated}
	for _, tc := range []struct {
		name          string
		before, after step
		post          step
		id            string
		fails         string
		unsettled     []string
	}{
		{name: "stranger of the same content", before: listed(stranger, own), post: lost, after: listed(stranger, own), fails: "broke before"},
		{name: "stranger and the new one", before: listed(stranger, own), post: lost, after: listed(made, stranger, own), id: "w1"},
		{name: "another's new one meanwhile", before: listed(own), post: lost, after: listed(stranger, own), fails: "broke before"},
		{name: "the app's first, stranger before", before: listed(), post: lost, after: listed(stranger, made), id: "w1"},
		{name: "the app's last one vanishes", before: listed(stranger, own), post: lost, after: listed(stranger), fails: "broke before"},
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
			unsettled, _ := errors.AsType[*UnsettledError](err)
			if (unsettled != nil) != (tc.unsettled != nil) || unsettled != nil && !slices.Equal(unsettled.IDs, tc.unsettled) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestWebhookCandidates: what is known to be another app's is no candidate; where the app can't be told, everything is.
func TestWebhookCandidates(t *testing.T) {
	t.Parallel()
	own, slack := config("w1", "APP1", `{}`), config("s1", "slack", `{}`)
	for _, tc := range []struct {
		name             string
		list, activities step
		configs, others  string
		known, one       bool
	}{
		{"known", listed(own, slack), callWebhook("app1"), "w1", "s1", true, true},
		{"only another app's", listed(slack), callWebhook("app1"), "s1", "", false, true},
		{"catalogue silent", listed(own, slack), callWebhook(""), "w1 s1", "", false, false},
		{"catalogue closed", listed(own), refuse(403, "access denied, scope not permitted"), "w1", "", false, true},
		{"none", listed(), callWebhook("app1"), "", "", false, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, c := newScript(t, map[string][]step{pluginsLine: {tc.list}, activityLine: {tc.activities}})
			w, err := c.WebhookCandidates(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			configs, others := strings.Join(configIDs(w.Configs), " "), strings.Join(configIDs(w.Others), " ")
			if configs != tc.configs || others != tc.others || w.AppKnown != tc.known || w.OneApp() != tc.one {
				t.Errorf("got %+v, of one app: %t", w, w.OneApp())
			}
		})
	}
}
