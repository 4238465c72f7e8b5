package provider_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// The children of the fleet: one offers everything, one has no Identity Protection, and one has no emails.
const (
	completeChild  = "a1c0ffee00000000000000000000c0de"
	withoutUsers   = "b2c0ffee00000000000000000000c0de"
	withoutEmails  = "c3c0ffee00000000000000000000c0de"
	fleetClient    = "Cortex XSOAR"
	fleetMail      = "Mail new cases"
	fleetChangeLog = "Log changed cases"
)

// fleet is the example, with a parent and three children.
type fleet struct {
	*acctest.Terraform
	t   *testing.T
	sim *falconsim.Running
}

func newFleet(t *testing.T, program string) *fleet {
	t.Helper()
	f := &fleet{t: t, Terraform: acctest.NewTerraformWithProcesses(t)}
	if program != "" {
		f.Program = program
	}
	identity := []string{"identity-entities", "identity-detections", "identity-timeline", "identity-assessment", "identity-graphql"}
	f.sim = acctest.NewSim(t, falconsim.Options{
		RetiredScopes: true,
		MemberCIDs:    []string{withoutEmails, completeChild, withoutUsers},
		Children: map[string]falconsim.ChildOptions{
			completeChild: {Name: "Complete", RetiredScopes: true},
			withoutUsers:  {Name: "Without ${users}", RetiredScopes: true, WithoutScopes: identity},
			withoutEmails: {Name: "Without emails", RetiredScopes: true, WithoutActions: []string{"Send email"}},
		},
	})
	f.Env = append(f.Env, "FALCON_BASE_URL="+f.sim.URL, "FALCON_CLIENT_ID="+f.sim.ClientID(), "FALCON_CLIENT_SECRET="+f.sim.ClientSecret())
	if err := os.CopyFS(f.Dir, os.DirFS(filepath.Join(acctest.ExamplesDir, "fleet"))); err != nil {
		t.Fatal(err)
	}
	// The commands of the README find the program as terraform.
	bin := t.TempDir()
	if err := os.Symlink(f.absoluteProgram(), filepath.Join(bin, "terraform")); err != nil {
		t.Fatal(err)
	}
	f.Env = append(f.Env, "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	return f
}

func (f *fleet) absoluteProgram() string {
	f.t.Helper()
	path, err := exec.LookPath(f.Program)
	if err == nil {
		path, err = filepath.Abs(path)
	}
	if err != nil {
		f.t.Fatal(err)
	}
	return path
}

var shellBlock = regexp.MustCompile("(?s)```shell\n(.*?)```")

// discover runs the commands of the README that find the children: block 0 to add, block 2 to remove one. Providers are not
// installed, so init only gets the modules.
func (f *fleet) discover(block int) {
	f.t.Helper()
	readme, err := os.ReadFile(filepath.Join(f.Dir, "README.md"))
	if err != nil {
		f.t.Fatal(err)
	}
	script := shellBlock.FindAllStringSubmatch(string(readme), -1)[block][1]
	script = strings.ReplaceAll(script, " init\n", " get\n")
	script = strings.ReplaceAll(script, "0123456789abcdef0123456789abcdef", completeChild)
	script = strings.ReplaceAll(script, "terraform apply\n", "")
	cmd := exec.CommandContext(f.t.Context(), "sh", "-e", "-c", script)
	cmd.Dir, cmd.Env = f.Dir, f.Env
	if out, err := cmd.CombinedOutput(); err != nil {
		f.t.Fatalf("%s%s: %v", script, out, err)
	}
}

func (f *fleet) child(cid string) *falconsim.Server {
	f.t.Helper()
	child, exists := f.sim.Member(cid)
	if !exists {
		f.t.Fatalf("%s is not a child", cid)
	}
	return child
}

// holds returns the names of the workflows of a child and the scopes of its API client.
func (f *fleet) holds(cid string) (workflows []string, scopes string) {
	f.t.Helper()
	for _, w := range f.child(cid).Workflows() {
		workflows = append(workflows, w.Name)
	}
	for _, c := range f.child(cid).Clients() {
		if c.Name == fleetClient {
			scopes += strings.Join(c.Scopes, " ")
		}
	}
	return workflows, scopes
}

func (f *fleet) want(cid string, workflows []string, identity bool) {
	f.t.Helper()
	held, scopes := f.holds(cid)
	if fmt.Sprint(held) != fmt.Sprint(workflows) && fmt.Sprint(held) != fmt.Sprint(reversed(workflows)) {
		f.t.Errorf("%s has the workflows %q, want %q", cid, held, workflows)
	}
	if len(workflows) == 0 != (scopes == "") || scopes != "" && strings.Contains(scopes, "identity-graphql:write") != identity {
		f.t.Errorf("%s has an API client with %s", cid, scopes)
	}
}

func reversed(list []string) []string {
	if len(list) == 2 {
		return []string{list[1], list[0]}
	}
	return list
}

// The example sets up what each child offers and reports the rest, finds drift, removes a child, and leaves nothing behind.
func (f *fleet) life() {
	t := f.t
	t.Helper()
	before := map[string]string{}
	for _, cid := range []string{completeChild, withoutUsers, withoutEmails} {
		before[cid] = acctest.JSONText(f.child(cid).Tenant())
	}
	f.discover(0)
	f.Run("get")
	f.Run("apply", "-auto-approve")
	both := []string{fleetMail, fleetChangeLog}
	f.want(completeChild, both, true)
	f.want(withoutUsers, both, false)
	f.want(withoutEmails, []string{fleetChangeLog}, true)
	wantGaps := map[string]any{
		withoutUsers: map[string]any{"name": "Without ${users}", "workflows": map[string]any{}, "scopes": []any{
			"identity-assessment:read", "identity-detections:read", "identity-detections:write", "identity-entities:read", "identity-entities:write",
			"identity-graphql:write", "identity-timeline:read",
		}},
		withoutEmails: map[string]any{"name": "Without emails", "scopes": []any{}, "workflows": map[string]any{"mail_new_cases": []any{"action Send email"}}},
	}
	outputs := f.Outputs()
	if got := acctest.JSONText(outputs["gaps"]); got != acctest.JSONText(wantGaps) {
		t.Errorf("gaps are %s, want %s", got, acctest.JSONText(wantGaps))
	}
	if clients := acctest.JSONText(outputs["api_clients"]); strings.Count(clients, `"client_secret":"`) != 3 {
		t.Error("the output does not have three secrets")
	}
	f.WantPlan(false)

	for _, c := range f.child(withoutUsers).Clients() {
		if c.Name == fleetClient {
			if err := f.child(withoutUsers).EditClient(c.ID, falconsim.ClientEdit{Scopes: []string{"alerts:read"}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := f.child(withoutEmails).DeleteWorkflow(f.child(withoutEmails).Workflows()[0].ID); err != nil {
		t.Fatal(err)
	}
	changed := strings.Join(acctest.ChangedAddresses(f.WantPlan(true)), "\n")
	if strings.Count(changed, "\n") != 1 || !strings.Contains(changed, "falcon_api_client.integration[0]") || !strings.Contains(changed, `falcon_workflow.this["log_changed_cases"]`) ||
		strings.Contains(changed, completeChild) {
		t.Errorf("the plan changes %s", changed)
	}
	f.Run("apply", "-auto-approve")
	f.want(withoutUsers, both, false)
	f.want(withoutEmails, []string{fleetChangeLog}, true)
	f.WantPlan(false)

	f.discover(2)
	f.Run("get")
	f.Run("apply", "-auto-approve")
	f.want(completeChild, nil, false)
	f.want(withoutUsers, both, false)
	f.WantPlan(false)

	f.Run("destroy", "-auto-approve")
	for cid, then := range before {
		if now := acctest.JSONText(f.child(cid).Tenant()); now != then {
			t.Errorf("the child %s holds %s, and held %s", cid, now, then)
		}
	}
}

func TestAccFleet(t *testing.T) {
	t.Parallel()
	f := newFleet(t, "")
	f.NeedTerraform("1.11.0", "the generated fleet.tf is for")
	f.life()
}

// With OpenTofu, providers have for_each.
func TestAccFleet_openTofu(t *testing.T) {
	t.Parallel()
	program := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if !strings.HasPrefix(filepath.Base(program), "tofu") {
		program = tofuPath(t)
	}
	newFleet(t, program).life()
}

// tofuPath returns the OpenTofu on PATH, or the one that make built.
func tofuPath(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"tofu", acctest.RepoPath("bin", "tofu")} {
		if path, err := exec.LookPath(name); err == nil {
			if path, err = filepath.Abs(path); err == nil {
				return path
			}
		}
	}
	t.Skip("SKIPPED: for_each of a provider needs OpenTofu, which is neither on PATH nor in bin/ (make bin/tofu).")
	return ""
}
