package tenantcheck

import (
	"cmp"
	"context"
)

const (
	childrenPath = "/mssp/queries/children/v1"
	ccidPath     = "/sensors/queries/installers/ccid/v1"
)

const (
	probeTenant   = "tenant.ccid"
	probeChildren = "children.ids"
)

// checkTenant reads the customer id.
func checkTenant(ctx context.Context, s *session) {
	s.get(ctx, probeTenant, scopeSensorDownload, ccidPath)
}

// cidUnknown says why the customer id is not known.
func (o *observations) cidUnknown() string {
	b := newVerdict()
	b.addScope(o, scopeSensorDownload)
	return plainText(cmp.Or(b.reason(), "the response has none"))
}

// checkChildren asks for Flight Control children.
func checkChildren(ctx context.Context, s *session) {
	s.get(ctx, probeChildren, scopeFlightControl, childrenPath, "limit", "1")
}

var childrenQuestions = []question{{"Q103", read, settleChildren}}

func settleChildren(o *observations) finding {
	r, _ := o.last(probeChildren)
	switch o.access(probeChildren) {
	case refused:
		if o.anyGranted() {
			return settled("a", "a query of children is refused with 403, and not for a missing scope")
		}
		return open("every request is refused, so this refusal says nothing")
	case granted:
		if len(r.resources()) == 0 {
			return settled("b", "a query of children is a 200 without resources")
		}
		return open("needs a tenant that is not a parent")
	}
	return open(o.needs(probeChildren, scopeFlightControl, "query the children"))
}

// anyGranted reports whether some operation responds, so that refusals are not about the address or the credentials.
func (o *observations) anyGranted() bool {
	for _, probe := range []string{probeTenant, probeScopes, probeConfigs, probeWorkflows, probeHostIDs, probeScores} {
		if o.access(probe) == granted {
			return true
		}
	}
	return false
}
