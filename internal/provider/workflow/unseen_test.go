package workflow_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// Documents written from the published facts alone (internal/fusion/testdata/unseen) are created and imported, with an
// empty plan after each step.
func TestUnseenDocuments(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../fusion/testdata/unseen/good/*")
	if err != nil || len(files) != 20 {
		t.Fatalf("%d documents, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			sim := acctest.NewSim(t, falconsim.Options{})
			p := acctest.NewProtocol(t, sim)
			config := acctest.Arguments{"definition": string(text)}
			if diags := p.Validate(config); len(diags) > 0 {
				t.Errorf("validate: %v", diags)
			}
			created := p.Refreshed(p.Created(config))
			p.WantNoop(created, config)
			imported, diags := p.Imported(acctest.OnlyWorkflow(t, sim).ID)
			p.WantNoError(diags)
			p.WantNoop(imported, config)
		})
	}
}
