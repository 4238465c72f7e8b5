package tenantcheck

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

const simulated = "https://falcon.test"

// inProcess sends requests to a simulated tenant without a network, and counts them.
type inProcess struct {
	handler http.Handler
	sent    int
}

func (p *inProcess) RoundTrip(req *http.Request) (resp *http.Response, err error) {
	p.sent++
	defer func() {
		switch reason := recover(); reason {
		case nil:
		case http.ErrAbortHandler:
			resp, err = nil, errors.Join(errors.New("the connection was closed"), context.Cause(req.Context()))
		default:
			panic(reason)
		}
	}()
	w := httptest.NewRecorder()
	p.handler.ServeHTTP(w, req)
	resp = w.Result()
	resp.Request = req
	return resp, nil
}

// configOf is the configuration of a check of a simulated tenant.
func configOf(sim *falconsim.Server, transport http.RoundTripper) falcon.Config {
	return falcon.Config{
		ClientID: sim.ClientID(), ClientSecret: sim.ClientSecret(), BaseURL: simulated, HTTPTransport: transport, MaxRetries: 2,
	}
}

// richTenant is a tenant with enough objects for every question that reading can settle, except for those that need a second tenant.
func richTenant(t *testing.T, opts falconsim.Options) *falconsim.Server {
	t.Helper()
	sim := falconsim.New(opts)
	must := func(id string, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	slack := ""
	for _, c := range sim.PluginConfigs() {
		slack = c.ID
	}
	webhook := must(sim.CreatePluginConfig("receiver", "https://receiver.example/hook", "an HMAC secret of more than 32 characters", ""))
	for i := range 16 {
		name := fmt.Sprintf("Rota %d", i)
		id := must(sim.CreateWorkflow(documentOf(t, name, pauseAction, `"sleep_time":"1m"`), false))
		for v := range 3 {
			must("", sim.ReplaceWorkflow(id, documentOf(t, name, pauseAction, fmt.Sprintf(`"sleep_time":"%dm"`, v+2))))
		}
	}
	must(sim.CreateWorkflow(documentOf(t, "Chat", slackPostMessage, `"config_id":"`+slack+`","json":{"channel":"c","text":"x"}`), false))
	api, err := falcon.New(t.Context(), configOf(sim, &inProcess{handler: sim}))
	if err != nil {
		t.Fatal(err)
	}
	send := func(method, path, body string) map[string]any {
		t.Helper()
		got, err := api.Raw(t.Context(), falcon.RawRequest{Doing: "prepare the test", Method: method, Path: path, Body: []byte(body)})
		if err != nil {
			t.Fatal(err)
		}
		var envelope map[string]any
		if err := json.Unmarshal(got.Body, &envelope); err != nil {
			t.Fatal(err)
		}
		return envelope
	}
	// The keys of Call webhook depend on the tenant.
	catalog := send(http.MethodGet, activitiesPath+"?limit=500&filter=", "")
	for _, item := range catalog["resources"].([]any) {
		a := item.(map[string]any)
		if a["name"] != callWebhookName {
			continue
		}
		key := "config_id"
		if _, other := propertiesOf(a)["webhook_config_id"]; other {
			key = "webhook_config_id"
		}
		must(sim.CreateWorkflow(documentOf(t, "Notify", text(a, "id"), `"`+key+`":"`+webhook+`"`), false))
	}
	run := must(sim.CreateWorkflow(documentOf(t, "Runs", pauseAction, `"sleep_time":"1m"`), true))
	for _, cancel := range []bool{false, true} {
		if cancel {
			must("", sim.SetOutcome(run, "In progress"))
		}
		started := send(http.MethodPost, "/workflows/entities/execute/v1?definition_id="+run, "{}")
		id := started["resources"].([]any)[0].(string)
		if cancel {
			waitUntilReadable(t)
			send(http.MethodPost, "/workflows/entities/execution-actions/v1?action_name=cancel", `{"ids":["`+id+`"]}`)
		}
	}
	waitUntilReadable(t)
	for i, score := range []float64{0.3, 0.304, 0.5, 0.504, 0.496, 0.7, 0.7031, 0.8029, 0.2} {
		must(sim.PutUser(falconsim.User{PrimaryDisplayName: fmt.Sprintf("User %d", i), RiskScore: score}))
	}
	return sim
}

// documentOf is an on-demand workflow with a note on its canvas and one action.
func documentOf(t *testing.T, name, action, properties string) []byte {
	t.Helper()
	return fmt.Appendf(nil, `{"name":%q,"trigger":{"type":"On demand","next":["step"]},"disconnected_nodes":["a note"],`+
		`"actions":{"step":{"id":%q,"version_constraint":"~1","properties":{%s}}}}`, name, action, properties)
}
