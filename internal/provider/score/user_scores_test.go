package score

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"reflect"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon/identity"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

// fakeUsers returns these users and records the requests.
type fakeUsers struct {
	users   []identity.User
	domains []string
	err     error

	reads    []identity.UserRead
	sums     []identity.UserFilter
	averages []identity.UserFilter
	lists    int
}

func (f *fakeUsers) Users(ctx context.Context, read identity.UserRead) (*identity.UserResult, error) {
	f.reads = append(f.reads, read)
	if f.err != nil {
		return nil, f.err
	}
	users := f.users
	if read.Limit > 0 && read.Limit < len(users) {
		users = users[:read.Limit]
	}
	result := &identity.UserResult{Users: users, Matched: int64(len(f.users))}
	var err error
	if read.Summary {
		result.Summary, err = f.UserSummary(ctx, read.Filter)
	}
	return result, err
}

func (f *fakeUsers) UserSummary(_ context.Context, filter identity.UserFilter) (*identity.UserSummary, error) {
	f.sums = append(f.sums, filter)
	return &identity.UserSummary{Count: int64(len(f.users)), Normal: 2, Medium: 3, High: 4, Administrators: 5, WithoutEmail: 6, Histogram: [10]int64{7, 0, 0, 0, 0, 0, 0, 0, 0, 8}}, nil
}

func (f *fakeUsers) UserAverage(_ context.Context, filter identity.UserFilter, _ int) (*big.Rat, error) {
	f.averages = append(f.averages, filter)
	return big.NewRat(2, 3), f.err
}

func (f *fakeUsers) Domains(context.Context, []string) ([]string, error) {
	f.lists++
	return f.domains, f.err
}

func threeUsers() *fakeUsers {
	return &fakeUsers{domains: []string{"CORP.EXAMPLE.COM"}, users: []identity.User{
		{EntityID: "1", DisplayName: "Ada", Emails: []string{"ada@example.com", "a@example.com"}, RiskScore: "0.70", Severity: "HIGH", Admin: new(true), Roles: []string{"DomainAdminsRole"}},
		{EntityID: "2", RiskScore: "0.07", Archived: true, Accounts: []identity.UserAccount{{DataSource: "AZURE", Enabled: true}}, Enabled: new(true)},
		{EntityID: "3"},
	}}
}

// asUserScores returns the model with these arguments; the others are null.
func asUserScores(t *testing.T, arguments map[string]tftypes.Value) userScoresModel {
	t.Helper()
	var m userScoresData
	if problems := userScoresConfig(t, arguments).Get(context.Background(), &m); problems.HasError() {
		t.Fatal(coretest.DiagText(problems))
	}
	return m.userScoresModel
}

func userScoresConfig(t *testing.T, arguments map[string]tftypes.Value) tfsdk.Config {
	t.Helper()
	ctx := context.Background()
	var s datasource.SchemaResponse
	NewUserScoresDataSource().Schema(ctx, datasource.SchemaRequest{}, &s)
	return tfsdk.Config{Schema: s.Schema, Raw: coretest.ObjectOf(t, s.Schema.Type().TerraformType(ctx), arguments)}
}

func texts(values ...string) tftypes.Value {
	list := []tftypes.Value{}
	for _, v := range values {
		list = append(list, coretest.Text(v))
	}
	return tftypes.NewValue(tftypes.List{ElementType: tftypes.String}, list)
}

func exactly(t *testing.T, s string) tftypes.Value {
	t.Helper()
	return tftypes.NewValue(tftypes.Number, coretest.Decimal(t, s).ValueBigFloat())
}

func flag(v bool) tftypes.Value { return tftypes.NewValue(tftypes.Bool, v) }

func TestUserScoresFilter(t *testing.T) {
	t.Parallel()
	m := asUserScores(t, map[string]tftypes.Value{
		"domains": texts("a"), "emails": texts("b"), "entity_ids": texts("c"), "sam_account_names": texts("d"), "roles": texts(),
		"name_pattern": coretest.Text("*e"), "min_severity": coretest.Text("MEDIUM"), "max_severity": coretest.Text("HIGH"), "min_score": exactly(t, "0.7"), "max_score": exactly(t, "1"),
		"archived": flag(false), "enabled": flag(true), "admin": flag(false), "require_email": flag(true),
	})
	got, err := m.toAPI()
	if err != nil {
		t.Fatal(err)
	}
	if got.MinScore.String() != "0.7" || got.MaxScore.String() != "1" {
		t.Errorf("scores %s to %s are not exact", got.MinScore, got.MaxScore)
	}
	got.MinScore, got.MaxScore = nil, nil
	want := identity.UserFilter{
		Domains: []string{"a"}, Emails: []string{"b"}, EntityIDs: []string{"c"}, SAMAccountNames: []string{"d"}, Roles: []string{}, NamePattern: "*e",
		MinSeverity: "MEDIUM", MaxSeverity: "HIGH", Archived: new(false), Enabled: new(true), Admin: new(false), RequireEmail: true,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got, err := asUserScores(t, nil).toAPI(); err != nil || !reflect.DeepEqual(got, identity.UserFilter{}) {
		t.Errorf("without arguments the filter is %+v, %v", got, err)
	}
	if got, err := asUserScores(t, map[string]tftypes.Value{"severity": coretest.Text("MEDIUM")}).toAPI(); err != nil || got.MinSeverity != "MEDIUM" || got.MaxSeverity != "MEDIUM" {
		t.Errorf("one severity gives %+v, %v", got, err)
	}
}

func TestUserScoresRead(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		arguments                map[string]tftypes.Value
		returned, reads, average int
		truncated                bool
		lists                    int
		mean                     string
	}{
		"summary only":        {},
		"summary and average": {arguments: map[string]tftypes.Value{"average": flag(true)}, average: 1, mean: "0.666667"},
		"list":                {arguments: map[string]tftypes.Value{"rows": coretest.Text(rowsList)}, returned: 3, reads: 1},
		"cut short":           {arguments: map[string]tftypes.Value{"rows": coretest.Text(rowsList), "limit": coretest.Number(2)}, returned: 2, reads: 1, truncated: true},
		"all as json":         {arguments: map[string]tftypes.Value{"rows": coretest.Text(rowsJSON), "limit": coretest.Number(0)}, returned: 3, reads: 1},
		"average of the rows": {arguments: map[string]tftypes.Value{"rows": coretest.Text(rowsJSON), "limit": coretest.Number(0), "average": flag(true)}, returned: 3, reads: 1, mean: "0.385"},
		"average of more":     {arguments: map[string]tftypes.Value{"rows": coretest.Text(rowsList), "limit": coretest.Number(1), "average": flag(true)}, returned: 1, reads: 1, truncated: true, average: 1, mean: "0.666667"},
		"known domain":        {arguments: map[string]tftypes.Value{"domains": texts("corp.example.com")}, lists: 1},
		"no domain at all":    {arguments: map[string]tftypes.Value{"domains": texts()}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := threeUsers()
			var diags diag.Diagnostics
			m := asUserScores(t, tt.arguments)
			got := m.fill(context.Background(), client, &diags)
			if diags.HasError() {
				t.Fatal(coretest.DiagText(diags))
			}
			if diags.WarningsCount() != 0 != tt.truncated || got.Truncated.ValueBool() != tt.truncated {
				t.Errorf("truncated %s, %s", got.Truncated, coretest.DiagText(diags))
			}
			if got.Matched.ValueInt64() != 3 || got.Returned.ValueInt64() != int64(tt.returned) {
				t.Errorf("matched %s, returned %s", got.Matched, got.Returned)
			}
			if len(client.sums) != 1 || len(client.reads) != tt.reads || len(client.averages) != tt.average || client.lists != tt.lists {
				t.Errorf("%d summaries, %d reads, %d averages, %d lists of domains", len(client.sums), len(client.reads), len(client.averages), client.lists)
			}
			if (m.rows() == rowsList) == got.Users.IsNull() || (m.rows() == rowsJSON) == got.RowsJSON.IsNull() {
				t.Errorf("rows = %q gives users %s, rows_json %s", m.rows(), got.Users, got.RowsJSON)
			}
			if mean := got.Summary.Attributes()["average"].String(); mean != cmp.Or(tt.mean, "<null>") {
				t.Errorf("average %s, want %s", mean, tt.mean)
			}
		})
	}
}

func TestUserScoresReadMinimum(t *testing.T) {
	t.Parallel()
	client := threeUsers()
	m := asUserScores(t, map[string]tftypes.Value{
		"rows": coretest.Text(rowsList), "include": texts(includeRoles), "sort": coretest.Text(sortHighestFirst), "max_concurrency": coretest.Number(7),
	})
	if _, err := m.read(context.Background(), client, identity.UserFilter{NamePattern: "x"}); err != nil {
		t.Fatal(err)
	}
	want := identity.UserRead{Filter: identity.UserFilter{NamePattern: "x"}, Include: identity.Include{Roles: true}, Limit: 1000, Sort: identity.SortScoreDescending, MaxConcurrency: 7, Summary: true}
	if !reflect.DeepEqual(client.reads, []identity.UserRead{want}) {
		t.Errorf("asked for %+v", client.reads)
	}
}

func TestUserScoresError(t *testing.T) {
	t.Parallel()
	for name, arguments := range map[string]map[string]tftypes.Value{
		"rows":    {"rows": coretest.Text(rowsList)},
		"average": {"average": flag(true)},
		"domains": {"domains": texts("x")},
	} {
		client, diags := threeUsers(), diag.Diagnostics{}
		client.err = errors.New("one part failed")
		asUserScores(t, arguments).fill(context.Background(), client, &diags)
		coretest.MustSay(t, diags, "one part failed")
		if t.Failed() {
			t.Fatal(name)
		}
	}
}

func TestUserScoresUnknownDomain(t *testing.T) {
	t.Parallel()
	client, diags := threeUsers(), diag.Diagnostics{}
	asUserScores(t, map[string]tftypes.Value{"domains": texts("CORP.EXAMPLE.COM", "CORP.EXAMPEL.COM")}).fill(context.Background(), client, &diags)
	coretest.MustSay(t, diags, `no domain "CORP.EXAMPEL.COM"`, "Did you mean CORP.EXAMPLE.COM?")
	if len(client.sums) != 0 {
		t.Error("users were counted nevertheless")
	}
}

func TestUserScoresValidate(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		arguments map[string]tftypes.Value
		refused   string
	}{
		"nothing":                {},
		"one score":              {arguments: map[string]tftypes.Value{"min_score": exactly(t, "0.7"), "max_score": exactly(t, "0.7")}},
		"contradictory scores":   {arguments: map[string]tftypes.Value{"min_score": exactly(t, "0.71"), "max_score": exactly(t, "0.7")}, refused: "min_score (0.71) is above max_score (0.7)"},
		"between two scores":     {arguments: map[string]tftypes.Value{"min_score": exactly(t, "0.701"), "max_score": exactly(t, "0.709")}, refused: "none lies between"},
		"just around one":        {arguments: map[string]tftypes.Value{"min_score": exactly(t, "0.699"), "max_score": exactly(t, "0.701")}},
		"unknown end":            {arguments: map[string]tftypes.Value{"min_score": exactly(t, "0.71"), "max_score": coretest.UnknownNumber}},
		"contradictory severity": {arguments: map[string]tftypes.Value{"min_severity": coretest.Text("HIGH"), "max_severity": coretest.Text("MEDIUM")}, refused: "min_severity (HIGH) is above max_severity (MEDIUM)"},
		"one severity twice":     {arguments: map[string]tftypes.Value{"min_severity": coretest.Text("HIGH"), "max_severity": coretest.Text("HIGH")}},
		"two ways of severity":   {arguments: map[string]tftypes.Value{"severity": coretest.Text("HIGH"), "max_severity": coretest.Text("HIGH")}, refused: "exactly one severity"},
		"unknown severity":       {arguments: map[string]tftypes.Value{"severity": coretest.UnknownText, "max_severity": coretest.Text("HIGH")}},
		"all rows as list":       {arguments: map[string]tftypes.Value{"limit": coretest.Number(0), "rows": coretest.Text(rowsList)}, refused: "limit = 0"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var resp datasource.ValidateConfigResponse
			(&userScoresDataSource{}).ValidateConfig(context.Background(), datasource.ValidateConfigRequest{Config: userScoresConfig(t, tt.arguments)}, &resp)
			if tt.refused != "" {
				coretest.MustSay(t, resp.Diagnostics, tt.refused)
			} else if resp.Diagnostics.HasError() {
				t.Error(coretest.DiagText(resp.Diagnostics))
			}
		})
	}
}

// Both forms of a row have the attributes of the schema, no more and no fewer.
func TestUserRow(t *testing.T) {
	t.Parallel()
	large := []string{"accounts", "enabled", "domain", "sam_account_name", "upn", "risk_factors", "roles"}
	full := slices.Sorted(maps.Keys(userRowTypes))
	user := &threeUsers().users[0]
	for _, include := range []identity.Include{{}, identity.IncludeAll()} {
		row := newUserRow(user, include)
		encoded, err := json.Marshal(row)
		if err != nil {
			t.Fatal(err)
		}
		var keys map[string]any
		if err := json.Unmarshal(encoded, &keys); err != nil {
			t.Fatal(err)
		}
		want := full
		if !include.Roles {
			want = slices.DeleteFunc(slices.Clone(full), func(name string) bool { return slices.Contains(large, name) })
		}
		if got := slices.Sorted(maps.Keys(keys)); !slices.Equal(got, want) {
			t.Errorf("JSON has the keys %v, want %v", got, want)
		}
		values := row.values()
		if _, problems := types.ObjectValue(userRowTypes, values); problems.HasError() {
			t.Error(coretest.DiagText(problems))
		}
		for _, name := range []string{"accounts", "risk_factors", "roles"} {
			if values[name].IsNull() == include.Roles {
				t.Errorf("%s is %s", name, values[name])
			}
		}
	}
}

func TestUserRowValues(t *testing.T) {
	t.Parallel()
	users := threeUsers().users
	tests := []map[string]string{
		{"email": `"ada@example.com"`, "risk_score": "0.7", "risk_percent": "70", "netskope_score": "300", "admin": "true", "archived": "false", "display_name": `"Ada"`, "accounts": "[]", "enabled": "<null>"},
		{"email": "<null>", "emails": "[]", "risk_score": "0.07", "risk_percent": "7", "netskope_score": "930", "admin": "<null>", "archived": "true", "enabled": "true", "roles": "[]", "upn": "<null>"},
		{"risk_score": "<null>", "risk_percent": "<null>", "netskope_score": "<null>", "severity": "<null>"},
	}
	for i, want := range tests {
		values := newUserRow(&users[i], identity.IncludeAll()).values()
		for name, text := range want {
			if got := values[name].String(); got != text {
				t.Errorf("%s of user %d is %s, want %s", name, i+1, got, text)
			}
		}
	}
	encoded, err := json.Marshal([]userRow{newUserRow(&users[0], identity.Include{})})
	if want := `[{"entity_id":"1","display_name":"Ada","secondary_display_name":null,"email":"ada@example.com","emails":["ada@example.com","a@example.com"],` +
		`"risk_score":0.70,"risk_percent":70,"netskope_score":300,"severity":"HIGH","admin":true,"archived":false}]`; err != nil || string(encoded) != want {
		t.Errorf("JSON is %s, %v", encoded, err)
	}
}

func TestScoreNumbers(t *testing.T) {
	t.Parallel()
	for i := range int64(101) {
		for _, format := range []string{"%d.%02d", "%d.%02d0", "%d.%02de0"} {
			text := json.Number(fmt.Sprintf(format, i/100, i%100))
			percent := scorePercent(text)
			if percent == nil || *percent != i || *netskopeOf(percent) != 1000-10*i {
				t.Errorf("%s gives %v", text, percent)
			}
			number := exactNumber(string(text)).ValueBigFloat()
			if got := number.Text('f', 2); got != fmt.Sprintf("%d.%02d", i/100, i%100) {
				t.Errorf("%s becomes %s", text, got)
			}
			// A number that is exactly a float64 reaches Terraform as that float64, which is not the decimal unless it
			// is a whole number of quarters.
			if _, accuracy := number.Float64(); (accuracy == big.Exact) != (i%25 == 0) {
				t.Errorf("%s went by way of float64", text)
			}
		}
	}
	for _, text := range []json.Number{"", "-0.1", "1.1", "x"} {
		if percent := scorePercent(text); percent != nil || netskopeOf(percent) != nil {
			t.Errorf("%q gives %d", text, *percent)
		}
	}
	for _, text := range []string{"", "x", "1e999999999999"} {
		if n := exactNumber(text); !n.IsNull() {
			t.Errorf("%q gives %s", text, n)
		}
	}
}

func TestUserSummary(t *testing.T) {
	t.Parallel()
	attributes := userSummary(userScoresResult{
		summary: identity.UserSummary{Count: 9, Normal: 2, Medium: 3, High: 4, Administrators: 5, WithoutEmail: 6, Histogram: [10]int64{7, 9: 8}},
		average: big.NewRat(1, 8),
	}).Attributes()
	want := map[string]string{"count": "9", "administrators": "5", "without_email": "6", "average": "0.125", "by_severity": `{"high":4,"medium":3,"normal":2}`}
	for name, text := range want {
		if got := attributes[name].String(); got != text {
			t.Errorf("%s is %s, want %s", name, got, text)
		}
	}
	histogram, ok := attributes["histogram"].(types.List)
	if !ok {
		t.Fatal("no histogram")
	}
	bars := histogram.Elements()
	for i, want := range map[int]string{0: `{"count":7,"from":0,"to":0.1}`, 6: `{"count":0,"from":0.6,"to":0.7}`, 9: `{"count":8,"from":0.9,"to":1}`} {
		if got := bars[i].String(); got != want {
			t.Errorf("bar %d is %s, want %s", i, got, want)
		}
	}
}

// The framework refuses schemas with mistakes only when Terraform asks.
func TestScoreSchemas(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for _, source := range []datasource.DataSource{
		NewUserScoresDataSource(), NewUserScoreDataSource(), NewDomainsDataSource(), NewDomainAssessmentDataSource(), NewHostScoreSummaryDataSource(),
	} {
		var s datasource.SchemaResponse
		source.Schema(ctx, datasource.SchemaRequest{}, &s)
		if problems := s.Schema.ValidateImplementation(ctx); problems.HasError() {
			t.Errorf("%T: %s", source, coretest.DiagText(problems))
		}
	}
	for resource, twin := range map[ephemeral.EphemeralResource]datasource.DataSource{
		NewUserScoresEphemeral(): NewUserScoresDataSource(), NewHostScoresEphemeral(): NewHostScoresDataSource(),
	} {
		var s ephemeral.SchemaResponse
		resource.Schema(ctx, ephemeral.SchemaRequest{}, &s)
		if problems := s.Schema.ValidateImplementation(ctx); problems.HasError() {
			t.Errorf("%T: %s", resource, coretest.DiagText(problems))
		}
		var other datasource.SchemaResponse
		twin.Schema(ctx, datasource.SchemaRequest{}, &other)
		types := func(attributes map[string]attr.Type) map[string]attr.Type {
			delete(attributes, "timeouts")
			return attributes
		}
		mine, theirs := map[string]attr.Type{}, map[string]attr.Type{}
		for name, a := range s.Schema.Attributes {
			mine[name] = a.GetType()
		}
		for name, a := range other.Schema.Attributes {
			theirs[name] = a.GetType()
		}
		if !reflect.DeepEqual(types(mine), types(theirs)) {
			t.Errorf("%T differs from its twin", resource)
		}
	}
}
