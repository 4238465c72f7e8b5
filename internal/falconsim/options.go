package falconsim

import (
	"cmp"
	"time"
)

// Options choose the tenant that a [Server] imitates. The zero value is an
// ordinary tenant of today.
type Options struct {
	// Seed makes ids, secrets and tokens reproducible; 0 means 1.
	Seed int64
	// Cloud is reported as X-Cs-Region; "" means sim-1. With the name of a real cloud, clients that go where that header
	// points send the credentials to CrowdStrike: see [RealCloud].
	Cloud string
	// Hosts and Users are how many to seed; 0 means 3 hosts and no users.
	Hosts, Users int
	// Now replaces the clock; nil means time.Now.
	Now func() time.Time
	// Latency delays every response.
	Latency time.Duration
	// TokenLifetime is how long an access token is valid; 0 means 1799 s.
	TokenLifetime time.Duration
	// RateLimit is the number of API requests allowed in one second; beyond it
	// the response is 429 with X-RateLimit-RetryAfter. 0 means no limit.
	RateLimit int
	// Redirect is the base URL of another cloud; when set, every token and API
	// call answers 308 with it as Location. RedirectCloud is the X-Cs-Region of
	// that response; "" means sim-2.
	Redirect, RedirectCloud string
	// MemberCIDs are the Flight Control children that member_cid may name.
	MemberCIDs []string

	// Readings chooses what the tenant does where public sources do not settle
	// it: see [Questions].
	Readings Readings

	// Scopes are those of the default client; nil means all that are offered.
	Scopes []string
	// RetiredScopes offers the scopes of retired products too (detects,
	// incidents, iocs). The zero value is a tenant without them.
	RetiredScopes bool

	// NoSlackConfig leaves out the foreign Slack configuration.
	NoSlackConfig bool
	// NoCallWebhook takes Call webhook out of the catalog: the Store app CrowdStrike Webhook is not installed.
	NoCallWebhook bool

	// RemoteDeliveries sends webhook deliveries to other than loopback
	// addresses too. Otherwise those are recorded as not sent.
	RemoteDeliveries bool
}

func (o Options) withDefaults() Options {
	o.Seed = cmp.Or(o.Seed, 1)
	o.Cloud = cmp.Or(o.Cloud, "sim-1")
	o.Hosts = cmp.Or(o.Hosts, 3)
	o.TokenLifetime = cmp.Or(o.TokenLifetime, 1799*time.Second)
	o.RedirectCloud = cmp.Or(o.RedirectCloud, "sim-2")
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}
