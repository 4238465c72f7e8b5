package identity

import (
	"reflect"
	"testing"
	"time"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/random"
)

// filterTenant returns a tenant with two users and three hosts.
func filterTenant(t *testing.T) *tester {
	t.Helper()
	c := newTester(t, tenantOptions{})
	month := func(n int) time.Time { return random.SeededAt.AddDate(0, n, 0) }
	for _, u := range []User{
		{
			EntityID: "11111111-1111-4111-8111-111111111111", PrimaryDisplayName: "Ada Berg", SecondaryDisplayName: `CORP.EXAMPLE.COM\ada`,
			EmailAddresses: []string{"Ada@example.com", "ada.berg@example.com"}, RiskScore: 0.9, Roles: []string{"HumanUserAccountRole", "DomainAdminsRole"},
			RiskFactors: []RiskFactor{{Type: "WEAK_PASSWORD", Severity: "HIGH", Score: 0.9}}, Watched: true, LastActivity: month(-1),
			Accounts: []Account{
				{Source: "ACTIVE_DIRECTORY", Domain: "CORP.EXAMPLE.COM", SamAccountName: "ada", OU: "CORP.EXAMPLE.COM/IT", Department: "IT", ObjectSID: "S-1-5-1",
					Enabled: true, Created: month(-2), Expires: month(2), Password: Password{Weak: true, LastChange: month(-3)}},
				{Source: "AZURE", Tenant: "example.onmicrosoft.com", Enabled: false, Created: month(-20)},
			},
		},
		{
			EntityID: "22222222-2222-4222-8222-222222222222", PrimaryDisplayName: "Backup Service", RiskScore: 0.2, Archived: true, Stale: true, Inactive: true,
			Roles: []string{"ProgrammaticUserAccountRole"},
			Accounts: []Account{{Source: "ACTIVE_DIRECTORY", Domain: "LAB.EXAMPLE.COM", SamAccountName: "svc-backup", Created: month(-30),
				Locked: true, Password: Password{Exposed: true, Aged: true, NeverEnds: true}, SPNs: []string{"HTTP/x"}}},
		},
	} {
		if _, err := c.putUser(u); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

func TestFilters(t *testing.T) {
	t.Parallel()
	c := filterTenant(t)
	host := c.hosts[0]
	for arguments, want := range map[string]int{
		`types:[USER]`:           2,
		`types:[ENDPOINT]`:       3,
		`types:[USER,ENDPOINT]`:  5,
		`types:[]`:               5,
		`types:USER`:             2,
		`archived:null`:          5,
		`archived:true`:          1,
		`watched:true`:           1,
		`stale:true`:             1,
		`inactive:true`:          1,
		`accountLocked:true`:     1,
		`hasWeakPassword:true`:   1,
		`hasAnySPN:true`:         1,
		`hasLinkedAccounts:true`: 1,
		`cloudEnabled:true`:      1,
		`cloudOnly:true`:         0,
		`hasAgent:true`:          3,
		`all:[{types:[USER],neverLoggedOn:true}]`:                                                 1,
		`types:[USER],enabled:true`:                                                               1,
		`types:[USER],enabled:false`:                                                              2, // any account
		`types:[USER],domains:["corp.example.com"]`:                                               1,
		`domains:["CORP.EXAMPLE.COM","lab.example.com"],types:[USER]`:                             2,
		`types:[USER],domainPattern:"*.example.com"`:                                              2,
		`emailAddresses:["ADA.BERG@example.com"]`:                                                 1,
		`emailAddressPattern:"ada*"`:                                                              1,
		`emailAddressPattern:"berg"`:                                                              0,
		`primaryDisplayNames:["Ada Berg"]`:                                                        1,
		`primaryDisplayNames:["ada berg"]`:                                                        0,
		`primaryDisplayNamePattern:"*BERG"`:                                                       1,
		`secondaryDisplayNames:["CORP.EXAMPLE.COM\\ada"]`:                                         1,
		`secondaryDisplayNamePattern:"corp*ada"`:                                                  1,
		`samAccountNames:["ADA"]`:                                                                 1,
		`samAccountNamePattern:"svc-*"`:                                                           1,
		`objectSids:["S-1-5-1"]`:                                                                  1,
		`departments:["it"]`:                                                                      1,
		`ouPattern:"*/IT"`:                                                                        1,
		`tenants:["example.onmicrosoft.com"]`:                                                     1,
		`dataSources:[AZURE]`:                                                                     1,
		`entityIds:["22222222-2222-4222-8222-222222222222"]`:                                      1,
		`roles:[AdminAccountRole]`:                                                                1,
		`roles:[DomainAdminsRole]`:                                                                1,
		`roles:[EnterpriseAdminsRole]`:                                                            0,
		`roles:[HumanUserAccountRole,ProgrammaticUserAccountRole]`:                                2,
		`roleGroups:[[HumanUserAccountRole],[AdminAccountRole]]`:                                  1,
		`types:[USER],not:{roles:[AdminAccountRole]}`:                                             1,
		`riskFactorTypes:[WEAK_PASSWORD]`:                                                         1,
		`types:[USER],minRiskScoreSeverity:HIGH`:                                                  1,
		`types:[USER],maxRiskScoreSeverity:NORMAL`:                                                1,
		`types:[USER],any:[{riskScoreLowerBound:0.5},{archived:true}]`:                            2,
		`types:[USER],all:[{hasEmailAddress:false}]`:                                              1,
		`accountCreationStartTime:"P-12M",types:[USER]`:                                           1,
		`types:[USER],accountCreationEndTime:"2026-01-01"`:                                        2,
		`accountExpirationStartTime:"P0D",accountExpirationEndTime:"P3M"`:                         1,
		`types:[USER],mostRecentActivityEndTime:"P-1D"`:                                           1,
		`types:[USER],passwordLastChangeStartTime:"P-1Y"`:                                         1,
		`types:[USER],accountQuery:{domains:["CORP.EXAMPLE.COM"],enabled:true}`:                   1,
		`types:[USER],accountQuery:{domains:["CORP.EXAMPLE.COM"],enabled:false}`:                  0, // no one account fits both
		`types:[USER],businessRoles:[REGULAR]`:                                                    1,
		`userAccountControlFlags:[DONT_EXPIRE_PASSWORD],types:[USER]`:                             1,
		`hostNames:["` + host.Hostname + `"]`:                                                     1,
		`agentIds:["` + host.AgentID + `"]`:                                                       1,
		`types:[ENDPOINT],any:[{operatingSystemFamilies:["OSX"]}]`:                                1,
		`types:[USER],associationBindingTypes:[LOGIN]`:                                            0,
		`types:[USER],all:[{all:[{riskScoreUpperBound:0.5}],archived:true}],hasAgedPassword:true`: 1,
	} {
		if got := c.count(arguments); got != want {
			t.Errorf("%s: %d, want %d", arguments, got, want)
		}
	}
}

func TestNullVariablesAreNoFilter(t *testing.T) {
	t.Parallel()
	c := filterTenant(t)
	result := c.graphql(`query($f:Int!,$a:Cursor,$arch:Boolean,$en:Boolean,$dom:[String!],$min:ScoreSeverity,$max:ScoreSeverity,$all:[EntityQueryInput!]){
		entities(types:[USER],sortKey:ENTITY_ID,first:$f,after:$a,archived:$arch,enabled:$en,domains:$dom,minRiskScoreSeverity:$min,maxRiskScoreSeverity:$max,all:$all){nodes{entityId}}}`,
		map[string]any{"f": 10, "a": nil, "arch": nil, "en": nil, "dom": nil, "min": nil, "max": nil,
			"all": []any{map[string]any{"riskScoreLowerBound": 0.1, "riskScoreUpperBound": nil}}})
	if len(result.Errors) > 0 || len(result.Data["entities"]) != len(`{"nodes":[{"entityId":"11111111-1111-4111-8111-111111111111"},{"entityId":"22222222-2222-4222-8222-222222222222"}]}`) {
		t.Errorf("%s %+v", result.Data, result.Errors)
	}
}

func TestSeededUsersAreStableAndMixed(t *testing.T) {
	t.Parallel()
	few, many := NewTenant(1, 20, nil).Users(), NewTenant(1, 2000, nil).Users()
	ids := map[string]User{}
	counts := map[string]int{}
	for _, u := range many {
		ids[u.EntityID] = u
		counts["zero"] += one(u.RiskScore == 0)
		counts["archived"] += one(u.Archived)
		counts["no e-mail"] += one(len(u.EmailAddresses) == 0)
		counts["several e-mails"] += one(len(u.EmailAddresses) > 1)
		counts["two domains"] += one(len(u.Accounts) > 1 && u.Accounts[1].Domain != "")
		counts["cloud only"] += one(u.Accounts[0].Domain == "")
		counts["rounded up"] += one(rounded(u.RiskScore, 2) > u.RiskScore)
		counts["never active"] += one(u.LastActivity.IsZero())
	}
	for _, u := range few {
		if !reflect.DeepEqual(ids[u.EntityID], u) {
			t.Errorf("user %s differs in the larger tenant", u.EntityID)
		}
	}
	for _, kind := range []string{"zero", "archived", "no e-mail", "several e-mails", "two domains", "cloud only", "rounded up", "never active"} {
		if counts[kind] == 0 || counts[kind] == len(many) {
			t.Errorf("%s: %d of %d users", kind, counts[kind], len(many))
		}
	}
	if len(ids) != len(many) {
		t.Errorf("%d different ids of %d", len(ids), len(many))
	}
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

func TestRelativeDates(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Time{
		"P-30D":                random.SeededAt.AddDate(0, 0, -30),
		"P0D":                  random.SeededAt,
		"P1Y2M":                random.SeededAt.AddDate(1, 2, 0),
		"PT-90M":               random.SeededAt.Add(-90 * time.Minute),
		"2026-01-02":           time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC),
		"2026-01-02T03:04:05Z": time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
	} {
		if got, err := parseDateTimeInput(text, random.SeededAt); err != nil || !got.Equal(want) {
			t.Errorf("%s: %v %v, want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "P", "P1", "30D", "PT1D", "P1H", "P1X"} {
		if got, err := parseDateTimeInput(text, random.SeededAt); err == nil {
			t.Errorf("%q was read as %v", text, got)
		}
	}
}

func BenchmarkEntityPages(b *testing.B) {
	tenant := NewTenant(1, 50_000, nil)
	settings := Settings{Now: random.SeededAt, Reading: func(string) string { return "a" }}
	const query = `{entities(types:[USER],archived:false,first:1000,after:null,all:[{riskScoreLowerBound:0.1,riskScoreUpperBound:0.3}]){pageInfo{hasNextPage endCursor} nodes{entityId primaryDisplayName secondaryDisplayName archived riskScore riskScoreSeverity isAdmin:hasRole(type:AdminAccountRole) ... on UserEntity{emailAddresses} accounts{__typename enabled ... on ActiveDirectoryAccountDescriptor{domain}}}}}`
	for b.Loop() {
		x, errs := tenant.Prepare(Request{Query: query}, settings)
		if errs != nil {
			b.Fatal(errs)
		}
		if result := x.Execute(); len(result.Data) < 100_000 {
			b.Fatalf("%d bytes, %v", len(result.Data), result.Errors)
		}
	}
}

func BenchmarkSeed(b *testing.B) {
	for b.Loop() {
		if n := len(NewTenant(1, 50_000, nil).view().byID); n != 50_000 {
			b.Fatal(n)
		}
	}
}
