package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// bench is one run. Everything that it creates is in dir, and the programs that it starts end with it.
type bench struct {
	settings
	out, messages io.Writer
	dir           string
	large         *tenant // the tenant of users and hosts, once it is started
	measure       func(ctx context.Context, t *tenant, variant, records string) (outcome, error)
	built         map[string]string
}

func newBench(s settings, out, messages io.Writer) (*bench, error) {
	dir, err := os.MkdirTemp("", "falcon-bench-")
	if err != nil {
		return nil, err
	}
	return &bench{settings: s, out: out, messages: messages, dir: dir, measure: measureChild, built: map[string]string{}}, nil
}

func (b *bench) close() error {
	var errs []error
	if b.large != nil {
		errs = append(errs, b.large.stop())
	}
	return errors.Join(append(errs, os.RemoveAll(b.dir))...)
}

func (b *bench) all(ctx context.Context) error {
	b.printf("# Benchmark of %s\n\n%s\n", time.Now().UTC().Format(time.DateOnly), b.machine(ctx))
	for _, part := range sections() {
		if !b.runs(part.name) {
			continue
		}
		if err := part.run(b, ctx); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
		b.printf("(load average after this section: %s)\n", loadAverage())
	}
	return nil
}

func (b *bench) printf(format string, args ...any) { fmt.Fprintf(b.out, format, args...) }

// say reports progress, which is not part of the results.
func (b *bench) say(format string, args ...any) {
	fmt.Fprintf(b.messages, "%s  %s\n", time.Now().Format(time.TimeOnly), fmt.Sprintf(format, args...))
}

// machine describes the machine that the numbers come from.
func (b *bench) machine(ctx context.Context) string {
	processor, memory := runtime.GOARCH, "unknown memory"
	if name := procField("/proc/cpuinfo", "model name"); name != "" {
		processor = name
	}
	if kilobytes := procKilobytes("/proc/meminfo", "MemTotal"); kilobytes > 0 {
		memory = fmt.Sprintf("%d GB of memory", (kilobytes+1<<19)>>20)
	}
	version := "no Terraform"
	if text, err := exec.CommandContext(ctx, b.terraformPath(), "version").Output(); err == nil { //nolint:gosec // the user's own Terraform
		version, _, _ = strings.Cut(string(text), "\n")
	}
	return fmt.Sprintf("%d cores (%s), %s, %s/%s, %s, %s; load average at the start: %s.\n",
		runtime.NumCPU(), processor, memory, runtime.GOOS, runtime.GOARCH, runtime.Version(), version, loadAverage())
}

func (b *bench) terraformPath() string {
	if b.terraform != "" {
		return b.terraform
	}
	return "terraform"
}

// build compiles a program of the module once and returns its path.
func (b *bench) build(ctx context.Context, name, pkg string, flags ...string) (string, error) {
	if path := b.built[name]; path != "" {
		return path, nil
	}
	b.say("building %s", name)
	path := filepath.Join(b.dir, name)
	args := append([]string{"build", "-o", path}, append(flags, modulePath+pkg)...)
	if text, err := exec.CommandContext(ctx, "go", args...).CombinedOutput(); err != nil { //nolint:gosec // the bench's own arguments
		return "", fmt.Errorf("go build %s: %w\n%s", pkg, err, text)
	}
	b.built[name] = path
	return path, nil
}

const modulePath = "github.com/falcon-integrations/terraform-provider-falcon"

// startSimulator starts a tenant as a separate process, so that its memory and CPU time are not counted.
func (b *bench) startSimulator(ctx context.Context, args ...string) (*tenant, error) {
	program, err := b.build(ctx, "falconsim", "/internal/cmd/falconsim")
	if err != nil {
		return nil, err
	}
	return startTenant(ctx, program, args...)
}

// scores returns the tenant of users and hosts.
func (b *bench) scores(ctx context.Context) (*tenant, error) {
	if b.large != nil {
		return b.large, nil
	}
	t, err := b.startSimulator(ctx, "-users", fmt.Sprint(b.settings.users), "-hosts", fmt.Sprint(b.settings.hosts))
	if err != nil {
		return nil, err
	}
	b.large = t
	return t, t.delay(ctx, b.pageDelay)
}
