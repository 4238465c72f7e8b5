package tenantcheck

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/integrations"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider"
)

// providerTypes are the descriptions of the provider's types, by the subjects of verdicts.
func providerTypes(t *testing.T) map[string]string {
	t.Helper()
	server := providerserver.NewProtocol6(provider.New("test")())()
	got, err := server.GetProviderSchema(context.WithoutCancel(t.Context()), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	types := map[string]string{}
	for name, s := range got.ResourceSchemas {
		types[name] = s.Block.Description
	}
	for name, s := range got.DataSourceSchemas {
		types["data."+name] = s.Block.Description
	}
	for name, s := range got.EphemeralResourceSchemas {
		types["ephemeral."+name] = s.Block.Description
	}
	for name, s := range got.ActionSchemas {
		types["action."+name] = s.Schema.Block.Description
	}
	return types
}

var scopeInText = regexp.MustCompile("`([a-z-]+:(?:read|write))`")

// Each type of the provider has a verdict, with the scopes that its page names. Scopes after a semicolon are needed for some
// arguments of a data source only.
func TestTypesAndScopesAreThoseOfTheProvider(t *testing.T) {
	t.Parallel()
	types := providerTypes(t)
	if len(types) != len(typeNeeds) {
		t.Errorf("%d verdicts, the provider has %d types", len(typeNeeds), len(types))
	}
	for _, needs := range typeNeeds {
		_, required, found := strings.Cut(types[needs.subject], "Required API scopes: ")
		if !found {
			t.Errorf("%s does not exist, or its description has no scopes", needs.subject)
			continue
		}
		if strings.Contains(needs.subject, ".") {
			required, _, _ = strings.Cut(required, ";")
		}
		var scopes []string
		for _, m := range scopeInText.FindAllStringSubmatch(required, -1) {
			scopes = append(scopes, m[1])
		}
		slices.Sort(scopes)
		if mine := slices.Sorted(slices.Values(needs.scopes)); !slices.Equal(mine, scopes) {
			t.Errorf("%s needs %v, its page says %v", needs.subject, mine, scopes)
		}
	}
}

// The essential scopes are among those of the integration, and can be checked or are only offered.
func TestEssentialsAreScopesOfTheIntegration(t *testing.T) {
	t.Parallel()
	for _, name := range integrations.Names() {
		preset, err := integrations.Find(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, scope := range essentials[name] {
			if !slices.Contains(preset.Scopes, scope) && !slices.Contains(preset.Recommended, scope) {
				t.Errorf("%s does not have the scope %s", name, scope)
			}
		}
		if len(essentials[name]) == 0 {
			t.Errorf("%s needs no scope", name)
		}
	}
}

// Verdicts say what is missing, for each thing that can be missing.
func TestVerdicts(t *testing.T) {
	t.Parallel()
	all := falconsim.New(falconsim.Options{}).Clients()[0].Scopes
	without := func(scopes ...string) []string {
		return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return slices.Contains(scopes, s) })
	}
	for name, test := range map[string]struct {
		opts falconsim.Options
		want map[string]State
		why  map[string]string
	}{
		"everything": {
			want: map[string]State{"zscaler_adaptive_access": ConsoleStep, "cortex_xsoar": Works, "falcon_webhook": ConsoleStep, "falcon_workflow": Works},
		},
		"no webhook app": {
			opts: falconsim.Options{NoCallWebhook: true},
			want: map[string]State{"zscaler_adaptive_access": DoesNot, "cortex_xsoar": Works, "falcon_webhook": DoesNot, "falcon_workflow": Works},
			why:  map[string]string{"zscaler_adaptive_access": noWebhookApp, "falcon_webhook": noWebhookApp},
		},
		"no write scope for workflows": {
			opts: falconsim.Options{Scopes: without("workflow:write")},
			want: map[string]State{"zscaler_adaptive_access": NotChecked, "falcon_workflow": NotChecked, "data.falcon_workflow": Works, "action.falcon_run_workflow": NotChecked},
			why:  map[string]string{"falcon_workflow": "needs the scope workflow:write"},
		},
		"no scope to write API clients": {
			opts: falconsim.Options{Scopes: without("api-client-mgmt:write")},
			want: map[string]State{"falcon_api_client": NotChecked, "data.falcon_api_client": Works, "netskope_risk_exchange": ConsoleStep},
			why:  map[string]string{"netskope_risk_exchange": clientByHand},
		},
		"scopes are not shown": {
			opts: falconsim.Options{Readings: falconsim.Readings{"Q03": "c"}},
			want: map[string]State{"falcon_api_client": ConsoleStep, "data.falcon_workflow": Works},
		},
		"API client management not offered": {
			opts: falconsim.Options{Readings: falconsim.Readings{"Q11": "b"}},
			want: map[string]State{"falcon_api_client": NotChecked, "cortex_xsoar": NotChecked, "data.falcon_workflow": Works},
			why:  map[string]string{"cortex_xsoar": "needs the scope api-client-mgmt:read"},
		},
		"a scope that an integration can do without": {
			opts: falconsim.Options{Readings: falconsim.Readings{"Q54": "b"}},
			want: map[string]State{"cortex_xsoar": Works},
			why:  map[string]string{"cortex_xsoar": "without identity-detections:read"},
		},
		"two reasons": { // the smaller one is not lost
			opts: falconsim.Options{Readings: falconsim.Readings{"Q54": "b"}, Scopes: without("api-client-mgmt:write")},
			want: map[string]State{"cortex_xsoar": ConsoleStep},
			why:  map[string]string{"cortex_xsoar": "without identity-detections:read"},
		},
		"no incidents and no cases is not a tenant": {
			opts: falconsim.Options{Readings: falconsim.Readings{"Q25": "b", "Q24": "b"}},
			want: map[string]State{"zscaler_adaptive_access": ConsoleStep},
			why:  map[string]string{"zscaler_adaptive_access": "nothing starts the workflows of new_incident (Incident) and incident_update (FalconAudit/Incident)"},
		},
		"no scope to query Identity Protection": {
			opts: falconsim.Options{Scopes: without("identity-graphql:write")},
			want: map[string]State{"data.falcon_user_scores": NotChecked, "netskope_risk_exchange": NotChecked},
			why:  map[string]string{"data.falcon_user_scores": "needs the scope identity-graphql:write"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report := checked(t, falconsim.New(test.opts), Options{})
			for subject, want := range test.want {
				v := verdictOf(t, report, subject)
				if v.State != want || !strings.Contains(v.Why, test.why[subject]) {
					t.Errorf("%+v, want %s: %s", v, want, test.why[subject])
				}
				if (v.State == DoesNot || v.State == NotChecked || v.State == ConsoleStep) && (v.Why == "" || v.Do == "") {
					t.Errorf("%s does not say why or what to do: %+v", subject, v)
				}
			}
		})
	}
}
