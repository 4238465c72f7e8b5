package tenantcheck

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// shown are observations of one response for each probe; a body is JSON.
func shown(bodies map[string]string) *observations {
	o := &observations{notes: map[string]string{}, errs: map[string]error{}}
	for probe, body := range bodies {
		o.responses = append(o.responses, response{probe: probe, status: http.StatusOK, header: http.Header{}, body: decode([]byte(body))})
	}
	return o
}

func resources(items string) string { return `{"resources":[` + items + `]}` }

// ids are n ids of API clients.
func ids(n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf(`"%d"`, i)
	}
	return strings.Join(list, ",")
}

// What the simulator never responds: a tenant that is neither of the readings settles nothing.
func TestSettle_otherTenants(t *testing.T) {
	t.Parallel()
	activity := func(properties, version string) string {
		return resources(`{"name":"Call webhook","semantic_version":"` + version + `","input_schema":{"properties":{` + properties + `}}}`)
	}
	triggers := func(categories ...string) string {
		for i, c := range categories {
			categories[i] = `{"category":"` + c + `"}`
		}
		return fmt.Sprintf(`{"meta":{"pagination":{"total":%d}},"resources":[%s]}`, len(categories), strings.Join(categories, ","))
	}
	for name, test := range map[string]struct {
		question string
		bodies   map[string]string
		want     string
	}{
		"scopes without API client management": {"Q11", map[string]string{probeScopes: resources(`{"id":"alerts:read"}`)}, "b"},
		"scopes with reading API clients only": {"Q11", map[string]string{probeScopes: resources(`{"id":"api-client-mgmt:read"}`)}, "b"},
		"no scope of Identity Protection":      {"Q54", map[string]string{probeScopes: resources(`{"id":"alerts:read"}`)}, ""},
		"an API client without scopes":         {"Q03", map[string]string{probeOwnClient: resources(`{"id":"x","scopes":[]}`)}, ""},
		"an API client with both keys":         {"Q02", map[string]string{probeOwnClient: resources(`{"id":"x","client_id":"x"}`)}, ""},
		"100 of 300 ids": {"Q10", map[string]string{
			probeClientIDs: resources(ids(100)), probeClientIDsMax: `{"meta":{"pagination":{"total":300}},"resources":[` + ids(100) + `]}`,
		}, "b"},
		"all of 30 ids, without a limit in the response": {"Q10", map[string]string{
			probeClientIDs: resources(ids(30)), probeClientIDsMax: `{"meta":{"pagination":{"total":30}},"resources":[` + ids(30) + `]}`,
		}, ""},
		"all of 300 ids": {"Q10", map[string]string{
			probeClientIDs: resources(ids(300)), probeClientIDsMax: `{"meta":{"pagination":{"total":300,"limit":501}},"resources":[` + ids(300) + `]}`,
		}, ""},
		"other properties of Call webhook":      {"Q22", map[string]string{probeCallWebhook: activity(`"hook":{}`, "1.0.3")}, ""},
		"another version of Call webhook":       {"Q23", map[string]string{probeCallWebhook: activity(`"hook":{}`, "1.1.0")}, ""},
		"no app and no version":                 {"Q23", map[string]string{probeCallWebhook: resources("")}, ""},
		"no Zero Trust triggers":                {"Q24", map[string]string{probeTriggers: triggers("Case/Created")}, ""},
		"another subtype of the score":          {"Q24", map[string]string{probeTriggers: triggers(scoreEvent, scoreEvent+"/Other")}, ""},
		"only one of the case events":           {"Q25", map[string]string{probeTriggers: triggers("Case/Created", "Incident")}, ""},
		"a part of the triggers":                {"Q25", map[string]string{probeTriggers: `{"meta":{"pagination":{"total":9}},"resources":[{"category":"Incident"}]}`}, ""},
		"two rows of version 2":                 {"Q28", map[string]string{probeVersions: resources(`{"id":"x","version":2},{"id":"x","version":1}`)}, ""},
		"two rows in order by chance":           {"Q29", map[string]string{probeVersions: resources(`{"id":"x","version":2},{"id":"x","version":1}`)}, ""},
		"one row, total 1":                      {"Q31", map[string]string{probeVersions: `{"meta":{"pagination":{"total":1}},"resources":[{"id":"x","version":1}]}`}, ""},
		"a total of neither":                    {"Q31", map[string]string{probeVersions: `{"meta":{"pagination":{"total":9}},"resources":[{"id":"x","version":2},{"id":"x","version":1}]}`}, ""},
		"a page of 25":                          {"Q44", map[string]string{probeWorkflows: `{"meta":{"pagination":{"limit":25}},"resources":[]}`}, ""},
		"both vocabularies":                     {"Q47", map[string]string{probeExecutions: resources(`{"status":"Completed"},{"status":"Succeeded"}`)}, ""},
		"only failures":                         {"Q47", map[string]string{probeExecutions: resources(`{"status":"Failed"},{"status":"In progress"}`)}, ""},
		"other states of configurations":        {"Q85", map[string]string{probeConfigs: resources(`{"state":"live"}`)}, ""},
		"a URL under another key":               {"Q15", map[string]string{probeConfigs: resources(`{"config":{"endpoint":"x","signature_header_name":"y"}}`)}, ""},
		"configurations of unknown apps":        {"Q14", map[string]string{probeConfigs: resources(`{"app_id":"x","config":{"name":"n"}}`)}, ""},
		"10,000 assessments and as many hosts":  {"Q66", map[string]string{probeScores: `{"meta":{"pagination":{"total":10000}},"resources":[]}`, probeAudit: resources(`{"num_aids":10000}`)}, ""},
		"domains of Active Directory only":      {"Q64", map[string]string{probeDomains: `{"data":{"a":["x"],"b":["x"],"all":["x"],"ad":["x"]}}`}, ""},
		"a count that is neither all nor none":  {"Q63", map[string]string{probeUserCount: `{"data":{"countEntities":9}}`, probeEmptyFilter: `{"data":{"countEntities":3}}`}, ""},
		"responses with two forms of no errors": {"Q56", map[string]string{probeTenant: `{"meta":{"trace_id":"t"},"errors":[]}`, probeScopes: `{"meta":{"trace_id":"t"},"errors":null}`}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := answerTo(t, &Report{Answers: shown(test.bodies).answers()}, test.question)
			if a.Reading != test.want || a.Evidence == "" {
				t.Errorf("%s is %q, want %q: %s", a.Question, a.Reading, test.want, a.Evidence)
			}
		})
	}
}
