package provider_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// described finds variables and outputs with their descriptions, which every one of the examples' has.
var described = regexp.MustCompile(`(?m)^(variable|output) "(\w+)" \{\n  description = "(.*)"$`)

// The tables of a README are made by hand in terraform-docs' style: they have to keep up with the configuration.
func TestIntegrationReadmes(t *testing.T) {
	t.Parallel()
	for _, name := range exampleIntegrations(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			readme := acctest.Example(t, "integrations/"+name+"/README.md")
			rows := 0
			for _, file := range []string{"variables.tf", "outputs.tf"} {
				text := acctest.Example(t, "integrations/"+name+"/"+file)
				found := described.FindAllStringSubmatch(text, -1)
				if blocks := strings.Count("\n"+text, "\nvariable ") + strings.Count("\n"+text, "\noutput "); len(found) != blocks {
					t.Errorf("%s has %d blocks, %d of them with a description first", file, blocks, len(found))
				}
				for _, m := range found {
					anchor := map[string]string{"variable": "input", "output": "output"}[m[1]] + "_" + m[2]
					row := `| <a name="` + anchor + `"></a> [` + m[2] + `](#` + strings.ReplaceAll(anchor, "_", `\_`) + `) | ` + strings.ReplaceAll(m[3], "|", `\|`) + " |"
					if !strings.Contains(readme, row) {
						t.Errorf("the README lacks the row\n%s", row)
					}
					rows++
				}
			}
			if all := strings.Count(readme, `<a name="input_`) + strings.Count(readme, `<a name="output_`); all != rows {
				t.Errorf("the README has %d rows, the configuration %d variables and outputs", all, rows)
			}
		})
	}
}
