package falcon

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// fullFilter uses everything that a filter has.
func fullFilter() UserFilter {
	return UserFilter{
		Domains: []string{"a"}, Emails: []string{`x"y\n$z@b`}, EntityIDs: []string{"i"}, Roles: []string{"DomainAdminsRole"},
		SAMAccountNames: []string{`s\t`}, MinSeverity: SeverityNormal, MaxSeverity: SeverityHigh, Archived: new(false),
		Enabled: new(true), Admin: new(false), RequireEmail: true, NamePattern: `*"x*`, MinScore: new(newDecimal(1, 10)),
		MaxScore: new(newDecimal(9, 10)),
	}
}

// everyQuery has at least one query of each shape that this package sends.
func everyQuery() map[string]*graphqlQuery {
	users := fullFilter().selection()
	now := time.Unix(1_800_000_000, 0)
	cut := span{users: users, from: now.AddDate(-1, 0, 0), to: now}
	counted := &graphqlQuery{}
	counted.count("c0", cut.selection())
	counted.count("c1", displayNames.among(users, 0, 2))
	counted.count("c2", accountNames.among(users, 2, 4))
	summary := fullFilter().summaryQuery()
	queries := map[string]*graphqlQuery{
		"counts":     counted,
		"summary":    summary,
		"domains":    domainsQuery([]string{"ACTIVE_DIRECTORY"}),
		"no sources": domainsQuery(nil),
		"assessment": assessmentQuery("CORP"),
		"no filter":  pageOf{users: UserFilter{}.selection(), fields: fieldsScore, size: 1}.query(),
		"score": pageOf{users: users, fields: fieldsTally, size: 7, byScore: "DESCENDING", counted: true,
			cells: scoreParts(users)}.query(),
		"backwards": pageOf{users: users, fields: fieldsTally, size: 7, backwards: true}.query(),
		"upn":       pageOf{users: upnCandidates("a@b"), fields: IncludeAll().fields(), size: 1}.query(),
	}
	for i := range 8 {
		include := Include{Accounts: i&1 > 0, RiskFactors: i&2 > 0, Roles: i&4 > 0}
		queries["page"+string(rune('0'+i))] = pageOf{users: users, fields: include.fields(), size: 1000, after: "cursor"}.query()
	}
	admins := fullFilter()
	admins.Admin = new(true)
	queries["admins"] = pageOf{users: admins.selection(), fields: fieldsUser, size: 1}.query()
	return queries
}

// The simulator's schema is a subset of the published one (TestSchemaIsATrueSubset in falconsim), so what fits it fits both.
func TestQueriesFitTheSchema(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../falconsim/identity/schema.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	schema, err := gqlparser.LoadSchema(&ast.Source{Input: string(text)})
	if err != nil {
		t.Fatal(err)
	}
	for name, q := range everyQuery() {
		fitsSchema(t, schema, name, q)
	}
	if _, errs := gqlparser.LoadQueryWithRules(schema, scopeProbe, rules.NewDefaultRules()); errs != nil {
		t.Error(errs)
	}
}

func fitsSchema(t *testing.T, schema *ast.Schema, name string, q *graphqlQuery) {
	t.Helper()
	document, errs := gqlparser.LoadQueryWithRules(schema, q.text(), rules.NewDefaultRules())
	if errs != nil {
		t.Errorf("%s: %v\n%s", name, errs, q.text())
		return
	}
	sent, err := json.Marshal(q.variables)
	if err != nil {
		t.Fatal(err)
	}
	var variables map[string]any
	decoder := json.NewDecoder(bytes.NewReader(sent))
	decoder.UseNumber()
	if err := decoder.Decode(&variables); err != nil {
		t.Fatal(err)
	}
	if _, err := validator.VariableValues(schema, document.Operations[0], variables); err != nil {
		t.Errorf("%s: %v\n%s", name, err, sent)
	}
}

// Values must never be part of the query's text, whatever they hold.
func TestValuesTravelAsVariables(t *testing.T) {
	t.Parallel()
	for name, q := range everyQuery() {
		if text := q.text(); strings.ContainsAny(text, `"\`) {
			t.Errorf("%s: a value is in the text: %s", name, text)
		}
	}
	q := pageOf{users: fullFilter().selection(), fields: fieldsUser, size: 3}.query()
	sent, err := json.Marshal(q.variables)
	if err != nil {
		t.Fatal(err)
	}
	for _, value := range []string{`x\"y\\n$z@b`, `s\\t`, `*\"x*`, `"riskScoreLowerBound":0.095`, `"riskScoreUpperBound":0.906`} {
		if !strings.Contains(string(sent), value) {
			t.Errorf("%s is not in %s", value, sent)
		}
	}
}

func TestOnlyAskedFields(t *testing.T) {
	t.Parallel()
	large := []string{"accounts", "riskFactors", "roles {"}
	for i, include := range []Include{{}, {Accounts: true}, {RiskFactors: true}, {Roles: true}} {
		for k, field := range large {
			if got, want := strings.Contains(include.fields(), field), i == k+1; got != want {
				t.Errorf("%+v asks for %s: %v", include, field, got)
			}
		}
	}
}
