package tenantcheck

import (
	"fmt"
	"slices"
	"strings"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
)

// typeNeeds are the scopes that the provider's own API client needs for each type, as their pages say. Data sources, ephemeral
// resources and actions have the prefix that Terraform gives them.
var typeNeeds = []struct {
	subject string
	scopes  []string
}{
	{"falcon_api_client", []string{scopeClientsRead, scopeClientsWrite}},
	{"falcon_webhook", []string{scopeConfigsRead, scopeWorkflowRead, scopeConfigsWrite}},
	{"falcon_workflow", []string{scopeWorkflowRead, scopeWorkflowWrite}},
	{"data.falcon_api_client", []string{scopeClientsRead}},
	{"data.falcon_api_clients", []string{scopeClientsRead}},
	{"data.falcon_api_scopes", []string{scopeClientsRead}},
	{"data.falcon_child_tenants", []string{scopeFlightControl}},
	{"data.falcon_domain_assessment", []string{scopeGraphQL, scopeIdentityAssess}},
	{"data.falcon_domains", []string{scopeGraphQL, scopeEntities}},
	{"data.falcon_host_score", []string{scopeAssessments}},
	{"data.falcon_host_score_summary", []string{scopeAssessments}},
	{"data.falcon_host_scores", []string{scopeAssessments}},
	{"data.falcon_integration_probe", nil},
	{"data.falcon_tenant", []string{scopeSensorDownload}},
	{"data.falcon_user_score", []string{scopeGraphQL, scopeEntities}},
	{"data.falcon_user_scores", []string{scopeGraphQL, scopeEntities}},
	{"data.falcon_webhook", []string{scopeConfigsRead}},
	{"data.falcon_workflow", []string{scopeWorkflowRead}},
	{"data.falcon_workflow_action", []string{scopeWorkflowRead}},
	{"data.falcon_workflow_catalog", []string{scopeWorkflowRead}},
	{"data.falcon_workflow_trigger", []string{scopeWorkflowRead}},
	{"ephemeral.falcon_access_token", nil},
	{"ephemeral.falcon_host_scores", []string{scopeAssessments}},
	{"ephemeral.falcon_integration_probe", nil},
	{"ephemeral.falcon_user_scores", []string{scopeGraphQL, scopeEntities}},
	{"action.falcon_run_workflow", []string{scopeWorkflowRead, scopeWorkflowWrite}},
}

// probeOfScope is the probe that shows whether a read scope can be used.
var probeOfScope = map[string]string{
	scopeClientsRead: probeScopes, scopeConfigsRead: probeConfigs, scopeWorkflowRead: probeWorkflows, scopeHosts: probeHostIDs,
	scopeAssessments: probeScores, scopeGraphQL: probeGraphQL, scopeEntities: probeUserCount, scopeIdentityAssess: probeGoals,
	scopeSensorDownload: probeTenant, scopeFlightControl: probeChildren,
}

// verdictBuilder collects what is known about one subject. The strongest of the states that it was given counts.
type verdictBuilder struct {
	state   State
	why, do []string
}

var priorities = map[State]int{Works: 0, ConsoleStep: 1, NotChecked: 2, DoesNot: 3}

func newVerdict() *verdictBuilder { return &verdictBuilder{state: Works} }

// add adds a reason. Reasons of a weaker state than the strongest one are dropped.
func (b *verdictBuilder) add(state State, why, do string) {
	switch {
	case priorities[state] < priorities[b.state]:
		return
	case priorities[state] > priorities[b.state]:
		b.state, b.why, b.do = state, nil, nil
	}
	if why != "" && !slices.Contains(b.why, why) {
		b.why = append(b.why, why)
	}
	if do != "" && !slices.Contains(b.do, do) {
		b.do = append(b.do, do)
	}
}

func (b *verdictBuilder) verdict(subject string, integration bool) Verdict {
	return Verdict{
		Subject: subject, Integration: integration, State: b.state,
		Why: plainText(strings.Join(b.why, "; ")), Do: plainText(strings.Join(b.do, " ")),
	}
}

// addScope adds what is known about a scope of the API client in use.
func (b *verdictBuilder) addScope(o *observations, scope string) {
	title := falcon.ScopeTitle(scope)
	offered, known := o.offered()
	if known && !slices.Contains(offered, scope) {
		b.add(DoesNot, fmt.Sprintf("the tenant does not offer the scope %s (%s)", scope, title),
			"Ask CrowdStrike whether your subscription can have the scope "+scope+".")
		return
	}
	probe, readable := probeOfScope[scope]
	if !readable {
		held, known := o.held()
		switch {
		case !known:
			b.add(NotChecked, fmt.Sprintf("the scopes of the API client in use could not be read, so %s is not known", scope),
				"Add api-client-mgmt:read to the API client that runs this check, or look for "+title+" in the console.")
		case !slices.Contains(held, scope):
			b.add(NotChecked, fmt.Sprintf("needs the scope %s (%s)", scope, title), "Add the scope "+scope+" to the API client in the console.")
		}
		return
	}
	switch o.access(probe) {
	case granted:
	case noScope:
		b.add(NotChecked, fmt.Sprintf("needs the scope %s (%s)", scope, title), "Add the scope "+scope+" to the API client in the console.")
	case refused:
		if o.anyGranted() {
			b.add(DoesNot, fmt.Sprintf("Falcon refuses the requests of the scope %s although other requests are allowed", scope),
				"Ask CrowdStrike for a license of the product.")
			return
		}
		b.add(NotChecked, "Falcon refuses every request", "Check that this address is on the API's allow list, and that the API client belongs to the tenant.")
	case notOffered:
		b.add(DoesNot, "this cloud does not have the operations of the scope "+scope, "")
	case unknown:
		b.add(NotChecked, o.failure(probe), "Repeat the check.")
	}
}

// failure says in one sentence why a probe has no usable response.
func (o *observations) failure(probe string) string {
	err, reached := o.errs[probe]
	switch {
	case err != nil:
		return strings.TrimSuffix(err.Error(), ".")
	case !reached && o.lastErr != nil:
		return "the check ended before: " + strings.TrimSuffix(o.lastErr.Error(), ".")
	}
	return "there was no usable response"
}

// verdicts are those of the integrations, then those of the types.
func verdicts(o *observations, answers []Answer) []Verdict {
	types := map[string]*verdictBuilder{}
	for _, t := range typeNeeds {
		b := newVerdict()
		for _, scope := range t.scopes {
			b.addScope(o, scope)
		}
		types[t.subject] = b
	}
	types["falcon_webhook"].addWebhookApp(o, answers)
	out := integrationVerdicts(o, types)
	for _, t := range typeNeeds {
		out = append(out, types[t.subject].verdict(t.subject, false))
	}
	return out
}

const (
	noWebhookApp = "the app CrowdStrike Webhook is not installed: the catalog does not have its action Call webhook"
	installApp   = "Install the app CrowdStrike Webhook in the console under CrowdStrike Store. " +
		"A receiver that checks no signature works without it: see http of notify_webhook."
	configByHand  = "Falcon publishes no request that writes webhook configurations"
	createByHand  = "Create the webhook configuration in the console with the values that the provider lists; the next apply adopts it."
	clientByHand  = "the provider cannot manage API clients here"
	createClient  = "Create the API client of the integration in the console under Support and resources > API clients and keys."
	noPermission  = "the tenant does not permit the action Call webhook"
	askPermission = "Ask an administrator of the tenant for the permission to use the action Call webhook."
)

// addWebhookApp adds what a webhook needs apart from scopes.
func (b *verdictBuilder) addWebhookApp(o *observations, answers []Answer) {
	activity, known := o.callWebhook()
	if !known {
		return // the scope is missing, and has been added
	}
	if activity == nil {
		b.add(DoesNot, noWebhookApp, installApp)
		return
	}
	if permitted, ok := activity["has_permission"].(bool); ok && !permitted {
		b.add(DoesNot, noPermission, askPermission)
	}
	if !slices.ContainsFunc(answers, func(a Answer) bool { return a.Question == "Q12" && a.Reading == "b" }) {
		b.add(ConsoleStep, configByHand, createByHand)
	}
}
