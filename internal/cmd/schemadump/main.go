// Command schemadump writes the provider's schema to standard output, in the
// form of `terraform providers schema -json`. It asks the provider server
// itself: a Terraform before 1.14 leaves out list resources and actions, one
// before 1.12 identities, and OpenTofu all three, so pages generated
// from their output would depend on what is on the PATH.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider"
)

func main() {
	if err := dump(context.Background(), providerserver.NewProtocol6(provider.New("dev")())(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "schemadump:", err)
		os.Exit(1)
	}
}

// schemaServer is the part of a provider server that describes it.
type schemaServer interface {
	GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error)
	GetResourceIdentitySchemas(context.Context, *tfprotov6.GetResourceIdentitySchemasRequest) (*tfprotov6.GetResourceIdentitySchemasResponse, error)
}

// dump writes the schema under the name falcon, where tfplugindocs looks for
// it. An error diagnostic of the server is an error.
func dump(ctx context.Context, server schemaServer, out io.Writer) error {
	schema, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return err
	}
	identity, err := server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		return err
	}
	if err := failure(append(schema.Diagnostics, identity.Diagnostics...)); err != nil {
		return err
	}
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(document{
		FormatVersion: "1.0",
		Providers:     map[string]providerJSON{"falcon": providerOf(schema, identity)},
	})
}

func failure(diagnostics []*tfprotov6.Diagnostic) error {
	var all []error
	for _, d := range diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			all = append(all, fmt.Errorf("%s: %s", d.Summary, d.Detail))
		}
	}
	return errors.Join(all...)
}
