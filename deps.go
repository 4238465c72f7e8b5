//go:build deps

package main

import (
	_ "filippo.io/age"
	_ "filippo.io/age/armor"
	_ "filippo.io/age/agessh"
	_ "github.com/agnivade/levenshtein"
	_ "github.com/crowdstrike/gofalcon/falcon/client/api_clients"
	_ "github.com/crowdstrike/gofalcon/falcon/client/api_integrations"
	_ "github.com/crowdstrike/gofalcon/falcon/client/hosts"
	_ "github.com/crowdstrike/gofalcon/falcon/client/identity_protection"
	_ "github.com/crowdstrike/gofalcon/falcon/client/oauth2"
	_ "github.com/crowdstrike/gofalcon/falcon/client/sensor_download"
	_ "github.com/crowdstrike/gofalcon/falcon/client/workflows"
	_ "github.com/crowdstrike/gofalcon/falcon/client/zero_trust_assessment"
	_ "github.com/goccy/go-yaml"
	_ "github.com/hashicorp/hc-install"
	_ "github.com/hashicorp/terraform-exec/tfexec"
	_ "github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	_ "github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	_ "github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	_ "github.com/hashicorp/terraform-plugin-framework/providerserver"
	_ "github.com/hashicorp/terraform-plugin-log/tflog"
	_ "github.com/hashicorp/terraform-plugin-testing/helper/resource"
	_ "github.com/vektah/gqlparser/v2"
	_ "go.uber.org/goleak"
	_ "go.yaml.in/yaml/v4"
)

func main() {}
