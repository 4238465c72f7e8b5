package score_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

const (
	testScore  = "data.falcon_host_score.test"
	testScores = "data.falcon_host_scores.test"
)

func hostData(name string, arguments ...string) string {
	return fmt.Sprintf("data %q \"test\" {\n  %s\n}\n", name, strings.Join(arguments, "\n  "))
}

func putHost(t *testing.T, sim *falconsim.Running, h falconsim.Host) string {
	t.Helper()
	id, err := sim.PutHost(h)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestAccHostScore(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	seen := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	older := putHost(t, sim, falconsim.Host{Hostname: "twin", Overall: 10, OS: 10, Sensor: 10, LastSeen: seen})
	newer := putHost(t, sim, falconsim.Host{Hostname: "TWIN", Overall: 42, OS: 65, Sensor: 2, LastSeen: seen.Add(time.Hour)})
	fresh := putHost(t, sim, falconsim.Host{Hostname: "fresh", NotAssessed: true})
	quote := func(name, value string) string { return fmt.Sprintf("%s = %q", name, value) }

	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{Config: acctest.ProviderConfig(sim) + hostData("falcon_host_score", quote("hostname", "twi")), ExpectError: regexp.MustCompile(`no host named "twi"`)},
			{Config: acctest.ProviderConfig(sim) + hostData("falcon_host_score", quote("agent_id", coretest.OtherConfigID)), ExpectError: regexp.MustCompile(coretest.OtherConfigID)},
			{Config: acctest.ProviderConfig(sim) + hostData("falcon_host_score"), ExpectError: regexp.MustCompile(`(?s)agent_id.*hostname`)},
			{Config: acctest.ProviderConfig(sim) + hostData("falcon_host_score", quote("hostname", "x"), quote("agent_id", older)), ExpectError: regexp.MustCompile(`(?s)agent_id.*hostname`)},
			{
				Config: acctest.ProviderConfig(sim) + hostData("falcon_host_score", quote("hostname", "twin")),
				ConfigStateChecks: []statecheck.StateCheck{
					acctest.Expect(testScore, "agent_id", knownvalue.StringExact(newer)),
					acctest.Expect(testScore, "overall", knownvalue.Int64Exact(42)),
					acctest.Expect(testScore, "os", knownvalue.Int64Exact(65)),
					acctest.Expect(testScore, "sensor_config", knownvalue.Int64Exact(2)),
				},
			},
			{
				Config:            acctest.ProviderConfig(sim) + hostData("falcon_host_score", quote("agent_id", strings.ToUpper(older))),
				ConfigStateChecks: []statecheck.StateCheck{acctest.Expect(testScore, "overall", knownvalue.Int64Exact(10)), acctest.Expect(testScore, "hostname", knownvalue.Null())},
			},
			{
				Config:            acctest.ProviderConfig(sim) + hostData("falcon_host_score", quote("agent_id", fresh)),
				ConfigStateChecks: []statecheck.StateCheck{acctest.Expect(testScore, "overall", knownvalue.Null())},
			},
			{
				Config: acctest.ProviderConfig(sim) + "resource \"terraform_data\" \"id\" {\n  input = \"" + older + "\"\n}\n" + hostData("falcon_host_score", "agent_id = terraform_data.id.output"),
			},
		},
	})
}

func TestAccHostScore_missingScope(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	const secret = "secret-of-the-weak-client"
	sim.AddClient(coretest.OtherConfigID, secret, []string{"devices:read"})
	sim.AddClient(coretest.TestConfigID, secret, []string{"zero-trust-assessment:read"})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{Config: acctest.ProviderConfigFor(sim, coretest.OtherConfigID, secret) + hostData("falcon_host_scores"), ExpectError: regexp.MustCompile("zero-trust-assessment:read")},
			{Config: acctest.ProviderConfigFor(sim, coretest.TestConfigID, secret) + hostData("falcon_host_score", `hostname = "x"`), ExpectError: regexp.MustCompile("devices:read")},
		},
	})
}

func TestAccHostScores(t *testing.T) {
	t.Parallel()
	const hosts = 1205 // more than one page of the listing
	sim := acctest.NewSim(t, falconsim.Options{Hosts: hosts})
	one := sim.Hosts()[7]
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{Config: acctest.ProviderConfig(sim) + hostData("falcon_host_scores", "min_score = 60", "max_score = 50"), ExpectError: regexp.MustCompile("Contradictory score range")},
			{Config: acctest.ProviderConfig(sim) + hostData("falcon_host_scores", "max_score = 101"), ExpectError: regexp.MustCompile("between 0 and 100")},
			{
				Config: acctest.ProviderConfig(sim) + hostData("falcon_host_scores"),
				ConfigStateChecks: []statecheck.StateCheck{
					acctest.Expect(testScores, "matched", knownvalue.Int64Exact(assessed(sim))),
					acctest.Expect(testScores, "returned", knownvalue.Int64Exact(0)),
					acctest.Expect(testScores, "truncated", knownvalue.Bool(false)),
					acctest.Expect(testScores, "hosts", knownvalue.Null()),
					acctest.Expect(testScores, "summary.count", knownvalue.Int64Exact(assessed(sim))),
					acctest.Expect(testScores, "summary.histogram", knownvalue.ListSizeExact(10)),
				},
			},
			{
				Config: acctest.ProviderConfig(sim) + hostData("falcon_host_scores", `rows = "list"`, "limit = 3", "detail = true", `sort = "score|desc"`),
				ConfigStateChecks: []statecheck.StateCheck{
					acctest.Expect(testScores, "hosts", knownvalue.ListSizeExact(3)),
					acctest.Expect(testScores, "truncated", knownvalue.Bool(true)),
					statecheck.ExpectKnownValue(testScores, tfjsonpath.New("hosts").AtSliceIndex(2).AtMapKey("os"), knownvalue.NotNull()),
				},
			},
			{
				Config:            acctest.ProviderConfig(sim) + hostData("falcon_host_scores", `rows = "json"`, "limit = 0") + "output \"n\" {\n  value = length(jsondecode(data.falcon_host_scores.test.rows_json))\n}\n",
				ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownOutputValue("n", knownvalue.Int64Exact(assessed(sim)))},
			},
			{
				Config: acctest.ProviderConfig(sim) + hostData("falcon_host_scores", fmt.Sprintf("agent_ids = [%q, %q]", one.AgentID, coretest.OtherConfigID), `rows = "list"`),
				ConfigStateChecks: []statecheck.StateCheck{
					acctest.Expect(testScores, "not_found", knownvalue.ListExact([]knownvalue.Check{knownvalue.StringExact(coretest.OtherConfigID)})),
					acctest.Expect(testScores, "summary.average", knownvalue.Int64Exact(int64(one.Overall))),
				},
			},
			{
				Config:            acctest.ProviderConfig(sim) + hostData("falcon_host_scores", "agent_ids = []"),
				ConfigStateChecks: []statecheck.StateCheck{acctest.Expect(testScores, "matched", knownvalue.Int64Exact(0)), acctest.Expect(testScores, "summary.average", knownvalue.Null())},
			},
		},
	})
}

// assessed returns the number of hosts with a score.
func assessed(sim *falconsim.Running) int64 {
	var n int64
	for _, h := range sim.Hosts() {
		if !h.NotAssessed {
			n++
		}
	}
	return n
}
