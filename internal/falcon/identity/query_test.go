package identity

import (
	"bytes"
	"encoding/json"
	"fmt"
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
func everyQuery() map[string]*query {
	users := fullFilter().toAPI()
	queries := map[string]*query{
		"summary":    fullFilter().summaryQuery(),
		"domains":    domainsQuery([]string{"ACTIVE_DIRECTORY"}),
		"no sources": domainsQuery(nil),
		"assessment": assessmentQuery("CORP"),
		"no filter":  pageRequest{users: UserFilter{}.toAPI(), fields: fieldsScore, size: 1}.query(),
		"score":      pageRequest{users: users, fields: fieldsTally, size: 7, byScore: "DESCENDING", count: []selection{users, {}}}.query(),
		"upn":        pageRequest{users: upnCandidates("a@b"), fields: IncludeAll().fields(), size: 1}.query(),
	}
	for i, divider := range userDividers(time.Unix(1_800_000_000, 0)) {
		q := &query{}
		for cell := 1; cell < divider.Cells; cell++ {
			q.count(fmt.Sprint("from", cell), users.and(divider.From(cell), condition{"not": divider.From(cell)}))
			if divider.Estimate != nil {
				q.count(fmt.Sprint("about", cell), users.and(divider.Estimate(cell)))
			}
		}
		queries[fmt.Sprint("divider", i)] = q
	}
	for i := range 8 {
		include := Include{Accounts: i&1 > 0, RiskFactors: i&2 > 0, Roles: i&4 > 0}
		queries["page"+string(rune('0'+i))] = pageRequest{users: users, fields: include.fields(), size: 1000, after: "cursor"}.query()
	}
	admins := fullFilter()
	admins.Admin = new(true)
	queries["admins"] = pageRequest{users: admins.toAPI(), fields: fieldsUser, size: 1}.query()
	return queries
}

// The simulator's schema is a subset of the published one (TestSchemaIsATrueSubset in falconsim), so what fits it fits both.
func TestQueriesFitTheSchema(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../falconsim/identity/schema.graphqls")
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
}

func fitsSchema(t *testing.T, schema *ast.Schema, name string, q *query) {
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
	q := pageRequest{users: fullFilter().toAPI(), fields: fieldsUser, size: 3}.query()
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
