package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/hc-install/product"
	"github.com/hashicorp/hc-install/releases"
)

// pinnedVersion is the Terraform that is downloaded where no CLI is found: a release that the tests pass with.
const pinnedVersion = "1.11.4"

const (
	versionTimeout = 30 * time.Second
	// probeTimeout is how long the download server has to respond. Where a firewall drops packets, this is all that is lost.
	probeTimeout   = 8 * time.Second
	installTimeout = 5 * time.Minute
)

// probeURL is a small file of the release that is downloaded.
const probeURL = "https://releases.hashicorp.com/terraform/" + pinnedVersion + "/terraform_" + pinnedVersion + "_SHA256SUMS"

// cliVersion returns the version of the terraform or tofu at path. Both report it under the key terraform_version.
func cliVersion(ctx context.Context, path string) (*version.Version, error) {
	ctx, cancel := context.WithTimeout(ctx, versionTimeout)
	defer cancel()

	cmd := exec.CommandContext(ctx, path, "version", "-json")
	// The user's CLI configuration and the check for updates must not change the result.
	cmd.Env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+os.DevNull, "CHECKPOINT_DISABLE=1")
	out, err := cmd.Output()
	if err != nil {
		return nil, err
	}
	return parseVersion(out)
}

func parseVersion(out []byte) (*version.Version, error) {
	var response struct {
		Version string `json:"terraform_version"`
	}
	if err := json.Unmarshal(out, &response); err != nil {
		return nil, fmt.Errorf("the output of `version -json` is not JSON: %w", err)
	}
	if response.Version == "" {
		return nil, errors.New("the output of `version -json` has no terraform_version")
	}
	return version.NewVersion(response.Version)
}

// probe returns why nothing can be downloaded from url, or nil. It takes seconds, where a download would wait for minutes.
func probe(ctx context.Context, transport http.RoundTripper, url string) error {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	response, err := (&http.Client{Transport: transport}).Do(request)
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("%s did not respond within %s", request.URL.Host, probeTimeout)
	}
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s responded with %s", request.URL.Host, response.Status)
	}
	return errors.Join(err, response.Body.Close())
}

// installTerraform downloads the pinned Terraform into dir and returns its path. hc-install checks the archive against
// HashiCorp's signed checksums.
func installTerraform(ctx context.Context, dir string) (string, error) {
	if err := probe(ctx, http.DefaultTransport, probeURL); err != nil {
		return "", err
	}
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

// tofuBuilder returns a function that builds the OpenTofu that the Go module in the folder module pins into a folder, and
// returns its path.
func tofuBuilder(module string, notes io.Writer) func(ctx context.Context, dir string) (string, error) {
	return func(ctx context.Context, dir string) (string, error) {
		path := filepath.Join(dir, tofuName)
		return path, report(notes, "OpenTofu", command(ctx, notes, []string{"CGO_ENABLED=0"},
			"go", "-C", module, "build", "-ldflags", "-X github.com/opentofu/opentofu/version.dev=no", "-o", path, "github.com/opentofu/opentofu/cmd/tofu"))
	}
}
