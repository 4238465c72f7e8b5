// Command terraform-provider-falcon serves the Terraform provider for CrowdStrike Falcon integrations.
package main

import (
	"flag"
	"log"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider"
)

// version is set by the release build.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "serve for a debugger such as delve")
	flag.Parse()

	var options []tf6server.ServeOpt
	if *debug {
		options = append(options, tf6server.WithManagedDebug())
	}
	if err := tf6server.Serve("registry.terraform.io/falcon-integrations/falcon", provider.Server(version), options...); err != nil {
		log.Fatal(err)
	}
}
