package identity

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

func TestGraphQLRefusals(t *testing.T) {
	t.Parallel()
	c := newTester(t, tenantOptions{users: 10})
	riskCursor := base64.StdEncoding.EncodeToString([]byte(`{"riskScore":0.5,"_id":"x"}`))
	for name, query := range map[string]string{
		"syntax":               `{entities(`,
		"empty":                ``,
		"unknown field":        `{entities(first:1){nodes{isAdmin}}}`,
		"unknown argument":     `{entities(first:1,emails:["a"]){nodes{entityId}}}`,
		"e-mails of an Entity": `{entities(first:1){nodes{emailAddresses}}}`,
		"unknown enum value":   `{entities(first:1,types:[PERSON]){nodes{entityId}}}`,
		"no page size":         `{entities(types:[USER]){nodes{entityId}}}`,
		"both page sizes":      `{entities(first:1,last:1){nodes{entityId}}}`,
		"page too large":       `{entities(first:1001){nodes{entityId}}}`,
		"page of none":         `{entities(first:0){nodes{entityId}}}`,
		"foreign cursor":       `{entities(first:1,after:"abc"){nodes{entityId}}}`,
		"cursor of other sort": `{entities(first:1,after:"` + riskCursor + `"){nodes{entityId}}}`,
		"bound above 1":        `{entities(first:1,all:[{riskScoreLowerBound:1.5}]){nodes{entityId}}}`,
		"bound at top level":   `{entities(first:1,riskScoreLowerBound:0.5){nodes{entityId}}}`,
		"bad date":             `{countEntities(accountCreationStartTime:"yesterday")}`,
		"unknown domain":       `{securityAssessment(domain:"NOWHERE.EXAMPLE.COM"){overallScore}}`,
		"mutation":             `mutation{addEntitiesToWatchList(input:{}){clientMutationId}}`,
	} {
		result := c.graphql(query, nil)
		if len(result.Errors) == 0 || result.Errors[0].Message == "" {
			t.Errorf("%s: no error, data %s", name, result.Data)
		}
	}
	bad := c.graphql(`query($f:Int!){entities(first:$f){nodes{entityId}}}`, map[string]any{"f": "ten"})
	if len(bad.Errors) == 0 {
		t.Error("a text as Int was accepted")
	}
	lower := c.graphql(`query($t:[EntityType!]){entities(first:1,types:$t){nodes{entityId}}}`, map[string]any{"t": []string{"user"}})
	if len(lower.Errors) == 0 {
		t.Error("an enum value in lower case was accepted")
	}
}

func TestGraphQLFailedNonNullFieldEmptiesTheData(t *testing.T) {
	t.Parallel()
	c := newTester(t, tenantOptions{users: 3})
	nullable := c.graphql(`{e:entities(first:0){nodes{entityId}} n:countEntities(types:[USER])}`, nil)
	if string(nullable.Data["n"]) != "3" || string(nullable.Data["e"]) != "null" || nullable.Errors[0].Path.String() != "e" {
		t.Errorf("%+v", nullable)
	}
	required := c.graphql(`{good:securityAssessment(domain:"corp.example.com"){overallScore} bad:securityAssessment(domain:"X"){overallScore}}`, nil)
	if required.Data != nil || len(required.Errors) != 1 {
		t.Errorf("data %s, errors %+v", required.Data, required.Errors)
	}
}

func TestEntityPagesCoverEveryEntityOnce(t *testing.T) {
	t.Parallel()
	c := newTester(t, tenantOptions{users: 130, hosts: 20})
	var want []string
	for _, e := range c.tenant.view().byID {
		want = append(want, e.EntityID)
	}
	for key := range sortKeys {
		for _, order := range []string{"ASCENDING", "DESCENDING"} {
			var got []string
			pages := c.pages("first:40,sortKey:" + key + ",sortOrder:" + order)
			for i, page := range pages {
				for _, node := range page.Nodes {
					got = append(got, node.EntityID)
				}
				if page.PageInfo.HasPreviousPage != (i > 0) || (page.PageInfo.EndCursor == nil) != (i == len(pages)-1) {
					t.Errorf("%s %s, page %d: %+v", key, order, i, page.PageInfo)
				}
			}
			if order == "DESCENDING" && key == "ENTITY_ID" && !slices.IsSortedFunc(got, func(a, b string) int { return strings.Compare(b, a) }) {
				t.Errorf("%s %s is not sorted", key, order)
			}
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("%s %s: %d entities, want each of %d once", key, order, len(got), len(want))
			}
		}
	}
}

func TestEntityPagesFromTheEnd(t *testing.T) {
	t.Parallel()
	c := newTester(t, tenantOptions{users: 25})
	forward := c.page("types:[USER],first:25", nil)
	last := c.page("types:[USER],last:10", nil)
	if !last.PageInfo.HasPreviousPage || last.PageInfo.HasNextPage || len(last.Nodes) != 10 {
		t.Fatalf("%+v", last.PageInfo)
	}
	before := c.page(fmt.Sprintf("types:[USER],last:10,before:%q", *last.PageInfo.StartCursor), nil)
	for i, node := range append(before.Nodes, last.Nodes...) {
		if node.EntityID != forward.Nodes[5+i].EntityID {
			t.Errorf("node %d is %s, want %s", i, node.EntityID, forward.Nodes[5+i].EntityID)
		}
	}
}

func TestCursorsSurviveInsertsAndDeletes(t *testing.T) {
	t.Parallel()
	c := newTester(t, tenantOptions{users: 40})
	first := c.page("types:[USER],first:20", nil)
	if err := c.tenant.DeleteUser(first.Nodes[19].EntityID); err != nil {
		t.Fatal(err)
	}
	if _, err := c.putUser(User{EntityID: "00000000-0000-4000-8000-000000000000", PrimaryDisplayName: "early"}); err != nil {
		t.Fatal(err)
	}
	second := c.page("types:[USER],first:20", map[string]any{"after": *first.PageInfo.EndCursor})
	if len(second.Nodes) != 20 || second.PageInfo.HasNextPage {
		t.Errorf("%d nodes behind the cursor, want the 20 that were there", len(second.Nodes))
	}
	cursor, err := base64.StdEncoding.DecodeString(*first.PageInfo.EndCursor)
	if err != nil || string(cursor) != `{"_id":"`+first.Nodes[19].EntityID+`"}` {
		t.Errorf("cursor %s: %v", cursor, err)
	}
}

func TestScoreBoundsActOnTheUnroundedScore(t *testing.T) {
	t.Parallel()
	c := newTester(t, tenantOptions{})
	id, err := c.putUser(User{PrimaryDisplayName: "edge", RiskScore: 0.6456})
	if err != nil {
		t.Fatal(err)
	}
	page := c.page("types:[USER],first:1,sortKey:RISK_SCORE,sortOrder:DESCENDING", nil)
	if page.Nodes[0].RiskScore != "0.65" {
		t.Errorf("shown as %s, want 0.65", page.Nodes[0].RiskScore)
	}
	if n := c.count("types:[USER],all:[{riskScoreUpperBound:0.65}]"); n != 1 {
		t.Errorf("below 0.65: %d, want 1: the bound acts on 0.6456", n)
	}
	if n := c.count("types:[USER],all:[{riskScoreLowerBound:0.6456,riskScoreUpperBound:0.646}]"); n != 1 {
		t.Errorf("from 0.6456: %d, want 1: the lower bound is inclusive", n)
	}
	if err := c.tenant.SetUserScore(id, 1); err != nil {
		t.Fatal(err)
	}
	if n := c.count("types:[USER],all:[{riskScoreUpperBound:1}]"); n != 0 {
		t.Errorf("below 1: %d, want 0: the upper bound is exclusive", n)
	}
}

func TestHistogramOfAliasedCountsIsComplete(t *testing.T) {
	t.Parallel()
	c := newTester(t, tenantOptions{users: 2000})
	query := "{total:countEntities(types:[USER],archived:false) high:countEntities(types:[USER],archived:false,minRiskScoreSeverity:HIGH) low:countEntities(types:[USER],archived:false,maxRiskScoreSeverity:MEDIUM)"
	for i := range 10 {
		upper := fmt.Sprintf(",riskScoreUpperBound:%.1f", float64(i+1)/10)
		if i == 9 {
			upper = ""
		}
		query += fmt.Sprintf(" b%d:countEntities(types:[USER],archived:false,all:[{riskScoreLowerBound:%.1f%s}])", i, float64(i)/10, upper)
	}
	result := c.graphql(query+"}", nil)
	count := func(alias string) int {
		var n int
		if err := json.Unmarshal(result.Data[alias], &n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	want, sum := 0, 0
	for _, u := range c.tenant.Users() {
		if !u.Archived {
			want++
		}
	}
	for i := range 10 {
		sum += count(fmt.Sprintf("b%d", i))
	}
	if count("total") != want || sum != want || count("high")+count("low") != want || count("high") == 0 {
		t.Errorf("total %d, histogram %d, high %d, low %d, want %d", count("total"), sum, count("high"), count("low"), want)
	}
}

func TestSecurityAssessment(t *testing.T) {
	t.Parallel()
	c := newTester(t, tenantOptions{})
	if err := c.tenant.SetAssessmentScore("corp.example.com", 0.42); err != nil {
		t.Fatal(err)
	}
	goals := c.graphql(`{securityAssessmentGoals{name goalId}}`, nil)
	if !strings.Contains(string(goals.Data["securityAssessmentGoals"]), "Privileged User Management") {
		t.Errorf("goals %s", goals.Data)
	}
	const fields = `{domain overallScore overallScoreLevel assessmentFactors{riskFactorType label likelihood severity scoreLevel lastUpdateTime recommendations{text link}}}`
	result := c.graphql(`{all:securityAssessment(domain:"corp.example.com")`+fields+` one:securityAssessment(domain:"CORP.EXAMPLE.COM",riskFactorTypes:[WEAK_PASSWORD_POLICY])`+fields+`}`, nil)
	type answer struct {
		Domain, OverallScoreLevel string
		OverallScore              float64
		AssessmentFactors         []map[string]any
	}
	var all, one answer
	for alias, into := range map[string]*answer{"all": &all, "one": &one} {
		if err := json.Unmarshal(result.Data[alias], into); err != nil {
			t.Fatal(err)
		}
	}
	if all.Domain != "CORP.EXAMPLE.COM" || all.OverallScore != 0.42 || all.OverallScoreLevel != "MEDIUM" || len(all.AssessmentFactors) < 2 || len(one.AssessmentFactors) != 1 {
		t.Errorf("all %+v, one %+v", all, one)
	}
	for _, factor := range all.AssessmentFactors {
		for _, key := range []string{"likelihood", "severity", "scoreLevel"} {
			if !slices.Contains(levels, fmt.Sprint(factor[key])) {
				t.Errorf("%s is %v", key, factor[key])
			}
		}
	}
	domains := c.graphql(`{ad:domains(dataSources:[ACTIVE_DIRECTORY]) every:domains(dataSources:[])}`, nil)
	if ad, every := string(domains.Data["ad"]), string(domains.Data["every"]); ad != `["CORP.EXAMPLE.COM","EMEA.EXAMPLE.COM","LAB.EXAMPLE.COM"]` || len(every) <= len(ad) {
		t.Errorf("domains %s of %s", ad, every)
	}
}

func TestFragmentsAliasesAndDirectives(t *testing.T) {
	t.Parallel()
	c := newTester(t, tenantOptions{users: 1})
	result := c.graphql(`query($no:Boolean!){entities(types:[USER],first:1){...Page edges{cursor node{type}}}}
		fragment Page on EntityConnection{nodes{id:entityId ...on UserEntity{mail:emailAddresses} ...on EndpointEntity{hostName} archived@include(if:$no) admin:hasRole(type:AdminAccountRole) riskFactors{type} riskFactors{score}}}`,
		map[string]any{"no": false})
	var page struct {
		Nodes []map[string]any
		Edges []map[string]any
	}
	if err := json.Unmarshal(result.Data["entities"], &page); err != nil {
		t.Fatalf("%v %+v", err, result.Errors)
	}
	var keys []string
	for key := range page.Nodes[0] {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	if !slices.Equal(keys, []string{"admin", "id", "mail", "riskFactors"}) || page.Nodes[0]["admin"] != true || page.Edges[0]["cursor"] == "" {
		t.Errorf("keys %v in %+v", keys, page)
	}
}

func TestRoundedIsHalfUp(t *testing.T) {
	t.Parallel()
	for i := range 101 {
		score := float64(i) / 100
		if got := rounded(score, 2); got != score {
			t.Errorf("rounded(%v) is %v", score, got)
		}
	}
	if got := rounded(0.6456, 2); math.Abs(got-0.65) > 1e-12 {
		t.Errorf("rounded(0.6456) is %v", got)
	}
}
