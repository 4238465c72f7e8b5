package workflow_test

import (
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

const providerRequired = "terraform {\n  required_providers {\n    falcon = { source = \"falcon-integrations/falcon\" }\n  }\n}\n"

// The way of the guide, with the real Terraform: from the console of one tenant to a file, and from the file to an apply in
// another tenant that has no id in common, with a value that is known only after the apply and one that is sensitive.
func TestAccPortable(t *testing.T) {
	t.Parallel()
	simA, simB := tenants(t, falconsim.Options{}, falconsim.Options{})
	credential, definition := simA.CreateHTTPCredential("Inventory")
	text := strings.Replace(sendDocument(t, simA, credential, definition), "soc@corp.internal", `"@@team@@"`, 1)
	if _, err := simA.CreateWorkflow([]byte(text), false); err != nil {
		t.Fatal(err)
	}

	a := acctest.NewTerraform(t, simA, nil)
	a.Write("main.tf", providerRequired+`
data "falcon_workflow" "this" {
  name = "Send to the team"
}
output "portable" {
  value = data.falcon_workflow.this.portable_definition
}
`)
	a.Run("init")
	a.Run("apply", "-auto-approve")
	portable, _ := a.Outputs()["portable"].(string)

	before := string(simB.Dump())
	b := acctest.NewTerraform(t, simB, map[string]string{"team": "night-shift@corp.internal"})
	config := func(note string) string {
		return providerRequired + `
variable "team" {
  type      = string
  sensitive = true
}
resource "terraform_data" "note" {
  input = "` + note + `"
}
data "falcon_workflow_document" "this" {
  portable_definition = replace(file("send.yaml"), "channel: general", "channel: ${terraform_data.note.output}")
}
resource "falcon_workflow" "this" {
  definition = provider::falcon::workflow_document(data.falcon_workflow_document.this.definition, { team = var.team })
  enabled    = false
}
`
	}
	b.Write("send.yaml", portable)
	b.Write("main.tf", config("general"))
	b.Run("init")
	// Without the credential, nothing is created. The look-up waits for the unknown value, so this is an apply.
	out, code := b.Attempt("apply", "-auto-approve")
	if code == 0 || !strings.Contains(out, `no credential "Inventory"`) {
		t.Errorf("exit code %d: %s", code, out)
	}
	if after := string(simB.Dump()); after != before {
		t.Errorf("the tenant has changed:\n%s", after)
	}
	credentialB, definitionB := simB.CreateHTTPCredential("Inventory")
	before = string(simB.Dump())

	b.Run("apply", "-auto-approve")
	b.WantPlan(false)
	w := simB.Workflows()[0]
	properties := nodeOf(w, "actions", "ask", "properties")
	if properties["config_id"] != credentialB || properties["definition_id"] != definitionB || nodeOf(w, "actions", "post", "properties")["config_id"] != slackID(simB) {
		t.Errorf("the workflow in the other tenant is %s", jsonOf(t, w.Document))
	}
	// The plan shows what it changes, but never the sensitive value.
	b.Write("send.yaml", strings.Replace(portable, "see 0123", "look at 0123", 1))
	if plan := b.WantPlan(true); strings.Contains(plan, "night-shift@") {
		t.Errorf("the plan shows the sensitive value:\n%s", plan)
	}
	b.Run("destroy", "-auto-approve")
	if after := string(simB.Dump()); after != before {
		t.Errorf("the tenant has changed:\n%s\nbefore:\n%s", after, before)
	}
}
