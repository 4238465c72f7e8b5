// Command terraform-provider-falcon serves the Terraform provider for CrowdStrike Falcon integrations.
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

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

	var options []tf6server.ServeOpt
	if *debug {
		options = append(options, tf6server.WithManagedDebug())
	}
	return tf6server.Serve("registry.terraform.io/falcon-integrations/falcon", provider.Server(version), options...)
}
