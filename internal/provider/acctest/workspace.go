package acctest

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
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

// Workspace is a folder in which the Terraform or OpenTofu on PATH works as it does for a user: commands, saved plans,
// variables from the environment. terraform-plugin-testing can use no example that says where its provider comes from.
type Workspace struct {
	t   *testing.T
	Dir string
	Env []string
}

// NewWorkspace makes an empty folder whose configurations use this provider, served in-process against the tenant.
// Variables are given as Terraform reads them from the environment.
func NewWorkspace(t *testing.T, sim *falconsim.Running, variables map[string]string) *Workspace {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("acceptance tests run with TF_ACC=1")
	}
	w := &Workspace{t: t, Dir: t.TempDir()}
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "TF_") && !strings.HasPrefix(v, "FALCON_") {
			w.Env = append(w.Env, v)
		}
	}
	w.Env = append(w.Env, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_INPUT=0", "TF_CLI_ARGS=-no-color",
		"TF_REATTACH_PROVIDERS="+serveProvider(t), "TF_CLI_CONFIG_FILE="+os.DevNull)
	for name, value := range variables {
		w.Env = append(w.Env, "TF_VAR_"+name+"="+value)
	}
	if sim != nil {
		w.Write("falcon_under_test.tf", ProviderConfig(sim))
	}
	return w
}

// serveProvider serves the provider until the test ends, and says how Terraform reaches it.
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
		for _, namespace := range []string{"falcon-integrations", "hashicorp"} { // the second for what names no source
			addresses[host+"/"+namespace+"/falcon"] = address
		}
	}
	text, err := json.Marshal(addresses)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// terraformPath is the program that make chose, or else the one on PATH.
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

func (w *Workspace) Write(name, text string) {
	w.t.Helper()
	if err := os.WriteFile(filepath.Join(w.Dir, name), []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// Add copies the files of a folder below examples/ that keep accepts.
func (w *Workspace) Add(folder string, keep func(name string) bool) {
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

// Terraform runs a command that must succeed and returns what it prints.
func (w *Workspace) Terraform(args ...string) string {
	w.t.Helper()
	out, code := w.Attempt(args...)
	if code != 0 {
		w.t.Fatalf("terraform %s ended with %d:\n%s", strings.Join(args, " "), code, out)
	}
	return out
}

// Attempt runs a command and returns what it prints, with its exit status.
func (w *Workspace) Attempt(args ...string) (string, int) {
	w.t.Helper()
	cmd := exec.CommandContext(w.t.Context(), terraformPath(w.t), args...)
	cmd.Dir, cmd.Env = w.Dir, w.Env
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		w.t.Fatalf("terraform %s: %v", strings.Join(args, " "), err)
	}
	return out.String(), cmd.ProcessState.ExitCode()
}

// WantPlan makes a plan and checks whether it holds a change.
func (w *Workspace) WantPlan(changes bool) string {
	w.t.Helper()
	want := map[bool]int{false: 0, true: 2}[changes]
	out, code := w.Attempt("plan", "-detailed-exitcode")
	if code != want {
		w.t.Fatalf("the plan ended with %d, want %d:\n%s", code, want, out)
	}
	return out
}

// Outputs are the values of the root outputs, sensitive ones included.
func (w *Workspace) Outputs() map[string]any {
	w.t.Helper()
	var raw map[string]struct{ Value any }
	if err := json.Unmarshal([]byte(w.Terraform("output", "-json")), &raw); err != nil {
		w.t.Fatal(err)
	}
	values := map[string]any{}
	for name, o := range raw {
		values[name] = o.Value
	}
	return values
}

// changed are the addresses that a plan changes, in its own order.
var changedLine = regexp.MustCompile(`(?m)^  # (\S+) (?:will be|must be) `)

func Changed(plan string) []string {
	var addresses []string
	for _, m := range changedLine.FindAllStringSubmatch(plan, -1) {
		addresses = append(addresses, m[1])
	}
	return addresses
}

// Example reads a file below examples/.
func Example(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(ExamplesDir, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(data) + "\n"
}

// NoSecret looks for a secret in every file of the folder: states, backups and what is inside of saved plans.
func (w *Workspace) NoSecret(secret string) {
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
