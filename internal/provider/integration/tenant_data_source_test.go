package integration

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
)

func TestTenantFromAPI(t *testing.T) {
	t.Parallel()
	tenant := falcon.Tenant{CID: strings.Repeat("a", 32), CCID: strings.Repeat("A", 32) + "-0F"}
	for cloud, want := range map[string]types.String{"us-2": types.StringValue("us-2"), "": types.StringNull()} {
		var m tenantModel
		m.fromAPI(tenant, cloud, "https://falcon.example")
		if !m.Cloud.Equal(want) || m.CID.ValueString() != tenant.CID || m.CCID.ValueString() != tenant.CCID || m.BaseURL.ValueString() != "https://falcon.example" {
			t.Errorf("cloud %q: %+v", cloud, m)
		}
	}
}
