package tenantcheck

import "slices"

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
	{"data.falcon_workflow_document", []string{scopeWorkflowRead}},
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
		b.addProbe(o, probeCallWebhook, scopeWorkflowRead)
		return
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
