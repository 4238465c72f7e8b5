package provider_test

import (
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// The example finds write scopes, retired scopes and excess scopes, in its checks and in its table.
func TestAccAPIClientAudit(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{RetiredScopes: true})
	for name, scopes := range map[string]string{
		"Netskope CRE": "identity-graphql:write identity-entities:read hosts:read",
		"Old SIEM":     "detects:read alerts:read",
		"Responder":    "devices:write",
		"Terraform":    "devices:write",
		"Reader":       "devices:read",
	} {
		if _, _, err := sim.CreateClient(name, "", strings.Fields(scopes)); err != nil {
			t.Fatal(err)
		}
	}
	w := acctest.NewTerraform(t, sim, nil)
	w.Write("versions.tf", providerSource)
	w.Add("data-sources/falcon_api_clients", func(string) bool { return true })
	w.Run("init")
	printed := strings.Join(strings.Fields(strings.ReplaceAll(w.Run("apply", "-auto-approve"), "│", " ")), " ")
	for _, finding := range []string{
		"unexpected write scopes: Responder (devices:write), terraform (alerts:write,", "retired products: Old SIEM (detects:read)", "needs: Netskope CRE (hosts:read)",
	} {
		w.WantOutput(printed, finding)
	}
	if strings.Contains(printed, "Terraform (devices:write)") {
		t.Error("an API client that may have write scopes is reported")
	}
	rows, ok := w.Outputs()["api_client_audit"].([]any)
	if !ok {
		t.Fatal("the output is not a table")
	}
	table := map[string]string{}
	for _, row := range rows {
		cells := row.(map[string]any)
		for _, column := range []string{"write", "retired", "excess"} {
			if found := acctest.JSONText(cells[column]); found != "[]" {
				table[cells["name"].(string)] += column + found
			}
		}
	}
	for name, want := range map[string]string{
		"Netskope CRE": `write["identity-graphql:write"]excess["hosts:read"]`, "Old SIEM": `retired["detects:read"]`,
		"Responder": `write["devices:write"]`, "Reader": "",
	} {
		if table[name] != want {
			t.Errorf("%s: %s, want %s", name, table[name], want)
		}
	}
	w.WantPlan(false)
}
