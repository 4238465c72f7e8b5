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
  The checks of workflow documents before anything is sent to Falcon, and how to fix each problem.
---

# Workflow checks

Falcon stores almost any document. It rejects most problems only when the workflow is enabled, with messages that have no line numbers.
` + "`falcon_workflow`" + ` checks the same rules earlier: in ` + "`terraform validate`" + `, or in the plan if a check needs the tenant's catalog.
Each message has the position, the node and the id of the check, and links to its heading on this page.

- **Error**: Falcon rejects the document. For a workflow with ` + "`enabled = false`" + ` it is a warning if Falcon stores the document, because a draft may be
  unfinished.
- **Warning**: Falcon accepts the document, or may accept it, but the workflow does not do what it seems to do.
- *Seen on a tenant*: the source of the check observed Falcon's rejection. The other checks are only documented.
- *Needs the catalog*: the check needs the scope ` + "`workflow:read`" + `. Without it, these checks are skipped with one warning per run.

The sources are public: CrowdStrike's validator for workflow documents, its reference pages and its published workflows. Falcon's rules can change. If a
check is wrong for your tenant, ignore it by its id:

` + "```terraform" + `
resource "falcon_workflow" "nightly" {
  definition   = file("${path.module}/nightly.yaml")
  ignore_rules = ["R17"]
}
` + "```" + `

Problems that Falcon reports in the plan or the apply are still errors.

Ids that start with R are the ids of Falcon's release rules in the provider's sources; the missing numbers are rules that can't be checked
before the workflow runs. Ids that start with P are checks of this provider.
`

// checksPage returns the guide, generated from the table of rules.
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

// The guide lists every rule of the table. To regenerate it:
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
