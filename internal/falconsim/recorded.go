package falconsim

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/tenantfacts"
)

// checkRecord returns an error if a record is not valid or has a reading that this simulator does not have.
func checkRecord(facts *tenantfacts.Facts) error {
	if facts == nil {
		return nil
	}
	if err := facts.Check(); err != nil {
		return fmt.Errorf("the tenant record is not valid: %w", err)
	}
	if err := recordedReadings(facts).Check(); err != nil {
		return fmt.Errorf("the tenant record was written by another release: %w", err)
	}
	return nil
}

func recordedReadings(facts *tenantfacts.Facts) Readings {
	readings := Readings{}
	for _, r := range facts.Readings {
		readings[r.Question] = r.Reading
	}
	return readings
}

// withFacts returns the options with the readings and the app of the recorded tenant.
func (o Options) withFacts() Options {
	if o.Facts == nil {
		return o
	}
	o.Readings = recordedReadings(o.Facts).With(o.Readings)
	o.NoCallWebhook = o.NoCallWebhook || o.Facts.WebhookApp == tenantfacts.AppMissing
	if n := o.Facts.Contents.Configurations; n != nil && *n == 0 {
		o.NoSlackConfig = true
	}
	if n := o.Facts.Contents.Users; n != nil && o.Users == 0 {
		o.Users = *n
		if *n == 1 && settledByRead(o.Facts, "Q52") { // seedContents adds some
			o.Users = 0
		}
	}
	if n := o.Facts.Contents.Hosts; n != nil && o.Hosts == 0 {
		o.Hosts = *n
		if *n == 0 {
			o.Hosts = noHosts
		}
		if settledByRead(o.Facts, "Q66") {
			o.Hosts = 10_001
		}
	}
	return o
}

// noHosts as the number of hosts is a tenant without any.
const noHosts = -1

// settledByRead reports whether a reading of the record was seen in the response to a read. The recorded tenant then has the objects
// that show it.
func settledByRead(facts *tenantfacts.Facts, question string) bool {
	return slices.ContainsFunc(facts.Readings, func(r tenantfacts.Reading) bool {
		return r.Question == question && r.Evidence == tenantfacts.EvidenceRead
	})
}

func (s *Server) hasRecordedScopes() bool {
	return s.opts.Facts != nil && s.opts.Facts.Scopes.Offered != nil
}

// asRecorded returns the scopes that the recorded tenant offers. Those that are not in the table have a group made from their id, and
// those whose ids were not recorded have made-up ids.
func (s *Server) asRecorded(known []scope) []scope {
	if !s.hasRecordedScopes() {
		return known
	}
	recorded := s.opts.Facts.Scopes
	byID := map[string]scope{}
	for _, sc := range known {
		byID[sc.ID] = sc
	}
	var list []scope
	for _, id := range recorded.Offered {
		resource, action, _ := strings.Cut(id, ":")
		if s.withholds(resource) {
			continue
		}
		sc, ok := byID[id]
		if !ok {
			sc = scope{ID: id, Group: resource, Action: action}
		}
		list = append(list, sc)
	}
	for i := range recorded.Other {
		id := fmt.Sprintf("unlisted-%d", i+1)
		list = append(list, scope{ID: id + ":read", Group: id, Action: "read"})
	}
	return list
}

// clientScopes are the scopes of the default client.
func (s *Server) clientScopes() []string {
	scopes := s.offeredScopes()
	if s.opts.Facts == nil || s.opts.EveryScope {
		return scopes
	}
	return slices.DeleteFunc(scopes, func(id string) bool { return slices.Contains(s.opts.Facts.Scopes.Denied, id) })
}

// minuteLimit and tokenMinuteLimit are the limits that headers show.
func (s *Server) minuteLimit() int {
	if s.opts.Facts != nil {
		return cmp.Or(s.opts.Facts.Limits.Requests, rateLimit)
	}
	return rateLimit
}

func (s *Server) tokenMinuteLimit() int {
	if s.opts.Facts != nil {
		return cmp.Or(s.opts.Facts.Limits.TokenRequests, tokenLimit)
	}
	return tokenLimit
}

// recordedClients returns the names of the API clients of other people: as many as the record says, of which one is the default
// client.
func (s *Server) recordedClients(names []string) []string {
	if s.opts.Facts == nil || s.opts.Facts.Contents.APIClients == nil {
		return names
	}
	return numbered(names, *s.opts.Facts.Contents.APIClients-1)
}

// numbered returns n names: the given ones, and then further ones with a number.
func numbered(names []string, n int) []string {
	n = max(n, 0)
	for i := len(names); i < n; i++ {
		names = append(names, fmt.Sprintf("Client %d", i+1))
	}
	return names[:n]
}
