package provider_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// With id and secret swapped, no request is sent and no error shows the secret. The error does not refer to client_id, whose
// line Terraform would print.
func TestConfigure_swappedCredentials(t *testing.T) {
	for _, name := range []string{"CLIENT_ID", "CLIENT_SECRET", "ACCESS_TOKEN", "CLOUD", "BASE_URL", "MEMBER_CID", "MAX_RETRIES", "WEBHOOK_WRITES"} {
		t.Setenv("FALCON_"+name, "")
	}
	const id, secret = "0123456789abcdef0123456789abcdef", "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hI6kL9n"
	schema, err := acctest.ProviderSchema()
	if err != nil {
		t.Fatal(err)
	}
	for name, block := range map[string]acctest.Arguments{
		"in the block":       {"client_id": secret, "client_secret": id, "cloud": "us-2"},
		"in the environment": {"cloud": "us-2"},
	} {
		t.Run(name, func(t *testing.T) {
			if block["client_id"] == nil {
				t.Setenv("FALCON_CLIENT_ID", secret)
				t.Setenv("FALCON_CLIENT_SECRET", id)
			}
			server := acctest.NewServer(provider.NewWithTransport("test", noNetwork{t})())()
			p := &acctest.Protocol{T: t, Server: server, Schema: schema, Resource: acctest.WorkflowType}
			text := acctest.Messages(p.Configure(block), tfprotov6.DiagnosticSeverityError)
			if !strings.HasPrefix(text, "Invalid client_id: The value of client_id looks like a client secret.") || strings.Contains(text, secret) {
				t.Errorf("got %q", text)
			}
		})
	}
}
