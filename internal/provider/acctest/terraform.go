package acctest

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider"
)

// ExamplesDir is the folder examples of the repository.
var ExamplesDir = RepoPath("examples")

// Terraform is a folder in which Terraform or OpenTofu runs as it does for a user: commands, saved plans, variables from
// the environment. It is for what terraform-plugin-testing cannot do: examples that name the source of their provider,
// generated configuration, queries, state of another provider, signals.
type Terraform struct {
	t *testing.T
	// Dir is the folder.
	Dir string
	// Env is the environment of the commands.
	Env []string
	// Program is the path of Terraform or OpenTofu.
	Program string
	// Record is a file to which all output is appended; "" for none.
	Record string
}

// NewTerraform returns an empty folder whose configurations use this provider, served in process. With a tenant, it has a
// file with the provider block. Variables are set in the environment.
func NewTerraform(t *testing.T, sim *falconsim.Running, variables map[string]string) *Terraform {
	t.Helper()
	w := newTerraform(t, t.TempDir())
	w.Env = append(w.Env, "TF_REATTACH_PROVIDERS="+serveProvider(t), "TF_CLI_CONFIG_FILE="+os.DevNull)
	for name, value := range variables {
		w.Env = append(w.Env, "TF_VAR_"+name+"="+value)
	}
	if sim != nil {
		w.Write("falcon_under_test.tf", ProviderConfig(sim))
	}
	return w
}

// NewTerraformWithProcesses is NewTerraform for two providers that Terraform starts as processes: this one and a stand-in
// for CrowdStrike's. Both are the test binary.
func NewTerraformWithProcesses(t *testing.T) *Terraform {
	t.Helper()
	w := newTerraform(t, t.TempDir())
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	overrides := map[string]string{}
	for name, served := range servedProviders {
		if err := os.Symlink(self, filepath.Join(w.Dir, name)); err != nil {
			t.Fatal(err)
		}
		overrides[served.source] = w.Dir
	}
	w.overrideProviders(overrides)
	return w
}

// NewTerraformWithProgram is NewTerraform in a given folder, with the provider's program in programDir. Of the
// developer's environment only PATH is passed on.
func NewTerraformWithProgram(t *testing.T, dir, programDir string, env ...string) *Terraform {
	t.Helper()
	w := newTerraform(t, dir)
	w.Env = slices.DeleteFunc(w.Env, func(v string) bool { return !strings.HasPrefix(v, "PATH=") && !strings.HasPrefix(v, "TF_") })
	w.Env = append(w.Env, "HOME="+t.TempDir(), "TMPDIR="+dir)
	w.overrideProviders(map[string]string{"falcon-integrations/falcon": programDir})
	w.Env = append(w.Env, env...)
	return w
}

func newTerraform(t *testing.T, dir string) *Terraform {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("acceptance tests run with TF_ACC=1")
	}
	w := &Terraform{t: t, Dir: dir, Program: terraformPath(t)}
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "TF_") && !strings.HasPrefix(v, "FALCON_") {
			w.Env = append(w.Env, v)
		}
	}
	w.Env = append(w.Env, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_INPUT=0", "TF_CLI_ARGS=-no-color")
	return w
}

// overrideProviders lets Terraform start the providers from folders.
func (w *Terraform) overrideProviders(dirs map[string]string) {
	w.t.Helper()
	var overrides strings.Builder
	for source, dir := range dirs {
		fmt.Fprintf(&overrides, "    %q = %q\n", source, dir)
	}
	rc := filepath.Join(w.t.TempDir(), "terraform.rc")
	text := "provider_installation {\n  dev_overrides {\n" + overrides.String() + "  }\n  direct {}\n}\n"
	if err := os.WriteFile(rc, []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
	w.Env = append(w.Env, "TF_CLI_CONFIG_FILE="+rc)
}

// serveProvider serves the provider until the test ends, and returns the value of TF_REATTACH_PROVIDERS.
func serveProvider(t *testing.T) string {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	reattach, closed, served := make(chan *plugin.ReattachConfig, 1), make(chan struct{}), make(chan error, 1)
	go func() {
		served <- tf6server.Serve("registry.terraform.io/falcon-integrations/falcon", NewServer(provider.New("test")()),
			tf6server.WithDebug(ctx, reattach, closed), tf6server.WithLoggingSink(t), tf6server.WithoutLogStderrOverride(),
			tf6server.WithGoPluginLogger(hclog.NewNullLogger()))
	}()
	t.Cleanup(func() {
		cancel()
		<-closed
	})
	var config *plugin.ReattachConfig
	select {
	case config = <-reattach:
	case err := <-served:
		t.Fatalf("the provider does not serve: %v", err)
	}
	address := map[string]any{
		"Protocol": config.Protocol, "ProtocolVersion": config.ProtocolVersion, "Pid": config.Pid, "Test": config.Test,
		"Addr": map[string]string{"Network": config.Addr.Network(), "String": config.Addr.String()},
	}
	addresses := map[string]any{}
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		for _, namespace := range []string{"falcon-integrations", "hashicorp"} { // the second for configurations without a source
			addresses[host+"/"+namespace+"/falcon"] = address
		}
	}
	text, err := json.Marshal(addresses)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// terraformPath returns the program that make selected, or the one on PATH.
func terraformPath(t *testing.T) string {
	t.Helper()
	if path := os.Getenv("TF_ACC_TERRAFORM_PATH"); path != "" {
		return path
	}
	for _, name := range []string{"terraform", "tofu"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatal("neither terraform nor tofu is on PATH, and TF_ACC_TERRAFORM_PATH is not set")
	return ""
}

// Write writes a file of the folder.
func (w *Terraform) Write(name, text string) {
	w.t.Helper()
	if err := os.WriteFile(filepath.Join(w.Dir, name), []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// Add copies the files of a folder below examples/ that keep accepts.
func (w *Terraform) Add(folder string, keep func(name string) bool) {
	w.t.Helper()
	files, err := os.ReadDir(filepath.Join(ExamplesDir, folder))
	if err != nil {
		w.t.Fatal(err)
	}
	for _, f := range files {
		if !f.IsDir() && keep(f.Name()) {
			w.Write(f.Name(), Example(w.t, filepath.ToSlash(filepath.Join(folder, f.Name()))))
		}
	}
}

// Run runs a command that must succeed and returns what it prints.
func (w *Terraform) Run(args ...string) string {
	w.t.Helper()
	return w.RunExit(0, args...)
}

// RunExit is Run for a command with another exit status.
func (w *Terraform) RunExit(want int, args ...string) string {
	w.t.Helper()
	out, code := w.Attempt(args...)
	if code != want {
		w.t.Fatalf("terraform %s ended with %d, want %d:\n%s", strings.Join(args, " "), code, want, out)
	}
	return out
}

// Command returns a command that has not been started.
func (w *Terraform) Command(args ...string) *exec.Cmd {
	w.t.Helper()
	cmd := exec.CommandContext(w.t.Context(), w.Program, args...) //nolint:gosec // the Terraform under test
	cmd.Dir, cmd.Env = w.Dir, w.Env
	return cmd
}

// Attempt runs a command and returns what it prints, with its exit status.
func (w *Terraform) Attempt(args ...string) (string, int) {
	w.t.Helper()
	cmd := w.Command(args...)
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		w.t.Fatalf("terraform %s: %v", strings.Join(args, " "), err)
	}
	if w.Record != "" {
		w.record(out)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

func (w *Terraform) record(printed []byte) {
	w.t.Helper()
	file, err := os.OpenFile(w.Record, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		w.t.Fatal(err)
	}
	_, err = file.Write(printed)
	if err := errors.Join(err, file.Close()); err != nil {
		w.t.Fatal(err)
	}
}

// WantPlan plans and checks whether the plan has a change.
func (w *Terraform) WantPlan(changes bool) string {
	w.t.Helper()
	want := map[bool]int{false: 0, true: 2}[changes]
	return w.RunExit(want, "plan", "-detailed-exitcode")
}

// Outputs returns the values of the root outputs, including sensitive ones.
func (w *Terraform) Outputs() map[string]any {
	w.t.Helper()
	var raw map[string]struct{ Value any }
	if err := json.Unmarshal([]byte(w.Run("output", "-json")), &raw); err != nil {
		w.t.Fatal(err)
	}
	values := map[string]any{}
	for name, o := range raw {
		values[name] = o.Value
	}
	return values
}

var changedLine = regexp.MustCompile(`(?m)^  # (\S+) (?:will be|must be) `)

// ChangedAddresses returns the addresses that a plan changes, in the order of its output.
func ChangedAddresses(plan string) []string {
	var addresses []string
	for _, m := range changedLine.FindAllStringSubmatch(plan, -1) {
		addresses = append(addresses, m[1])
	}
	return addresses
}

// Example reads a file below examples/.
func Example(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(ExamplesDir, filepath.FromSlash(name))) //nolint:gosec // a file of the repository
	if err != nil {
		t.Fatal(err)
	}
	return string(data) + "\n"
}

// WantOutput checks that an output contains a text.
func (w *Terraform) WantOutput(output, want string) {
	w.t.Helper()
	if !strings.Contains(output, want) {
		w.t.Errorf("the output lacks %q:\n%s", want, output)
	}
}

// NoSecret checks that a secret is in no file of the folder: states, backups and the members of saved plans.
func (w *Terraform) NoSecret(secret string) {
	w.t.Helper()
	looked := 0
	err := filepath.WalkDir(w.Dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path) //nolint:gosec // a file of the test's own folder
		if err != nil {
			return err
		}
		looked++
		if strings.Contains(string(text), secret) {
			w.t.Errorf("the secret is in %s", entry.Name())
		}
		archive, err := zip.OpenReader(path)
		if err != nil {
			return nil // not a plan
		}
		defer func() { _ = archive.Close() }() // only read from
		for _, member := range archive.File {
			inside, err := member.Open()
			if err != nil {
				return err
			}
			text, err := io.ReadAll(inside)
			if err != nil {
				return err
			}
			looked++
			if strings.Contains(string(text), secret) {
				w.t.Errorf("the secret is in %s of %s", member.Name, entry.Name())
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	if looked < 5 {
		w.t.Errorf("only %d files and members were searched for the secret", looked)
	}
}
