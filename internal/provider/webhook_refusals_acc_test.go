package provider

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

const configsListPath = "/plugins/combined/configs/v1"

// twinHook makes the list show a second configuration of the name "zscaler",
// which the simulator's console does not allow and Falcon's may. It has the id
// otherConfigID.
func twinHook(t *testing.T, sim *falconsim.Running) {
	t.Helper()
	first := hookNamed(t, sim)
	var items []map[string]any
	for _, id := range []string{first.ID, otherConfigID} {
		items = append(items, map[string]any{
			"app_id": first.AppID, "definition_id": first.DefinitionID, "state": first.State, "config_id": id,
			"config": map[string]string{"name": first.Name, "url": first.URL, "signature_header_name": first.SignatureHeader},
		})
	}
	body, err := json.Marshal(map[string]any{
		"meta": map[string]any{"pagination": map[string]int{"total": len(items)}}, "errors": []any{}, "resources": items,
	})
	if err != nil {
		t.Fatal(err)
	}
	inject(t, sim, falconsim.Fault{Method: http.MethodGet, Path: configsListPath, Status: http.StatusOK, Body: string(body)})
}

func TestAccWebhook_twoOfOneName(t *testing.T) {
	t.Parallel()
	sim := newSim(t, falconsim.Options{Readings: falconsim.WebhookWrites()})
	id := consoleHook(t, sim, hookURL)
	twinHook(t, sim)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: factories(),
		CheckDestroy:             wantLeft(sim, 1),
		Steps: []resource.TestStep{
			{Config: hook(sim, hookURL, testKey), ExpectError: regexp.MustCompile(id + `,\s+` + otherConfigID)},
			{
				Config:            hook(sim, hookURL, testKey, fmt.Sprintf("config_id = %q", otherConfigID)),
				ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(testHook, tfjsonpath.New("id"), knownvalue.StringExact(otherConfigID))},
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
		faults[fmt.Sprint(status)] = falconsim.Fault{Method: method, Path: configsPath, Status: status}
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
			sim := newSim(t, falconsim.Options{Readings: falconsim.WebhookWrites()})
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: factories(),
				CheckDestroy:             wantLeft(sim, 0),
				Steps: []resource.TestStep{
					{Config: hook(sim, hookURL, testKey), Check: wantWrites(sim, 1, 0, 0)},
					{PreConfig: func() { inject(t, sim, fault) }, Config: hook(sim, movedURL, testKey), ExpectError: guide},
					{
						PreConfig: func() {
							if err := wantWrites(sim, 0, 1, 0)(nil); err != nil {
								t.Error(err)
							}
							editHook(t, sim, falconsim.PluginConfigEdit{URL: new(movedURL)})
						},
						Config: hook(sim, movedURL, testKey),
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
			sim := newSim(t, falconsim.Options{Readings: falconsim.WebhookWrites()})
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: factories(),
				CheckDestroy:             resource.ComposeTestCheckFunc(wantLeft(sim, 1), wantWrites(sim, 0, 0, 1)),
				Steps: []resource.TestStep{
					{Config: hook(sim, hookURL, testKey), Check: wantWrites(sim, 1, 0, 0)},
					{PreConfig: func() { inject(t, sim, fault) }, Config: hook(sim, hookURL, testKey)},
				},
			})
		})
	}
}
