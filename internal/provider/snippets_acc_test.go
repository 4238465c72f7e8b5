package provider_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	goversion "github.com/hashicorp/go-version"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// A page says with a comment before a block that the block cannot stand alone, or needs more than this provider. Without
// one, a block is a complete configuration if it has required_providers, and otherwise a complete part of one.
const (
	snippetComplete  = "complete"                // planned and applied
	snippetPart      = "part"                    // validated
	snippetContinues = "continues"               // validated together with the block before it on the page
	snippetImports   = "imports"                 // has import blocks, which Terraform allows in a root module only
	snippetImports12 = "imports, Terraform 1.12" // imports by identity
	snippetQuery     = "query"                   // the content of a .tfquery.hcl file
	snippetOther     = "needs another provider"  // only its syntax and format are checked
)

// snippet is a block of configuration on a page.
type snippet struct {
	page, kind, text string
	line             int
}

func (s snippet) String() string { return fmt.Sprintf("%s:%d", s.page, s.line) }

var (
	snippetBlock     = regexp.MustCompile("(?m)^( *)(?:<!-- snippet: (.+) -->\n *)?```(?:terraform|hcl)\n((?s:.*?))^ *```$")
	snippetVariable  = regexp.MustCompile(`(?ms)^variable "(\w+)" \{\n(.*?)^\}`)
	snippetImport    = regexp.MustCompile(`(?m)^  to\s+= (\w+)\.`)
	snippetReference = regexp.MustCompile(`\b(?:file)\("(?:\$\{path\.module\}/)?([\w./-]+)"\)`)
)

// snippetFiles are the files that blocks read and pages describe in words.
var snippetFiles = map[string]string{
	"nightly.yaml":   acctest.SleepDocument,
	"workflow.yaml":  acctest.SleepDocument,
	"new-cases.yaml": strings.Replace(acctest.SleepDocument, "4f1af1ae4c13dc1e3bcd725f8dc0f63b", "falcon::action('Sleep').id", 1),
	"post.yaml":      strings.Replace(acctest.SleepDocument, "sleep_time: 1m", "sleep_time: \"@@slack@@\"", 1),
}

// snippetsOf finds the blocks of a page.
func snippetsOf(page, text string) []snippet {
	var found []snippet
	for _, m := range snippetBlock.FindAllStringSubmatchIndex(text, -1) {
		indent, kind := text[m[2]:m[3]], ""
		if m[4] >= 0 {
			kind = text[m[4]:m[5]]
		}
		block := strings.ReplaceAll("\n"+text[m[6]:m[7]], "\n"+indent, "\n")[1:]
		switch {
		case kind != "":
		case strings.Contains(block, "required_providers"):
			kind = snippetComplete
		default:
			kind = snippetPart
		}
		found = append(found, snippet{page: page, kind: kind, text: block, line: 1 + strings.Count(text[:m[6]], "\n")})
	}
	return found
}

// snippets are the blocks of all pages that a user reads. TestAccExamples covers those that pages include from examples/.
func snippets(t *testing.T) []snippet {
	t.Helper()
	var found []snippet
	for _, root := range []string{"README.md", "templates", "examples"} {
		err := filepath.WalkDir(acctest.RepoPath(root), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !slices.Contains([]string{".md", ".tmpl"}, filepath.Ext(path)) {
				return err
			}
			text, err := os.ReadFile(path) //nolint:gosec // a page of the repository
			if err != nil {
				return err
			}
			name, err := filepath.Rel(acctest.RepoPath(), path)
			if err != nil {
				return err
			}
			blocks := strings.Count(string(text), "```terraform\n") + strings.Count(string(text), "```hcl\n")
			of := snippetsOf(filepath.ToSlash(name), string(text))
			if len(of) != blocks {
				t.Errorf("%s has %d blocks, %d were found", name, blocks, len(of))
			}
			found = append(found, of...)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(found) < 20 {
		t.Errorf("only %d blocks were found", len(found))
	}
	return found
}

// withFiles writes a configuration and the files that it reads into a folder.
func withFiles(t *testing.T, folder, text string) {
	t.Helper()
	files := map[string]string{"main.tf": text}
	if !strings.Contains(text, "required_providers") {
		files["versions.tf"] = providerSource
	}
	for _, m := range snippetReference.FindAllStringSubmatch(text, -1) {
		if content, known := snippetFiles[m[1]]; known {
			files[m[1]] = content
		} else {
			t.Errorf("no file %s is known that a block reads", m[1])
		}
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// moduleCall calls a folder as a module, with null for variables without a default.
func moduleCall(name, text string) string {
	var arguments strings.Builder
	for _, v := range snippetVariable.FindAllStringSubmatch(text, -1) {
		if !regexp.MustCompile(`(?m)^  default\s+=`).MatchString(v[2]) {
			fmt.Fprintf(&arguments, "  %s = null\n", v[1])
		}
	}
	return fmt.Sprintf("module %q {\n  source = \"./%s\"\n%s}\n", name, name, arguments.String())
}

// Every block of every page is formatted and valid. Blocks that may be modules are validated together, in one process.
func TestAccSnippets(t *testing.T) {
	t.Parallel()
	w := acctest.NewTerraform(t, nil, nil)
	var root strings.Builder
	part := map[string]string{} // the text of the modules so far
	last := ""
	for i, s := range snippets(t) {
		name := fmt.Sprintf("block%02d", i)
		switch s.kind {
		case snippetComplete: // planned and applied by TestAccSnippets_complete
		case snippetPart:
			part[name], last = s.text, name
		case snippetContinues:
			part[last] += "\n" + s.text
		case snippetImports, snippetImports12, snippetQuery, snippetOther:
		default:
			t.Errorf("%s: nothing is known of blocks of the kind %q", s, s.kind)
		}
		// A name that leads to the page; .tf also for what older versions of Terraform do not know by its own ending.
		w.Write(fmt.Sprintf("%s_%s_%d.tf", name, strings.NewReplacer("/", "_", ".", "_").Replace(s.page), s.line), s.text)
	}
	if out, code := w.Attempt("fmt", "-check", "-diff"); code != 0 {
		t.Errorf("terraform fmt would change blocks, or cannot read them:\n%s", out)
	}

	together := acctest.NewTerraform(t, nil, nil)
	for name, text := range part {
		if strings.Contains(text, "\nimport {") || strings.HasPrefix(text, "import {") {
			alone := acctest.NewTerraform(t, nil, nil)
			withFiles(t, alone.Dir, text)
			alone.Run("validate")
			continue
		}
		withFiles(t, filepath.Join(together.Dir, name), text)
		root.WriteString(moduleCall(name, text))
	}
	together.Write("main.tf", providerSource+root.String())
	together.Run("init")
	together.Run("validate")
}

// The blocks with imports are valid with the example of their resource.
func TestAccSnippets_imports(t *testing.T) {
	t.Parallel()
	for _, s := range snippets(t) {
		if s.kind != snippetImports && s.kind != snippetImports12 {
			continue
		}
		t.Run(s.String(), func(t *testing.T) {
			t.Parallel()
			w := acctest.NewTerraform(t, nil, nil)
			if s.kind == snippetImports12 && !atLeastTerraform(t, w, "1.12.0") {
				t.Skipf("SKIPPED: imports by identity need Terraform 1.12. TestAccSnippets has read the block.")
			}
			for _, m := range snippetImport.FindAllStringSubmatch(s.text, -1) {
				if !slices.Contains([]string{acctest.APIClientType, hookResource, acctest.WorkflowType}, m[1]) {
					t.Errorf("%s cannot be imported", m[1])
				}
			}
			withFiles(t, w.Dir, s.text)
			if kind, found := strings.CutPrefix(s.page, "templates/resources/"); found {
				example := "resources/falcon_" + strings.TrimSuffix(kind, ".md.tmpl")
				w.Add(example, func(name string) bool { return name == "resource.tf" || filepath.Ext(name) == ".yaml" })
			}
			w.Run("validate")
		})
	}
}

func atLeastTerraform(t *testing.T, w *acctest.Terraform, version string) bool {
	t.Helper()
	m := regexp.MustCompile(`^(Terraform|OpenTofu) v([\d.]+)`).FindStringSubmatch(w.Run("version"))
	if m == nil {
		t.Fatal("the version is not known")
	}
	return m[1] == "Terraform" && goversion.Must(goversion.NewVersion(m[2])).GreaterThanOrEqual(goversion.Must(goversion.NewVersion(version)))
}

// A complete block works when it is pasted into an empty folder: it applies, plans empty, and is destroyed completely,
// also without its secret variables.
func TestAccSnippets_complete(t *testing.T) {
	t.Parallel()
	checkout, err := filepath.Abs(acctest.RepoPath())
	if err != nil {
		t.Fatal(err)
	}
	sources := regexp.MustCompile(`"github\.com/falcon-integrations/terraform-provider-falcon//([\w/]+)"`)
	modules, seen := 0, map[string]bool{}
	for _, s := range snippets(t) {
		if s.kind != snippetComplete || seen[s.text] { // the guides of integrations repeat the READMEs'
			continue
		}
		seen[s.text] = true
		if !strings.Contains(s.text, `version = "~> 0.1"`) || !strings.Contains(s.text, `provider "falcon" {`) {
			t.Errorf("%s: a complete block pins the version and configures the provider", s)
		}
		modules += len(sources.FindAllString(s.text, -1))
		t.Run(s.String(), func(t *testing.T) {
			t.Parallel()
			sim := acctest.NewSim(t, falconsim.Options{Readings: falconsim.WebhookWrites(), Hosts: 12, Users: 60})
			before := string(sim.Dump())
			w := acctest.NewTerraform(t, nil, exampleVariables)
			// Stands for the environment variables, which an in-process provider would share with other tests.
			w.Write("simulator_override.tf", acctest.ProviderConfig(sim))
			w.Write("main.tf", sources.ReplaceAllString(s.text, `"`+filepath.ToSlash(checkout)+`/$1"`))
			w.Run("init")
			w.Run("validate")
			w.Run("apply", "-auto-approve")
			w.WantPlan(false)
			w.Env = slices.DeleteFunc(w.Env, func(v string) bool { return strings.HasPrefix(v, "TF_VAR_hmac_secret=") })
			w.WantPlan(false)
			w.Run("destroy", "-auto-approve")
			if after := string(sim.Dump()); after != before {
				t.Errorf("the tenant has changed:\n%s\nbefore:\n%s", after, before)
			}
		})
	}
	if modules != len(exampleIntegrations(t)) {
		t.Errorf("%d examples are used as modules", modules)
	}
}

func TestSnippetsOf(t *testing.T) {
	t.Parallel()
	page := "a\n\n```terraform\nlocals {}\n```\n\n1. b\n\n   <!-- snippet: imports -->\n   ```hcl\n   import {\n     id = 1\n   }\n   ```\n\n```yaml\na: b\n```\n\n```terraform\nterraform {\n  required_providers {}\n}\n```\n"
	want := []snippet{
		{"p", snippetPart, "locals {}\n", 4}, {"p", snippetImports, "import {\n  id = 1\n}\n", 11},
		{"p", snippetComplete, "terraform {\n  required_providers {}\n}\n", 21},
	}
	if got := snippetsOf("p", page); !slices.Equal(got, want) {
		t.Errorf("the blocks are %+v", got)
	}
}
