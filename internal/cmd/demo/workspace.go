package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

const (
	example         = "examples/integrations/zscaler_adaptive_access"
	providerVersion = "0.1.0"
)

// workspace is the folder of the demo: a copy of the example, a mirror with the provider, and the logs.
type workspace struct {
	root      string // of the repository
	dir       string // .demo
	name      string // of the folder in dir that Terraform works in
	terraform string
	env       []string
}

// newWorkspace empties and fills the folder. It stops the programs that an earlier `make demo KEEP=1` left running.
func newWorkspace(ctx context.Context) (*workspace, error) {
	root, err := repositoryRoot()
	if err != nil {
		return nil, err
	}
	w := &workspace{root: root, dir: filepath.Join(root, ".demo"), name: filepath.Base(example)}
	stopLeftovers(w.dir)
	if err := os.RemoveAll(w.dir); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(w.config(), 0o750); err != nil {
		return nil, err
	}
	if w.terraform, err = w.goTool(ctx, "run", "./internal/cmd/gettf", "-dir", "bin"); err != nil {
		return nil, fmt.Errorf("no Terraform or OpenTofu to work with: %w", err)
	}
	return w, nil
}

func repositoryRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(filepath.Join(dir, example)); err != nil {
		return "", fmt.Errorf("run the demo from the repository's root, with make demo: %w", err)
	}
	return dir, nil
}

// config is the folder that Terraform works in.
func (w *workspace) config() string { return filepath.Join(w.dir, w.name) }

// with returns a workspace for another example, with the same programs.
func (w *workspace) with(name, example string, env []string) (*workspace, error) {
	other := &workspace{root: w.root, dir: w.dir, name: name, terraform: w.terraform, env: env}
	if err := os.MkdirAll(other.config(), 0o750); err != nil {
		return nil, err
	}
	return other, other.copyExample(example)
}

func (w *workspace) file(name string) string { return filepath.Join(w.dir, name) }

// goTool runs the go command and returns the last line that it prints.
func (w *workspace) goTool(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = w.root
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, stderr.String())
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return lines[len(lines)-1], nil
}

// build compiles the provider into a mirror of the registry, so that init works as it does for a user, and the other
// programs of the demo.
func (w *workspace) build(ctx context.Context) (string, error) {
	platform := runtime.GOOS + "_" + runtime.GOARCH
	first := ""
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		target := filepath.Join(w.dir, "mirror", host, "falcon-integrations", "falcon", providerVersion, platform, "terraform-provider-falcon_v"+providerVersion)
		if first != "" {
			if err := os.MkdirAll(filepath.Dir(target), 0o750); err != nil {
				return "", err
			}
			if err := os.Link(first, target); err != nil {
				return "", err
			}
			continue
		}
		if _, err := w.goTool(ctx, "build", "-ldflags", "-X main.version="+providerVersion, "-o", target, "."); err != nil {
			return "", err
		}
		first = target
	}
	for _, program := range []string{"falconsim", "demo"} {
		if _, err := w.goTool(ctx, "build", "-o", w.file(program), "./internal/cmd/"+program); err != nil {
			return "", err
		}
	}
	return "", w.writeConfig()
}

// copyExample copies the configuration of an example.
func (w *workspace) copyExample(example string) error {
	files, err := filepath.Glob(filepath.Join(w.root, example, "*.tf"))
	if err != nil {
		return err
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			return err
		}
		err = os.WriteFile(filepath.Join(w.config(), filepath.Base(f)), text, 0o600)
		if err != nil {
			return err
		}
	}
	return nil
}

// writeConfig copies the example, adds the configuration of the demo, and points Terraform to the mirror.
func (w *workspace) writeConfig() error {
	cli := fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", filepath.Join(w.dir, "mirror"))
	return errors.Join(
		w.copyExample(example),
		os.WriteFile(w.file("terraform.rc"), []byte(cli), 0o600),
		os.WriteFile(filepath.Join(w.config(), "demo.tf"), []byte(demoConfig), 0o600),
	)
}

// demoConfig reads one host in addition to the example, so that the demo can show its score.
const demoConfig = `# Added by the demo: the host whose score changes.

variable "demo_host" {
  type = string
}

data "falcon_host_score" "demo" {
  agent_id = var.demo_host
}

output "demo_score" {
  value = data.falcon_host_score.demo.overall
}
`

// environment returns the environment of this process without Falcon credentials of the user.
func environment(more ...string) []string {
	var out []string
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "FALCON_") && !strings.HasPrefix(v, "TF_") {
			out = append(out, v)
		}
	}
	return append(out, more...)
}
