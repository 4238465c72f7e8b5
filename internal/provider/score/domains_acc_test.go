package score_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

func TestAccDomains(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	names := func(list ...string) knownvalue.Check {
		var checks []knownvalue.Check
		for _, name := range list {
			checks = append(checks, knownvalue.StringExact(name))
		}
		return knownvalue.ListExact(checks)
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{Config: acctest.ProviderConfig(sim) + hostData("falcon_domains", `data_sources = ["LDAP"]`), ExpectError: acctest.MatchWords("ACTIVE_DIRECTORY")},
			{Config: acctest.ProviderConfig(sim) + hostData("falcon_domains", "data_sources = []"), ExpectError: acctest.MatchWords("at least 1")},
			{
				Config: acctest.ProviderConfig(sim) + hostData("falcon_domains", `data_sources = ["ACTIVE_DIRECTORY"]`),
				ConfigStateChecks: []statecheck.StateCheck{
					acctest.Expect("data.falcon_domains.test", "domains", names("CORP.EXAMPLE.COM", "EMEA.EXAMPLE.COM", "LAB.EXAMPLE.COM")),
				},
			},
			{
				Config: acctest.ProviderConfig(sim) + hostData("falcon_domains"),
				ConfigStateChecks: []statecheck.StateCheck{
					acctest.Expect("data.falcon_domains.test", "domains", names("CORP.EXAMPLE.COM", "EMEA.EXAMPLE.COM", "EXAMPLE.OKTA.COM", "LAB.EXAMPLE.COM")),
				},
			},
		},
	})
}

func TestAccDomainAssessment(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	if err := sim.SetAssessmentScore("CORP.EXAMPLE.COM", 0.7); err != nil {
		t.Fatal(err)
	}
	const secret, address = "secret-of-the-weak-client", "data.falcon_domain_assessment.test"
	sim.AddClient(coretest.OtherConfigID, secret, []string{"identity-graphql:write", "identity-entities:read"})
	factor := func(attribute string) statecheck.StateCheck {
		return statecheck.ExpectKnownValue(address, tfjsonpath.New("factors").AtSliceIndex(0).AtMapKey(attribute), knownvalue.NotNull())
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{Config: acctest.ProviderConfig(sim) + hostData("falcon_domain_assessment", `domain = "CORP.EXAMPLE.ORG"`), ExpectError: acctest.MatchWords(`has no domain "CORP.EXAMPLE.ORG" .*Did you mean CORP.EXAMPLE.COM`)},
			{Config: acctest.ProviderConfig(sim) + hostData("falcon_domain_assessment", `domain = "zzzzzzzzzzzz"`), ExpectError: acctest.MatchWords(`Its domains are CORP.EXAMPLE.COM`)},
			{Config: acctest.ProviderConfigFor(sim, coretest.OtherConfigID, secret) + hostData("falcon_domain_assessment", `domain = "CORP.EXAMPLE.COM"`), ExpectError: acctest.MatchWords("identity-assessment:read")},
			{
				Config: acctest.ProviderConfig(sim) + hostData("falcon_domain_assessment", `domain = "corp.example.com"`) +
					"output \"at_threshold\" {\n  value = data.falcon_domain_assessment.test.overall_score < 0.7 || data.falcon_domain_assessment.test.overall_score > 0.7\n}\n",
				ConfigStateChecks: []statecheck.StateCheck{
					acctest.Expect(address, "domain", knownvalue.StringExact("corp.example.com")),
					acctest.Expect(address, "overall_level", knownvalue.StringExact("HIGH")),
					factor("type"), factor("label"), factor("description"), factor("severity"), factor("likelihood"), factor("level"), factor("last_update"), factor("recommendations"),
					statecheck.ExpectKnownOutputValue("at_threshold", knownvalue.Bool(false)),
				},
			},
		},
	})
}

func TestAccHostScoreSummary(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{Hosts: 60})
	const address = "data.falcon_host_score_summary.test"
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{{
			Config: acctest.ProviderConfig(sim) + hostData("falcon_host_score_summary"),
			ConfigStateChecks: []statecheck.StateCheck{
				acctest.Expect(address, "hosts", knownvalue.Int64Exact(assessed(sim))),
				acctest.Expect(address, "average_overall", knownvalue.NotNull()),
				acctest.Expect(address, "cid", knownvalue.NotNull()),
				acctest.Expect(address, "platforms", knownvalue.ListSizeExact(3)),
			},
		}},
	})
}
