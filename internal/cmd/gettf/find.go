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

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/hc-install/product"
)

const (
	// overrideVar is also what terraform-plugin-testing reads, so one setting applies to make and to a bare `go test` alike.
	overrideVar = "TF_ACC_TERRAFORM_PATH"
	// buildVar refuses the build of OpenTofu with the value "never".
	buildVar = "GETTF_BUILD"
)

// minVersion is the first release of both tools with write-only arguments, which falcon_webhook needs.
var minVersion = version.Must(version.NewVersion("1.11.0"))

// tofuName is the file name of OpenTofu.
var tofuName = executable("tofu")

func executable(name string) string {
	if runtime.GOOS == "windows" {
		return name + ".exe"
	}
	return name
}

// A finder looks for a usable CLI. Its functions are fields so that tests need neither a Terraform nor a network.
type finder struct {
	override     string // a path that the user chose; empty for none
	buildRefused bool
	binDir       string // absolute
	lookPath     func(name string) (string, error)
	version      func(ctx context.Context, path string) (*version.Version, error)
	install      func(ctx context.Context, dir string) (string, error) // downloads Terraform
	build        func(ctx context.Context, dir string) (string, error) // builds OpenTofu
	notes        io.Writer
}

// find returns the absolute path of the CLI to use. A chosen path that is not usable is an error; any other candidate that is not
// usable is skipped with a note.
func (f finder) find(ctx context.Context) (string, error) {
	if f.override != "" {
		path, err := f.lookPath(f.override)
		if err != nil {
			return "", fmt.Errorf("%s names a Terraform that cannot be run: %w", overrideVar, err)
		}
		if err := f.check(ctx, path); err != nil {
			return "", fmt.Errorf("%s: %w", overrideVar, err)
		}
		return filepath.Abs(path)
	}

	for _, name := range []string{"terraform", "tofu", filepath.Join(f.binDir, product.Terraform.BinaryName()), filepath.Join(f.binDir, tofuName)} {
		path, err := f.lookPath(name)
		if errors.Is(err, exec.ErrNotFound) || errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err == nil {
			err = f.check(ctx, path)
		}
		if err != nil {
			fmt.Fprintf(f.notes, "gettf: skipped: %v\n", err)
			continue
		}
		return filepath.Abs(path)
	}
	return f.obtain(ctx)
}

// obtain downloads Terraform or, where that is not possible, builds OpenTofu.
func (f finder) obtain(ctx context.Context) (string, error) {
	advice := fmt.Sprintf("put terraform or tofu, %s or newer, on PATH, or set %s to its path", minVersion, overrideVar)
	fmt.Fprintf(f.notes, "gettf: no terraform or tofu %s or newer on PATH: downloading Terraform %s into %s\n", minVersion, pinnedVersion, f.binDir)
	path, downloadErr := f.install(ctx, f.binDir)
	if downloadErr == nil {
		return path, nil
	}
	if err := ctx.Err(); err != nil {
		return "", err
	}
	if f.buildRefused {
		return "", fmt.Errorf("cannot download Terraform %s (%w), and %s=never does not allow a build of OpenTofu: %s", pinnedVersion, downloadErr, buildVar, advice)
	}
	fmt.Fprintf(f.notes, "gettf: cannot download Terraform %s (%v)\n"+
		"gettf: building OpenTofu from its Go modules into %s instead, once. This takes five to ten minutes and 3 GB in Go's caches.\n"+
		"gettf: to avoid that, stop this, and %s. %s=never makes it an error.\n", pinnedVersion, downloadErr, f.binDir, advice, buildVar)
	path, err := f.build(ctx, f.binDir)
	if err == nil {
		err = f.check(ctx, path)
	}
	if err != nil {
		return "", fmt.Errorf("cannot download Terraform %s (%w) and cannot build OpenTofu (%w): %s", pinnedVersion, downloadErr, err, advice)
	}
	return path, nil
}

// check returns why the CLI at path cannot be used, or nil.
func (f finder) check(ctx context.Context, path string) error {
	v, err := f.version(ctx, path)
	if err != nil {
		return fmt.Errorf("%s does not report its version: %w", path, err)
	}
	// Core leaves out "-rc1" and the like: 1.11.0-beta1 already has what is needed.
	if v.Core().LessThan(minVersion) {
		return fmt.Errorf("%s is version %s, this provider needs %s or newer", path, v, minVersion)
	}
	return nil
}
