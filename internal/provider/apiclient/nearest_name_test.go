package apiclient_test

import (
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// A name in another case is not found. The error names the nearest ones, without a second listing.
func TestDataSource_nearestName(t *testing.T) {
	t.Parallel()
	acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, h *acctest.Harness) {
		p := h.Start(acctest.APIClientType)
		p.Create(acctest.Arguments{"name": "Zscaler", "scopes": []string{"devices:read"}})
		p = h.Start(acctest.APIClientType)
		before := h.CountRequests("GET", "/api-clients/queries/api-clients/v1")
		_, diags := p.Data("falcon_api_client", acctest.Arguments{"name": "zscaler"})
		acctest.WantError(t, "data source", diags, `API client not found: The tenant has no API client named "zscaler". Names are compared exactly. Nearest: "Zscaler".`)
		if n := h.CountRequests("GET", "/api-clients/queries/api-clients/v1") - before; n > 1 {
			t.Errorf("%d listings", n)
		}
	})
}
