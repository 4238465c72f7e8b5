package provider_test

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

// lookUp is a data source named "test" with its arguments.
func lookUp(sim *falconsim.Running, typeName string, arguments ...string) string {
	return acctest.ProviderConfig(sim) + fmt.Sprintf("data %q \"test\" {\n  %s\n}\n", typeName, strings.Join(arguments, "\n  "))
}

func TestAccAPIClientData(t *testing.T) {
	t.Parallel()
	const address = "data.falcon_api_client.test"
	for name, opts := range map[string]falconsim.Options{
		"usual":                  {},
		"other keys and objects": {Readings: falconsim.Readings{"Q01": "b", "Q02": "b", "Q03": "b", "Q04": "c", "Q06": "b"}},
		"scopes hidden":          {Readings: falconsim.Readings{"Q03": "c", "Q04": "b"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := acctest.NewSim(t, opts)
			console := acctest.Operator(t, sim)
			var last string
			for n := range 24 { // more than Falcon's page of 10
				made, _, err := console.CreateAPIClient(context.Background(), falcon.APIClientSpec{Name: fmt.Sprintf("client %d", n), Description: "found", Scopes: []string{"devices:read"}})
				if err != nil {
					t.Fatal(err)
				}
				last = made.ID
			}
			var scopes knownvalue.Check = knownvalue.SetExact([]knownvalue.Check{knownvalue.StringExact("devices:read")})
			if opts.Readings["Q03"] == "c" {
				scopes = knownvalue.Null()
			}
			checks := []statecheck.StateCheck{
				statecheck.ExpectKnownValue(address, tfjsonpath.New("id"), knownvalue.StringExact(last)),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("client_id"), knownvalue.StringExact(last)),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("name"), knownvalue.StringExact("client 23")),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("description"), knownvalue.StringExact("found")),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("scopes"), scopes),
			}
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.Factories(),
				Steps: []resource.TestStep{
					{Config: lookUp(sim, "falcon_api_client", `name = "client"`), ExpectError: regexp.MustCompile(`no\s+API\s+client\s+named\s+"client"`)},
					{Config: lookUp(sim, "falcon_api_client", fmt.Sprintf("id = %q", coretest.OtherConfigID)), ExpectError: regexp.MustCompile(`no\s+API\s+client\s+with\s+the\s+id`)},
					{Config: lookUp(sim, "falcon_api_client"), ExpectError: regexp.MustCompile(`(?s)Missing Attribute Configuration.*id,name`)},
					{Config: lookUp(sim, "falcon_api_client", `name = "x"`, fmt.Sprintf("id = %q", last)), ExpectError: regexp.MustCompile(`Invalid Attribute Combination`)},
					{Config: lookUp(sim, "falcon_api_client", `name = "client 23"`), ConfigStateChecks: checks},
					{Config: lookUp(sim, "falcon_api_client", fmt.Sprintf("id = %q", last)), ConfigStateChecks: checks},
				},
			})
		})
	}
}

func TestAccWebhookData(t *testing.T) {
	t.Parallel()
	const address = "data.falcon_webhook.test"
	sim := acctest.NewSim(t, falconsim.Options{})
	id := acctest.ConsoleHook(t, sim, acctest.WebhookURL)
	var slack falconsim.PluginConfig
	for _, c := range sim.PluginConfigs() {
		if c.ID != id {
			slack = c
		}
	}
	is := func(attribute, want string) statecheck.StateCheck {
		return statecheck.ExpectKnownValue(address, tfjsonpath.New(attribute), knownvalue.StringExact(want))
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			// The name alone means the CrowdStrike Webhook app; another app has to be named.
			{Config: lookUp(sim, "falcon_webhook", fmt.Sprintf("name = %q", slack.Name)), ExpectError: regexp.MustCompile(`(?s)Configuration not found.*` + id)},
			{Config: lookUp(sim, "falcon_webhook", fmt.Sprintf("app_id = %q", slack.AppID)), ConfigStateChecks: []statecheck.StateCheck{is("id", slack.ID), is("name", slack.Name)}},
			{Config: lookUp(sim, "falcon_webhook", fmt.Sprintf("definition_id = %q", slack.DefinitionID), fmt.Sprintf("name = %q", slack.Name)), ConfigStateChecks: []statecheck.StateCheck{is("id", slack.ID)}},
			{Config: lookUp(sim, "falcon_webhook", fmt.Sprintf("app_id = %q", slack.AppID), `name = "zscaler"`), ExpectError: regexp.MustCompile(`Configuration not found`)},
			{
				Config:            lookUp(sim, "falcon_webhook", `name = "zscaler"`),
				ConfigStateChecks: []statecheck.StateCheck{is("id", id), is("config_id", id), is("url", acctest.WebhookURL), is("signature_header", acctest.SignatureHeader), is("state", "active")},
			},
			{Config: lookUp(sim, "falcon_webhook"), ExpectError: regexp.MustCompile(`At least one of these attributes`)},
			{
				PreConfig:   func() { acctest.TwinHook(t, sim) },
				Config:      lookUp(sim, "falcon_webhook", `name = "zscaler"`),
				ExpectError: regexp.MustCompile(`(?s)Multiple configurations match.*` + id),
			},
			{Config: lookUp(sim, "falcon_webhook", fmt.Sprintf("id = %q", id)), ConfigStateChecks: []statecheck.StateCheck{is("name", "zscaler")}},
		},
	})
}

// The functions as Terraform calls them; what they compute is tested without it.
func TestAccFunctions(t *testing.T) {
	t.Parallel()
	output := func(value string) string { return "output \"test\" {\n  value = " + value + "\n}\n" }
	is := func(c knownvalue.Check) []statecheck.StateCheck {
		return []statecheck.StateCheck{statecheck.ExpectKnownOutputValue("test", c)}
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config:            output(`sort(provider::falcon::scopes({ "Hosts" = "read-write" }))`),
				ConfigStateChecks: is(knownvalue.ListExact([]knownvalue.Check{knownvalue.StringExact("devices:read"), knownvalue.StringExact("devices:write")})),
			},
			{Config: output(`provider::falcon::scopes({ "Hots" = "read" })`), ExpectError: regexp.MustCompile(`(?s)nearest:\s+"Hosts"`)},
			{
				Config:            output("provider::falcon::workflow_document(\"id: @@id@@ $${data}\", { id = \"x\" })"),
				ConfigStateChecks: is(knownvalue.StringExact("id: x ${data}")),
			},
			{Config: output(`provider::falcon::netskope_score(0.29)`), ConfigStateChecks: is(knownvalue.Int64Exact(710))},
			{Config: output(`provider::falcon::netskope_score(29)`), ExpectError: regexp.MustCompile(`from 0 to 1`)},
			{Config: output(`provider::falcon::webhook_signature("k", "t", "b")`), ConfigStateChecks: is(knownvalue.StringExact("wh/DfSuiLD2TFHFuyaR2bFKAjlmJIKxLQmKeFcUIIqc="))},
		},
	})
}
