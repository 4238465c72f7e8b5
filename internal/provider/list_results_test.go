package provider_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

// shownNames returns the display names of results in their order, and the text of errors.
func shownNames(results []tfprotov6.ListResourceResult) string {
	var names []string
	for _, r := range results {
		if text := acctest.Messages(r.Diagnostics, tfprotov6.DiagnosticSeverityError); text != "" {
			names = append(names, "error: "+text)
		} else {
			names = append(names, r.DisplayName)
		}
	}
	return strings.Join(names, ", ")
}

// listTenant returns a tenant with several objects of each kind, and a disabled workflow.
func listTenant(t *testing.T, opts falconsim.Options) (*falconsim.Running, *acctest.Protocol) {
	t.Helper()
	opts.Readings = falconsim.WebhookWrites().With(opts.Readings)
	sim := acctest.NewSim(t, opts)
	p := acctest.NewProtocol(t, sim)
	for _, object := range []struct {
		resource string
		config   acctest.Arguments
	}{
		{acctest.APIClientType, acctest.Arguments{"name": "Zscaler", "scopes": []string{"alerts:read", "devices:read"}}},
		{acctest.APIClientType, acctest.Arguments{"name": "netskope", "description": "users", "scopes": []string{"identity-graphql:write"}}},
		{hookResource, acctest.Arguments{"name": "Zscaler", "url": acctest.WebhookURL, "hmac_secret_wo": coretest.TestKey}},
		{hookResource, acctest.Arguments{"name": "XSOAR", "url": acctest.WebhookURL + "x", "hmac_secret_wo": coretest.TestKey, "signature_header": "X-Signed"}},
		{acctest.WorkflowType, acctest.Arguments{"definition": acctest.SleepDocument, "name": "Zscaler: on"}},
		{acctest.WorkflowType, acctest.Arguments{"definition": acctest.LoopsDocument(t), "name": "zscaler: off", "enabled": false}},
		{acctest.WorkflowType, acctest.Arguments{"definition": acctest.SleepDocument, "name": "other"}},
	} {
		p.Resource = object.resource
		p.Create(object.config)
	}
	return sim, acctest.NewProtocol(t, sim)
}

func TestList(t *testing.T) {
	t.Parallel()
	_, p := listTenant(t, falconsim.Options{})
	for _, tt := range []struct {
		resource string
		config   acctest.Arguments
		limit    int64
		want     string // what the filter lets through; a limit returns some of them
	}{
		{resource: acctest.APIClientType, config: acctest.Arguments{"name_contains": "zscaler"}, want: "Zscaler"},
		{resource: acctest.APIClientType, config: acctest.Arguments{"name_contains": "NET"}, want: "netskope"},
		{resource: acctest.APIClientType, config: acctest.Arguments{"name_contains": "nothing"}},
		{resource: hookResource, want: "Zscaler, XSOAR"},
		{resource: hookResource, config: acctest.Arguments{"name_contains": "zscaler"}, want: "Zscaler"},
		{resource: hookResource, limit: 1, want: "Zscaler, XSOAR"},
		{resource: acctest.WorkflowType, want: "Zscaler: on, zscaler: off, other"},
		{resource: acctest.WorkflowType, config: acctest.Arguments{"name_contains": "zscaler"}, want: "Zscaler: on, zscaler: off"},
		{resource: acctest.WorkflowType, config: acctest.Arguments{"enabled": true}, want: "Zscaler: on, other"},
		{resource: acctest.WorkflowType, config: acctest.Arguments{"enabled": false}, want: "zscaler: off"},
		{resource: acctest.WorkflowType, config: acctest.Arguments{"enabled": true}, limit: 2, want: "Zscaler: on, other"},
		{resource: acctest.WorkflowType, config: acctest.Arguments{"enabled": true}, limit: 1, want: "Zscaler: on, other"},
		{resource: acctest.WorkflowType, config: acctest.Arguments{"name_contains": "other", "enabled": false}},
	} {
		p.Resource = tt.resource
		results := p.Query(tt.config, false, tt.limit)
		names, want := strings.Split(shownNames(results), ", "), strings.Split(tt.want, ", ")
		strangers := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return slices.Contains(want, name) })
		count := len(want)
		if tt.limit > 0 { // Falcon decides which of them come first
			count = int(tt.limit)
		}
		if len(strangers) > 0 || len(names) != count {
			t.Errorf("%s %v, limit %d: %q, want %q", tt.resource, tt.config, tt.limit, names, want)
		}
		warned := 0
		for i, r := range results {
			if got := acctest.Messages(r.Diagnostics, tfprotov6.DiagnosticSeverityWarning); got != "" {
				if warned++; i != len(results)-1 || !strings.Contains(got, fmt.Sprintf("limit of %d", tt.limit)) {
					t.Errorf("%s %v: result %d reports %q", tt.resource, tt.config, i, got)
				}
			}
		}
		if cut := count < len(want); (warned == 1) != cut {
			t.Errorf("%s %v, limit %d: %d warnings", tt.resource, tt.config, tt.limit, warned)
		}
		for _, r := range results {
			if len(p.IdentityID(r.Identity)) != 32 || r.Resource != nil {
				t.Errorf("%s %s: identity %q, resource %v", tt.resource, r.DisplayName, p.IdentityID(r.Identity), r.Resource)
			}
		}
	}
}

// What a list shows is what an import by its identity shows, and the configuration that Terraform generates from it is
// valid and plans empty.
func TestList_generatedConfiguration(t *testing.T) {
	t.Parallel()
	_, p := listTenant(t, falconsim.Options{})
	for typeName := range identityCases {
		p.Resource = typeName
		results := p.Query(nil, true, 0)
		if len(results) < 2 {
			t.Fatalf("%s: %s", typeName, shownNames(results))
		}
		for _, r := range results {
			p.WantNoError(r.Diagnostics)
			listed := acctest.Instance{Value: p.Unmarshal(r.Resource, p.ResourceType())}
			imported, identity, diags := p.ImportByIdentity(p.IdentityID(r.Identity))
			p.WantNoError(diags)
			if identity != p.IdentityID(r.Identity) || !imported.Value.Equal(listed.Value) {
				t.Errorf("%s %s is listed as\n%s\nand imported as\n%s", typeName, r.DisplayName, listed.Value, imported.Value)
			}
			config := p.Dynamic(p.GeneratedConfig(listed))
			valid, err := p.Server.ValidateResourceConfig(t.Context(), &tfprotov6.ValidateResourceConfigRequest{TypeName: typeName, Config: config})
			if err != nil {
				t.Fatal(err)
			}
			p.WantNoError(valid.Diagnostics)
			planned, err := p.Server.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
				TypeName: typeName, Config: config, PriorPrivate: imported.Private, PriorState: p.Dynamic(imported.Value),
				ProposedNewState: p.Dynamic(p.Proposed(imported.Value, p.GeneratedConfig(listed))), PriorIdentity: r.Identity,
			})
			if err != nil {
				t.Fatal(err)
			}
			p.WantNoError(planned.Diagnostics)
			if after := p.Unmarshal(planned.PlannedState, p.ResourceType()); !after.Equal(imported.Value) {
				t.Errorf("%s %s plans a change:\n%s\nof\n%s", typeName, r.DisplayName, after, imported.Value)
			}
		}
	}
}

// An error is the last result; what was listed before stays.
func TestList_errors(t *testing.T) {
	t.Parallel()
	const (
		clientIDs = "/api-clients/queries/api-clients/v1"
		configs   = "/plugins/combined/configs/v1"
		flows     = "/workflows/combined/definitions/v1"
		export    = "/workflows/entities/definitions/export/v1"
	)
	forbidden := falconsim.Fault{Status: http.StatusForbidden}
	for name, tt := range map[string]struct {
		resource, path string
		include        bool
		skip           int
		fault          falconsim.Fault
		results        int // before the error
		want           string
	}{
		"API clients, 403": {resource: acctest.APIClientType, path: clientIDs, fault: forbidden, want: "lacks the scope api-client-mgmt:read"},
		"webhooks, 403":    {resource: hookResource, path: configs, fault: forbidden, want: "lacks the scope api-integrations:read"},
		"workflows, 403":   {resource: acctest.WorkflowType, path: flows, fault: forbidden, want: "lacks the scope workflow:read"},
		"second export":    {resource: acctest.WorkflowType, path: export, include: true, skip: 1, fault: forbidden, results: 1, want: "Unable to export workflow"},
		"no export wanted": {resource: acctest.WorkflowType, path: export, fault: forbidden, results: 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim, p := listTenant(t, falconsim.Options{})
			tt.fault.Path, tt.fault.Skip = tt.path, tt.skip
			if tt.fault.Status == http.StatusForbidden {
				tt.fault.Body = `{"errors":[{"code":403,"message":"access denied, scope not permitted"}]}`
			}
			if err := sim.Inject(tt.fault); err != nil {
				t.Fatal(err)
			}
			p.Resource = tt.resource
			results := p.Query(nil, tt.include, 0)
			names := shownNames(results)
			errors := 0
			if tt.want != "" {
				errors = 1
			}
			if len(results) != tt.results+errors || !strings.Contains(names, tt.want) || strings.Count(names, "error: ") != errors {
				t.Errorf("got %s", names)
			}
		})
	}
}

// A warning reports what Falcon does not export or does not show. The list continues.
func TestList_hidden(t *testing.T) {
	t.Parallel()
	sim, p := listTenant(t, falconsim.Options{Readings: falconsim.Readings{"Q15": "b", "Q16": "b"}})
	p.Resource = hookResource
	for _, r := range p.Query(acctest.Arguments{"name_contains": "XSOAR"}, true, 0) {
		p.WantNoError(r.Diagnostics)
		if text := acctest.Messages(r.Diagnostics, tfprotov6.DiagnosticSeverityWarning); !strings.Contains(text, "are hidden: url") {
			t.Errorf("got %q", text)
		}
	}

	p.Resource = acctest.WorkflowType
	if err := sim.Inject(falconsim.Fault{
		Path: "/workflows/entities/definitions/export/v1", Status: http.StatusNotFound, Times: 1,
		Body: `{"errors":[{"code":404,"message":"not available for this definition"}]}`,
	}); err != nil {
		t.Fatal(err)
	}
	var named []string
	warned := 0
	for _, r := range p.Query(nil, true, 2) { // the one that is left out does not count
		p.WantNoError(r.Diagnostics)
		if r.Identity != nil {
			named = append(named, r.DisplayName)
		} else if strings.Contains(acctest.Messages(r.Diagnostics, tfprotov6.DiagnosticSeverityWarning), "Foundry") {
			warned++
		}
	}
	if len(named) != 2 || warned != 1 {
		t.Errorf("listed %q, %d left out with a warning", named, warned)
	}
}

// Nothing is read beyond the limit.
func TestList_readsNoMoreThanWanted(t *testing.T) {
	t.Parallel()
	for limit, exports := range map[int64]int{1: 1, 2: 2, 0: 3} {
		t.Run(fmt.Sprintf("limit %d", limit), func(t *testing.T) {
			t.Parallel()
			sim, p := listTenant(t, falconsim.Options{})
			p.Resource = acctest.WorkflowType
			sim.ResetRequests()
			p.Query(nil, true, limit)
			got := 0
			for _, r := range sim.Requests() {
				if strings.HasSuffix(r.Path, "/export/v1") {
					got++
				}
			}
			if got != exports {
				t.Errorf("%d exports, want %d", got, exports)
			}
		})
	}
}
