package fusion

import (
	"regexp"
	"slices"
	"strings"
)

// TenantBound is a value of a document that belongs to its tenant.
type TenantBound struct {
	// Kind is that of the reference, or what the value appears to be: email, host_group, user, cloud, event_query,
	// inbound_webhook or id.
	Kind string
	Path string
	// Line is the line in the document.
	Line  int
	Value string
	// Reference is the look-up that replaces the value, or "".
	Reference string
	// Reason says why there is no reference, and what to check; "" if there is one.
	Reason string
}

func newBound(at textPlace, kind string) TenantBound {
	return TenantBound{Kind: kind, Path: at.path, Line: at.line, Value: at.text}
}

var (
	// idInText matches the ids of Falcon and UUIDs as whole words: node keys such as activity_<uuid> are not among them.
	idInText = regexp.MustCompile(`(?i)\b(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b`)
	// emailInText matches e-mail addresses.
	emailInText = regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}`)
	// cloudInText matches addresses of CrowdStrike's clouds (wire/authentication.md#clouds).
	cloudInText = regexp.MustCompile(`https?://[A-Za-z0-9.-]*crowdstrike\.(?:com|mil)\b|https?://[A-Za-z0-9.-]*laggar\.gcw\.crowdstrike\.com\b`)
)

const (
	reasonEmail     = "Falcon sends mail only to its users and to approved domains of the tenant: check the address there."
	reasonHostGroup = "A host group belongs to one tenant: pass in the id of the group there."
	reasonUser      = "A user belongs to one tenant: pass in the id of the user there."
	reasonCloud     = "The address belongs to one CrowdStrike cloud: check it if the other tenant is in another one."
	reasonID        = "The value has the form of an id and may belong to one tenant: check it there."
	reasonQuery     = "An event query works on the data of its tenant: check that the repository or view exists there."
	reasonInbound   = "Falcon creates the address of an inbound webhook in each tenant: give its senders the new one, and check its authentication."
)

// ownNames are the keys whose texts name nodes of the document or describe it.
var ownNames = map[string]bool{"next": true, "else": true, "else_if": true, "default_name": true, "version_constraint": true, "class": true}

// unmovable returns the parts of a text that may belong to the tenant and have no reference. They are not guessed.
func (d *Document) unmovable(at textPlace) []TenantBound {
	if ownNames[at.key] || literalKeys[at.key] && at.key != "search_query" || strings.Contains(at.path, "_schema") {
		return nil
	}
	var out []TenantBound
	add := func(kind, value, reason string) {
		b := newBound(at, kind)
		b.Value, b.Reason = value, reason
		if !slices.Contains(out, b) {
			out = append(out, b)
		}
	}
	key := strings.ToLower(at.key)
	if strings.Contains(key, "host_group") && isLiteral(at.text) {
		add("host_group", at.text, reasonHostGroup)
		return out
	}
	for _, email := range emailInText.FindAllString(at.text, -1) {
		add("email", email, reasonEmail)
	}
	for _, address := range cloudInText.FindAllString(at.text, -1) {
		add("cloud", address, reasonCloud)
	}
	for _, id := range idInText.FindAllString(at.text, -1) {
		if strings.Contains(key, "user") {
			add("user", id, reasonUser)
		} else {
			add("id", id, reasonID)
		}
	}
	return out
}

// boundNodes returns the nodes that depend on the tenant as a whole (wire/workflows.md#import).
func (d *Document) boundNodes() []TenantBound {
	var out []TenantBound
	for _, s := range d.scopes() {
		for i := range s.nodes {
			n := &s.nodes[i]
			config := n.value.get("inline_configuration").get("config")
			if n.kind != kindAction || n.value.get("class").str() != classQuery || config == nil {
				continue
			}
			at := n.on("inline_configuration", "config", "repo_or_view")
			out = append(out, TenantBound{"event_query", at.path, at.line, config.get("repo_or_view").str(), "", reasonQuery})
		}
	}
	if m := d.root.get(kindTrigger).member("webhook_config"); m != nil {
		out = append(out, TenantBound{"inbound_webhook", "trigger.webhook_config", m.line, m.value.get("name").str(), "", reasonInbound})
	}
	return out
}
