package provider

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

// query is one list block as terraform query runs it. With a limit of 0 there is none.
func (p *protocol) query(config arguments, include bool, limit int64) []tfprotov6.ListResourceResult {
	p.t.Helper()
	server, ok := p.server.(tfprotov6.ListResourceServer)
	if !ok {
		p.t.Fatal("the provider lists nothing")
	}
	typ := p.schema.ListResourceSchemas[p.resource].ValueType()
	stream, err := server.ListResource(p.t.Context(), &tfprotov6.ListResourceRequest{
		TypeName: p.resource, Config: p.dynamic(p.valueOf(typ, config)), IncludeResource: include, Limit: limit,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return slices.Collect(stream.Results)
}

// shownNames are the display names of results, in their order, each error as its text.
func shownNames(results []tfprotov6.ListResourceResult) string {
	var names []string
	for _, r := range results {
		if text := messages(r.Diagnostics, tfprotov6.DiagnosticSeverityError); text != "" {
			names = append(names, "error: "+text)
		} else {
			names = append(names, r.DisplayName)
		}
	}
	return strings.Join(names, ", ")
}

// listTenant has two objects of each kind that Terraform manages, and a workflow that is off.
func listTenant(t *testing.T, opts falconsim.Options) (*falconsim.Running, *protocol) {
	t.Helper()
	opts.Readings = falconsim.WebhookWrites().With(opts.Readings)
	sim := newSim(t, opts)
	p := newProtocol(t, sim)
	for _, object := range []struct {
		resource string
		config   arguments
	}{
		{apiClientType, arguments{"name": "Zscaler", "scopes": []string{"alerts:read", "devices:read"}}},
		{apiClientType, arguments{"name": "netskope", "description": "users", "scopes": []string{"identity-graphql:write"}}},
		{hookResource, arguments{"name": "Zscaler", "url": hookURL, "hmac_secret_wo": testKey}},
		{hookResource, arguments{"name": "XSOAR", "url": hookURL + "x", "hmac_secret_wo": testKey, "signature_header": "X-Signed"}},
		{flowType, arguments{"definition": sleepDocument, "name": "Zscaler: on"}},
		{flowType, arguments{"definition": loopsDocument(t), "name": "zscaler: off", "enabled": false}},
		{flowType, arguments{"definition": sleepDocument, "name": "other"}},
	} {
		p.resource = object.resource
		p.created(object.config)
	}
	return sim, newProtocol(t, sim)
}

func TestList(t *testing.T) {
	t.Parallel()
	_, p := listTenant(t, falconsim.Options{})
	for _, tt := range []struct {
		resource string
		config   arguments
		limit    int64
		want     string // of all that the filter lets pass; a limit takes some of them
	}{
		{resource: apiClientType, config: arguments{"name_contains": "zscaler"}, want: "Zscaler"},
		{resource: apiClientType, config: arguments{"name_contains": "NET"}, want: "netskope"},
		{resource: apiClientType, config: arguments{"name_contains": "nothing"}},
		{resource: hookResource, want: "Zscaler, XSOAR"},
		{resource: hookResource, config: arguments{"name_contains": "zscaler"}, want: "Zscaler"},
		{resource: hookResource, limit: 1, want: "Zscaler, XSOAR"},
		{resource: flowType, want: "Zscaler: on, zscaler: off, other"},
		{resource: flowType, config: arguments{"name_contains": "zscaler"}, want: "Zscaler: on, zscaler: off"},
		{resource: flowType, config: arguments{"enabled": true}, want: "Zscaler: on, other"},
		{resource: flowType, config: arguments{"enabled": false}, want: "zscaler: off"},
		{resource: flowType, config: arguments{"enabled": true}, limit: 1, want: "Zscaler: on, other"},
		{resource: flowType, config: arguments{"name_contains": "other", "enabled": false}},
	} {
		p.resource = tt.resource
		results := p.query(tt.config, false, tt.limit)
		names, want := strings.Split(shownNames(results), ", "), strings.Split(tt.want, ", ")
		strangers := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return slices.Contains(want, name) })
		count := len(want)
		if tt.limit > 0 { // which of them come first is Falcon's affair
			count = int(tt.limit)
		}
		if len(strangers) > 0 || len(names) != count {
			t.Errorf("%s %v, limit %d: %q, want %q", tt.resource, tt.config, tt.limit, names, want)
		}
		for _, r := range results {
			if len(p.idOf(r.Identity)) != 32 || r.Resource != nil {
				t.Errorf("%s %s: identity %q, resource %v", tt.resource, r.DisplayName, p.idOf(r.Identity), r.Resource)
			}
		}
	}
}

// generated is the configuration that Terraform writes for a listed object: what it has of what may be set.
func (p *protocol) generated(object instance) arguments {
	p.t.Helper()
	config := arguments{}
	members := p.members(object.value)
	for _, a := range p.schema.ResourceSchemas[p.resource].Block.Attributes {
		if (a.Optional || a.Required) && !members[a.Name].IsNull() {
			config[a.Name] = members[a.Name]
		}
	}
	return config
}

// fixed makes of generated arguments a configuration value.
func (p *protocol) fixed(config arguments) tftypes.Value {
	p.t.Helper()
	object, ok := p.typeOf().(tftypes.Object)
	if !ok {
		p.t.Fatal("a resource is an object")
	}
	members := map[string]tftypes.Value{}
	for name, typ := range object.AttributeTypes {
		members[name] = tftypes.NewValue(typ, nil)
		if v, ok := config[name].(tftypes.Value); ok {
			members[name] = v
		}
	}
	return tftypes.NewValue(object, members)
}

// What a list shows is what an import by its identity shows, and the configuration that Terraform generates of it is
// valid and plans empty.
func TestList_generatedConfiguration(t *testing.T) {
	t.Parallel()
	_, p := listTenant(t, falconsim.Options{})
	for typeName := range identityCases {
		p.resource = typeName
		results := p.query(nil, true, 0)
		if len(results) < 2 {
			t.Fatalf("%s: %s", typeName, shownNames(results))
		}
		for _, r := range results {
			p.wantFine(r.Diagnostics)
			listed := instance{value: p.unmarshal(r.Resource, p.typeOf())}
			imported, identity, diags := p.importedAs(p.idOf(r.Identity))
			p.wantFine(diags)
			if identity != p.idOf(r.Identity) || !imported.value.Equal(listed.value) {
				t.Errorf("%s %s is listed as\n%s\nand imported as\n%s", typeName, r.DisplayName, listed.value, imported.value)
			}
			config := p.dynamic(p.fixed(p.generated(listed)))
			valid, err := p.server.ValidateResourceConfig(t.Context(), &tfprotov6.ValidateResourceConfigRequest{TypeName: typeName, Config: config})
			if err != nil {
				t.Fatal(err)
			}
			p.wantFine(valid.Diagnostics)
			planned, err := p.server.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
				TypeName: typeName, Config: config, PriorPrivate: imported.private, PriorState: p.dynamic(imported.value),
				ProposedNewState: p.dynamic(p.proposed(imported.value, p.fixed(p.generated(listed)))), PriorIdentity: r.Identity,
			})
			if err != nil {
				t.Fatal(err)
			}
			p.wantFine(planned.Diagnostics)
			if after := p.unmarshal(planned.PlannedState, p.typeOf()); !after.Equal(imported.value) {
				t.Errorf("%s %s plans a change:\n%s\nof\n%s", typeName, r.DisplayName, after, imported.value)
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
		"API clients, 403": {resource: apiClientType, path: clientIDs, fault: forbidden, want: "lacks the scope api-client-mgmt:read"},
		"webhooks, 403":    {resource: hookResource, path: configs, fault: forbidden, want: "lacks the scope api-integrations:read"},
		"workflows, 403":   {resource: flowType, path: flows, fault: forbidden, want: "lacks the scope workflow:read"},
		"second export":    {resource: flowType, path: export, include: true, skip: 1, fault: forbidden, results: 1, want: "Could not export the workflow"},
		"no export wanted": {resource: flowType, path: export, fault: forbidden, results: 3},
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
			p.resource = tt.resource
			results := p.query(nil, tt.include, 0)
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

// What Falcon does not export or does not show is said, and stops nothing.
func TestList_hidden(t *testing.T) {
	t.Parallel()
	sim, p := listTenant(t, falconsim.Options{Readings: falconsim.Readings{"Q15": "b", "Q16": "b"}})
	p.resource = hookResource
	for _, r := range p.query(arguments{"name_contains": "XSOAR"}, true, 0) {
		p.wantFine(r.Diagnostics)
		if text := messages(r.Diagnostics, tfprotov6.DiagnosticSeverityWarning); !strings.Contains(text, "does not show: url") {
			t.Errorf("got %q", text)
		}
	}

	p.resource = flowType
	if err := sim.Inject(falconsim.Fault{
		Path: "/workflows/entities/definitions/export/v1", Status: http.StatusNotFound, Times: 1,
		Body: `{"errors":[{"code":404,"message":"not available for this definition"}]}`,
	}); err != nil {
		t.Fatal(err)
	}
	var named []string
	warned := 0
	for _, r := range p.query(nil, true, 2) { // the one that is left out does not count
		p.wantFine(r.Diagnostics)
		if r.Identity != nil {
			named = append(named, r.DisplayName)
		} else if strings.Contains(messages(r.Diagnostics, tfprotov6.DiagnosticSeverityWarning), "Foundry") {
			warned++
		}
	}
	if len(named) != 2 || warned != 1 {
		t.Errorf("listed %q, %d left out with a warning", named, warned)
	}
}

// No more is read than is wanted.
func TestList_readsNoMoreThanWanted(t *testing.T) {
	t.Parallel()
	for limit, exports := range map[int64]int{1: 1, 2: 2, 0: 3} {
		t.Run(fmt.Sprintf("limit %d", limit), func(t *testing.T) {
			t.Parallel()
			sim, p := listTenant(t, falconsim.Options{})
			p.resource = flowType
			sim.ResetRequests()
			p.query(nil, true, limit)
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
