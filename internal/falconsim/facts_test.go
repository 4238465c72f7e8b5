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
