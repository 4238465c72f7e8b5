package falconsim

import (
	"net/http"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/identity"
)

// Q57: messages that no source records are empty, and all others do not change.
func TestReadingsOfMessages(t *testing.T) {
	t.Parallel()
	for _, letter := range []string{"a", "b"} {
		c := newTestClient(t, Options{Readings: Readings{"Q57": letter}})
		c.upload(sleepWorkflow("taken"), "").want(t, 200, "")
		for target, made := range map[string]bool{
			"GET " + clientEntities:                        true,
			"GET " + clientQueries + "?limit=x":            true,
			"GET " + configsPath + "?limit=501":            true,
			"POST " + clientEntities:                       true,
			"GET /nowhere":                                 false,
			"DELETE " + definitionsPath + "?ids=" + "nope": false,
		} {
			method, path, _ := strings.Cut(target, " ")
			got := c.call(method, path, `{"name": ""}`)
			if len(got.codes()) != 1 || (got.message() == "") != (made && letter == "b") {
				t.Errorf("Q57=%s: %s is %s", letter, target, got.text)
			}
		}
		if got := c.upload(sleepWorkflow("taken"), ""); got.message() != "A workflow by this name already exists. Try a new name." {
			t.Errorf("Q57=%s: %s", letter, got.text)
		}
		got := c.call(http.MethodPost, graphqlPath, `{"query": "{nothing}"}`)
		if described := got.doc["errors"].([]any)[0].(map[string]any); (described["message"] == "") != (letter == "b") {
			t.Errorf("Q57=%s: GraphQL %s", letter, got.text)
		}
		// The question is about Falcon's messages, not about the simulator's own.
		if got := c.ask("{incidents(first:1){nodes{incidentId}}}"); !strings.HasPrefix(got.message(), identity.NotSimulated) {
			t.Errorf("Q57=%s: %s", letter, got.text)
		}
		for text, body := range map[string]string{"chosen by a test": "chosen by a test", internalError: ""} {
			if err := c.server.Inject(Fault{Kind: FaultErrors, Body: body, Times: 1}); err != nil {
				t.Fatal(err)
			}
			want, _, _ := strings.Cut(text, tracePlaceholder)
			if got := c.call(http.MethodGet, ccidPath, ""); !strings.HasPrefix(got.message(), want) {
				t.Errorf("Q57=%s: a fault says %q", letter, got.message())
			}
		}
	}
}
