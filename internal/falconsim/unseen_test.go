package falconsim

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// unseenDocuments holds documents written from the published facts alone; its
// README.md describes them.
const unseenDocuments = "../fusion/testdata/unseen"

func readUnseen(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(unseenDocuments, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestUnseenGoodDocumentsCanBeEnabled(t *testing.T) {
	t.Parallel()
	files, err := os.ReadDir(filepath.Join(unseenDocuments, "good"))
	if err != nil || len(files) != 20 {
		t.Fatalf("%d documents, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(file.Name(), func(t *testing.T) {
			t.Parallel()
			c := newTestClient(t, Options{})
			id := c.importWorkflow(readUnseen(t, "good/"+file.Name()))
			if enabled := c.act("enable", id); enabled.status != http.StatusOK || enabled.message() != "" {
				t.Errorf("enable: %d %s", enabled.status, enabled.text)
			}
		})
	}
}

// The second column of bad.txt says which step refuses a document.
func TestUnseenBadDocumentsAreRefused(t *testing.T) {
	t.Parallel()
	for line := range strings.Lines(readUnseen(t, "bad.txt")) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		columns := strings.Split(line, "; ")
		name, step := columns[0], columns[1]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newTestClient(t, Options{})
			got := c.upload(readUnseen(t, "bad/"+name), "")
			if refused := got.status != http.StatusOK; refused != (step == "import") {
				t.Fatalf("want a refusal by %s, the import returned %d %s", step, got.status, got.text)
			} else if refused {
				return
			}
			resource := got.first(t)
			if listed, _ := resource["validation_errors"].([]any); (len(listed) > 0) != (step == "validation") {
				t.Errorf("want a refusal by %s, the import lists %v", step, listed)
			}
			enabled := c.act("enable", resource["id"].(string))
			if refused := enabled.message() != ""; refused == (step == "never") {
				t.Errorf("want a refusal by %s, enable returned %d %s", step, enabled.status, enabled.text)
			}
		})
	}
}
