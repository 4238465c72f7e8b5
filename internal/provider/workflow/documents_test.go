package workflow_test

import (
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/fusion"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// sampleDocuments are documents in the form of console exports, by the names of their files.
func sampleDocuments(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob(acctest.RepoPath("internal", "testdata", "workflows", "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 7 {
		t.Fatalf("only %d sample documents were found", len(files))
	}
	out := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.Base(file)] = string(text)
	}
	return out
}

// sanitized is an export without personal data. It lacks the recipient of an email, so Falcon does not accept it.
const sanitized = "exported-sanitized.yaml"

// longDocument is a chain of n actions.
func longDocument(n int) string {
	var b strings.Builder
	b.WriteString("name: long\ndescription: a chain\ntrigger: {type: On demand, next: [n000]}\nactions:\n")
	for i := range n {
		fmt.Fprintf(&b, "  n%03d:\n    id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b\n    version_constraint: ~1\n    properties: {sleep_time: %ds}\n", i, i+1)
		if i+1 < n {
			fmt.Fprintf(&b, "    next: [n%03d]\n", i+1)
		}
	}
	return b.String()
}

// nestedDocument has loops in loops, depth levels of them, each with an action and the next loop.
func nestedDocument(depth int) string {
	var b strings.Builder
	b.WriteString("name: nested\ntrigger: {type: On demand, next: [loop0]}\n")
	indent := ""
	for i := range depth {
		next := fmt.Sprintf("loop%d", i+1)
		if i+1 == depth {
			next = fmt.Sprintf("act%d", i)
		}
		fmt.Fprintf(&b, "%[1]sloops:\n%[1]s  loop%[2]d:\n%[1]s    for: {input: Trigger.Items%[2]d, sequential: true}\n%[1]s    trigger: {next: [act%[2]d]}\n", indent, i)
		indent += "    "
		fmt.Fprintf(&b, "%[1]sactions:\n%[1]s  act%[2]d:\n%[1]s    id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b\n%[1]s    version_constraint: ~1\n%[1]s    properties: {sleep_time: 1s}\n", indent, i)
		if i+1 < depth {
			fmt.Fprintf(&b, "%s    next: [%s]\n", indent, next)
		}
	}
	return b.String()
}

// A document is created, updated and imported, with an empty plan after each step.
func TestDocuments(t *testing.T) {
	t.Parallel()
	documents := map[string]string{
		"minimal": acctest.SleepDocument, "JSON": acctest.SleepReformatted, "every kind of node": acctest.LoopsDocument(t),
		"100 nodes": longDocument(100), "loops in loops": nestedDocument(6),
	}
	maps.Copy(documents, sampleDocuments(t))
	delete(documents, sanitized)
	for name, text := range documents {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			roundTrip(t, text)
		})
	}
}

func roundTrip(t *testing.T, text string) {
	t.Helper()
	sim := acctest.NewSim(t, falconsim.Options{})
	p := acctest.NewProtocol(t, sim)
	config := acctest.Arguments{"definition": text}
	p.WantNoError(p.Validate(config))
	created := p.Created(config)
	created = p.Refreshed(created)
	p.WantNoop(created, config)

	updated, diags := p.Apply(created, acctest.Arguments{"definition": text, "description": "another one"})
	p.WantNoError(diags)
	if got, want := changedKeys(t, p.Text(created, "document"), p.Text(updated, "document")), ".description"; strings.Join(got, " ") != want {
		t.Errorf("the update changed %q, want %s", got, want)
	}
	updated, diags = p.Apply(p.Refreshed(updated), config)
	p.WantNoError(diags)
	p.WantNoop(updated, config)
	if w := acctest.OnlyWorkflow(t, sim); !w.Enabled || w.Version != 4 {
		t.Errorf("enabled %t, version %d after import, enable and two updates; want 4", w.Enabled, w.Version)
	}

	later := acctest.NewProtocol(t, sim)
	imported, diags := later.Imported(acctest.OnlyWorkflow(t, sim).ID)
	later.WantNoError(diags)
	sim.ResetRequests()
	later.WantNoop(imported, config)
	later.WantNoop(imported, acctest.Arguments{"definition": later.Text(imported, "definition")})
	doc, problems := fusion.Parse(text)
	if doc == nil {
		t.Fatal(problems)
	}
	later.WantNoop(imported, acctest.Arguments{"definition": doc.WithoutDefaultNames().Canonical()})
	if n := acctest.Calls(sim, http.MethodPut, acctest.Definitions); n != 0 {
		t.Errorf("%d updates were checked for empty plans", n)
	}
}

// The reference for what equality ignores: a workflow as it was imported, and as Falcon exports it.
func TestDocuments_importedAndExported(t *testing.T) {
	t.Parallel()
	documents := sampleDocuments(t)
	p := acctest.NewProtocol(t, acctest.NewSim(t, falconsim.Options{}))
	created := p.Created(acctest.Arguments{"definition": documents["imported.yaml"]})
	p.WantNoop(p.Refreshed(created), acctest.Arguments{"definition": documents["exported.yaml"]})

	// What the default export removes is a difference, and Falcon does not accept the document without it.
	_, diags := p.Plan(created, acctest.Arguments{"definition": documents[sanitized]})
	if got := acctest.Messages(diags, tfprotov6.DiagnosticSeverityError); !strings.Contains(got, `Node "tell_reception" (line 18, column 5): A value is required for the property "to"`) {
		t.Errorf("the sanitized export plans with %q", got)
	}
}
