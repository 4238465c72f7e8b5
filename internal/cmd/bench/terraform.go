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
	"time"
)

const (
	providerVersion = "0.1.0"
	providerProgram = "terraform-provider-falcon"
)

// workspace is a folder with a configuration, in which Terraform runs as it does for a user.
type workspace struct {
	bench  *bench
	tenant *tenant
	dir    string
}

// newWorkspace creates the folder and installs the provider from a mirror.
func (b *bench) newWorkspace(ctx context.Context, t *tenant, name, config string) (*workspace, error) {
	if _, err := b.mirror(ctx); err != nil {
		return nil, err
	}
	w := &workspace{bench: b, tenant: t, dir: filepath.Join(b.dir, name)}
	if err := os.MkdirAll(w.dir, 0o750); err != nil {
		return nil, err
	}
	if err := w.write(config); err != nil {
		return nil, err
	}
	_, err := w.run(ctx, "init")
	return w, err
}

// mirror builds the provider, stripped as in a release, and puts it where terraform init and tofu init look.
func (b *bench) mirror(ctx context.Context) (provider string, err error) {
	built, err := b.build(ctx, providerProgram, "", "-ldflags", "-s -w -X main.version="+providerVersion)
	if err != nil {
		return "", err
	}
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		dir := filepath.Join(b.dir, "mirror", host, "falcon-integrations", "falcon", providerVersion, runtime.GOOS+"_"+runtime.GOARCH)
		target := filepath.Join(dir, providerProgram+"_v"+providerVersion)
		if _, err := os.Stat(target); err == nil {
			continue
		}
		if err := errors.Join(os.MkdirAll(dir, 0o750), os.Link(built, target)); err != nil {
			return "", err
		}
	}
	cli := fmt.Sprintf("disable_checkpoint = true\nprovider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", filepath.Join(b.dir, "mirror"))
	return built, os.WriteFile(b.cliConfig(), []byte(cli), 0o600)
}

func (b *bench) cliConfig() string { return filepath.Join(b.dir, "terraform.rc") }

const preamble = `terraform {
  required_providers {
    falcon = {
      source = "falcon-integrations/falcon"
    }
  }
}

`

func (w *workspace) write(config string) error {
	return os.WriteFile(w.file("main.tf"), []byte(preamble+config), 0o600)
}

func (w *workspace) file(name string) string { return filepath.Join(w.dir, name) }

// size returns the size of a file in bytes.
func (w *workspace) size(name string) (int64, error) {
	info, err := os.Stat(w.file(name))
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// ran is the measurement of a command of Terraform.
type ran struct {
	output   []byte
	took     time.Duration
	memory   peaks
	requests int // that the tenant received
}

// run executes Terraform as a pipeline does.
func (w *workspace) run(ctx context.Context, args ...string) (*ran, error) {
	if err := w.tenant.forget(ctx); err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, w.bench.terraformPath(), args...) //nolint:gosec // the user's own Terraform
	cmd.Dir = w.dir
	cmd.Env = w.tenant.environment("TF_CLI_CONFIG_FILE="+w.bench.cliConfig(), "TF_IN_AUTOMATION=1", "TF_INPUT=0")
	var out, problems bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problems
	watching, stop := context.WithCancel(ctx)
	defer stop()
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	seen := watch(watching, cmd.Process.Pid)
	err := cmd.Wait()
	r := &ran{output: out.Bytes(), took: time.Since(began)}
	stop()
	r.memory = <-seen
	if err != nil {
		return r, fmt.Errorf("terraform %s: %w\n%s%s", args[0], err, tail(out.Bytes()), tail(problems.Bytes()))
	}
	r.requests, err = w.tenant.requests(ctx)
	return r, err
}

// tail returns the end of the output of a command.
func tail(text []byte) []byte {
	const most = 4000
	return text[max(0, len(text)-most):]
}
