package acctest

import (
	"encoding/json"
	"path/filepath"
	"strings"

	goversion "github.com/hashicorp/go-version"
)

// CLI returns whether the program is OpenTofu, and its version.
func (w *Terraform) CLI() (isTofu bool, version *goversion.Version) {
	w.t.Helper()
	var about struct {
		Version string `json:"terraform_version"` // of OpenTofu, too
	}
	if err := json.Unmarshal([]byte(w.Run("version", "-json")), &about); err != nil {
		w.t.Fatal(err)
	}
	version, err := goversion.NewVersion(about.Version)
	if err != nil {
		w.t.Fatal(err)
	}
	return strings.HasPrefix(filepath.Base(w.Program), "tofu"), version
}

// NeedTerraform skips the test unless the program is Terraform of this version or newer. what is what the test needs it for.
func (w *Terraform) NeedTerraform(version, what string) {
	w.t.Helper()
	w.need(false, "Terraform", version, what)
}

// NeedOpenTofu skips the test unless the program is OpenTofu of this version or newer. what is what the test needs it for.
func (w *Terraform) NeedOpenTofu(version, what string) {
	w.t.Helper()
	w.need(true, "OpenTofu", version, what)
}

func (w *Terraform) need(tofu bool, name, version, what string) {
	w.t.Helper()
	isTofu, v := w.CLI()
	if isTofu != tofu || v.Core().LessThan(goversion.Must(goversion.NewVersion(version))) {
		w.t.Skipf("SKIPPED: %s %s %s, this is %s %s.", what, name, version, filepath.Base(w.Program), v)
	}
}
