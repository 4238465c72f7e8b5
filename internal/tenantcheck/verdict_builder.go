package tenantcheck

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
)

// verdictBuilder collects what is known about one subject. The strongest of the states that it was given counts.
type verdictBuilder struct {
	state   State
	why, do []string
	// remarks and their advice are part of the verdict whatever its state is.
	remarks, advice []string
}

var priorities = map[State]int{Works: 0, ConsoleStep: 1, NotChecked: 2, DoesNot: 3}

func newVerdict() *verdictBuilder { return &verdictBuilder{state: Works} }

// add adds a reason. Reasons of a weaker state than the strongest one are dropped.
func (b *verdictBuilder) add(state State, why, do string) {
	switch {
	case priorities[state] < priorities[b.state]:
		return
	case priorities[state] > priorities[b.state]:
		b.state, b.why, b.do = state, nil, nil
	}
	b.why, b.do = withText(b.why, why), withText(b.do, do)
}

// remark adds what a person should know whatever the state is.
func (b *verdictBuilder) remark(why, do string) {
	b.remarks, b.advice = withText(b.remarks, why), withText(b.advice, do)
}

// withText is a list with a text, which is added once and only if it is not empty.
func withText(list []string, text string) []string {
	if text == "" || slices.Contains(list, text) {
		return list
	}
	return append(list, text)
}

// merge adds the reasons of another subject.
func (b *verdictBuilder) merge(other *verdictBuilder) {
	b.add(other.state, "", "")
	for _, why := range other.why {
		b.add(other.state, why, "")
	}
	for _, do := range other.do {
		b.add(other.state, "", do)
	}
	for _, why := range other.remarks {
		b.remark(why, "")
	}
	for _, do := range other.advice {
		b.remark("", do)
	}
}

// reason is why a subject has its state.
func (b *verdictBuilder) reason() string { return strings.Join(b.why, "; ") }

func (b *verdictBuilder) verdict(subject string, integration bool) Verdict {
	return Verdict{
		Subject: subject, Integration: integration, State: b.state,
		Why: plainText(strings.Join(slices.Concat(b.why, b.remarks), "; ")), Do: plainText(strings.Join(slices.Concat(b.do, b.advice), " ")),
	}
}

// addScope adds what is known about a scope of the API client in use.
func (b *verdictBuilder) addScope(o *observations, scope string) {
	if offered, known := o.offered(); known && !slices.Contains(offered, scope) {
		b.addNotOffered(scope)
		return
	}
	if probe, readable := probeOfScope[scope]; readable {
		b.addProbe(o, probe, scope)
		return
	}
	b.addHeld(o, scope)
}

func (b *verdictBuilder) addNotOffered(scope string) {
	b.add(DoesNot, fmt.Sprintf("the tenant does not offer the scope %s (%s)", scope, falcon.ScopeTitle(scope)),
		"Ask CrowdStrike whether your subscription can have the scope "+scope+".")
}

func (b *verdictBuilder) addMissing(scope string) {
	b.add(NotChecked, fmt.Sprintf("needs the scope %s (%s)", scope, falcon.ScopeTitle(scope)), "Add the scope "+scope+" to the API client in the console.")
}

// earlierProbes are the probes without whose success a later one is not sent, with their scopes.
var earlierProbes = map[string]struct{ probe, scope string }{
	probeUserCount: {probeGraphQL, scopeGraphQL},
	probeGoals:     {probeGraphQL, scopeGraphQL},
	probeOwnClient: {probeScopes, scopeClientsRead},
}

// addProbe adds what a probe says about the operations of a scope. Only a response that was allowed adds nothing.
func (b *verdictBuilder) addProbe(o *observations, probe, scope string) {
	earlier, depends := earlierProbes[probe]
	if depends && !o.asked(probe) && o.access(earlier.probe) != granted {
		b.addProbe(o, earlier.probe, earlier.scope)
		if held, known := o.held(); known && !slices.Contains(held, scope) {
			b.addMissing(scope)
		}
		return
	}
	switch o.access(probe) {
	case granted:
	case noScope:
		b.addMissing(scope)
	case refused:
		if o.anyGranted() {
			b.add(DoesNot, fmt.Sprintf("Falcon refuses the requests of the scope %s although other requests are allowed", scope),
				"Ask CrowdStrike for a license of the product.")
			return
		}
		b.add(NotChecked, fmt.Sprintf("Falcon refuses the requests of the scope %s and allows no other request", scope), checkAddress)
	case notOffered:
		b.add(DoesNot, "this cloud does not have the operations of the scope "+scope, "Ask CrowdStrike which clouds have the product.")
	case unknown:
		b.add(NotChecked, o.failure(probe), "Repeat the check.")
	}
}

// checkAddress is what to do about refusals that are not about a product.
const checkAddress = "Check that this address is on the API's allow list, and that the API client belongs to the tenant."

// addHeld adds what is known about a scope that no request that only reads uses.
func (b *verdictBuilder) addHeld(o *observations, scope string) {
	switch o.writeAccess(scope) {
	case granted:
		return
	case noScope:
		b.addMissing(scope)
		return
	case unknown, refused, notOffered:
	}
	if held, known := o.held(); known {
		if !slices.Contains(held, scope) {
			b.addMissing(scope)
		}
		return
	}
	name := fmt.Sprintf("%s (%s)", scope, falcon.ScopeTitle(scope))
	if why := o.scopesHidden(); why != "" {
		// The tenant has the product, and only a person can see the scope.
		state, offered := NotChecked, false
		if list, known := o.offered(); known {
			offered = slices.Contains(list, scope)
		}
		if reading := strings.Replace(scope, ":write", ":read", 1); offered && o.access(probeOfScope[reading]) == granted {
			state = ConsoleStep
		}
		b.add(state, fmt.Sprintf("%s, so whether the one in use has %s is not known", why, name),
			"Look in the console whether the API client in use has the scope "+name+", or repeat the check with -write, which tries it.")
		return
	}
	unread := newVerdict()
	unread.addProbe(o, probeOwnClient, scopeClientsRead)
	why, do := unread.reason(), strings.Join(unread.do, " ")
	switch unread.state {
	case Works:
		why, do = "Falcon does not list it", "Repeat the check."
	case DoesNot:
		do = "Look for the scope " + name + " in the console."
	case NotChecked, ConsoleStep:
	}
	b.add(NotChecked, fmt.Sprintf("the scopes of the API client in use could not be read, so %s is not known: %s", scope, why), do)
}

// scopesHidden says why Falcon does not show the scopes of the API client in use although nothing failed; "" if that is not the
// reason.
func (o *observations) scopesHidden() string {
	if o.ownID == "" {
		return "Falcon does not show which API client an access token belongs to"
	}
	if client, _ := oneClient(o); client == nil {
		return ""
	}
	if _, known := o.held(); known {
		return ""
	}
	return "Falcon does not show the scopes of API clients"
}

// writePaths are the operations that need a write scope.
var writePaths = map[string]string{scopeClientsWrite: "/api-clients/", scopeConfigsWrite: "/plugins/", scopeWorkflowWrite: "/workflows/"}

// writeAccess is what the changes of -write say about a write scope.
func (o *observations) writeAccess(scope string) access {
	prefix, found := writePaths[scope]
	for _, r := range o.responses {
		if !found || r.method == http.MethodGet || !strings.HasPrefix(r.path, prefix) {
			continue
		}
		switch {
		case r.status == http.StatusForbidden && r.says("scope not permitted"):
			return noScope
		case r.ok() && (len(r.errorItems()) == 0 || len(r.resources()) > 0):
			return granted
		}
	}
	return unknown
}

// asked reports whether the request of a probe was sent.
func (o *observations) asked(probe string) bool {
	_, responded := o.last(probe)
	return responded || o.errs[probe] != nil
}

// failure says in one sentence why a probe has no usable response.
func (o *observations) failure(probe string) string {
	r, responded := o.last(probe)
	switch err := o.errs[probe]; {
	case err != nil:
		return strings.TrimSuffix(err.Error(), ".")
	case responded && len(r.errorItems()) > 0:
		return fmt.Sprintf("the response to %s has errors and no results (status %d)", r.path, r.status)
	case responded:
		return fmt.Sprintf("the response to %s is not usable (status %d)", r.path, r.status)
	case o.lastErr != nil:
		return "the check ended before: " + strings.TrimSuffix(o.lastErr.Error(), ".")
	}
	return "the check ended before it asked for this"
}
