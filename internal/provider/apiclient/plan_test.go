package apiclient

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

func scopeSet(ids ...string) types.Set {
	elements := make([]attr.Value, 0, len(ids))
	for _, id := range ids {
		if id == "?" {
			elements = append(elements, types.StringUnknown())
			continue
		}
		elements = append(elements, types.StringValue(id))
	}
	return types.SetValueMust(types.StringType, elements)
}

func TestSchemasAreSound(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	var client resource.SchemaResponse
	NewResource().Schema(ctx, resource.SchemaRequest{}, &client)
	if problems := client.Schema.ValidateImplementation(ctx); problems.HasError() {
		t.Error(coretest.DiagText(problems))
	}
	for _, d := range []datasource.DataSource{NewDataSource(), NewScopesDataSource()} {
		var resp datasource.SchemaResponse
		d.Schema(ctx, datasource.SchemaRequest{}, &resp)
		if problems := resp.Schema.ValidateImplementation(ctx); problems.HasError() {
			t.Error(coretest.DiagText(problems))
		}
	}
}

func TestScopeProblems(t *testing.T) {
	t.Parallel()
	offered := []falcon.Scope{{ID: "devices:read"}, {ID: "devices:write"}, {ID: "alerts:read"}, {ID: "np:write", Group: "New Product", Action: "write"}, {ID: "identity-detections:read"}}
	tests := map[string]struct {
		wanted, held     []string
		errors, warnings int
		says             string
	}{
		"all offered":               {[]string{"devices:read", "alerts:read"}, nil, 0, 0, ""},
		"misspelled":                {[]string{"device:read"}, nil, 1, 0, "devices:read"},
		"two unknown":               {[]string{"foo:read", "bar:read"}, nil, 2, 0, `"bar:read"`},
		"retired since":             {[]string{"detects:read", "incidents:read"}, []string{"detects:read", "incidents:read"}, 0, 1, "detects:read, incidents:read"},
		"held and a new one":        {[]string{"detects:read", "incidents:read"}, []string{"detects:read"}, 1, 1, "retired: incidents:read."},
		"retired":                   {[]string{"iocs:read"}, nil, 1, 0, "Retired scopes: The tenant does not offer these scopes, because their products are retired: iocs:read. The old IOCs API was replaced"},
		"two retired ones":          {[]string{"iocs:read", "detects:read", "device:read"}, nil, 2, 0, "detects:read, iocs:read. CrowdStrike shut down the Detections API"},
		"how to drop them":          {[]string{"iocs:read"}, nil, 1, 0, "setintersection(provider::falcon::integration_scopes("},
		"held and retired":          {[]string{"detects:write"}, []string{"detects:write"}, 0, 1, "shut down the Detections API"},
		"console name":              {[]string{"hosts:read"}, nil, 1, 0, `The id of "Hosts" in the console is devices:read. The data source`},
		"console name, not offered": {[]string{"ioc-management:read"}, nil, 1, 0, `The id of "IOC Management" in the console is ioc:read, which the tenant does not offer either.`},
		"console name, one action":  {[]string{"spotlight:write"}, nil, 1, 0, `The id of "Vulnerabilities" in the console is spotlight-vulnerabilities:read,`},
		"name of the tenant":        {[]string{"new-product:write"}, nil, 1, 0, `The id of "New Product" in the console is np:write.`},
		"console name, retired":     {[]string{"detections:read"}, nil, 1, 0, `"Detections" in the console is a retired product: CrowdStrike shut down the Detections API on 2025-09-30. Remove the scope.`},
		"retired since and removed": {[]string{"devices:read"}, []string{"detects:read"}, 0, 0, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var diags diag.Diagnostics
			addScopeProblems(tt.wanted, tt.held, offered, types.StringValue("x"), &diags)
			if diags.ErrorsCount() != tt.errors || diags.WarningsCount() != tt.warnings || !strings.Contains(coretest.DiagText(diags), tt.says) {
				t.Errorf("want %d errors, %d warnings and %q, got:\n%s", tt.errors, tt.warnings, tt.says, coretest.DiagText(diags))
			}
		})
	}
}

func TestInvalidScopes(t *testing.T) {
	t.Parallel()
	for scope, want := range map[string]string{"devices:raed": `Did you mean "devices:read"?`, "alert:wirte": `Did you mean "alerts:write"?`, "Hosts: read": `Did you mean "devices:read"?`} {
		resp := validator.StringResponse{}
		scopeIDValidator().ValidateString(t.Context(), validator.StringRequest{ConfigValue: types.StringValue(scope)}, &resp)
		if text := coretest.DiagText(resp.Diagnostics); !strings.Contains(text, want) {
			t.Errorf("%s: %q does not contain %q", scope, text, want)
		}
	}
}

func TestWarnOwnClient(t *testing.T) {
	t.Parallel()
	const own = "0123456789abcdef0123456789abcdef"
	state := func() *model {
		return &model{ID: types.StringValue(own), Name: types.StringValue("terraform"),
			Scopes:         scopeSet("api-client-mgmt:read", "api-client-mgmt:write", "alerts:read"),
			SecretRotation: types.MapNull(types.StringType)}
	}
	with := func(scopes types.Set) *model {
		m := state()
		m.Scopes = scopes
		return m
	}
	rotated := state()
	rotated.SecretRotation = rotation("a", "1")
	tests := map[string]struct {
		own  string
		plan *model
		says string // "" is nothing
	}{
		"no change":            {own, state(), ""},
		"needed scope removed": {own, with(scopeSet("api-client-mgmt:read", "alerts:read")), "removes api-client-mgmt:write"},
		"other scope removed":  {own, with(scopeSet("api-client-mgmt:read", "api-client-mgmt:write")), ""},
		"one is unknown":       {own, with(scopeSet("api-client-mgmt:read", "?")), ""},
		"all are unknown":      {own, with(types.SetUnknown(types.StringType)), ""},
		"reset":                {own, rotated, "needs the new secret"},
		"destroyed":            {own, nil, "no longer work"},
		"another client":       {"fedcba9876543210fedcba9876543210", with(scopeSet()), ""},
		"access token, no id":  {"", nil, ""},
		"own id in upper case": {strings.ToUpper(own), nil, "no longer work"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var diags diag.Diagnostics
			warnOwnClient(tt.own, state(), tt.plan, &diags)
			if got := coretest.DiagText(diags); diags.HasError() || (tt.says == "") != (got == "") || !strings.Contains(got, tt.says) {
				t.Errorf("want %q, got %q", tt.says, got)
			}
		})
	}
	t.Run("created", func(t *testing.T) {
		t.Parallel()
		var diags diag.Diagnostics
		warnOwnClient(own, nil, state(), &diags)
		if len(diags) > 0 {
			t.Error(coretest.DiagText(diags))
		}
	})
}

func TestFromAPI(t *testing.T) {
	t.Parallel()
	text := func(s string) *string { return &s }
	before := model{Name: types.StringValue("n"), Description: types.StringValue("d"), Scopes: scopeSet("alerts:read")}
	imported := model{Name: types.StringNull(), Description: types.StringNull(), Scopes: types.SetNull(types.StringType)}
	tests := map[string]struct {
		model model
		shown falcon.APIClient
		want  model
	}{
		"all shown": {before, falcon.APIClient{Name: text("m"), Description: text(""), Scopes: []string{"devices:read"}, ScopesShown: true},
			model{Name: types.StringValue("m"), Description: types.StringValue(""), Scopes: scopeSet("devices:read")}},
		"nothing shown":         {before, falcon.APIClient{}, before},
		"no scopes left":        {before, falcon.APIClient{ScopesShown: true}, model{Name: before.Name, Description: before.Description, Scopes: scopeSet()}},
		"import, all shown":     {imported, falcon.APIClient{Name: text("m"), Description: text("e"), Scopes: []string{"devices:read"}, ScopesShown: true}, model{Name: types.StringValue("m"), Description: types.StringValue("e"), Scopes: scopeSet("devices:read")}},
		"import, only the name": {imported, falcon.APIClient{Name: text("m")}, model{Name: types.StringValue("m"), Description: types.StringValue(""), Scopes: types.SetNull(types.StringType)}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var diags diag.Diagnostics
			got := tt.model
			got.fromAPI(context.Background(), &tt.shown, "", &diags)
			if diags.HasError() || !got.sameSpec(tt.want) {
				t.Errorf("got %s %s %s, want %s %s %s", got.Name, got.Description, got.Scopes, tt.want.Name, tt.want.Description, tt.want.Scopes)
			}
		})
	}
}

func TestDifferences(t *testing.T) {
	t.Parallel()
	text := func(s string) *string { return &s }
	m := model{Name: types.StringValue("n"), Description: types.StringValue("d"), Scopes: scopeSet("alerts:read", "devices:read")}
	tests := map[string]struct {
		shown falcon.APIClient
		want  string
	}{
		"as sent":      {falcon.APIClient{Name: text("n"), Description: text("d"), Scopes: []string{"devices:read", "alerts:read"}, ScopesShown: true}, ""},
		"hidden":       {falcon.APIClient{}, ""},
		"name":         {falcon.APIClient{Name: text("N")}, `name is "N"`},
		"description":  {falcon.APIClient{Description: text("")}, `description is ""`},
		"scope lost":   {falcon.APIClient{Scopes: []string{"alerts:read"}, ScopesShown: true}, "it lacks the scopes devices:read"},
		"scope gained": {falcon.APIClient{Scopes: []string{"alerts:read", "devices:read", "ods:read"}, ScopesShown: true}, "it has the additional scopes ods:read"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := strings.Join(m.differences(&tt.shown), "; "); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestScopeIDForm(t *testing.T) {
	t.Parallel()
	for value, ok := range map[string]bool{
		"devices:read": true, "api-client-mgmt:write": true,
		"devices": false, "Hosts: read": false, "devices:readwrite": false, "": false, "devices:Read": false,
	} {
		if scopePattern.MatchString(value) != ok {
			t.Errorf("%q: accepted = %t, want %t", value, !ok, ok)
		}
	}
}

func TestAPIScopesFilters(t *testing.T) {
	t.Parallel()
	offered := []falcon.Scope{
		{ID: "alerts:read", Group: "Alerts", Action: "read"},
		{ID: "devices:read", Group: "Hosts", Action: "read"},
		{ID: "devices:write", Group: "Hosts", Action: "write"},
	}
	null := types.StringNull()
	tests := map[string]struct {
		group, action types.String
		want          types.Set
	}{
		"all":       {null, null, scopeSet("alerts:read", "devices:read", "devices:write")},
		"group":     {types.StringValue("hosts"), null, scopeSet("devices:read", "devices:write")},
		"action":    {null, types.StringValue("read"), scopeSet("alerts:read", "devices:read")},
		"both":      {types.StringValue("Hosts"), types.StringValue("write"), scopeSet("devices:write")},
		"no member": {types.StringValue("Hosts and more"), null, scopeSet()},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var diags diag.Diagnostics
			m := scopesModel{Group: tt.group, Action: tt.action}
			m.fromAPI(context.Background(), offered, &diags)
			if diags.HasError() || !m.IDs.Equal(tt.want) || len(m.Scopes.Elements()) != len(tt.want.Elements()) {
				t.Errorf("ids = %s, scopes = %s, want %s", m.IDs, m.Scopes, tt.want)
			}
		})
	}
}
