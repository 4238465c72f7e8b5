package acctest

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	frameworkprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
)

// Terraform starts the test binary as a provider under these names: what
// terraform-plugin-testing cannot do (generated configuration, state of another
// provider) is tried with the bare command.
var servedProviders = map[string]struct {
	source string
	make   func() tfprotov6.ProviderServer
}{
	"terraform-provider-falcon":      {"falcon-integrations/falcon", NewServer(provider.New("test")())},
	"terraform-provider-crowdstrike": {"crowdstrike/crowdstrike", NewServer(officialProvider{})},
}

// ProviderHost is the registry that provider addresses begin with: OpenTofu has one of its own.
func ProviderHost() string {
	if host := os.Getenv("TF_ACC_PROVIDER_HOST"); host != "" {
		return host
	}
	return "registry.terraform.io"
}

func init() {
	served, ok := servedProviders[filepath.Base(os.Args[0])]
	if !ok {
		return
	}
	if err := tf6server.Serve(ProviderHost()+"/"+served.source, served.make); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// TerraformCLI is a directory in which the real Terraform runs, with the test binary as its providers.
type TerraformCLI struct {
	t         *testing.T
	Dir, Path string
	rc        string
}

func NewTerraformCLI(t *testing.T) *TerraformCLI {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("Acceptance tests skipped unless env 'TF_ACC' set")
	}
	path := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if path == "" {
		var err error
		if path, err = exec.LookPath("terraform"); err != nil {
			t.Skip("SKIPPED: no terraform: set TF_ACC_TERRAFORM_PATH")
		}
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	c := &TerraformCLI{t: t, Dir: dir, Path: path, rc: filepath.Join(dir, "terraform.rc")}
	var overrides strings.Builder
	for name, served := range servedProviders {
		if err := os.Symlink(self, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&overrides, "    %q = %q\n", served.source, dir)
	}
	c.Write("terraform.rc", "provider_installation {\n  dev_overrides {\n"+overrides.String()+"  }\n  direct {}\n}\n")
	return c
}

func (c *TerraformCLI) Write(name, text string) {
	c.t.Helper()
	if err := os.WriteFile(filepath.Join(c.Dir, name), []byte(text), 0o600); err != nil {
		c.t.Fatal(err)
	}
}

// Run runs Terraform and gives its output; an exit status other than 0 and, for plans, 2 fails the test.
func (c *TerraformCLI) Run(args ...string) string {
	c.t.Helper()
	command := exec.CommandContext(c.t.Context(), c.Path, args...)
	command.Dir = c.Dir
	for _, entry := range os.Environ() {
		if !strings.HasPrefix(entry, "TF_") && !strings.HasPrefix(entry, "FALCON_") {
			command.Env = append(command.Env, entry)
		}
	}
	command.Env = append(command.Env, "TF_CLI_CONFIG_FILE="+c.rc, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1")
	var out bytes.Buffer
	command.Stdout, command.Stderr = &out, &out
	if err := command.Run(); err != nil && command.ProcessState.ExitCode() != 2 {
		c.t.Fatalf("terraform %s: %v\n%s", strings.Join(args, " "), err, out.String())
	}
	return out.String()
}

func (c *TerraformCLI) WantOutput(output, want string) {
	c.t.Helper()
	if !strings.Contains(output, want) {
		c.t.Errorf("the output lacks %q:\n%s", want, output)
	}
}

// officialProvider stands for CrowdStrike's own provider: Terraform asks it for the schema of what is moved.
type officialProvider struct{}

func (officialProvider) Metadata(_ context.Context, _ frameworkprovider.MetadataRequest, resp *frameworkprovider.MetadataResponse) {
	resp.TypeName = "crowdstrike"
}

func (officialProvider) Schema(context.Context, frameworkprovider.SchemaRequest, *frameworkprovider.SchemaResponse) {
}

func (officialProvider) Configure(context.Context, frameworkprovider.ConfigureRequest, *frameworkprovider.ConfigureResponse) {
}

func (officialProvider) DataSources(context.Context) []func() datasource.DataSource { return nil }

func (officialProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return officialWorkflow{} }}
}

// officialWorkflow is crowdstrike_fusion_soar_workflow with the attributes that design and documentation name.
type officialWorkflow struct{}

func (officialWorkflow) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "crowdstrike_fusion_soar_workflow"
}

func (officialWorkflow) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"id":         schema.StringAttribute{Computed: true},
		"definition": schema.StringAttribute{Required: true},
		"enabled":    schema.BoolAttribute{Optional: true},
	}}
}

func (officialWorkflow) Create(context.Context, resource.CreateRequest, *resource.CreateResponse) {}
func (officialWorkflow) Read(context.Context, resource.ReadRequest, *resource.ReadResponse)       {}
func (officialWorkflow) Update(context.Context, resource.UpdateRequest, *resource.UpdateResponse) {}
func (officialWorkflow) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}
