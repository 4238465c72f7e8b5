package score_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/echoprovider"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// echoed checks the ephemeral value that the echo provider stores in its state.
func echoed(attribute string, check knownvalue.Check) statecheck.StateCheck {
	return acctest.Expect("echo.test", "data."+attribute, check)
}

func TestAccScores_ephemeral(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{Users: 1100, Hosts: 40})
	echo := func(kind string, arguments string) string {
		return acctest.ProviderConfig(sim) + fmt.Sprintf("ephemeral %q \"test\" {\n  %s\n}\nprovider \"echo\" {\n  data = ephemeral.%s.test\n}\nresource \"echo\" \"test\" {}\n", kind, arguments, kind)
	}
	providers := map[string]func() (tfprotov6.ProviderServer, error){
		"falcon": acctest.Factories()["falcon"],
		"echo":   echoprovider.NewProviderServer(),
	}
	run := func(steps ...resource.TestStep) {
		resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: providers, Steps: steps})
	}
	run(
		resource.TestStep{Config: echo("falcon_user_scores", "min_score = 0.7\n  max_score = 0.6"), ExpectError: acctest.MatchWords("Contradictory score range")},
		resource.TestStep{
			Config: echo("falcon_user_scores", "rows = \"list\"\n  limit = 5\n  include = [\"roles\"]"),
			ConfigStateChecks: []statecheck.StateCheck{
				echoed("matched", knownvalue.Int64Exact(1100)),
				echoed("users", knownvalue.ListSizeExact(5)),
				echoed("truncated", knownvalue.Bool(true)),
				echoed("summary.count", knownvalue.Int64Exact(1100)),
			},
		},
	)
	run(
		resource.TestStep{Config: echo("falcon_host_scores", "min_score = 70\n  max_score = 60"), ExpectError: acctest.MatchWords("Contradictory score range")},
		resource.TestStep{
			Config: echo("falcon_host_scores", "rows = \"json\"\n  limit = 0"),
			ConfigStateChecks: []statecheck.StateCheck{
				echoed("matched", knownvalue.Int64Exact(assessed(sim))),
				echoed("hosts", knownvalue.Null()),
				echoed("rows_json", knownvalue.NotNull()),
			},
		},
	)
}
