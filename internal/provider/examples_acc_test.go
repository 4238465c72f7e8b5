package provider_test

import (
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

// exampleVariables are values for the variables of examples that have no default.
var exampleVariables = map[string]string{
	"hmac_secret": coretest.TestKey,
	"webhook_url": "https://receiver.example/falcon",
}

// existing creates the objects that an example requires, by the example's folder.
var existing = map[string]func(*testing.T, *falconsim.Running){
	"data-sources/falcon_api_client": func(t *testing.T, sim *falconsim.Running) {
		t.Helper()
		if _, _, err := acctest.ConsoleClient(t, sim).CreateAPIClient(t.Context(), falcon.APIClientSpec{Name: "Receiver", Scopes: []string{"alerts:read"}}); err != nil {
			t.Fatal(err)
		}
	},
	"data-sources/falcon_webhook": func(t *testing.T, sim *falconsim.Running) {
		t.Helper()
		if _, err := sim.CreatePluginConfig("Receiver", acctest.WebhookURL, coretest.TestKey, ""); err != nil {
			t.Fatal(err)
		}
	},
	"data-sources/falcon_workflow": acctest.CreateNightlyCheck,
}

// notApplied are the folders whose examples are tested elsewhere, or cannot be applied to a simulator, with the reason.
var notApplied = map[string]string{
	"integrations": "TestAccIntegrations",
	"fleet":        "TestAccFleet",
	"testing":      "make test-module",
	"actions":      "they need Terraform 1.14: TestAccAction",
	"provider":     "it names one of CrowdStrike's clouds",
	"recipes":      "they need a certain Terraform or OpenTofu: TestAccRecipe_...",
}

// providerSource is what every user's configuration has, but not every page. Terraform does not find functions without it.
const providerSource = `terraform {
  required_providers {
    falcon = { source = "falcon-integrations/falcon" }
  }
}
`

// exampleFiles returns the configurations below examples/, so that new ones are covered automatically.
func exampleFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(acctest.ExamplesDir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(acctest.ExamplesDir, path)
		if err != nil {
			return err
		}
		if entry.IsDir() && notApplied[filepath.ToSlash(name)] != "" {
			return fs.SkipDir
		}
		if filepath.Ext(name) == ".tf" && !strings.HasPrefix(entry.Name(), "import") { // those are part of another configuration
			files = append(files, filepath.ToSlash(name))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// Every example can be applied as it is, has an empty plan afterwards, and leaves nothing behind after destroy.
func TestAccExamples(t *testing.T) {
	t.Parallel()
	files := exampleFiles(t)
	for _, want := range []string{"resources/falcon_api_client/resource.tf", "data-sources/falcon_tenant/data-source.tf"} {
		if !slices.Contains(files, want) {
			t.Errorf("%s is not among the examples found: %v", want, files)
		}
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(file, ".tf"), func(t *testing.T) {
			t.Parallel()
			folder := filepath.ToSlash(filepath.Dir(file))
			sim := acctest.NewSim(t, falconsim.Options{Readings: falconsim.WebhookWrites(), Hosts: 12, Users: 60, MemberCIDs: []string{childCID}})
			if prepare := existing[folder]; prepare != nil {
				prepare(t, sim)
			}
			before := string(sim.Dump())
			w := acctest.NewTerraform(t, sim, exampleVariables)
			w.Add(folder, func(name string) bool { return name == filepath.Base(file) || filepath.Ext(name) != ".tf" })
			if !strings.Contains(acctest.Example(t, file), "required_providers") {
				w.Write("versions.tf", providerSource)
			}
			w.Run("init")
			w.Run("apply", "-auto-approve")
			w.WantPlan(false)
			if before == string(sim.Dump()) {
				return
			}
			w.Run("destroy", "-auto-approve")
			if after := string(sim.Dump()); after != before {
				t.Errorf("the tenant has changed:\n%s\nbefore:\n%s", after, before)
			}
		})
	}
}

func TestAccExamples_format(t *testing.T) {
	t.Parallel()
	w := acctest.NewTerraform(t, nil, nil)
	dir, err := filepath.Abs(acctest.ExamplesDir)
	if err != nil {
		t.Fatal(err)
	}
	if out, code := w.Attempt("fmt", "-check", "-recursive", "-diff", dir); code != 0 {
		t.Errorf("make fmt would change examples:\n%s", out)
	}
}
