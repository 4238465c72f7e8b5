package provider_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/integrations"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

// opaVariable has the path of Open Policy Agent. make test-policy builds it and sets the variable.
const opaVariable = "FALCON_TEST_OPA"

// evaluate returns why the policies of examples/policy reject a plan, by the command of their README with JSON as its output.
func evaluate(t *testing.T, opa, plan string) []string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), opa, "eval", "--fail-defined", "--format=json",
		"--data="+filepath.Join(acctest.ExamplesDir, "policy"), "--input="+plan, "data.falcon.deny[_]")
	out, err := cmd.Output()
	var exit *exec.ExitError
	rejected := errors.As(err, &exit) && exit.ExitCode() == 1
	if err != nil && !rejected {
		t.Fatalf("%v: %s", err, out)
	}
	var answer struct {
		Result []struct{ Expressions []struct{ Value string } }
	}
	if err := json.Unmarshal(out, &answer); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var reasons []string
	for _, r := range answer.Result {
		reasons = append(reasons, r.Expressions[0].Value)
	}
	if rejected != (len(reasons) > 0) {
		t.Fatalf("rejected is %t, and the reasons are %q", rejected, reasons)
	}
	slices.Sort(reasons)
	return reasons
}

// opaPath returns the path of Open Policy Agent, or skips the test.
func opaPath(t *testing.T) string {
	t.Helper()
	path := os.Getenv(opaVariable)
	if path == "" {
		t.Skipf("SKIPPED: %s is not set. make test-policy builds Open Policy Agent and sets it.", opaVariable)
	}
	return path
}

// The policies for reviewers, with a plan that keeps and one that breaks each rule.
func TestAccPolicy(t *testing.T) {
	t.Parallel()
	opa := opaPath(t)
	client := func(name, scopes string) string {
		return fmt.Sprintf("resource \"falcon_api_client\" \"this\" {\n  name   = %q\n  scopes = %s\n}\n", name, scopes)
	}
	workflow := func(more string) string {
		return "resource \"falcon_workflow\" \"this\" {\n  definition = " + acctest.HCLString(acctest.SleepDocument) + "\n" + more + "}\n"
	}
	const (
		unknown = "resource \"terraform_data\" \"this\" {\n  input = [true, \"devices:read\"]\n}\n"
		adopted = "resource \"falcon_webhook\" \"this\" {\n  name = \"zscaler\"\n  url  = \"" + acctest.WebhookURL + "\"\n"
		refused = "falcon_api_client.this: the write scope "
	)
	signed := adopted + "  hmac_secret_wo = " + acctest.HCLString(coretest.TestKey) + "\n}\n"
	inModule := map[string]string{"modules/flow/main.tf": workflow("  enabled = false\n"), "main.tf": "module \"flow\" {\n  source = \"./modules/flow\"\n}\n"}
	for name, tt := range map[string]struct {
		config  string
		files   map[string]string // in place of config
		apply   bool              // the plan is that of existing objects
		outside func(*falconsim.Running) error
		want    []string
	}{
		"read scopes":                       {config: client("any", `["devices:read", "workflow:read"]`)},
		"a write scope":                     {config: client("any", `["devices:read", "devices:write"]`), want: []string{refused + `devices:write is not listed for "any"`}},
		"a write scope that exists already": {config: client("any", `["devices:write"]`), apply: true, want: []string{refused + `devices:write is not listed for "any"`}},
		"a write scope for all":             {config: client("any", `["identity-graphql:write"]`)},
		"a write scope for its name":        {config: client("Incident response", `["real-time-response:write"]`)},
		"a write scope for another name":    {config: client("any", `["real-time-response:write"]`), want: []string{refused + `real-time-response:write is not listed for "any"`}},
		"unknown scopes":                    {config: unknown + client("any", `[terraform_data.this.output[1]]`), want: []string{"falcon_api_client.this: the scopes are known only after the apply, so they cannot be checked"}},
		"retired scopes": {config: client("any", `["detects:read", "incidents:read", "iocs:read", "ioc:read"]`), want: []string{
			"falcon_api_client.this: the product of the scope detects:read is retired", "falcon_api_client.this: the product of the scope incidents:read is retired",
			"falcon_api_client.this: the product of the scope iocs:read is retired",
		}},
		"a signed webhook":                   {config: signed},
		"a signed webhook without changes":   {config: signed, apply: true},
		"adopted without a key":              {config: adopted + "}\n", outside: consoleWebhook, want: []string{"falcon_webhook.this: hmac_secret_wo was never set, so the key that signs its deliveries is not known"}},
		"adopted with a key":                 {config: signed, outside: consoleWebhook},
		"an enabled workflow":                {config: workflow("")},
		"a disabled workflow":                {config: workflow("  enabled = false\n"), want: []string{`falcon_workflow.this: the workflow "nap" is not enabled`}},
		"a disabled workflow without change": {config: workflow("  enabled = false\n"), apply: true, want: []string{`falcon_workflow.this: the workflow "nap" is not enabled`}},
		"a disabled workflow in a module":    {files: inModule, want: []string{`module.flow.falcon_workflow.this: the workflow "nap" is not enabled`}},
		"unknown whether it is enabled":      {config: unknown + workflow("  enabled = terraform_data.this.output[0]\n"), want: []string{"falcon_workflow.this: whether the workflow is enabled is known only after the apply"}},
		"nothing":                            {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := acctest.NewSim(t, falconsim.Options{RetiredScopes: true, Readings: falconsim.WebhookWrites()})
			w := acctest.NewTerraform(t, sim, nil)
			if tt.outside != nil {
				if err := tt.outside(sim); err != nil {
					t.Fatal(err)
				}
			}
			for file, text := range tt.files {
				if err := os.MkdirAll(filepath.Dir(filepath.Join(w.Dir, file)), 0o750); err != nil {
					t.Fatal(err)
				}
				w.Write(file, acctest.RequiredFalcon+text)
			}
			if tt.files == nil {
				w.Write("main.tf", acctest.RequiredFalcon+tt.config)
			} else {
				w.Run("init")
			}
			if tt.apply {
				w.Run("apply", "-auto-approve")
			}
			w.Run("plan", "-out=plan")
			w.Write("plan.json", w.Run("show", "-json", "plan"))
			if got := evaluate(t, opa, filepath.Join(w.Dir, "plan.json")); !slices.Equal(got, tt.want) {
				t.Errorf("rejected because of %q, want %q", got, tt.want)
			}
		})
	}
}

func consoleWebhook(sim *falconsim.Running) error {
	_, err := sim.CreatePluginConfig("zscaler", acctest.WebhookURL, coretest.TestKey, "")
	return err
}

// What is not a plan is rejected, because it has nothing else to reject.
func TestAccPolicy_notAPlan(t *testing.T) {
	t.Parallel()
	opa := opaPath(t)
	for text, want := range map[string]string{
		`{"format_version": "1.0", "values": {}}`:  "the input is not the output of: terraform show -json PLAN",
		`{"planned_values": {}, "errored": true}`:  "the plan ended with an error",
		`{"planned_values": {}, "errored": false}`: "",
	} {
		input := filepath.Join(t.TempDir(), "input.json")
		if err := os.WriteFile(input, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(evaluate(t, opa, input), "\n"); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

// The policies know each retired product among the scopes that receiving products ask for.
func TestPolicy_retiredProducts(t *testing.T) {
	t.Parallel()
	data := acctest.Example(t, "policy/data.json")
	found := 0
	for _, name := range integrations.Names() {
		preset, err := integrations.Find(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, scope := range preset.Scopes {
			product, _, _ := strings.Cut(scope, ":")
			if _, retired := falcon.RetiredScope(scope); retired {
				found++
				if !strings.Contains(data, `"`+product+`"`) {
					t.Errorf("examples/policy/data.json lacks %s", product)
				}
			}
		}
	}
	if found == 0 {
		t.Error("no integration asks for a retired scope")
	}
}
