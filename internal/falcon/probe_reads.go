package falcon

import (
	"context"
	"strings"

	"github.com/crowdstrike/gofalcon/falcon/client/alerts"
	"github.com/crowdstrike/gofalcon/falcon/client/api_integrations"
	"github.com/crowdstrike/gofalcon/falcon/client/device_control_policies"
	"github.com/crowdstrike/gofalcon/falcon/client/host_group"
	"github.com/crowdstrike/gofalcon/falcon/client/hosts"
	"github.com/crowdstrike/gofalcon/falcon/client/identity_protection"
	"github.com/crowdstrike/gofalcon/falcon/client/ioa_exclusions"
	"github.com/crowdstrike/gofalcon/falcon/client/ioc"
	"github.com/crowdstrike/gofalcon/falcon/client/iocs"
	"github.com/crowdstrike/gofalcon/falcon/client/ml_exclusions"
	"github.com/crowdstrike/gofalcon/falcon/client/ods"
	"github.com/crowdstrike/gofalcon/falcon/client/prevention_policies"
	"github.com/crowdstrike/gofalcon/falcon/client/real_time_response"
	"github.com/crowdstrike/gofalcon/falcon/client/response_policies"
	"github.com/crowdstrike/gofalcon/falcon/client/spotlight_vulnerabilities"
	"github.com/crowdstrike/gofalcon/falcon/client/user_management"
	"github.com/crowdstrike/gofalcon/falcon/client/workflows"
	"github.com/crowdstrike/gofalcon/falcon/client/zero_trust_assessment"
	"github.com/crowdstrike/gofalcon/falcon/models"
)

const scopeGraphQLProbe = "identity-graphql:write"

// retired reports whether a scope of a retired product is not tried because there is nothing left to read. A scope with a
// read in probeReads is tried, because some tenants still have the API; a refusal is then not an error of the client.
func retired(id string) (why string, untried bool) {
	why, is := RetiredScope(id)
	return why, is && probeReads[id] == nil
}

// prober is a client with the credentials to test. submit is for operations that nothing else here needs.
type prober struct {
	*Client
	submit submitter
}

// probeRead sends one harmless read.
type probeRead func(ctx context.Context, p prober, r *response) error

// probeReads are listings of a single entry, or of nothing, by the scope that they require (wire/api-clients.md#scopes).
var probeReads = withGraphQL(map[string]probeRead{
	"alerts:read": func(ctx context.Context, p prober, r *response) error {
		_, err := alerts.New(p.submit, nil).QueryV2(limitOne(alerts.NewQueryV2ParamsWithContext(ctx)), r.as(alerts.NewQueryV2OK()))
		return err
	},
	"api-integrations:read": func(ctx context.Context, p prober, r *response) error {
		_, err := p.apiIntegrations.GetCombinedPluginConfigs(limitOne(api_integrations.NewGetCombinedPluginConfigsParamsWithContext(ctx)),
			r.as(api_integrations.NewGetCombinedPluginConfigsOK()))
		return err
	},
	"device-control-policies:read": func(ctx context.Context, p prober, r *response) error {
		_, err := device_control_policies.New(p.submit, nil).QueryDeviceControlPolicies(
			limitOne(device_control_policies.NewQueryDeviceControlPoliciesParamsWithContext(ctx)),
			r.as(device_control_policies.NewQueryDeviceControlPoliciesOK()))
		return err
	},
	"devices:read": func(ctx context.Context, p prober, r *response) error {
		_, err := p.hosts.QueryDevicesByFilter(limitOne(hosts.NewQueryDevicesByFilterParamsWithContext(ctx)), r.as(hosts.NewQueryDevicesByFilterOK()))
		return err
	},
	"host-group:read": func(ctx context.Context, p prober, r *response) error {
		_, err := host_group.New(p.submit, nil).QueryHostGroups(limitOne(host_group.NewQueryHostGroupsParamsWithContext(ctx)), r.as(host_group.NewQueryHostGroupsOK()))
		return err
	},
	"ioc:read": func(ctx context.Context, p prober, r *response) error {
		_, err := ioc.New(p.submit, nil).IndicatorSearchV1(limitOne(ioc.NewIndicatorSearchV1ParamsWithContext(ctx)), r.as(ioc.NewIndicatorSearchV1OK()))
		return err
	},
	"iocs:read": func(ctx context.Context, p prober, r *response) error {
		params := iocs.NewDevicesCountParamsWithContext(ctx)
		params.SetType("domain")
		params.SetValue("falcon-probe.invalid") // RFC 6761: a name that cannot exist
		_, err := iocs.New(p.submit, nil).DevicesCount(params, r.as(iocs.NewDevicesCountOK()))
		return err
	},
	"ml-exclusions:read": func(ctx context.Context, p prober, r *response) error {
		_, err := ml_exclusions.New(p.submit, nil).QueryMLExclusionsV1(limitOne(ml_exclusions.NewQueryMLExclusionsV1ParamsWithContext(ctx)),
			r.as(ml_exclusions.NewQueryMLExclusionsV1OK()))
		return err
	},
	"ods:read": func(ctx context.Context, p prober, r *response) error {
		_, err := ods.New(p.submit, nil).QueryScans(limitOne(ods.NewQueryScansParamsWithContext(ctx)), r.as(ods.NewQueryScansOK()))
		return err
	},
	"prevention-policies:read": func(ctx context.Context, p prober, r *response) error {
		_, err := prevention_policies.New(p.submit, nil).QueryPreventionPolicies(
			limitOne(prevention_policies.NewQueryPreventionPoliciesParamsWithContext(ctx)), r.as(prevention_policies.NewQueryPreventionPoliciesOK()))
		return err
	},
	"real-time-response:read": func(ctx context.Context, p prober, r *response) error {
		_, err := real_time_response.New(p.submit, nil).RTRListAllSessions(
			limitOne(real_time_response.NewRTRListAllSessionsParamsWithContext(ctx)), r.as(real_time_response.NewRTRListAllSessionsOK()))
		return err
	},
	"response-policies:read": func(ctx context.Context, p prober, r *response) error {
		_, err := response_policies.New(p.submit, nil).QueryRTResponsePolicies(
			limitOne(response_policies.NewQueryRTResponsePoliciesParamsWithContext(ctx)), r.as(response_policies.NewQueryRTResponsePoliciesOK()))
		return err
	},
	"self-service-ioa-exclusions:read": func(ctx context.Context, p prober, r *response) error {
		_, err := ioa_exclusions.New(p.submit, nil).QueryIOAExclusionsV1(limitOne(ioa_exclusions.NewQueryIOAExclusionsV1ParamsWithContext(ctx)),
			r.as(ioa_exclusions.NewQueryIOAExclusionsV1OK()))
		return err
	},
	"spotlight-vulnerabilities:read": func(ctx context.Context, p prober, r *response) error {
		params := limitOne(spotlight_vulnerabilities.NewQueryVulnerabilitiesParamsWithContext(ctx))
		params.SetFilter("status:'open'") // a filter is required
		_, err := spotlight_vulnerabilities.New(p.submit, nil).QueryVulnerabilities(params, r.as(spotlight_vulnerabilities.NewQueryVulnerabilitiesOK()))
		return err
	},
	"usermgmt:read": func(ctx context.Context, p prober, r *response) error {
		_, err := user_management.New(p.submit, nil).QueryUserV1(limitOne(user_management.NewQueryUserV1ParamsWithContext(ctx)), r.as(user_management.NewQueryUserV1OK()))
		return err
	},
	"workflow:read": func(ctx context.Context, p prober, r *response) error {
		_, err := p.workflows.WorkflowDefinitionsCombined(limitOne(workflows.NewWorkflowDefinitionsCombinedParamsWithContext(ctx)),
			r.as(workflows.NewWorkflowDefinitionsCombinedOK()))
		return err
	},
	"zero-trust-assessment:read": func(ctx context.Context, p prober, r *response) error {
		params := limitOne(zero_trust_assessment.NewGetAssessmentsByScoreV1ParamsWithContext(ctx))
		params.SetFilter(scoreFilter(nil, nil))
		_, err := p.zta.GetAssessmentsByScoreV1(params, r.as(zero_trust_assessment.NewGetAssessmentsByScoreV1OK()))
		return err
	},
})

// limitOne requests a single entry.
func limitOne[P interface{ SetLimit(limit *int64) }](params P) P {
	params.SetLimit(new(int64(1)))
	return params
}

// graphQLProbes are queries for the scopes whose data is available only in the GraphQL API (wire/identity.md#transport). No
// harmless query is known for identity-detections:read, whose query "incidents" is deprecated.
var graphQLProbes = map[string]string{
	"identity-assessment:read": "{ securityAssessmentGoals { goalId } }",
	"identity-entities:read":   "{ entities(types: [USER], first: 1) { nodes { entityId } } }",
	"identity-timeline:read":   "{ timeline(first: 1) { nodes { eventId } } }",
}

func withGraphQL(reads map[string]probeRead) map[string]probeRead {
	for id, query := range graphQLProbes {
		reads[id] = func(ctx context.Context, p prober, r *response) error {
			params := identity_protection.NewAPIPreemptProxyPostGraphqlParamsWithContext(ctx)
			params.SetBody(&models.SwaggerGraphQLQuery{Query: &query})
			_, err := p.identity.APIPreemptProxyPostGraphql(params, r.as(identity_protection.NewAPIPreemptProxyPostGraphqlOK()))
			return err
		}
	}
	return reads
}

// graphQLFailure is the error in a 200 (wire/identity.md#transport), and whether it is a refusal. Falcon's wording of a
// refusal is not known, so a failed query counts as refused when its message is about permission.
func graphQLFailure(ctx context.Context, r *response) (failure error, refused bool) {
	env, err := r.envelope(ctx)
	if err != nil {
		return err, false
	}
	for _, m := range env.Errors {
		for _, word := range []string{"permi", "scope", "denied", "forbidden", "authoriz"} {
			refused = refused || strings.Contains(strings.ToLower(m.Message), word)
		}
	}
	return env.err(ctx), refused
}
