package falconsim

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// The facts of wire/zero-trust.md, wire/hosts.md, and wire/identity.md.
func TestFactsOfScores(t *testing.T) {
	t.Parallel()
	all := "?filter=" + url.QueryEscape("score:>=0")
	checkFacts(t, []fact{
		{"zero-trust.md#assessments: the recorded keys, integers from 0 to 100, no host name, no powered_by", func(c *testClient) bool {
			host := c.server.Hosts()[0]
			got := c.get(assessmentPath + "?ids=" + host.AgentID)
			recorded := `{"aid":"[0-9a-f]{32}","cid":"[0-9a-f]{32}","system_serial_number":.+,"event_platform":"\w+","product_type_desc":".+","modified_time":".+Z","sensor_file_status":".+",` +
				`"assessment":{"sensor_config":\d+,"os":\d+,"overall":\d+,"version":"\d\.\d\.\d"},"assessment_items":{"os_signals":\[`
			return regexp.MustCompile(recorded).MatchString(got.text) && !strings.Contains(got.text, host.Hostname) && got.meta()["powered_by"] == nil
		}},
		{"zero-trust.md#assessments: more than 1000 ids is a 400", func(c *testClient) bool {
			return c.get(assessmentPath+"?ids=a"+strings.Repeat("&ids=a", 1000)).status == 400 && c.get(assessmentPath+"?ids=a"+strings.Repeat("&ids=a", 999)).status == 200
		}},
		{"zero-trust.md#assessments: unknown ids are left out, and case matters", func(c *testClient) bool {
			got := c.get(assessmentPath + "?ids=" + strings.ToUpper(c.server.Hosts()[0].AgentID) + "&ids=unknown&ids=" + c.server.Hosts()[1].AgentID)
			return got.status == 200 && len(got.resources()) == 1 && got.message() == ""
		}},
		{"zero-trust.md#assessments: overall is the score of the other call", func(c *testClient) bool {
			row := c.get(scoreListPath + all).first(c.t)
			shown := c.get(assessmentPath + "?ids=" + row["aid"].(string)).first(c.t)
			return shown["assessment"].(map[string]any)["overall"] == row["score"] && len(row) == 2
		}},
		{"zero-trust.md#by-score: the filter is required and knows score only", func(c *testClient) bool {
			return c.get(scoreListPath).status == 400 && c.get(scoreListPath+"?filter=").status == 400 && c.get(scoreListPath+"?filter="+url.QueryEscape("os:>1")).status == 400
		}},
		{"zero-trust.md#by-score: limit 1 to 1000, default 100, ascending by default", func(c *testClient) bool {
			got := c.get(scoreListPath + all)
			first, last := got.resources()[0].(map[string]any), got.resources()[11].(map[string]any)
			return got.paging()["limit"] == 100.0 && first["score"].(float64) <= last["score"].(float64) &&
				c.get(scoreListPath+all+"&limit=1000").status == 200 && c.get(scoreListPath+all+"&limit=1001").status == 400 && c.get(scoreListPath+all+"&limit=0").status == 400 &&
				c.get(scoreListPath+all+"&sort="+url.QueryEscape("score|desc")).status == 200 && c.get(scoreListPath+all+"&sort=score.desc").status == 400
		}},
		{"zero-trust.md#by-score: the last page has an empty after and null errors", func(c *testClient) bool {
			got := c.get(scoreListPath + all)
			errors, there := got.doc["errors"]
			return got.paging()["after"] == "" && there && errors == nil
		}},
		{"zero-trust.md#audit: averages of the tenant and its platforms", func(c *testClient) bool {
			audit := c.get(auditPath).first(c.t)
			return audit["num_aids"] == 12.0 && audit["average_overall_score"] != nil && len(audit["platforms"].([]any)) > 0
		}},

		{"hosts.md#queries: limit up to 5000, a window of 10,000, either form of sort", func(c *testClient) bool {
			return c.get(hostQueryPath+"?limit=5000&offset=5000").status == 200 && c.get(hostQueryPath+"?limit=5001").status == 400 && c.get(hostQueryPath+"?limit=5000&offset=5001").status == 400 &&
				c.get(hostQueryPath+"?sort=hostname.asc").status == 200 && c.get(hostQueryPath+"?sort="+url.QueryEscape("hostname|asc")).status == 200
		}},
		{"hosts.md#queries: powered by device-api, and a bad filter is a 400", func(c *testClient) bool {
			return c.get(hostQueryPath).meta()["powered_by"] == "device-api" && c.get(hostQueryPath+"?filter="+url.QueryEscape("hostname:'x")).status == 400
		}},
		{"hosts.md#queries: the scroll takes 10,000 and an opaque offset", func(c *testClient) bool {
			paging := c.get(hostScrollPath + "?limit=5").paging()
			_, isText := paging["offset"].(string)
			return isText && paging["total"] == 12.0 && paging["expires_at"].(float64) > 1e18 && len(paging) == 3 &&
				c.get(hostScrollPath+"?limit=10000").status == 200 && c.get(hostScrollPath+"?limit=10001").status == 400
		}},
		{"hosts.md#details: by POST and GET, and a 404 with the records of the others", func(c *testClient) bool {
			id := c.server.Hosts()[0].AgentID
			posted, got := c.call(http.MethodPost, hostDetailPath, `{"ids": ["`+id+`", "unknown"]}`), c.get(hostDetailPath+"?ids="+id+"&ids=unknown")
			return posted.status == 404 && got.status == 404 && len(posted.resources()) == 1 && posted.first(c.t)["device_id"] == id && posted.first(c.t)["last_seen"] != nil
		}},
		{"hosts.md#customer-id: 32 and 2 hexadecimal digits in capitals", func(c *testClient) bool {
			ccid, _ := c.get(ccidPath).resources()[0].(string)
			return regexp.MustCompile(`^[0-9A-F]{32}-[0-9A-F]{2}$`).MatchString(ccid) && strings.ToLower(ccid[:32]) == c.server.CID()
		}},

		{"identity.md#transport: null variables are fine, nulls are present, the headers and extensions are as recorded", func(c *testClient) bool {
			got := c.ask("{entities(first:1){nodes{markTime}}}")
			cost, _ := got.doc["extensions"].(map[string]any)
			return got.status == 200 && strings.Contains(got.text, `"markTime":null`) && got.header.Get("Content-Type") == "application/json; charset=utf-8" &&
				got.header.Get("X-Powered-By") == "Express" && len(got.header.Values("X-Ratelimit-Remaining")) == 2 &&
				cost["runTime"] != nil && cost["remainingPoints"] == 499_999.0 && cost["reset"] != nil && cost["consumedPoints"] == 1.0
		}},
		{"identity.md#transport: an error is a 200 with a message, places and null data", func(c *testClient) bool {
			got := c.ask("{nothing}")
			return got.status == 200 && got.message() != "" && strings.Contains(got.text, `"locations":[`) && strings.Contains(got.text, `"data":null`)
		}},
		{"identity.md#entities: first or last is required, at most 1000", func(c *testClient) bool {
			return c.ask("{entities{nodes{entityId}}}").message() != "" && c.ask("{entities(first:1001){nodes{entityId}}}").message() != "" && c.ask("{entities(last:1000){nodes{entityId}}}").message() == ""
		}},
		{"identity.md#entities: the last page has no cursor", func(c *testClient) bool {
			return strings.Contains(c.ask("{entities(first:1000){pageInfo{hasNextPage endCursor}}}").text, `"pageInfo":{"hasNextPage":false,"endCursor":null}`)
		}},
		{"identity.md#entities: emailAddresses is the argument, and a field of users only", func(c *testClient) bool {
			return c.ask(`{countEntities(emails:["a"])}`).message() != "" && c.ask(`{countEntities(emailAddresses:["a"])}`).message() == "" &&
				c.ask("{entities(first:1){nodes{emailAddresses}}}").message() != "" && c.ask("{entities(first:1){nodes{... on UserEntity{emailAddresses}}}}").message() == ""
		}},
		{"identity.md#entities: score bounds stand inside all only", func(c *testClient) bool {
			return c.ask("{countEntities(riskScoreLowerBound:0.5)}").message() != "" && c.ask("{countEntities(all:[{riskScoreLowerBound:0.5}])}").message() == ""
		}},
		{"identity.md#users: isAdmin is an alias, not a field", func(c *testClient) bool {
			return c.ask("{entities(first:1){nodes{isAdmin}}}").message() != "" && c.ask("{entities(first:1){nodes{isAdmin:hasRole(type:AdminAccountRole)}}}").message() == ""
		}},
		{"identity.md#scores: scores have two decimals", func(c *testClient) bool {
			scores := regexp.MustCompile(`"riskScore":([^,}]+)`).FindAllStringSubmatch(c.ask("{entities(first:40){nodes{riskScore}}}").text, -1)
			for _, score := range scores {
				if !regexp.MustCompile(`^[01](\.\d\d?)?$`).MatchString(score[1]) {
					return false
				}
			}
			return len(scores) == 40
		}},
		{"identity.md#domains: an empty list means all", func(c *testClient) bool {
			return c.ask("{domains(dataSources:[])}").text[:60] == c.ask("{domains}").text[:60]
		}},
		{"identity.md#assessment: a score from 0 to 1 and levels", func(c *testClient) bool {
			got := c.ask(`{securityAssessment(domain:"CORP.EXAMPLE.COM"){overallScore overallScoreLevel assessmentFactors{likelihood severity recommendations{text}}}}`)
			return regexp.MustCompile(`"overallScore":[01](\.\d+)?,"overallScoreLevel":"(LOW|MEDIUM|HIGH)"`).MatchString(got.text)
		}},
	})
}
