package apiclient

import (
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

func TestScopesFunction(t *testing.T) {
	t.Parallel()
	got, err := coretest.RunFunction(t, scopesFunction{}, coretest.TextMap("Hosts", "read", "alerts", "Read-Write", "IOC Manager", "write", "devices", "read", "Identity Protection GraphQL", "write"))
	if err != nil {
		t.Fatal(err)
	}
	set, ok := got.(types.Set)
	if !ok {
		t.Fatalf("got a %T", got)
	}
	want := []string{"alerts:read", "alerts:write", "devices:read", "identity-graphql:write", "ioc:write"}
	if ids := core.KnownStrings(set.Elements()); !slices.Equal(ids, want) {
		t.Errorf("got %v, want %v", ids, want)
	}
	for name, tt := range map[string]struct {
		access types.Map
		says   []string
	}{
		"unknown name":    {coretest.TextMap("Hsts", "read"), []string{`"Hsts"`, `"Hosts"`}},
		"all of them":     {coretest.TextMap("Alrts", "read", "Hsts", "read"), []string{`"Alrts"`, `"Hsts"`}},
		"unknown access":  {coretest.TextMap("Hosts", "admin"), []string{`"admin"`, `"read-write"`}},
		"no such action":  {coretest.TextMap("Zero Trust Assessment", "read-write"), []string{"zero-trust-assessment:read only"}},
		"null access":     {types.MapValueMust(types.StringType, map[string]attr.Value{"Hosts": types.StringNull()}), []string{"null"}},
		"nothing is near": {coretest.TextMap("Xylophone", "read"), []string{`"Xylophone"`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := coretest.RunFunction(t, scopesFunction{}, tt.access)
			coretest.WantRefusal(t, err, 0, tt.says...)
		})
	}
}
