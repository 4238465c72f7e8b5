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
  What the provider checks in a workflow document before anything is sent, and how to fix what it finds.
---

# Workflow checks

Falcon's import stores almost any document. Whether the workflow can run shows only when it is enabled, and Falcon's text then names no line.
` + "`falcon_workflow`" + ` checks the same rules earlier: while validating (` + "`terraform validate`" + `), or while planning where the tenant's catalog is needed.
Every message names the place, the node and the id of the check, and leads to its heading here.

- An **error** is what Falcon refuses. For a workflow with ` + "`enabled = false`" + ` it is a warning where Falcon stores the document all the same: a draft may be
  unfinished.
- A **warning** is what Falcon accepts, or may accept, but what does not do what it seems to.
- *Seen on a tenant* means that the source of the check observed Falcon's refusal; the other checks are documented only.
- Checks against the catalog need the scope ` + "`workflow:read`" + `. Without it they are left out, with one warning per run.

The sources are public: CrowdStrike's own validator for workflow documents, its reference pages and published workflows. Falcon may change its mind. A
check that is wrong for your tenant is left out by its id:

` + "```terraform" + `
resource "falcon_workflow" "nightly" {
  definition   = file("${path.module}/nightly.yaml")
  ignore_rules = ["R17"]
}
` + "```" + `

What Falcon itself refuses, during the plan or the apply, stays an error.

The ids beginning with R are those of the table of release rules that this provider keeps of its sources; gaps in the numbers are rules that nothing can check
before the workflow runs. Those beginning with P are this provider's own.
`

// checksPage is the guide as the table of rules has it.
func checksPage() string {
	var b strings.Builder
	b.WriteString(checksIntro)
	b.WriteString("\n## All checks\n\n| Check | What must hold | Level | Seen on a tenant | Needs the catalog |\n|---|---|---|---|---|\n")
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
