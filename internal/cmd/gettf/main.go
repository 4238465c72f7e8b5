// Command gettf prints the path of the Terraform or OpenTofu that this project's tests, demo and docs run with.
//
// It takes, in this order: TF_ACC_TERRAFORM_PATH, terraform on PATH, tofu on PATH, the terraform that an earlier run
// left in -dir. Where none of them is recent enough it installs the pinned Terraform into -dir, checked against
// HashiCorp's signature. Only the path goes to standard output; remarks go to standard error.
package main

import (
	"context"
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
	dir := flags.String("dir", "bin", "folder to install Terraform into where none is found")
	if err := flags.Parse(args); err != nil {
		return err
	}
	binDir, err := filepath.Abs(*dir)
	if err != nil {
		return fmt.Errorf("the folder %q: %w", *dir, err)
	}

	f := finder{
		override: os.Getenv(overrideVar),
		binDir:   binDir,
		lookPath: exec.LookPath,
		version:  cliVersion,
		install:  installTerraform,
		notes:    stderr,
	}
	path, err := f.find(ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(stdout, path)
	return err
}
