package tenantfacts

// Format identifies the file, and Version this form of it.
const (
	Format  = "falcon-tenant-facts"
	Version = 1
)

// MaxSize is the size in bytes that no record exceeds: a person reads it before sending it.
const MaxSize = 60_000

// Classes of evidence for a reading.
const (
	// EvidenceRead is the response to a read.
	EvidenceRead = "read"
	// EvidenceWrite is the response to a write in the sandbox, or what a read showed after it.
	EvidenceWrite = "write"
)

// States of the Store app CrowdStrike Webhook.
const (
	AppInstalled = "installed"
	AppMissing   = "missing"
	AppUnknown   = "unknown"
)

// Facts is a record of a tenant.
type Facts struct {
	Format     string     `json:"format"`
	Version    int        `json:"version"`
	Readings   []Reading  `json:"readings"`
	Scopes     Scopes     `json:"scopes"`
	WebhookApp string     `json:"webhook_app"`
	Activities []Activity `json:"activities"`
	Triggers   []Trigger  `json:"triggers"`
	Limits     Limits     `json:"limits"`
	Contents   Contents   `json:"contents"`
	Responses  []Response `json:"responses"`
}

// New returns an empty record of the current version.
func New() *Facts {
	return &Facts{
		Format: Format, Version: Version, Readings: []Reading{}, Scopes: Scopes{Denied: []string{}}, WebhookApp: AppUnknown,
		Activities: []Activity{}, Contents: Contents{Versions: 1}, Responses: []Response{},
	}
}

// Reading is the tenant's behavior in one open question.
type Reading struct {
	// Question is the id, such as "Q03", and Reading the letter of the reading.
	Question string `json:"question"`
	Reading  string `json:"reading"`
	Evidence string `json:"evidence"`
}

// Scopes are the scopes that the tenant offers, and those that the API client of the check does not have.
type Scopes struct {
	// Offered is nil if the list could not be read.
	Offered []string `json:"offered"`
	// Other is how many scopes the tenant offers in addition, whose ids are not published.
	Other  int      `json:"other"`
	Denied []string `json:"denied"`
}

// Activity is an entry of the activity catalog.
type Activity struct {
	ID         string     `json:"id"`
	Name       string     `json:"name"`
	Class      string     `json:"class,omitempty"`
	Version    string     `json:"version,omitempty"`
	Properties []Property `json:"properties"`
}

// Property is a property of an activity.
type Property struct {
	Key string `json:"key"`
	// Title is the label in the console, if it is a published one.
	Title    string `json:"title,omitempty"`
	Type     string `json:"type"`
	Required bool   `json:"required,omitempty"`
}

// Trigger is an entry of the trigger catalog. Fields is nil if only the existence of the trigger was recorded.
type Trigger struct {
	Category string  `json:"category"`
	Name     string  `json:"name,omitempty"`
	Version  string  `json:"version,omitempty"`
	Fields   []Field `json:"fields,omitempty"`
	// More is how many fields follow that were left out to keep the record short.
	More int `json:"more,omitempty"`
}

// Field is a value of a trigger. Path is how a workflow refers to it.
type Field struct {
	Path string `json:"path"`
	Type string `json:"type,omitempty"`
}

// Limits are requests per minute; 0 is not known.
type Limits struct {
	Requests      int `json:"requests"`
	TokenRequests int `json:"token_requests"`
}

// Contents says how much the tenant holds. Each number but the last is one of [Sizes], and nil if it could not be read.
type Contents struct {
	APIClients *int `json:"api_clients"`
	// Configurations are those of all Store apps, and Webhooks those of the app CrowdStrike Webhook.
	Configurations *int `json:"configurations"`
	Webhooks       *int `json:"webhooks"`
	Workflows      *int `json:"workflows"`
	Executions     *int `json:"executions"`
	Hosts          *int `json:"hosts"`
	// Users are those of Identity Protection.
	Users *int `json:"users"`
	// Versions is 2 if a listing shows more than one version of a workflow, else 1.
	Versions int `json:"versions"`
}

// Sizes are the numbers of objects that a record distinguishes. Each is a border beyond which the tenant shows another behavior: the
// smallest default page, and the page sizes of the API.
var Sizes = []int{0, 1, 11, 101, 501}

// Size rounds a number down to one of [Sizes].
func Size(n int) int {
	size := 0
	for _, s := range Sizes {
		if n >= s {
			size = s
		}
	}
	return size
}

// Response is the form of the responses to one kind of request with one status.
type Response struct {
	// Request is the method and the path, without a query.
	Request string `json:"request"`
	Status  int    `json:"status"`
	// Headers are the names of headers that matter to a client.
	Headers []string `json:"headers"`
	// Body has a line "path: type" for each value, such as "resources[].id: <id 3>".
	Body []string `json:"body"`
	// Messages are the texts of errors with all values replaced.
	Messages []string `json:"messages,omitempty"`
}
