package score

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/suggest"
)

// domainLister is the client's list of domains.
type domainLister interface {
	Domains(ctx context.Context, dataSources []string) ([]string, error)
}

// checkDomains reports domains that Falcon does not know. Falcon would silently
// match no user for a misspelled one.
func checkDomains(ctx context.Context, client domainLister, asked []string, diags *diag.Diagnostics) bool {
	if len(asked) == 0 {
		return true
	}
	known, err := client.Domains(ctx, nil)
	if err != nil {
		diags.AddError("Unable to read domains", err.Error())
		return false
	}
	for _, domain := range asked {
		if !isDomain(domain, known) {
			diags.AddAttributeError(core.Attribute("domains"), "Unknown domain", unknownDomain(domain, known))
		}
	}
	return !diags.HasError()
}

// isDomain compares as Falcon does, ignoring letter case (wire/identity.md#entities).
func isDomain(domain string, known []string) bool {
	return slices.ContainsFunc(known, func(k string) bool { return strings.EqualFold(k, domain) })
}

// unknownDomain names the most similar domains or, without any, some of the existing ones.
func unknownDomain(domain string, known []string) string {
	const most = 10
	text := fmt.Sprintf("Falcon Identity Protection has no domain %q in this tenant.", domain)
	if near := suggest.Nearest(domain, known, 3); len(near) > 0 {
		return text + " Did you mean " + strings.Join(near, " or ") + "?"
	}
	switch {
	case len(known) == 0:
		return text + " The tenant has no domains."
	case len(known) > most:
		return fmt.Sprintf("%s The tenant has %d domains, including %s.", text, len(known), strings.Join(known[:most], ", "))
	}
	return text + " Its domains are " + strings.Join(known, ", ") + "."
}
