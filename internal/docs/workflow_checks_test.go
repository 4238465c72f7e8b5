package docs

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/fusion"
)

var update = flag.Bool("update", false, "write the guide of workflow checks from the table of rules")

const checksIntro = `---
page_title: "Workflow checks - Falcon Integrations Provider"
subcategory: ""
description: |-
  The checks of a workflow document before anything is sent to Falcon, and how to fix what they find.
---

# Workflow checks

Falcon's import stores almost any document. Only when the workflow is enabled, Falcon reports whether it can run, and its message contains no line number.
` + "`falcon_workflow`" + ` checks the same rules earlier: during validation (` + "`terraform validate`" + `), or during the plan if a rule needs the tenant's catalog.
Every message contains the place, the node and the id of the check, and links to its section on this page.

- An **error** is a document that Falcon refuses. With ` + "`enabled = false`" + `, it is a warning if Falcon stores the document anyway: a draft can be unfinished.
- A **warning** is a document that Falcon accepts, or may accept, but that does not do what it seems to do.
- *Seen on a tenant* means that the source of the check observed Falcon's refusal. The other checks are only documented.
- Checks against the catalog need the scope ` + "`workflow:read`" + `. Without it they are skipped, with one warning per run.

If a check is wrong for your tenant, disable it by its id:

` + "```terraform" + `
resource "falcon_workflow" "nightly" {
  definition   = file("${path.module}/nightly.yaml")
  ignore_rules = ["R17"]
}
` + "```" + `

A document that Falcon itself refuses, during the plan or the apply, is still an error.

The sources are public: CrowdStrike's own validator for workflow documents, its reference pages and published workflows. Falcon may change its rules. Ids that begin
with R are rules of Falcon's release, as collected from these sources; missing numbers are rules that can be checked only when the workflow runs. Ids that begin with
P are rules of this provider.
`

// checksPage is the guide as the table of rules has it.
func checksPage() string {
	var b strings.Builder
	b.WriteString(checksIntro)
	b.WriteString("\n## All checks\n\n| Check | Rule | Level | Seen on a tenant | Needs the catalog |\n|---|---|---|---|---|\n")
	yes := map[bool]string{true: "yes", false: ""}
	for _, r := range fusion.Rules() {
		fmt.Fprintf(&b, "| [%s](#%s) | %s | %s | %s | %s |\n", r.ID, strings.ToLower(r.ID), strings.ReplaceAll(r.Title, "|", `\|`), r.Level, yes[r.Live], yes[r.Catalog])
	}
	b.WriteString("\n## Each check\n")
	for _, r := range fusion.Rules() {
		fmt.Fprintf(&b, "\n### %s\n\n**%s.** %s.\n\n%s\n", r.ID, r.Title, r.Level, r.Fix)
		if r.Bad != "" {
			fmt.Fprintf(&b, "\nWrong:\n\n```yaml\n%s\n```\n\nRight:\n\n```yaml\n%s\n```\n", strings.Trim(r.Bad, "\n"), strings.Trim(r.Good, "\n"))
		}
	}
	return b.String()
}

// The guide lists every rule as the table has it. To write it anew:
// go test ./internal/docs -run TestWorkflowChecksPage -update.
func TestWorkflowChecksPage(t *testing.T) {
	t.Parallel()
	file := filepath.Join(root, "templates", "guides", "workflow-checks.md.tmpl")
	want := checksPage()
	if strings.Contains(want, "{{") {
		t.Error("the page has {{, which its template would read as an action")
	}
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Error("the guide and the table of rules differ: go test ./internal/docs -run TestWorkflowChecksPage -update")
	}
}
