package score

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/fusion"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

// domainLister is the client's list of domains.
type domainLister interface {
	Domains(ctx context.Context, dataSources []string) ([]string, error)
}

// checkDomains refuses domains that Falcon does not know: it would silently
// match no user for a misspelt one.
func checkDomains(ctx context.Context, client domainLister, asked []string, diags *diag.Diagnostics) bool {
	if len(asked) == 0 {
		return true
	}
	known, err := client.Domains(ctx, nil)
	if err != nil {
		diags.AddError("Could not read the domains", err.Error())
		return false
	}
	for _, domain := range asked {
		if !isDomain(domain, known) {
			diags.AddAttributeError(core.Attribute("domains"), "Unknown domain", unknownDomain(domain, known))
		}
	}
	return !diags.HasError()
}

// isDomain compares as Falcon does, letter case aside (wire/identity.md#entities).
func isDomain(domain string, known []string) bool {
	return slices.ContainsFunc(known, func(k string) bool { return strings.EqualFold(k, domain) })
}

// unknownDomain names the nearest domains, or else some of those there are.
func unknownDomain(domain string, known []string) string {
	const most = 10
	text := fmt.Sprintf("Falcon Identity Protection knows no domain %q in this tenant.", domain)
	if near := fusion.Nearest(domain, known, 3); len(near) > 0 {
		return text + " Did you mean " + strings.Join(near, " or ") + "?"
	}
	switch {
	case len(known) == 0:
		return text + " It knows no domain at all."
	case len(known) > most:
		return fmt.Sprintf("%s It knows %d domains, among them %s.", text, len(known), strings.Join(known[:most], ", "))
	}
	return text + " It knows " + strings.Join(known, ", ") + "."
}
