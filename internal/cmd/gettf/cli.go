package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/hc-install/product"
	"github.com/hashicorp/hc-install/releases"
)

// pinnedVersion is what is fetched where no CLI is found: the release that the tests are known to pass with.
const pinnedVersion = "1.11.4"

const (
	versionTimeout = 30 * time.Second
	installTimeout = 5 * time.Minute
)

// cliVersion asks the terraform or tofu at path for its version. Both answer under the key terraform_version.
func cliVersion(ctx context.Context, path string) (*version.Version, error) {
	ctx, cancel := context.WithTimeout(ctx, versionTimeout)
	defer cancel()

	cmd := exec.CommandContext(ctx, path, "version", "-json")
	// Neither the user's CLI configuration nor a call home has a say in which version this is.
	cmd.Env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+os.DevNull, "CHECKPOINT_DISABLE=1")
	out, err := cmd.Output()
	if err != nil {
		return nil, err
	}
	return parseVersion(out)
}

func parseVersion(out []byte) (*version.Version, error) {
	var answer struct {
		Version string `json:"terraform_version"`
	}
	if err := json.Unmarshal(out, &answer); err != nil {
		return nil, fmt.Errorf("`version -json` answered no JSON: %w", err)
	}
	if answer.Version == "" {
		return nil, errors.New("`version -json` has no terraform_version")
	}
	return version.NewVersion(answer.Version)
}

// installTerraform puts the pinned Terraform into dir and returns its path. hc-install checks the archive against
// HashiCorp's signed checksums.
func installTerraform(ctx context.Context, dir string) (string, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return "", err
	}
	release := &releases.ExactVersion{
		Product:    product.Terraform,
		Version:    version.Must(version.NewVersion(pinnedVersion)),
		InstallDir: dir,
		Timeout:    installTimeout,
	}
	return release.Install(ctx)
}
