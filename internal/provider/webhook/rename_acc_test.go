package webhook_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

// newFolder returns a folder with a falcon_webhook at an address, and more blocks.
func webhookWorkspace(t *testing.T, sim *falconsim.Running) (w *acctest.Terraform, write func(address, lifecycle, more string)) {
	t.Helper()
	w = acctest.NewTerraform(t, sim, nil)
	w.Write("versions.tf", "terraform {\n  required_providers {\n    falcon = { source = \"falcon-integrations/falcon\" }\n  }\n}\n")
	return w, func(address, lifecycle, more string) {
		w.Write("main.tf", fmt.Sprintf(`
resource "falcon_webhook" %q {
  name           = "zscaler"
  url            = %q
  hmac_secret_wo = %q
  %s
}
output "id" {
  value = falcon_webhook.%s.id
}
%s
`, address, acctest.WebhookURL, coretest.TestKey, lifecycle, address, more))
	}
}

// slowDeletes makes every DELETE of a configuration take a while.
func slowDeletes(t *testing.T, sim *falconsim.Running) {
	t.Helper()
	acctest.Inject(t, sim, falconsim.Fault{Method: http.MethodDelete, Path: acctest.ConfigsPath, Kind: falconsim.FaultDelay, Delay: 2 * time.Second})
}

// wantLive checks that the configuration of the state is the one that Falcon has, and that the next plan is empty.
func wantLive(t *testing.T, sim *falconsim.Running, w *acctest.Terraform) {
	t.Helper()
	if live, state := acctest.HookNamed(t, sim).ID, w.Outputs()["id"]; live != state {
		t.Errorf("Falcon has %s, the state %s", live, state)
	}
	w.WantPlan(false)
}

// A resource that is renamed without a moved block keeps a live configuration, however long the DELETE takes.
func TestAccWebhook_renamedWithoutMoved(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{Readings: falconsim.WebhookWrites()})
	w, write := webhookWorkspace(t, sim)
	write("before", "", "")
	w.Run("apply", "-auto-approve")
	slowDeletes(t, sim)
	write("after", "", "")
	w.Run("apply", "-auto-approve")
	wantLive(t, sim, w)
	w.Run("destroy", "-auto-approve")
	if left := len(acctest.WebhookConfigs(sim)); left != 0 {
		t.Errorf("%d configurations are left", left)
	}
}

// A replacement that is created before the old object is destroyed is the same configuration: it is not deleted.
func TestAccWebhook_createBeforeDestroy(t *testing.T) {
	t.Parallel()
	inherits := `
resource "falcon_workflow" "notify" {
  name = "notify"
  notify_webhook = {
    trigger    = "score_changed"
    webhook_id = falcon_webhook.receiver.id
  }
  lifecycle {
    create_before_destroy = true
  }
}
`
	for name, config := range map[string]struct{ lifecycle, more string }{
		"its own":                   {"lifecycle {\n    create_before_destroy = true\n  }", ""},
		"inherited from a workflow": {"", inherits},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := acctest.NewSim(t, falconsim.Options{Readings: falconsim.WebhookWrites()})
			w, write := webhookWorkspace(t, sim)
			write("receiver", config.lifecycle, config.more)
			w.Run("apply", "-auto-approve")
			slowDeletes(t, sim)
			before := acctest.HookNamed(t, sim).ID
			out := w.Run("apply", "-auto-approve", "-replace=falcon_webhook.receiver")
			if !strings.Contains(strings.Join(strings.Fields(out), " "), "now belongs to another resource") {
				t.Errorf("no warning:\n%s", out)
			}
			if after := acctest.HookNamed(t, sim).ID; after != before {
				t.Errorf("the configuration %s became %s", before, after)
			}
			wantLive(t, sim, w)
		})
	}
}
