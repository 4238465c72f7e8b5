package tenantcheck

import (
	"cmp"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/tenantfacts"
)

// Record returns the tenant's facts in the form that can be sent to someone else and replayed by the simulator. It has no id, name,
// address, or other value of the tenant: texts are kept only if they consist of words of the API (termWords, messageWords).
func (r *Report) Record() *tenantfacts.Facts {
	facts := tenantfacts.New()
	facts.Readings = recordedReadings(r.Answers)
	facts.Scopes = r.recordedScopes()
	facts.WebhookApp = tenantfacts.AppUnknown
	if installed := r.Facts.WebhookApp; installed != nil {
		facts.WebhookApp = tenantfacts.AppMissing
		if *installed {
			facts.WebhookApp = tenantfacts.AppInstalled
		}
	}
	if action := r.Facts.CallWebhook; action != nil {
		facts.Activities = append(facts.Activities, recordedActivity(*action, r.observed.isOwnID))
	}
	facts.Triggers = r.recordedTriggers()
	facts.Limits = recordedLimits(r.observed.responses)
	facts.Contents = recordedContents(r)
	facts.Responses = recordedResponses(r.observed)
	return facts
}

func recordedReadings(answers []Answer) []tenantfacts.Reading {
	readings := []tenantfacts.Reading{}
	for _, answer := range answers {
		if !answer.Settled() {
			continue
		}
		readings = append(readings, tenantfacts.Reading{Question: answer.Question, Reading: answer.Reading, Evidence: answer.By})
	}
	slices.SortFunc(readings, func(a, b tenantfacts.Reading) int { // Q85 before Q100
		return cmp.Or(cmp.Compare(len(a.Question), len(b.Question)), cmp.Compare(a.Question, b.Question))
	})
	return readings
}

var scopeID = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*:(read|write)$`)

// isScope reports whether a scope id is CrowdStrike's. A Foundry app may have scopes of its own.
func isScope(id string) bool { return scopeID.MatchString(id) && isTerm(id) }

func (r *Report) recordedScopes() tenantfacts.Scopes {
	scopes := tenantfacts.Scopes{Denied: []string{}}
	if r.Facts.Scopes != nil {
		scopes.Offered = []string{}
	}
	for _, id := range slices.Compact(slices.Sorted(slices.Values(r.Facts.Scopes))) {
		switch {
		case !isScope(id):
			scopes.Other++
		default:
			scopes.Offered = append(scopes.Offered, id)
			if r.Tenant.Scopes != nil && !slices.Contains(r.Tenant.Scopes, id) {
				scopes.Denied = append(scopes.Denied, id)
			}
		}
	}
	for _, err := range r.observed.errs {
		var refused *falcon.Error
		if errors.As(err, &refused) && isScope(refused.MissingScope) {
			scopes.Denied = append(scopes.Denied, refused.MissingScope)
		}
	}
	for probe, scope := range map[string]string{probeUserCount: scopeEntities, probeGoals: scopeIdentityAssess} {
		if o := r.observed; o.access(probe) == noScope && o.access(probeGraphQL) == granted { // in a 200, it is not an error of the client
			scopes.Denied = append(scopes.Denied, scope)
		}
	}
	slices.Sort(scopes.Denied)
	scopes.Denied = slices.Compact(scopes.Denied)
	return scopes
}

// activityID is the form of ids that are the same for all customers (wire/catalog.md#activities). An id with another form may contain
// the customer id, or be of a Foundry app.
var activityID = regexp.MustCompile(`^[0-9a-f]{32}(~[0-9a-f]{32})?$`)

// replacedName stands for names that are not known to be CrowdStrike's.
const replacedName = "<name>"

// known returns a name if it consists of words of the API, and otherwise the placeholder.
func known(name, placeholder string) string {
	if name == "" || isTerm(name) {
		return name
	}
	return placeholder
}

// versionForm is the form of a version: it has no room for anything else.
var versionForm = regexp.MustCompile(`^[0-9]{1,3}(\.[0-9]{1,3}){0,2}$`)

func knownVersion(version string) string {
	if version == "" || versionForm.MatchString(version) {
		return version
	}
	return "<version>"
}

// knownTitle returns a title if it is one of those of Call webhook that are published (wire/catalog.md#call-webhook).
func knownTitle(title string) string {
	if slices.Contains([]string{"Webhook name", "Data format", "Data to include"}, title) {
		return title
	}
	return ""
}

func recordedActivity(action Activity, own func(id string) bool) tenantfacts.Activity {
	recorded := tenantfacts.Activity{
		ID: action.ID, Name: action.Name, Class: known(action.Class, "<class>"), Version: knownVersion(action.Version),
		Properties: []tenantfacts.Property{},
	}
	if !activityID.MatchString(action.ID) || slices.ContainsFunc(strings.Split(action.ID, "~"), own) {
		recorded.ID = "<id>"
	}
	unknown := 0
	for _, p := range action.Properties {
		key := p.Key
		if !isKey(key) {
			unknown++
			key = "<key " + strconv.Itoa(unknown) + ">"
		}
		recorded.Properties = append(recorded.Properties, tenantfacts.Property{Key: key, Title: knownTitle(p.Title), Type: known(p.Type, "<type>"), Required: p.Required})
	}
	return recorded
}

// recordedTriggers are the triggers of the catalog whose events are published, with the fields of those that the presets look for. Others
// may be of Foundry apps, and are left out.
func (r *Report) recordedTriggers() []tenantfacts.Trigger {
	if r.Facts.Triggers == nil {
		return nil
	}
	recorded := map[string]tenantfacts.Trigger{}
	for _, t := range r.Facts.Triggers {
		fields := recordedFields(t.Fields)
		shown := fields[:min(len(fields), maxFields)]
		recorded[t.Category] = tenantfacts.Trigger{Fields: shown, More: len(fields) - len(shown)}
	}
	triggers := []tenantfacts.Trigger{}
	seen := map[string]bool{}
	for _, resp := range r.observed.responses {
		if apiPath(resp.path) != triggersPath || !resp.ok() {
			continue
		}
		for _, item := range resp.objects() {
			category := text(item, "category")
			if seen[category] || !isPublishedEvent(category) {
				continue
			}
			seen[category] = true
			trigger := recorded[category]
			trigger.Category, trigger.Name, trigger.Version = category, known(text(item, "name"), replacedName), knownVersion(text(item, "version"))
			triggers = append(triggers, trigger)
		}
	}
	return triggers
}

// publishedEvents are the events of wire/catalog.md#triggers.
var publishedEvents = words(`
	ZeroTrust/HostScoreChange ZeroTrust/HostScoreChange/HostOverallScoreChange Incident Case Case/Created Case/Updated Case/StatusChanged
	FalconAudit FalconAudit/Incident Investigatable Investigatable/EPP Investigatable/NGSIEM Investigatable/THIRDPARTY Investigatable/IDP
	Investigatable/XDR CloudRisk CloudSecurityAssessment/Configuration HostState/Support/HostInRFM MonitoredEmail PhishingEmail/MicrosoftO365
	Schedule WorkflowExecution`)

// isPublishedEvent also holds for the subtypes of the host assessment trigger, whose names are an open question (Q24).
func isPublishedEvent(category string) bool {
	return publishedEvents[category] || strings.HasPrefix(category, "ZeroTrust/HostScoreChange/") && isTerm(category)
}

// maxFields is how many fields of one trigger are in a record, so that a person can read it.
const maxFields = 80

// recordedFields are the fields whose paths consist of words of the API. A field of the tenant's own has a placeholder.
func recordedFields(fields []TriggerField) []tenantfacts.Field {
	recorded, unknown := []tenantfacts.Field{}, 0
	seen := map[string]bool{}
	for _, f := range fields {
		path := f.Path
		if seen[path] {
			continue
		}
		seen[path] = true
		if !isPath(path) {
			unknown++
			path = "Trigger.<field " + strconv.Itoa(unknown) + ">"
		}
		recorded = append(recorded, tenantfacts.Field{Path: path, Type: known(f.Type, "<type>")})
	}
	return recorded
}

// limitHeader names the requests per minute.
const limitHeader = "X-Ratelimit-Limit"

// recordedLimits are the limits of the last responses that name them: those of the API, and that of the request for a token.
func recordedLimits(responses []response) tenantfacts.Limits {
	var limits tenantfacts.Limits
	for _, r := range responses {
		n, err := strconv.Atoi(r.header.Get(limitHeader))
		if err != nil || n <= 0 || n > 1_000_000 {
			continue
		}
		switch {
		case apiPath(r.path) == "/oauth2/token" && r.status == http.StatusCreated:
			limits.TokenRequests = n
		case r.status == http.StatusOK:
			limits.Requests = n
		}
	}
	return limits
}

// maxBodyLines is more than any response of the API needs.
const maxBodyLines = 150

// recordedResponses are the forms of the responses, in the order of the requests. Those to requests for a token have no body.
func recordedResponses(o *observations) []tenantfacts.Response {
	type group struct {
		tenantfacts.Response
		body *form
	}
	var order []*group
	groups := map[string]*group{}
	names := tenantNames(o.responses)
	webhooks := map[string]bool{}
	for _, c := range o.webhookConfigs() {
		webhooks[text(c, "config_id")] = true
	}
	for _, r := range o.responses {
		if r.status < 100 || r.status > 599 {
			continue
		}
		request := r.method + " " + knownPath(r.path)
		key := request + " " + strconv.Itoa(r.status)
		g := groups[key]
		if g == nil {
			g = &group{Response: tenantfacts.Response{Request: request, Status: r.status}, body: newForm()}
			groups[key] = g
			order = append(order, g)
		}
		g.Headers = append(g.Headers, headerNames(r.header)...)
		switch {
		case r.body != nil:
			g.body.add("", trimmed(r, webhooks), 0)
			if apiPath(r.path) != graphqlPath { // those are texts of a library, and of the check's own queries
				g.Messages = messageShapes(g.Messages, r.body, names)
			}
		case len(r.raw) > 0:
			g.body.kinds[mediaType(r)] = true
		}
	}
	recorded := []tenantfacts.Response{}
	slices.SortStableFunc(order, func(a, b *group) int {
		return cmp.Or(cmp.Compare(a.Request, b.Request), cmp.Compare(a.Status, b.Status))
	})
	forms := make([]*form, 0, len(order))
	for _, g := range order {
		forms = append(forms, g.body)
	}
	ids := newPlaceholders(forms)
	for _, g := range order {
		slices.Sort(g.Headers)
		g.Headers = slices.Compact(g.Headers)
		g.Body = g.body.lines([]string{}, "", false, ids.of)
		g.Body = g.Body[:min(len(g.Body), maxBodyLines)]
		recorded = append(recorded, g.Response)
	}
	return recorded
}

// apiRoots are the first segments of the paths of the API.
var apiRoots = []string{"/oauth2/", "/api-clients/", "/workflows/", "/plugins/", "/devices/", "/zero-trust-assessment/", "/identity-protection/", "/mssp/", "/sensors/"}

// apiPath is a path without that of the base URL before it.
func apiPath(path string) string {
	for _, root := range apiRoots {
		if i := strings.Index(path, root); i > 0 {
			return path[i:]
		}
	}
	return path
}

// knownPath is a path of the API. The path of a base URL or of a gateway may name a host.
func knownPath(path string) string {
	path = apiPath(path)
	if strings.HasPrefix(path, "/") && isTerm(strings.NewReplacer("{id}", "id", "/v1", "", "/v2", "", "oauth2", "auth").Replace(path)) {
		return path
	}
	return "/<path>"
}

// headerNames are the names of the headers that matter to a client of the API. All others, such as those of a proxy, are left out.
func headerNames(header http.Header) []string {
	names := []string{}
	for name := range header {
		lower := strings.ToLower(name)
		isFalcons := slices.ContainsFunc([]string{"x-cs-", "x-ratelimit-", "x-api-"}, func(prefix string) bool { return strings.HasPrefix(lower, prefix) })
		switch {
		case slices.Contains([]string{"content-type", "location", "retry-after", "deprecation", "sunset"}, lower):
			names = append(names, name)
		case isFalcons && headerWords.all(lower):
			names = append(names, name)
		case isFalcons:
			names = append(names, "<header>")
		}
	}
	return names
}

var headerWords = words(`x cs api ratelimit limit remaining retryafter retry after region traceid trace id warning deprecation date version
	info link sunset replacement message reset`)

// all reports whether a name consists of words of the set.
func (w wordSet) all(name string) bool {
	return !slices.ContainsFunc(strings.Split(name, "-"), func(part string) bool { return !w.has(part) })
}
