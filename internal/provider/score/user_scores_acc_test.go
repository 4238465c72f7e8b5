package score_test

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
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

// usersWhere counts the users of the tenant, by its own records.
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

func TestAccUserScores_badInput(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{Users: 20})
	const secret = "secret-of-the-weak-client"
	sim.AddClient(coretest.OtherConfigID, secret, []string{"identity-entities:read"})
	sim.AddClient(coretest.TestConfigID, secret, []string{"identity-graphql:write"})
	var steps []resource.TestStep
	for _, tt := range []struct {
		arguments []string
		says      string
	}{
		{[]string{"min_score = 0.7", "max_score = 0.6"}, `min_score \(0\.7\) is above max_score \(0\.6\)`},
		{[]string{"min_score = 0.651", "max_score = 0.659"}, `none lies between`},
		{[]string{"max_score = 1.01"}, "Risk score out of range"},
		{[]string{"min_score = -0.1"}, "Risk score out of range"},
		{[]string{"limit = 0", `rows = "list"`}, "limit = 0"},
		{[]string{"limit = -1"}, "Invalid Attribute Value"},
		{[]string{"max_concurrency = 0"}, "Invalid Attribute Value"},
		{[]string{`severity = "CRITICAL"`}, "HIGH"},
		{[]string{`min_severity = "HIGH"`, `max_severity = "NORMAL"`}, "Contradictory severities"},
		{[]string{`severity = "HIGH"`, `max_severity = "HIGH"`}, "Contradictory severities"},
		{[]string{`entity_ids = ["no uuid"]`}, "Invalid entity id"},
		{[]string{`include = ["everything"]`}, "risk_factors"},
		{[]string{`domains = ["corp.example.org"]`}, `Did you mean CORP\.EXAMPLE\.COM`},
		{[]string{`domains = ["CORP.EXAMPLE.COM", "nowhere"]`}, `has no domain "nowhere"`},
		{[]string{`roles = ["NoSuchRole"]`}, "NoSuchRole"},
	} {
		steps = append(steps, resource.TestStep{Config: acctest.ProviderConfig(sim) + hostData("falcon_user_scores", tt.arguments...), ExpectError: acctest.MatchWords(tt.says)})
	}
	steps = append(steps,
		resource.TestStep{Config: acctest.ProviderConfigFor(sim, coretest.OtherConfigID, secret) + hostData("falcon_user_scores"), ExpectError: acctest.MatchWords("identity-graphql:write")},
		resource.TestStep{Config: acctest.ProviderConfigFor(sim, coretest.TestConfigID, secret) + hostData("falcon_user_scores"), ExpectError: acctest.MatchWords("identity-entities:read")},
	)
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: acctest.Factories(), Steps: steps})
}

// TestAccUserScores_exact compares all 101 scores with two decimals with
// themselves and their neighbours, as a check would: by way of float64, 0.70
// would be below 0.7.
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
  count     = 101
  min_score = local.values[count.index]
  max_score = local.values[count.index]
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

// TestAccUserScores_netskope compares with what the public plugin's rules give
// (wire/integrations.md#netskope), worked out from the tenant's own records.
func TestAccUserScores_netskope(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{Users: 4500}) // enough to be read in parts
	type record struct {
		EntityID string `json:"entity_id"`
		Email    string `json:"email"`
		Netskope int    `json:"netskope_score"`
	}
	var want []record
	for _, u := range sim.Users() {
		if !u.Archived && len(u.EmailAddresses) > 0 && percentOf(u) >= 10 {
			want = append(want, record{u.EntityID, u.EmailAddresses[0], int(math.Abs(float64(100-percentOf(u)))) * 10})
		}
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{{
			Config: acctest.ProviderConfig(sim) + hostData("falcon_user_scores", "archived = false", "require_email = true", "min_score = 0.1", `rows = "json"`, "limit = 0"),
			Check: func(s *terraform.State) error {
				var got []record
				if err := json.Unmarshal([]byte(s.RootModule().Resources[testUsers].Primary.Attributes["rows_json"]), &got); err != nil {
					return err
				}
				if !slices.Equal(got, want) {
					return fmt.Errorf("%d records, want %d; or they differ", len(got), len(want))
				}
				return nil
			},
		}},
	})
}

func TestAccUserScores_faults(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{Users: 1500})
	rows := acctest.ProviderConfig(sim) + hostData("falcon_user_scores", `rows = "json"`, "limit = 0")
	fault := func(f falconsim.Fault) func() {
		return func() {
			f.Path = acctest.GraphqlPath
			sim.ClearFaults()
			acctest.Inject(t, sim, f)
		}
	}
	noState := resource.ComposeTestCheckFunc(resource.TestCheckResourceAttr(testUsers, "returned", "1500"))
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{PreConfig: fault(falconsim.Fault{Kind: falconsim.FaultStatus, Status: 200, Skip: 1, Body: `{"data":null,"errors":[{"message":"the planets are not aligned"}]}`}), Config: rows, ExpectError: acctest.MatchWords(`planets are not aligned`)},
			{PreConfig: fault(falconsim.Fault{Kind: falconsim.FaultStatus, Status: http.StatusTooManyRequests, Skip: 1, Times: 1, Header: http.Header{"X-Ratelimit-Retryafter": {"1"}}}), Config: rows, Check: noState},
			{PreConfig: fault(falconsim.Fault{Kind: falconsim.FaultStatus, Status: http.StatusUnauthorized, Skip: 1, Times: 1}), Config: rows, Check: noState},
			{PreConfig: fault(falconsim.Fault{Kind: falconsim.FaultTruncate, Skip: 1, Times: 1}), Config: rows, Check: noState},
		},
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
