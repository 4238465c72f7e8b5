package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/hc-install/product"
)

// overrideVar is also what terraform-plugin-testing reads, so one setting steers make and a bare `go test` alike.
const overrideVar = "TF_ACC_TERRAFORM_PATH"

// minVersion is the first release of both tools that knows write-only arguments, which falcon_webhook needs.
var minVersion = version.Must(version.NewVersion("1.11.0"))

// A finder looks for a usable CLI. Its functions are fields so that tests need neither a Terraform nor a network.
type finder struct {
	override string // a path that the user chose; empty for none
	binDir   string // absolute
	lookPath func(name string) (string, error)
	version  func(ctx context.Context, path string) (*version.Version, error)
	install  func(ctx context.Context, dir string) (string, error)
	notes    io.Writer
}

// find returns the absolute path of the CLI to use. A chosen path that does not serve is an error; any other candidate
// that does not serve is passed over with a remark.
func (f finder) find(ctx context.Context) (string, error) {
	if f.override != "" {
		path, err := f.lookPath(f.override)
		if err != nil {
			return "", fmt.Errorf("%s names a Terraform that can't be run: %w", overrideVar, err)
		}
		if err := f.check(ctx, path); err != nil {
			return "", fmt.Errorf("%s: %w", overrideVar, err)
		}
		return filepath.Abs(path)
	}

	for _, name := range []string{"terraform", "tofu", filepath.Join(f.binDir, product.Terraform.BinaryName())} {
		path, err := f.lookPath(name)
		if errors.Is(err, exec.ErrNotFound) || errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err == nil {
			err = f.check(ctx, path)
		}
		if err != nil {
			fmt.Fprintf(f.notes, "gettf: passed over: %v\n", err)
			continue
		}
		return filepath.Abs(path)
	}

	fmt.Fprintf(f.notes, "gettf: no terraform or tofu %s or newer on PATH: fetching Terraform %s into %s\n", minVersion, pinnedVersion, f.binDir)
	path, err := f.install(ctx, f.binDir)
	if err != nil {
		return "", fmt.Errorf("can't fetch Terraform %s (%w): put terraform or tofu, %s or newer, on PATH, or its path into %s",
			pinnedVersion, err, minVersion, overrideVar)
	}
	return path, nil
}

// check returns why the CLI at path can't be used, or nil.
func (f finder) check(ctx context.Context, path string) error {
	v, err := f.version(ctx, path)
	if err != nil {
		return fmt.Errorf("%s does not tell its version: %w", path, err)
	}
	// Core leaves out "-rc1" and the like: 1.11.0-beta1 already has what is needed.
	if v.Core().LessThan(minVersion) {
		return fmt.Errorf("%s is version %s, this provider needs %s or newer", path, v, minVersion)
	}
	return nil
}
