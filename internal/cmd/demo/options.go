package main

import "github.com/falcon-integrations/terraform-provider-falcon/internal/tenantfacts"

// tenantOptions say which tenant the demo runs against.
type tenantOptions struct {
	writes bool   // it accepts the unpublished request that writes webhook configurations
	facts  string // the file of a tenant record, or ""
	forced bool   // writes was chosen, and overrides the record
	// hidden are the resources with a console edit that Falcon does not show in the recorded tenant.
	hidden map[string]bool
	// needsID is true if a configuration cannot be adopted by its name in the recorded tenant.
	needsID bool
}

// The question about the unpublished request, and its reading in which the request exists.
const (
	writeQuestion = "Q12"
	writeExists   = "b"
)

// tenantOf returns the options for the values of the flags. Without -writes, a record decides, and without a record the tenant accepts
// the request.
func tenantOf(writes, facts string) (tenantOptions, error) {
	tenant := tenantOptions{writes: writes == "try" || writes == "" && facts == "", facts: facts, forced: writes != "" || facts == ""}
	if facts == "" {
		return tenant, nil
	}
	recorded, err := tenantfacts.Load(facts)
	if err != nil {
		return tenantOptions{}, err
	}
	tenant.hidden = map[string]bool{}
	for _, r := range recorded.Readings {
		switch r.Question + "=" + r.Reading {
		case "Q03=c": // scopes of API clients are not shown
			tenant.hidden[clientAddress] = true
		case "Q15=b": // nor are URLs of configurations
			tenant.hidden[webhookAddress] = true
		case "Q14=b", "Q18=b": // nor names, or the app to which a configuration belongs
			tenant.needsID = true
		case writeQuestion + "=" + writeExists:
			tenant.writes = tenant.writes || !tenant.forced
		}
	}
	return tenant, nil
}

// arguments are those of falconsim, apart from its address.
func (t tenantOptions) arguments() []string {
	var args []string
	if t.facts != "" {
		// The client that recorded may have had fewer scopes than the demo needs, and the demo shows a host.
		args = append(args, "-facts", t.facts, "-every-scope", "-hosts", "3")
	}
	switch {
	case t.forced && t.writes:
		args = append(args, "-reading", writeQuestion+"="+writeExists)
	case t.forced && t.facts != "":
		args = append(args, "-reading", writeQuestion+"=a")
	}
	return args
}
