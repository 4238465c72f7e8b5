// Package falconsim is a local Falcon: a stateful imitation of the part of the
// CrowdStrike Falcon API that this provider uses, served over HTTP.
//
// It is written from wire-api.md and fusion-workflows.md alone and shares no
// code with the provider's own client, so that a misreading is not made twice.
// Where those pages label something observed or specified, the simulator does
// it, refusals included. Where they only guess, the behaviour lives in
// guesses.go and is called a guess.
package falconsim

import "time"

// Options choose the tenant that a [Server] imitates. The zero value is an
// ordinary tenant of today.
type Options struct {
	// Seed makes ids, secrets and tokens reproducible; 0 means 1.
	Seed int64
	// Cloud is reported as X-Cs-Region; "" means us-1.
	Cloud string
	// Hosts and Users are how many to seed; 0 means 3 hosts and no users.
	Hosts, Users int
	// Now replaces the clock; nil means time.Now.
	Now func() time.Time
	// Latency delays every answer.
	Latency time.Duration
	// TokenLifetime is how long an access token is valid; 0 means 1799 s.
	TokenLifetime time.Duration
	// RateLimit is the number of API requests allowed in one second; beyond it
	// the answer is 429 with X-RateLimit-RetryAfter. 0 means no limit.
	RateLimit int
	// RetryAfterMillis sends X-RateLimit-RetryAfter in milliseconds since the
	// epoch instead of seconds: the unit is disputed (wire-api.md 0.3).
	RetryAfterMillis bool
	// Redirect is the base URL of another cloud; when set, every token and API
	// call answers 308 with it as Location. RedirectCloud is the X-Cs-Region of
	// that answer; "" means us-2.
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
	// SecretKey and IDKey name the keys under which an API client's secret and
	// id are shown; "" means client_secret and id. The real secret key is not
	// known (wire-api.md 2.3).
	SecretKey, IDKey string
	// ScopeObjects shows an API client's scopes as {id, group, action}.
	ScopeObjects bool
	// HideScopes shows no scopes in an API client at all.
	HideScopes bool
	// MissingStatus is the answer to a GET of an unknown API client: 0 is 200
	// without resources, 1 is 200 with errors, 404 is 404. Which one Falcon
	// gives is not known (wire-api.md 11.1).
	MissingStatus int

	// PluginWrites offers POST, PATCH and DELETE of plugin configurations: a
	// guess, see guesses.go. Otherwise they answer PluginWritesStatus, or 404
	// if that is 0.
	PluginWrites       bool
	PluginWritesStatus int
	// HidePluginNames leaves the name out of a plugin configuration's config;
	// HidePluginURLs leaves out everything but the name.
	HidePluginNames, HidePluginURLs bool
	// NoSlackConfig leaves out the foreign Slack configuration.
	NoSlackConfig bool

	// DisconnectedNodeObjects sends disconnected_nodes as objects in the
	// workflow listing instead of strings (wire-api.md 3.3).
	DisconnectedNodeObjects bool
	// ErrorsNull sends "errors": null in every success; otherwise null and []
	// take turns (wire-api.md 0.1).
	ErrorsNull bool
	// CallWebhookKeys renames the property keys of the Call webhook action.
	CallWebhookKeys CallWebhookKeys
	// NoCallWebhook takes Call webhook out of the catalogue.
	NoCallWebhook bool
	// NoHostScoreSubtype leaves only the two-level host assessment trigger.
	NoHostScoreSubtype bool
	// NoCases takes the Case triggers out of the catalogue.
	NoCases bool

	// RemoteDeliveries sends webhook deliveries to other than loopback
	// addresses too. Otherwise those are recorded as not sent.
	RemoteDeliveries bool
}

// CallWebhookKeys are the property keys of the Call webhook action. None of
// them is public (fusion-workflows.md A2); "" means the best guess: config_id,
// data_format and _fields.
type CallWebhookKeys struct {
	Config, Format, Fields string
}

func (o Options) withDefaults() Options {
	setDefault(&o.Seed, 1)
	setDefault(&o.Cloud, "us-1")
	setDefault(&o.Hosts, 3)
	setDefault(&o.TokenLifetime, 1799*time.Second)
	setDefault(&o.RedirectCloud, "us-2")
	setDefault(&o.SecretKey, "client_secret")
	setDefault(&o.IDKey, "id")
	setDefault(&o.CallWebhookKeys.Config, "config_id")
	setDefault(&o.CallWebhookKeys.Format, "data_format")
	setDefault(&o.CallWebhookKeys.Fields, "_fields")
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}
