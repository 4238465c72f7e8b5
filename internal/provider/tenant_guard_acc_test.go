package provider_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// With the real Terraform: another tenant's credentials neither plan nor destroy, a move that is named in the provider
// block does what the guide says, and a refused secret is not printed.
func TestAccTenantGuard(t *testing.T) {
	t.Parallel()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("Acceptance tests skipped unless env 'TF_ACC' set")
	}
	first, second := acctest.NewSim(t, falconsim.Options{}), acctest.NewSim(t, falconsim.Options{Seed: 2})
	c := newTerraform(t, first)
	config := func(sim *falconsim.Running, secret, more string) {
		c.Write("main.tf", acctest.RequiredFalcon+fmt.Sprintf("provider \"falcon\" {\n  base_url = %q\n  client_id = %q\n  client_secret = %q\n  %s\n}\n", sim.URL, sim.ClientID(), secret, more)+
			"resource \"falcon_api_client\" \"test\" {\n  name = \"mine\"\n  scopes = [\"devices:read\"]\n}\n")
	}
	fails := func(parts []string, args ...string) {
		t.Helper()
		out, code := c.Attempt(args...)
		out = strings.Join(strings.Fields(strings.NewReplacer("│", " ", "╷", " ", "╵", " ").Replace(out)), " ")
		if code == 0 {
			t.Errorf("%v succeeded: %s", args, out)
		}
		for _, part := range parts {
			if !strings.Contains(out, part) {
				t.Errorf("%v: the output lacks %q: %s", args, part, out)
			}
		}
	}

	const refused = "a-secret-that-falcon-refuses"
	config(first, refused, "")
	out, code := c.Attempt("plan", "-input=false")
	if code == 0 || strings.Contains(out, refused) || !strings.Contains(out, "Unable to sign in to Falcon") {
		t.Errorf("exit code %d:\n%s", code, out)
	}

	config(first, first.ClientSecret(), "")
	c.Run("apply", "-input=false", "-auto-approve")
	before := string(first.Dump())

	config(second, second.ClientSecret(), "")
	names := []string{"Wrong Falcon tenant", first.Tenant().CID, second.Tenant().CID}
	fails(names, "plan", "-input=false")
	fails(names, "plan", "-input=false", "-refresh=false")
	fails(names, "destroy", "-input=false", "-auto-approve")
	fails(names, "destroy", "-input=false", "-auto-approve", "-refresh=false")
	state, err := os.ReadFile(filepath.Join(c.Dir, "terraform.tfstate"))
	if err != nil || !strings.Contains(string(state), `"name": "mine"`) {
		t.Errorf("the state lost the object: %s, %v", state, err)
	}
	if after := string(first.Dump()); after != before {
		t.Errorf("the first tenant changed:\n%s", after)
	}

	config(second, second.ClientSecret(), fmt.Sprintf("previous_tenants = [%q]", first.Tenant().CID))
	c.Run("apply", "-input=false", "-auto-approve")
	config(second, second.ClientSecret(), "")
	c.Run("plan", "-input=false", "-detailed-exitcode")
	c.Run("destroy", "-input=false", "-auto-approve")
	if after := string(first.Dump()); after != before {
		t.Errorf("the first tenant changed:\n%s", after)
	}
}

// A saved plan that creates an object is not applied in another tenant: with cid in the provider block, the error is the
// provider's own and comes before Terraform compares the plans.
func TestAccTenantGuard_savedPlan(t *testing.T) {
	t.Parallel()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("Acceptance tests skipped unless env 'TF_ACC' set")
	}
	first, second := acctest.NewSim(t, falconsim.Options{}), acctest.NewSim(t, falconsim.Options{Seed: 2})
	c := newTerraform(t, first)
	c.Write("main.tf", acctest.RequiredFalcon+fmt.Sprintf("provider \"falcon\" {\n  cid = %q\n}\n", first.CID())+
		"resource \"falcon_api_client\" \"test\" {\n  name = \"mine\"\n  scopes = [\"devices:read\"]\n}\n")
	c.Run("plan", "-out=saved")
	before := string(second.Dump())
	c.Env = append(c.Env, "FALCON_BASE_URL="+second.URL, "FALCON_CLIENT_ID="+second.ClientID(), "FALCON_CLIENT_SECRET="+second.ClientSecret())
	out, code := c.Attempt("apply", "saved")
	if code == 0 || !strings.Contains(out, "Wrong Falcon tenant") || strings.Contains(out, "inconsistent final plan") {
		t.Errorf("exit code %d:\n%s", code, out)
	}
	if after := string(second.Dump()); after != before {
		t.Errorf("the second tenant changed:\n%s", after)
	}
}
