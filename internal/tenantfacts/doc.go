// Package tenantfacts is the file format of a tenant record, which `falcon-check -record` writes and `falconsim -facts` reads. It has
// the types, their JSON form, and strict validation, and no other behavior: what a tenant responds is found by
// internal/tenantcheck, and simulated by internal/falconsim, which do not share code otherwise.
//
// A record has two parts. The facts (readings, scopes, catalog, limits, contents) are what the simulator reproduces. The responses
// show the form of what the tenant sent, for a person who reads the record. Neither has a value of the tenant: see
// templates/guides/check-your-tenant.md.tmpl for what is kept and what is replaced.
//
// The fields of [Facts], in the order of the file:
//
//   - format and version identify the file. A change that an older reader would misread raises the version.
//   - readings are the open questions that the tenant settled: the id, the letter of the reading, and the class of the evidence:
//     "read" for the response to a read, "write" for the response to a write in the sandbox.
//   - scopes: offered are the ids of the scopes that the tenant offers, null if they could not be read. other is how many more it
//     offers whose ids are not published. denied are the scopes that the API client of the check does not have.
//   - webhook_app is "installed", "missing", or "unknown": the Store app CrowdStrike Webhook.
//   - activities are the catalog entries that the integrations need: id, name, class, and semantic version as in the catalog, and the
//     properties with key, title if it is a published one, type, and whether they are required.
//   - triggers are the published triggers that the tenant has, null if they could not be read: category, name, and version as in the
//     catalog, and for the triggers of the integrations the paths and types of their fields.
//   - limits are the requests per minute that headers name, 0 if none did.
//   - contents says how much the tenant holds, rounded down to one of [Sizes].
//   - responses are one entry per request and status: header names, the paths of the body with their types (body), and the texts of
//     errors with all values replaced (messages).
package tenantfacts
