package falconsim

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/definition"
)

// fact is a fact in a page of internal/falcon/wire that the simulator reproduces. holds checks it with a new tenant.
type fact struct {
	fact  string
	holds func(c *testClient) bool
}

func checkFacts(t *testing.T, rows []fact) {
	t.Helper()
	for _, row := range rows {
		t.Run(row.fact, func(t *testing.T) {
			t.Parallel()
			if !row.holds(newTestClient(t, Options{Hosts: 12, Users: 30})) {
				t.Error("does not hold")
			}
		})
	}
}

// The facts of wire/conventions.md and wire/authentication.md.
func TestFactsOfConventions(t *testing.T) {
	t.Parallel()
	credentials := func(c *testClient) url.Values {
		return url.Values{"client_id": {c.server.ClientID()}, "client_secret": {c.server.ClientSecret()}}
	}
	checkFacts(t, []fact{
		{"conventions.md#envelope: meta has query_time, trace_id and powered_by", func(c *testClient) bool {
			meta := c.get(configsPath).meta()
			_, isNumber := meta["query_time"].(float64)
			return isNumber && meta["trace_id"] != "" && meta["powered_by"] != nil
		}},
		{"conventions.md#envelope: listings have pagination with limit, offset and total", func(c *testClient) bool {
			paging := c.get(configsPath + "?limit=7&offset=1").paging()
			return paging["limit"] == 7.0 && paging["offset"] == 1.0 && paging["total"] == 1.0
		}},
		{"conventions.md#envelope: writes say how many resources were affected", func(c *testClient) bool {
			writes, _ := c.call(http.MethodPost, clientEntities, clientBody("x")).meta()["writes"].(map[string]any)
			return writes["resources_affected"] == 1.0
		}},
		{"conventions.md#envelope: an error item has code and message, and resources is a list", func(c *testClient) bool {
			got := c.get(clientEntities)
			return len(got.codes()) == 1 && got.message() != "" && got.doc["resources"] != nil
		}},
		{"conventions.md#error-bodies: 401 for an unknown token, powered by the gateway", func(c *testClient) bool {
			got := c.get(ccidPath, "Authorization", "Bearer nonsense")
			return got.refused(401, "access denied, invalid bearer token") && got.meta()["powered_by"] == "crowdstrike-api-gateway"
		}},
		{"conventions.md#error-bodies: 403 without the scope", func(c *testClient) bool {
			c.server.AddClient("poor", "secret", nil)
			c.token = c.login("poor", "secret")
			return c.get(ccidPath).refused(403, "access denied, scope not permitted")
		}},
		{"conventions.md#error-bodies: 404 of the gateway for an unknown path", func(c *testClient) bool {
			got := c.get("/detects/queries/detects/v1")
			return got.refused(404, "404: Page Not Found") && got.meta()["powered_by"] == "crowdstrike-api-gateway"
		}},
		{"conventions.md#error-bodies: 500 asks for the trace id of the response", func(c *testClient) bool {
			if c.server.Inject(Fault{Status: 500}) != nil {
				return false
			}
			got := c.get(ccidPath)
			return got.refused(500, "Internal Server Error: Please provide trace-id='"+got.header.Get("X-Cs-Traceid")+"' to support")
		}},
		{"conventions.md#headers: every response has trace id, region, limits, server and HSTS", func(c *testClient) bool {
			header := c.get("/nowhere").header
			for _, key := range []string{"X-Cs-Traceid", "X-Cs-Region", "X-Ratelimit-Limit", "X-Ratelimit-Remaining", "Server", "Strict-Transport-Security"} {
				if header.Get(key) == "" {
					return false
				}
			}
			return header.Get("Content-Type") == "application/json"
		}},
		{"conventions.md#headers: what remains falls, and stays above 10", func(c *testClient) bool {
			first, second := c.get(ccidPath).limits(), c.get(ccidPath).limits()
			return first[0] == "6000" && len(first[1]) == 4 && first[1] > second[1]
		}},
		{"conventions.md#query-conventions: ids are repeated, never joined", func(c *testClient) bool {
			ids := c.get(clientQueries).resources()
			repeated := c.get(clientEntities + "?ids=" + ids[0].(string) + "&ids=" + ids[1].(string))
			joined := c.get(clientEntities + "?ids=" + ids[0].(string) + "," + ids[1].(string))
			return len(repeated.resources()) == 2 && len(joined.resources()) == 0
		}},
		{"conventions.md#query-conventions: an empty filter is sent and accepted", func(c *testClient) bool {
			return c.get("/workflows/combined/definitions/v1?filter=").status == 200 && c.get(hostQueryPath+"?filter=").status == 200 && c.get(configsPath+"?filter=").status == 200
		}},
		{"conventions.md#simulator: a JSON content type on GET and DELETE without a body", func(c *testClient) bool {
			id := c.call(http.MethodPost, clientEntities, clientBody("x")).first(c.t)["id"].(string)
			return c.get(ccidPath, "Content-Type", "application/json").status == 200 && c.call(http.MethodDelete, clientEntities+"?ids="+id, "").status == 202
		}},

		{"authentication.md#token: 201 with a bearer token for 1799 seconds", func(c *testClient) bool {
			got := c.requestToken(credentials(c))
			return got.status == 201 && got.doc["token_type"] == "bearer" && got.doc["expires_in"] == 1799.0 && got.doc["access_token"] != "" && len(got.doc) == 3
		}},
		{"authentication.md#token: an unknown id is a 400 powered by csam", func(c *testClient) bool {
			got := c.requestToken(url.Values{"client_id": {"nobody"}, "client_secret": {"x"}})
			return got.refused(400, "Failed to generate access token for clientID=nobody.") && got.meta()["powered_by"] == "csam"
		}},
		{"authentication.md#token: a wrong secret is a 403", func(c *testClient) bool {
			return c.requestToken(url.Values{"client_id": {c.server.ClientID()}, "client_secret": {"x"}}).refused(403, "Failed to issue access token - Not Authorized")
		}},
		{"authentication.md#token: grant_type is accepted, and Basic works too", func(c *testClient) bool {
			form := credentials(c)
			form.Set("grant_type", "client_credentials")
			basic := base64.StdEncoding.EncodeToString([]byte(c.server.ClientID() + ":" + c.server.ClientSecret()))
			byHeader := c.call(http.MethodPost, tokenPath, "grant_type=client_credentials", "Authorization", "Basic "+basic, "Content-Type", "application/x-www-form-urlencoded")
			return c.requestToken(form).status == 201 && byHeader.status == 201
		}},
		{"authentication.md#token: a foreign member_cid is a 403", func(c *testClient) bool {
			form := credentials(c)
			form.Set("member_cid", strings.Repeat("f", 32))
			return c.requestToken(form).refused(403, "access denied, authorization failed")
		}},
		{"authentication.md#revoke: 200 with meta only, for basic in lower case", func(c *testClient) bool {
			basic := base64.StdEncoding.EncodeToString([]byte(c.server.ClientID() + ":" + c.server.ClientSecret()))
			got := c.call(http.MethodPost, revokePath, "token="+c.token, "Authorization", "basic "+basic, "Content-Type", "application/x-www-form-urlencoded")
			_, hasResources := got.doc["resources"]
			return got.status == 200 && got.meta() != nil && !hasResources && c.get(ccidPath).status == 401
		}},
		{"authentication.md#clouds: the wrong cloud is a 308 with Location, region and no body", func(c *testClient) bool {
			moved := &testClient{t: c.t, server: New(Options{Redirect: "https://home.example"})}
			call, token := moved.get(ccidPath+"?a=b"), moved.requestToken(nil)
			return call.status == 308 && call.text == "" && call.header.Get("Location") == "https://home.example"+ccidPath+"?a=b" && call.header.Get("X-Cs-Region") != "" &&
				token.status == 308 && token.limits()[0] == "300" && call.limits()[0] == "15"
		}},
	})
}

// The facts of wire/api-clients.md and wire/webhooks.md.
func TestFactsOfClientsAndWebhooks(t *testing.T) {
	t.Parallel()
	hexID := regexp.MustCompile(`^[0-9a-f]{32}$`)
	checkFacts(t, []fact{
		{"api-clients.md#operations: 201, 204 without a body, 201 for a reset, 202", func(c *testClient) bool {
			made := c.call(http.MethodPost, clientEntities, clientBody("x"))
			id := made.first(c.t)["id"].(string)
			patched := c.call(http.MethodPatch, clientEntities+"?ids="+id, clientBody("y"))
			reset := c.call(http.MethodPost, clientActions+"?action_name=reset_secret&ids="+id, "")
			return hexID.MatchString(id) && made.status == 201 && patched.status == 204 && patched.text == "" && reset.status == 201 &&
				c.call(http.MethodDelete, clientEntities+"?ids="+id, "").status == 202
		}},
		{"api-clients.md#operations: ten ids a page, by creation, with an offset", func(c *testClient) bool {
			first, second := c.get(clientQueries), c.get(clientQueries+"?offset=10")
			return len(first.resources()) == 10 && len(second.resources()) == 2 && first.resources()[0] == c.server.Clients()[0].ID
		}},
		{"api-clients.md#operations: sorts by every documented field, and by no other", func(c *testClient) bool {
			for _, field := range []string{"id", "name", "created_by", "updated_by", "created_timestamp", "last_modified"} {
				if c.get(clientQueries+"?sort="+url.QueryEscape(field+"|asc")).status != 200 || c.get(clientQueries+"?sort="+url.QueryEscape(field+"|desc")).status != 200 {
					return false
				}
			}
			return c.get(clientQueries+"?sort=description").status == 400
		}},
		{"api-clients.md#operations: the secret is shown by create and reset only", func(c *testClient) bool {
			made := c.call(http.MethodPost, clientEntities, clientBody("x")).first(c.t)
			id := made["id"].(string)
			reset := c.call(http.MethodPost, clientActions+"?action_name=reset_secret&ids="+id, "").first(c.t)
			_, shown := c.get(clientEntities + "?ids=" + id).first(c.t)["client_secret"]
			return made["client_secret"] != nil && reset["client_secret"] != made["client_secret"] && !shown
		}},
		{"api-clients.md#operations: a name that is taken is a 409", func(c *testClient) bool {
			return c.call(http.MethodPost, clientEntities, clientBody("Ticketing")).status == 409
		}},
		{"api-clients.md#resource: id, name, description, scopes, times and authors", func(c *testClient) bool {
			entity := c.call(http.MethodPost, clientEntities, clientBody("x", "devices:read")).first(c.t)
			for _, key := range []string{"id", "name", "description", "scopes", "created_timestamp", "last_modified", "created_by", "updated_by"} {
				if entity[key] == nil {
					return false
				}
			}
			return true
		}},
		{"api-clients.md#scopes: accessible scopes are id, group and action; retired products are not among them", func(c *testClient) bool {
			got := c.get("/api-clients/entities/accessible-scopes/v1")
			return strings.Contains(got.text, `{"id":"devices:read","group":"Hosts","action":"read"}`) && !strings.Contains(got.text, "detects:read") && !strings.Contains(got.text, "incidents:read")
		}},
		{"api-clients.md#scopes: a scope that the tenant does not offer is refused", func(c *testClient) bool {
			return c.call(http.MethodPost, clientEntities, clientBody("x", "hosts:read")).status == 400
		}},

		{"webhooks.md#configurations: 100 a page, at most 500, newest first, with the five keys", func(c *testClient) bool {
			id, err := c.server.CreatePluginConfig("hook", "https://example.com", testKey, "")
			got := c.get(configsPath)
			first := got.first(c.t)
			return err == nil && got.paging()["limit"] == 100.0 && first["config_id"] == id && len(first) == 5 && first["app_id"] != nil && first["definition_id"] != nil && first["state"] != nil &&
				first["config"].(map[string]any)["name"] == "hook" && c.get(configsPath+"?limit=500").status == 200 && c.get(configsPath+"?limit=501").status == 400
		}},
		{"webhooks.md#writing: no request that writes configurations is known", func(c *testClient) bool {
			for _, method := range []string{http.MethodPost, http.MethodPatch, http.MethodDelete, http.MethodPut, http.MethodGet} {
				if !c.call(method, pluginWritePath, fullConfig("x")).refused(404, "404: Page Not Found") {
					return false
				}
			}
			return true
		}},
		{"webhooks.md#store-app: the key has 32 characters, the header a default", func(c *testClient) bool {
			_, short := c.server.CreatePluginConfig("hook", "https://example.com", testKey[1:], "")
			_, err := c.server.CreatePluginConfig("hook", "https://example.com", testKey, "")
			return short != nil && err == nil && strings.EqualFold(c.server.PluginConfigs()[1].SignatureHeader, "X-CS-Primary-Signature")
		}},
		{"webhooks.md#deliveries: the three headers, the time in UTC and the algorithm", func(c *testClient) bool {
			config, err := c.server.CreatePluginConfig("hook", "https://example.com", testKey, "")
			if err != nil {
				return false
			}
			c.act("enable", c.importWorkflow(webhookWorkflow("cases", definition.CaseCreated, config, "")))
			c.server.CreateCase("x")
			header := c.deliveries()[0].Header
			return header.Get("X-Cs-Primary-Signature") != "" && header.Get("X-Cs-Signature-Algorithm") == "hmac-sha256" &&
				regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`).MatchString(header.Get("X-Cs-Delivery-Timestamp")) && header.Get("Content-Type") == "application/json"
		}},
	})
}

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
