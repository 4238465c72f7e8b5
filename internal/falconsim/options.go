package falconsim

import (
	"cmp"
	"time"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/definition"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/tenantfacts"
)

// Catalog says in what the catalog of a tenant differs from the usual one.
type Catalog = definition.Catalog

// CatalogAction is a further action of a catalog.
type CatalogAction = definition.CatalogAction

// Options describe the tenant that a [Server] simulates. The zero value is an ordinary tenant of today.
type Options struct {
	// Seed makes ids, secrets, and tokens reproducible; 0 means 1.
	Seed int64
	// Cloud is reported as X-Cs-Region; "" means sim-1. With the name of a real cloud, clients that follow that header send the
	// credentials to CrowdStrike: see [RealCloud].
	Cloud string
	// Hosts and Users are how many are seeded; 0 means 3 hosts and no users, or with Facts about as many as the recorded tenant has.
	Hosts, Users int
	// Now replaces the clock; nil means time.Now.
	Now func() time.Time
	// Latency delays every response.
	Latency time.Duration
	// TokenLifetime is how long an access token is valid; 0 means 1799 seconds.
	TokenLifetime time.Duration
	// RateLimit is the number of API requests allowed per second. Requests beyond it get a 429 with X-RateLimit-RetryAfter. 0
	// means no limit.
	RateLimit int
	// AccountLimit is the number of API requests allowed in any minute for the tenant and its children together; Falcon's is 6,000
	// (wire/conventions.md#rate-limits). 0 means no limit.
	AccountLimit int
	// Redirect is the base URL of another cloud. If set, every token and API request gets a 308 with it as Location.
	// RedirectCloud is the X-Cs-Region of that response; "" means sim-2.
	Redirect, RedirectCloud string
	// MemberCIDs are the Flight Control children that member_cid can name, each 32 hexadecimal digits: see [Server.Member]. Every child
	// has objects, hosts, and users of its own, as many as the parent.
	MemberCIDs []string

	// Children are what differs between the children, by customer id in lowercase. A child without an entry has the options of its
	// parent.
	Children map[string]ChildOptions

	// Readings chooses the behavior that public sources do not settle: see [Questions].
	Readings Readings
	// Facts is the record of a tenant to behave like: its readings, which Readings can override, its scopes, catalog entries, limits,
	// and about as many objects. The region is not part of a record, so that no client follows it to a real cloud.
	Facts *tenantfacts.Facts

	// Scopes are those of the default client; nil means all that are offered, or with Facts those that the recording client had.
	Scopes []string
	// EveryScope lets the default client have all scopes that are offered, also those that the recording client of Facts lacked.
	EveryScope bool
	// RetiredScopes also offers the scopes of retired products (detects, incidents, iocs). The zero value is a tenant without
	// them.
	RetiredScopes bool

	// NoSlackConfig leaves out the Slack configuration that another person created.
	NoSlackConfig bool
	// NoCallWebhook is a tenant without the Store app CrowdStrike Webhook, and so without the action Call webhook.
	NoCallWebhook bool
	// Catalog says in what the catalog of actions and triggers differs from the usual one.
	Catalog Catalog

	// WithoutScopes are the ids of scope groups that the tenant does not offer, such as identity-graphql: it has no subscription.
	WithoutScopes []string
	// WithoutActions are the names of actions that the catalog does not have.
	WithoutActions []string

	// RemoteDeliveries sends webhook deliveries to any address. Otherwise, deliveries to other than loopback addresses are
	// recorded as not sent.
	RemoteDeliveries bool
}

// ChildOptions are what a Flight Control child has otherwise than its parent.
type ChildOptions struct {
	// Name and Status are those that the parent shows; "" means a generated name, and active.
	Name, Status string
	// RetiredScopes, NoCallWebhook, WithoutScopes and WithoutActions are those of [Options].
	RetiredScopes, NoCallWebhook  bool
	WithoutScopes, WithoutActions []string
}

// child returns the options of a child.
func (o Options) child(cid string) Options {
	own, given := o.Children[cid]
	if given {
		o.RetiredScopes, o.NoCallWebhook = own.RetiredScopes, own.NoCallWebhook
		o.WithoutScopes, o.WithoutActions = own.WithoutScopes, own.WithoutActions
	}
	o.MemberCIDs, o.Children = nil, nil
	return o
}

func (o Options) withDefaults() Options {
	o = o.withFacts()
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
