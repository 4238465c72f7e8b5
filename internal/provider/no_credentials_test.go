package provider_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// Without a provider block, Terraform puts "requires explicit configuration" above every error of ConfigureProvider.
func TestConfigure_withoutBlock(t *testing.T) {
	for _, name := range []string{"CLIENT_ID", "CLIENT_SECRET", "ACCESS_TOKEN", "CLOUD", "BASE_URL", "MEMBER_CID", "MAX_RETRIES", "WEBHOOK_WRITES"} {
		t.Setenv("FALCON_"+name, "")
	}
	schema, err := acctest.ProviderSchema()
	if err != nil {
		t.Fatal(err)
	}
	start := func(t *testing.T) *acctest.Protocol {
		t.Helper()
		server := acctest.NewServer(provider.NewWithTransport("test", noNetwork{t})())()
		return &acctest.Protocol{T: t, Server: server, Schema: schema, Resource: acctest.WorkflowType}
	}
	for name, tt := range map[string]struct {
		environment map[string]string
		want        string
	}{
		"no credentials": {nil, "Missing Falcon credentials: The provider needs an API client"},
		"only an id":     {map[string]string{"FALCON_CLIENT_ID": "x"}, "Missing provider argument: The provider needs both"},
		"unknown cloud":  {map[string]string{"FALCON_CLIENT_ID": "x", "FALCON_CLIENT_SECRET": "y", "FALCON_CLOUD": "us2"}, "Invalid environment variable FALCON_CLOUD: FALCON_CLOUD is used for the provider argument cloud: "},
	} {
		t.Run(name, func(t *testing.T) {
			for variable, value := range tt.environment {
				t.Setenv(variable, value)
			}
			p := start(t)
			p.WantNoError(p.Configure(acctest.Arguments{}))
			_, planned := p.Plan(p.None(), acctest.WorkflowArguments)
			_, read := p.Data("falcon_tenant", acctest.Arguments{})
			_, opened := p.Open("falcon_integration_probe", acctest.Arguments{"integration": "cortex_xsoar", "client_id": "x"})
			summary, _, _ := strings.Cut(tt.want, ":")
			reference := fmt.Sprintf("%s: The provider is not configured. Another error of this run, %q, has the details.", summary, summary)
			for _, use := range []struct {
				of    string
				diags []*tfprotov6.Diagnostic
				want  string
			}{{"plan", planned, tt.want}, {"data source", read, reference}, {"ephemeral resource", opened, reference}} {
				text := acctest.Messages(use.diags, tfprotov6.DiagnosticSeverityError)
				if !strings.HasPrefix(text, use.want) || strings.Count(text, "\n") > 0 {
					t.Errorf("%s: got %q, want one error that begins with %q", use.of, text, use.want)
				}
			}
		})
	}
	t.Run("with a block", func(t *testing.T) {
		text := acctest.Messages(start(t).Configure(acctest.Arguments{"cloud": "us-2"}), tfprotov6.DiagnosticSeverityError)
		if !strings.HasPrefix(text, "client_id: Missing Falcon credentials: ") {
			t.Errorf("got %q", text)
		}
	})
}

func TestAccConfigure_withoutBlock(t *testing.T) {
	t.Parallel()
	w := acctest.NewTerraform(t, nil, nil)
	w.Write("main.tf", acctest.RequiredFalcon+`
data "falcon_tenant" "this" {
  count = 3
}
`)
	out := w.RunExit(1, "plan")
	// After an error, Terraform may leave out objects that it has not begun to read.
	n := strings.Count(out, "Error: Missing Falcon credentials")
	if n < 1 || n > 3 || strings.Count(out, "Error: ") != n || strings.Count(out, "FALCON_CLIENT_SECRET") != 1 {
		t.Errorf("got:\n%s", out)
	}
}

// noNetwork fails a test that sends a request.
type noNetwork struct{ t *testing.T }

// RoundTrip implements http.RoundTripper.
func (n noNetwork) RoundTrip(req *http.Request) (*http.Response, error) {
	n.t.Errorf("sent %s %s", req.Method, req.URL.Path)
	return nil, http.ErrServerClosed
}
