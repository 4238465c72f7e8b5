package score_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

const (
	testUser  = "data.falcon_user_score.test"
	testUsers = "data.falcon_user_scores.test"
)

func putUser(t *testing.T, sim *falconsim.Running, u falconsim.User) string {
	t.Helper()
	id, err := sim.PutUser(u)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// usersWhere counts the tenant's users for which is returns true.
func usersWhere(sim *falconsim.Running, is func(falconsim.User) bool) int64 {
	var n int64
	for _, u := range sim.Users() {
		if is(u) {
			n++
		}
	}
	return n
}

func percentOf(u falconsim.User) int { return int(math.Round(u.RiskScore * 100)) }

func TestAccUserScores(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{Users: 2300})
	alive := func(u falconsim.User) bool { return !u.Archived }
	inRange := func(u falconsim.User) bool { return percentOf(u) >= 40 && percentOf(u) <= 65 }
	all := usersWhere(sim, func(falconsim.User) bool { return true })
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: acctest.ProviderConfig(sim) + hostData("falcon_user_scores", "average = true"),
				ConfigStateChecks: []statecheck.StateCheck{
					acctest.Expect(testUsers, "matched", knownvalue.Int64Exact(all)),
					acctest.Expect(testUsers, "returned", knownvalue.Int64Exact(0)),
					acctest.Expect(testUsers, "truncated", knownvalue.Bool(false)),
					acctest.Expect(testUsers, "users", knownvalue.Null()),
					acctest.Expect(testUsers, "rows_json", knownvalue.Null()),
					acctest.Expect(testUsers, "summary.count", knownvalue.Int64Exact(all)),
					acctest.Expect(testUsers, "summary.average", knownvalue.NotNull()),
					acctest.Expect(testUsers, "summary.without_email", knownvalue.Int64Exact(usersWhere(sim, func(u falconsim.User) bool { return len(u.EmailAddresses) == 0 }))),
					acctest.Expect(testUsers, "summary.histogram", knownvalue.ListSizeExact(10)),
				},
			},
			{
				Config: acctest.ProviderConfig(sim) + hostData("falcon_user_scores", "archived = false", "min_score = 0.4", "max_score = 0.65", `rows = "json"`, "limit = 0", "average = true"),
				ConfigStateChecks: []statecheck.StateCheck{
					acctest.Expect(testUsers, "matched", knownvalue.Int64Exact(usersWhere(sim, func(u falconsim.User) bool { return alive(u) && inRange(u) }))),
					acctest.Expect(testUsers, "returned", knownvalue.Int64Exact(usersWhere(sim, func(u falconsim.User) bool { return alive(u) && inRange(u) }))),
					acctest.Expect(testUsers, "summary.count", knownvalue.Int64Exact(usersWhere(sim, func(u falconsim.User) bool { return alive(u) && inRange(u) }))),
				},
			},
			{
				Config: acctest.ProviderConfig(sim) + hostData("falcon_user_scores", `rows = "list"`, "limit = 3", `sort = "score|desc"`, `include = ["accounts", "risk_factors", "roles"]`, "max_concurrency = 8"),
				ConfigStateChecks: []statecheck.StateCheck{
					acctest.Expect(testUsers, "users", knownvalue.ListSizeExact(3)),
					acctest.Expect(testUsers, "truncated", knownvalue.Bool(true)),
					firstUser("risk_factors", knownvalue.NotNull()), firstUser("roles", knownvalue.NotNull()), firstUser("enabled", knownvalue.NotNull()),
				},
			},
			{
				Config:            acctest.ProviderConfig(sim) + hostData("falcon_user_scores", `rows = "list"`, "limit = 3"),
				ConfigStateChecks: []statecheck.StateCheck{firstUser("risk_factors", knownvalue.Null()), firstUser("roles", knownvalue.Null()), firstUser("accounts", knownvalue.Null())},
			},
			{
				Config:            acctest.ProviderConfig(sim) + hostData("falcon_user_scores", "admin = true", `rows = "list"`),
				ConfigStateChecks: []statecheck.StateCheck{firstUser("admin", knownvalue.Bool(true)), acctest.Expect(testUsers, "truncated", knownvalue.Bool(false))},
			},
			{
				Config:            acctest.ProviderConfig(sim) + hostData("falcon_user_scores", "domains = []", `rows = "list"`, "average = true"),
				ConfigStateChecks: []statecheck.StateCheck{acctest.Expect(testUsers, "matched", knownvalue.Int64Exact(0)), acctest.Expect(testUsers, "users", knownvalue.ListSizeExact(0)), acctest.Expect(testUsers, "summary.average", knownvalue.Null())},
			},
		},
	})
}

func firstUser(attribute string, check knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(testUsers, tfjsonpath.New("users").AtSliceIndex(0).AtMapKey(attribute), check)
}

// All 101 scores with two decimals compare correctly with themselves and their neighbors in a configuration. After a
// conversion to float64, 0.70 would be below 0.7.
func TestAccUserScores_exact(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	for i := range 101 {
		// Falcon's bounds act on the unrounded score, rows show the rounded one.
		for _, off := range []float64{-0.004, 0, 0.004} {
			score := min(1, max(0, float64(i)/100+off))
			putUser(t, sim, falconsim.User{PrimaryDisplayName: fmt.Sprintf("%.2f", float64(i)/100), RiskScore: score})
		}
	}
	const configuration = `
locals {
  values = [for i in range(101) : tonumber(format("%d.%02d", floor(i / 100), i % 100))]
  scores = distinct(data.falcon_user_scores.all.users[*].risk_score)
}
data "falcon_user_scores" "all" {
  rows = "list"
  sort = "score|asc"
}
data "falcon_user_scores" "one" {
  count     = 21
  min_score = local.values[5 * count.index]
  max_score = local.values[5 * count.index]
}
output "wrong" {
  value = flatten([for i, s in local.scores : [for j in range(max(0, i - 1), min(101, i + 2)) : "${s} and ${local.values[j]}" if
    (s < local.values[j]) != (i < j) || (s <= local.values[j]) != (i <= j) || (s > local.values[j]) != (i > j) ||
    (s >= local.values[j]) != (i >= j) || (s == local.values[j]) != (i == j)
  ]])
}
output "wrong_user" {
  value = [for u in data.falcon_user_scores.all.users : u.display_name if
    u.risk_score != tonumber(u.display_name) || u.risk_score != local.values[u.risk_percent] || u.netskope_score != (100 - u.risk_percent) * 10
  ]
}
output "counts" {
  value = toset([for d in data.falcon_user_scores.one : d.matched])
}
output "users" {
  value = length(data.falcon_user_scores.all.users)
}
`
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{{
			Config: acctest.ProviderConfig(sim) + configuration,
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownOutputValue("wrong", knownvalue.ListSizeExact(0)),
				statecheck.ExpectKnownOutputValue("wrong_user", knownvalue.ListSizeExact(0)),
				statecheck.ExpectKnownOutputValue("counts", knownvalue.SetExact([]knownvalue.Check{knownvalue.Int64Exact(3)})),
				statecheck.ExpectKnownOutputValue("users", knownvalue.Int64Exact(303)),
			},
		}},
	})
}

func TestAccUserScore(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{Users: 30})
	account := func(domain, sam string, enabled bool) falconsim.Account {
		return falconsim.Account{Source: "ACTIVE_DIRECTORY", Domain: domain, SamAccountName: sam, UPN: sam + "@" + strings.ToLower(domain), Enabled: enabled}
	}
	zoe := putUser(t, sim, falconsim.User{
		PrimaryDisplayName: "Zoe", EmailAddresses: []string{"zoe@example.com", "z@example.com"}, RiskScore: 0.7, Roles: []string{"DomainAdminsRole"},
		RiskFactors: []falconsim.RiskFactor{{Type: "AGED_PASSWORD", Severity: "HIGH", Score: 0.7}},
		Accounts:    []falconsim.Account{account("CORP.EXAMPLE.COM", "zoe", false), account("LAB.EXAMPLE.COM", "zoe.lab", true)},
	})
	twin := putUser(t, sim, falconsim.User{PrimaryDisplayName: "Old Zoe", EmailAddresses: []string{"z@example.com"}, Archived: true, Accounts: []falconsim.Account{account("EMEA.EXAMPLE.COM", "ZOE", true)}})
	ask := func(arguments ...string) string {
		return acctest.ProviderConfig(sim) + hostData("falcon_user_score", arguments...)
	}
	isZoe := []statecheck.StateCheck{
		acctest.Expect(testUser, "entity_id", knownvalue.StringExact(zoe)),
		acctest.Expect(testUser, "risk_percent", knownvalue.Int64Exact(70)),
		acctest.Expect(testUser, "netskope_score", knownvalue.Int64Exact(300)),
		acctest.Expect(testUser, "admin", knownvalue.Bool(true)),
		acctest.Expect(testUser, "enabled", knownvalue.Bool(true)),
		acctest.Expect(testUser, "emails", knownvalue.ListSizeExact(2)),
		acctest.Expect(testUser, "accounts", knownvalue.ListSizeExact(2)),
		acctest.Expect(testUser, "risk_factors", knownvalue.ListSizeExact(1)),
	}
	with := func(more ...statecheck.StateCheck) []statecheck.StateCheck {
		return append(slices.Clone(isZoe), more...)
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{Config: ask(), ExpectError: acctest.MatchWords(`email.*entity_id`)},
			{Config: ask(`email = "x@example.com"`, `upn = "x"`), ExpectError: acctest.MatchWords(`email.*entity_id`)},
			{Config: ask(`email = "x@example.com"`, `domain = "CORP.EXAMPLE.COM"`), ExpectError: acctest.MatchWords("sam_account_name")},
			{Config: ask(`email = "nobody@example.com"`), ExpectError: acctest.MatchWords(`no user with the email address "nobody@example.com"`)},
			{Config: ask(`sam_account_name = "zoe"`, `domain = "CORP.EXAMPL.COM"`), ExpectError: acctest.MatchWords(`in the domain "CORP\.EXAMPL\.COM".*Did you mean CORP\.EXAMPLE\.COM`)},
			{Config: ask(`email = "z@example.com"`), ExpectError: acctest.MatchWords(`2 users with.*(` + zoe + `|` + twin + `).*entity_id`)},
			{Config: ask(`sam_account_name = "zoe"`), ExpectError: acctest.MatchWords(`2 users with.*, or domain`)},
			{Config: ask(`email = "ZOE@example.com"`), ConfigStateChecks: with(acctest.Expect(testUser, "email", knownvalue.StringExact("ZOE@example.com")), acctest.Expect(testUser, "upn", knownvalue.StringExact("zoe@corp.example.com")))},
			{Config: ask(fmt.Sprintf("entity_id = %q", zoe)), ConfigStateChecks: with(acctest.Expect(testUser, "email", knownvalue.StringExact("zoe@example.com")))},
			{Config: ask(`sam_account_name = "zoe"`, `domain = "corp.example.com"`), ConfigStateChecks: isZoe},
			{Config: ask(`upn = "zoe.lab@lab.example.com"`), ConfigStateChecks: with(acctest.Expect(testUser, "domain", knownvalue.StringExact("LAB.EXAMPLE.COM")), acctest.Expect(testUser, "sam_account_name", knownvalue.StringExact("zoe.lab")))},
			{Config: acctest.ProviderConfig(sim) + "resource \"terraform_data\" \"id\" {\n  input = \"" + zoe + "\"\n}\n" + hostData("falcon_user_score", "entity_id = terraform_data.id.output")},
		},
	})
}
