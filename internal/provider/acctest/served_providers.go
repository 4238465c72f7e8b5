package acctest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	frameworkprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider"
)

// servedProviders are the providers that the test binary serves when it is started by that name.
var servedProviders = map[string]struct {
	source string
	make   func() tfprotov6.ProviderServer
}{
	"terraform-provider-falcon":      {"falcon-integrations/falcon", NewServer(provider.New("test")())},
	"terraform-provider-crowdstrike": {"crowdstrike/crowdstrike", NewServer(officialProvider{})},
}

// ProviderHost is the registry in provider addresses. OpenTofu has its own.
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

// officialProvider is a stand-in for CrowdStrike's provider, which Terraform asks for the schema of a moved resource.
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

// officialWorkflow is crowdstrike_fusion_soar_workflow with the attributes that its documentation lists.
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
