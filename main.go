// Command terraform-provider-falcon serves the Terraform provider for CrowdStrike Falcon integrations.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider"
)

// version is set by the release build.
var version = "dev"

func main() {
	if err := serve(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve() error {
	debug := flag.Bool("debug", false, "serve for a debugger such as delve")
	flag.Parse()
	if err := provider.SilenceLibraries(); err != nil {
		return err
	}
	return providerserver.Serve(context.Background(), provider.New(version), providerserver.ServeOpts{
		Address: "registry.terraform.io/falcon-integrations/falcon",
		Debug:   *debug,
	})
}
