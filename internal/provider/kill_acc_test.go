package provider_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

const killed = 3 // objects of each kind

// killConfig is the configuration that is applied when Terraform is killed.
func killConfig(rotation string) string {
	return fmt.Sprintf(`
terraform {
  required_providers {
    falcon = { source = "falcon-integrations/falcon" }
  }
}
resource "falcon_api_client" "this" {
  count           = %[1]d
  name            = "client-${count.index}"
  scopes          = ["devices:read"]
  secret_rotation = { %[2]s }
}
resource "falcon_webhook" "this" {
  count          = %[1]d
  name           = "hook-${count.index}"
  url            = %[3]q
  hmac_secret_wo = %[4]q
}
resource "falcon_workflow" "this" {
  count      = %[1]d
  name       = "flow-${count.index}"
  definition = %[5]s
}
`, killed, rotation, acctest.WebhookURL, coretest.TestKey, acctest.HCLString(acctest.SleepDocument))
}

var (
	diagnosticStart = regexp.MustCompile(`(?m)^\s*(Error|Warning): `)
	diagnosticOf    = regexp.MustCompile(`with\s+(falcon_\w+\.this\[\d\])`)
	advisedImport   = regexp.MustCompile(`terraform\s+import\s+falcon_\w+\.this\s+([0-9a-f]{32})`)
)

// advised returns the imports that errors recommend: address and id.
func advised(output string) (imports [][2]string) {
	text := strings.NewReplacer("│", "", "╷", "", "╵", "").Replace(output)
	starts := diagnosticStart.FindAllStringSubmatchIndex(text, -1)
	for i, at := range starts {
		end := len(text)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		of, id := diagnosticOf.FindStringSubmatch(text[at[0]:end]), advisedImport.FindStringSubmatch(text[at[0]:end])
		if text[at[2]:at[3]] == "Error" && of != nil && id != nil {
			imports = append(imports, [2]string{of[1], id[1]})
		}
	}
	return imports
}

// Terraform is killed, or interrupted, during an apply: before a request of the provider, or after Falcon has processed it
// and before the response. Another apply, and the imports that it may recommend, repair everything.
func TestAccKilled(t *testing.T) {
	t.Parallel()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("Acceptance tests skipped unless env 'TF_ACC' set")
	}
	runs := 4
	if acctest.FullTests() {
		runs = 50
	}
	for seed := range runs {
		t.Run(strconv.Itoa(seed), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(uint64(seed), 6)) //nolint:gosec // reproducible, not secret
			signal := []syscall.Signal{syscall.SIGKILL, syscall.SIGINT}[seed%2]
			at, done := 2+random.Int64N(40), random.IntN(2) == 0
			killAt(t, signal, at, done)
		})
	}
}

func killAt(t *testing.T, signal syscall.Signal, at int64, done bool) {
	sim := acctest.NewSim(t, falconsim.Options{Readings: falconsim.WebhookWrites()})
	before := sim.Tenant()
	c := newTerraform(t, sim)
	c.Write("main.tf", killConfig(""))
	cmd := c.Command("apply", "-input=false", "-auto-approve")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // the provider dies with Terraform
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	var seen atomic.Int64
	reached := make(chan struct{})
	// The request has no response before the signal is sent.
	kind := falconsim.FaultDelay
	if done {
		kind = falconsim.FaultStall
	}
	acctest.Inject(t, sim, falconsim.Fault{Kind: kind, Delay: 300 * time.Millisecond, Match: func(r *http.Request) bool {
		if r.URL.Path == acctest.TokenPath || seen.Add(1) != at {
			return false
		}
		close(reached)
		return true
	}})
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case <-reached:
		if err := syscall.Kill(-cmd.Process.Pid, signal); err != nil {
			t.Error(err)
		}
		if err := <-ended; err == nil {
			t.Log("the apply succeeded although it was interrupted")
		}
	case err := <-ended:
		t.Fatalf("the apply ended before request %d, after %d requests: %v\n%s", at, seen.Load(), err, out.String())
	}
	sim.ClearFaults()

	t.Logf("%s at request %d, done %t; %d requests, %d imports", signal, at, done, seen.Load(), recoverApply(t, c))
	c.Run("plan", "-input=false", "-detailed-exitcode")
	wantTenant(t, sim, before)

	// A rotation restores lost secrets, as the page of falcon_api_client says.
	c.Write("main.tf", killConfig(`after = "kill"`))
	c.Run("apply", "-input=false", "-auto-approve")
	for _, secret := range stateSecrets(t, c) {
		signIn(t, sim, secret[0], secret[1])
	}
	c.Run("destroy", "-input=false", "-auto-approve")
}

// newTerraform returns a folder with the provider's program; the environment has the tenant's address and credentials.
func newTerraform(t *testing.T, sim *falconsim.Running) *acctest.Terraform {
	t.Helper()
	return acctest.NewTerraformWithProgram(t, t.TempDir(), providerProgram(t),
		"FALCON_BASE_URL="+sim.URL, "FALCON_CLIENT_ID="+sim.ClientID(), "FALCON_CLIENT_SECRET="+sim.ClientSecret())
}

// A sample of the table of faults with Terraform: whatever happens to the writes of an apply, the next one repairs it.
func TestAccFaults_sample(t *testing.T) {
	t.Parallel()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("Acceptance tests skipped unless env 'TF_ACC' set")
	}
	for name, fault := range map[string]falconsim.Fault{
		"dropped before the change": {Kind: falconsim.FaultDropBefore},
		"dropped after the change":  {Kind: falconsim.FaultDropAfter},
		"truncated":                 {Kind: falconsim.FaultTruncate},
		"500":                       {Status: http.StatusInternalServerError, Body: acctest.ErrorBody(http.StatusInternalServerError, "Internal Server Error")},
		"web page":                  {Kind: falconsim.FaultHTML},
		"403":                       {Status: http.StatusForbidden, Body: acctest.ErrorBody(http.StatusForbidden, "access denied, authorization failed")},
	} {
		if !acctest.FullTests() && fault.Kind != falconsim.FaultDropAfter && fault.Status != http.StatusInternalServerError {
			continue // the others wait as long, and find what the protocol's own table finds
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := acctest.NewSim(t, falconsim.Options{Readings: falconsim.WebhookWrites()})
			before := sim.Tenant()
			c := newTerraform(t, sim)
			c.Env = append(c.Env, "FALCON_MAX_RETRIES=1") // the waits are real here
			c.Write("main.tf", killConfig(""))
			fault.Match = func(r *http.Request) bool { return r.Method != http.MethodGet && r.URL.Path != acctest.TokenPath }
			acctest.Inject(t, sim, fault)
			// The provider looks for what took effect, so a lost response does no harm.
			heals := fault.Kind == falconsim.FaultDropAfter || fault.Kind == falconsim.FaultTruncate
			if text, code := c.Attempt("apply", "-input=false", "-auto-approve"); code != map[bool]int{true: 0, false: 1}[heals] {
				t.Errorf("the apply ends with %d:\n%s", code, text)
			}
			sim.ClearFaults()
			recoverApply(t, c)
			c.Run("plan", "-input=false", "-detailed-exitcode")
			wantTenant(t, sim, before)
			c.Run("destroy", "-input=false", "-auto-approve")
			if heals { // the webhook configurations were adopted: nothing proves that Terraform created them
				for _, config := range sim.Tenant().PluginConfigs {
					if strings.HasPrefix(config.Name, "hook-") {
						if err := sim.DeletePluginConfig(config.ID); err != nil {
							t.Error(err)
						}
					}
				}
			}
			if now := sim.Tenant(); acctest.JSONText(now) != acctest.JSONText(before) {
				t.Errorf("after the destroy the tenant holds\n%s\nand held\n%s", acctest.JSONText(now), acctest.JSONText(before))
			}
		})
	}
}

// recoverApply applies again and imports what the errors say.
func recoverApply(t *testing.T, c *acctest.Terraform) (imports int) {
	t.Helper()
	for round := 1; ; round++ {
		text, code := c.Attempt("apply", "-input=false", "-auto-approve")
		if code == 0 {
			return imports
		}
		found := advised(text)
		if len(found) == 0 || round > 1 {
			t.Fatalf("the apply after the kill fails:\n%s", text)
		}
		for _, m := range found {
			c.Run("import", "-input=false", m[0], m[1])
			imports++
		}
	}
}

// wantTenant checks that each object exists once, and nothing else.
func wantTenant(t *testing.T, sim *falconsim.Running, before falconsim.Tenant) {
	t.Helper()
	now := sim.Tenant()
	made := map[string]int{}
	for _, a := range now.APIClients {
		made[a.Name]++
	}
	for _, p := range now.PluginConfigs {
		made[p.Name]++
	}
	for _, w := range now.Workflows {
		made[w.Name]++
		if !w.Enabled {
			t.Errorf("%s is not enabled", w.Name)
		}
	}
	for _, kind := range []string{"client", "hook", "flow"} {
		for i := range killed {
			if name := fmt.Sprintf("%s-%d", kind, i); made[name] != 1 {
				t.Errorf("%d objects are named %s", made[name], name)
			}
		}
	}
	total := len(now.APIClients) + len(now.PluginConfigs) + len(now.Workflows)
	if was := len(before.APIClients) + len(before.PluginConfigs) + len(before.Workflows); total != was+3*killed {
		t.Errorf("the tenant has %d objects, and had %d", total, was)
	}
}

var (
	stateID     = regexp.MustCompile(`"client_id": "([0-9a-f]{32})"`)
	stateSecret = regexp.MustCompile(`"client_secret": "([^"]+)"`)
)

// stateSecrets are the client ids and secrets in the state.
func stateSecrets(t *testing.T, c *acctest.Terraform) [][2]string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(c.Dir, "terraform.tfstate"))
	if err != nil {
		t.Fatal(err)
	}
	ids, secrets := stateID.FindAllSubmatch(raw, -1), stateSecret.FindAllSubmatch(raw, -1)
	if len(ids) != killed || len(secrets) != killed {
		t.Fatalf("the state has %d clients and %d secrets, want %d", len(ids), len(secrets), killed)
	}
	var pairs [][2]string
	for i := range ids {
		pairs = append(pairs, [2]string{string(ids[i][1]), string(secrets[i][1])})
	}
	return pairs
}
