// Command terraform-provider-falcon serves the Terraform provider for CrowdStrike Falcon integrations.
package main

import (
	"context"
	"flag"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider"
)

// version is set by the release build.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "serve for a debugger such as delve")
	flag.Parse()

	err := providerserver.Serve(context.Background(), provider.New(version), providerserver.ServeOpts{
		Address: "registry.terraform.io/falcon-integrations/falcon",
		Debug:   *debug,
	})
	if err != nil {
		log.Fatal(err)
	}
}
