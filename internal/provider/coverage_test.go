package provider_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

// A new resource or data source is in the tables of the tests that cover all of them.
func TestEveryTypeIsCovered(t *testing.T) {
	t.Parallel()
	schema, err := acctest.ProviderSchema()
	if err != nil {
		t.Fatal(err)
	}
	for source := range schema.DataSourceSchemas {
		if sources[source] == nil {
			t.Errorf("sources has no row for the data source %s", source)
		}
	}
	for name := range schema.EphemeralResourceSchemas {
		if ephemerals[name] == nil {
			t.Errorf("ephemerals has no row for the ephemeral resource %s", name)
		}
	}
	for resource := range schema.ResourceSchemas {
		if !slices.ContainsFunc(operations, func(o acctest.Operation) bool { return o.Resource == resource }) {
			t.Errorf("operations has no row for the resource %s", resource)
		}
		if _, listed := identityCases[resource]; !listed {
			t.Errorf("identityCases has no row for the resource %s", resource)
		}
	}
}

var requiredScope = regexp.MustCompile("`([a-z-]+:(?:read|write))`")

// The provider's own API client is known to need every scope that a description requires, and the page of the provider lists
// it.
func TestEveryRequiredScopeIsListed(t *testing.T) {
	t.Parallel()
	schema, err := acctest.ProviderSchema()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(acctest.RepoPath("templates", "index.md.tmpl"))
	if err != nil {
		t.Fatal(err)
	}
	_, page, _ := strings.Cut(string(text), "\n## Required API scopes\n")
	page, _, _ = strings.Cut(page, "\n## ")
	checked := 0
	for _, kind := range []map[string]*tfprotov6.Schema{schema.ResourceSchemas, schema.DataSourceSchemas} {
		for name, s := range kind {
			if !strings.Contains(page, "`"+name+"`") {
				t.Errorf("templates/index.md.tmpl does not list the scopes of %s", name)
			}
			_, required, _ := strings.Cut(s.Block.Description, "Required API scopes: ")
			for _, m := range requiredScope.FindAllStringSubmatch(required, -1) {
				checked++
				if !slices.Contains(core.ProviderScopes, m[1]) {
					t.Errorf("%s requires %s, which core.ProviderScopes lacks", name, m[1])
				}
				if !strings.Contains(page, m[0]) {
					t.Errorf("%s requires %s, which templates/index.md.tmpl lacks", name, m[1])
				}
			}
		}
	}
	if checked < 20 {
		t.Errorf("only %d required scopes were found", checked)
	}
}
