package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// pipelineStep is a step of a GitHub workflow.
type pipelineStep struct {
	Uses string            `yaml:"uses"`
	Run  string            `yaml:"run"`
	With map[string]string `yaml:"with"`
}

var (
	yamlBlock      = regexp.MustCompile("(?s)\n```yaml\n(.*?)```")
	templateString = regexp.MustCompile(`\{\{ "(.*?)" \}\}`)
	makeInFolder   = regexp.MustCompile(`make -C (\S+) (\S+)`)
	makeTarget     = regexp.MustCompile(`(?m)^([\w-]+):`)
)

// The drift guide's pipeline runs as written: it builds the provider in the folder that it has checked out, with a target
// that exists, points Terraform to the file that this target writes, and does all of this before terraform init.
func TestDriftPipeline(t *testing.T) {
	t.Parallel()
	read := func(parts ...string) string {
		text, err := os.ReadFile(filepath.Join(append([]string{root}, parts...)...))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	block := yamlBlock.FindStringSubmatch(read("templates", "guides", "drift-and-posture-checks.md.tmpl"))
	if block == nil {
		t.Fatal("the guide has no pipeline")
	}
	var pipeline struct {
		Jobs map[string]struct {
			Steps []pipelineStep `yaml:"steps"`
		} `yaml:"jobs"`
	}
	if err := yaml.Unmarshal([]byte(templateString.ReplaceAllString(block[1], "$1")), &pipeline); err != nil {
		t.Fatal(err)
	}
	steps := pipeline.Jobs["plan"].Steps
	step := func(matches func(pipelineStep) bool) int {
		return slices.IndexFunc(steps, matches)
	}
	checkout := step(func(s pipelineStep) bool {
		return s.With["repository"] == "falcon-integrations/terraform-provider-falcon"
	})
	build := step(func(s pipelineStep) bool { return makeInFolder.MatchString(s.Run) })
	goVersion := step(func(s pipelineStep) bool { return strings.HasPrefix(s.Uses, "actions/setup-go@") })
	initialize := step(func(s pipelineStep) bool { return strings.HasPrefix(s.Run, "terraform init") })
	plan := step(func(s pipelineStep) bool { return strings.Contains(s.Run, "terraform plan") })
	if checkout < 0 || goVersion < checkout || build < goVersion || initialize < build || plan < initialize {
		t.Fatalf("checkout, Go, build, init and plan are the steps %d, %d, %d, %d and %d", checkout, goVersion, build, initialize, plan)
	}
	folder := steps[checkout].With["path"]
	called, makefile := makeInFolder.FindStringSubmatch(steps[build].Run), read("GNUmakefile")
	exists := slices.ContainsFunc(makeTarget.FindAllStringSubmatch(makefile, -1), func(m []string) bool { return m[1] == called[2] })
	if called[1] != folder || !exists {
		t.Errorf("%s: the provider is in %q, and the targets of GNUmakefile are others", called[0], folder)
	}
	if config := "bin/mirror.tfrc"; !strings.Contains(steps[build].Run, "TF_CLI_CONFIG_FILE=$PWD/"+folder+"/"+config) || !strings.Contains(makefile, ">"+config) {
		t.Error("TF_CLI_CONFIG_FILE is not the file that the target writes")
	}
	if file, found := strings.CutPrefix(steps[goVersion].With["go-version-file"], folder+"/"); !found || read(file) == "" {
		t.Errorf("Go's version is not taken from the provider's repository: %v", steps[goVersion].With)
	}
}
