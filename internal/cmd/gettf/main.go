// Command gettf prints the path of the Terraform or OpenTofu that this project's tests, demo, and docs run with.
//
// It uses the first of these that is recent enough: TF_ACC_TERRAFORM_PATH, terraform on PATH, tofu on PATH, the terraform or tofu that
// an earlier run left in -dir. If there is none, it downloads the pinned Terraform into -dir, checked against HashiCorp's signature. If
// that is not possible, it builds OpenTofu from the Go modules in tools/tofu, which takes minutes; GETTF_BUILD=never refuses that. Only
// the path goes to standard output; notes go to standard error.
//
// With -build it builds OpenTofu in any case. With -report WHAT COMMAND it runs another build and reports that it is still running, and
// that it has finished.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "gettf:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("gettf", flag.ContinueOnError)
	flags.SetOutput(stderr)
	dir := flags.String("dir", "bin", "folder for a Terraform that is downloaded or an OpenTofu that is built")
	module := flags.String("module", filepath.Join("tools", "tofu"), "folder of the Go module that pins OpenTofu")
	build := flags.Bool("build", false, "build OpenTofu instead of looking for a CLI")
	what := flags.String("report", "", "run the command in the arguments, a build of `this`, and report its progress")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *what != "" {
		if flags.NArg() == 0 {
			return errors.New("-report needs a command")
		}
		return report(stderr, *what, command(ctx, stderr, nil, flags.Args()...))
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	binDir, err := filepath.Abs(*dir)
	if err != nil {
		return fmt.Errorf("the folder %q: %w", *dir, err)
	}
	refused, err := buildRefused(os.Getenv(buildVar))
	if err != nil {
		return err
	}

	f := finder{
		override:     os.Getenv(overrideVar),
		buildRefused: refused,
		binDir:       binDir,
		lookPath:     exec.LookPath,
		version:      cliVersion,
		install:      installTerraform,
		build:        tofuBuilder(*module, stderr),
		notes:        stderr,
	}
	find := f.find
	if *build {
		find = func(ctx context.Context) (string, error) { return f.build(ctx, binDir) }
	}
	path, err := find(ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(stdout, path)
	return err
}

// buildRefused reads the variable that refuses a build.
func buildRefused(value string) (bool, error) {
	switch value {
	case "":
		return false, nil
	case "never":
		return true, nil
	}
	return false, fmt.Errorf("%s must be never or not set, got %q", buildVar, value)
}
