package webhook_test

import (
	"fmt"
	"net/http"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

func TestAccWebhook_twoOfOneName(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{Readings: falconsim.WebhookWrites()})
	id := acctest.ConsoleHook(t, sim, acctest.WebhookURL)
	acctest.TwinHook(t, sim)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		CheckDestroy:             wantLeft(sim, 1),
		Steps: []resource.TestStep{
			{Config: acctest.WebhookConfig(sim, acctest.WebhookURL, coretest.TestKey), ExpectError: regexp.MustCompile(id + `,\s+` + coretest.OtherConfigID)},
			{
				Config:            acctest.WebhookConfig(sim, acctest.WebhookURL, coretest.TestKey, fmt.Sprintf("config_id = %q", coretest.OtherConfigID)),
				ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(acctest.TestHook, tfjsonpath.New("id"), knownvalue.StringExact(coretest.OtherConfigID))},
				Check:             wantWrites(sim, 0, 0, 0),
			},
		},
	})
}

// refusals are the ways in which a tenant does not offer the write call.
func refusals(method string) map[string]falconsim.Fault {
	faults := map[string]falconsim.Fault{}
	for _, status := range []int{
		http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusUnsupportedMediaType,
	} {
		faults[fmt.Sprint(status)] = falconsim.Fault{Method: method, Path: acctest.ConfigsPath, Status: status}
	}
	return faults
}

// An update that the tenant does not offer says what to enter, and is done when
// the console shows it.
func TestAccWebhook_updateRefused(t *testing.T) {
	t.Parallel()
	faults := refusals(http.MethodPatch)
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := acctest.NewSim(t, falconsim.Options{Readings: falconsim.WebhookWrites()})
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.Factories(),
				CheckDestroy:             wantLeft(sim, 0),
				Steps: []resource.TestStep{
					{Config: acctest.WebhookConfig(sim, acctest.WebhookURL, coretest.TestKey), Check: wantWrites(sim, 1, 0, 0)},
					{PreConfig: func() { acctest.Inject(t, sim, fault) }, Config: acctest.WebhookConfig(sim, acctest.MovedURL, coretest.TestKey), ExpectError: guide},
					{
						PreConfig: func() {
							if err := wantWrites(sim, 0, 1, 0)(nil); err != nil {
								t.Error(err)
							}
							editHook(t, sim, falconsim.PluginConfigEdit{URL: new(acctest.MovedURL)})
						},
						Config: acctest.WebhookConfig(sim, acctest.MovedURL, coretest.TestKey),
						Check:  wantWrites(sim, 0, 0, 0),
					},
				},
			})
		})
	}
}

// What Terraform created and may not delete stays, with a warning.
func TestAccWebhook_deleteRefused(t *testing.T) {
	t.Parallel()
	faults := refusals(http.MethodDelete)
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := acctest.NewSim(t, falconsim.Options{Readings: falconsim.WebhookWrites()})
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.Factories(),
				CheckDestroy:             resource.ComposeTestCheckFunc(wantLeft(sim, 1), wantWrites(sim, 0, 0, 1)),
				Steps: []resource.TestStep{
					{Config: acctest.WebhookConfig(sim, acctest.WebhookURL, coretest.TestKey), Check: wantWrites(sim, 1, 0, 0)},
					{PreConfig: func() { acctest.Inject(t, sim, fault) }, Config: acctest.WebhookConfig(sim, acctest.WebhookURL, coretest.TestKey)},
				},
			})
		})
	}
}
