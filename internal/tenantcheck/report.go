package tenantcheck

// Report is what a check found out. Exchanges hold keys of the tenant's responses and are not for display; everything else is
// free of secrets, but names the tenant.
type Report struct {
	Tenant    Tenant     `json:"tenant"`
	Verdicts  []Verdict  `json:"verdicts"`
	Answers   []Answer   `json:"answers"`
	Facts     Facts      `json:"facts"`
	Exchanges []Exchange `json:"-"`
	// Leftovers are objects that the check created and could not remove.
	Leftovers []Leftover `json:"leftovers,omitempty"`
	// Notes are sentences about the check itself, such as a wait for the rate limit.
	Notes []string `json:"notes,omitempty"`

	observed *observations // for Record
}

// ExitStatus is the exit status of falcon-check: what a check left behind counts, too.
func (r *Report) ExitStatus() int {
	if len(r.Leftovers) > 0 {
		return StatusNotChecked
	}
	return r.Status()
}

// Tenant is the tenant that was checked.
type Tenant struct {
	Cloud   string `json:"cloud,omitempty"`
	BaseURL string `json:"base_url"`
	CID     string `json:"cid,omitempty"`
	// CIDUnknown says why CID is empty.
	CIDUnknown string `json:"cid_unknown,omitempty"`
	ClientID   string `json:"client_id,omitempty"`
	// Scopes are those of the API client in use; nil if they are not known.
	Scopes []string `json:"scopes,omitempty"`
}

// State says whether something works.
type State string

// The states of a verdict.
const (
	Works       State = "works"
	ConsoleStep State = "console_step"
	DoesNot     State = "does_not"
	NotChecked  State = "not_checked"
)

// Verdict says whether an integration, a resource or a data source works in this tenant.
type Verdict struct {
	// Subject is the name of an integration, such as "cortex_xsoar", or of a type, such as "falcon_webhook".
	Subject string `json:"subject"`
	// Integration is set for the four integrations.
	Integration bool  `json:"integration,omitempty"`
	State       State `json:"state"`
	// Why is usually empty where the state is Works.
	Why string `json:"why,omitempty"`
	// Do is what a person has to do.
	Do string `json:"do,omitempty"`
}

// Answer is what this tenant says about an open question.
type Answer struct {
	Question string `json:"question"`
	// Reading is the letter of the reading; "" if the question is not settled.
	Reading string `json:"reading,omitempty"`
	// By is what settled the question: "read" or "write".
	By string `json:"by,omitempty"`
	// Evidence is one line: what was observed or, where the question is not settled, what would be needed.
	Evidence string `json:"evidence"`
}

// Settled reports whether the tenant settles the question.
func (a Answer) Settled() bool { return a.Reading != "" }

// Leftover is an object that could not be removed.
type Leftover struct {
	Kind string `json:"kind"`
	ID   string `json:"id,omitempty"`
	Name string `json:"name,omitempty"`
	Why  string `json:"why,omitempty"`
}

// Facts are what a simulator needs to behave like this tenant, apart from the answers to the questions. A nil list is not known,
// an empty one is known to be empty.
type Facts struct {
	// Scopes are those that the tenant offers.
	Scopes []string `json:"scopes"`
	// WebhookApp says whether the app CrowdStrike Webhook is installed; nil if that is not known.
	WebhookApp *bool `json:"webhook_app"`
	// CallWebhook is the action of that app; nil if the catalog does not have it or was not read.
	CallWebhook *Activity `json:"call_webhook"`
	// Triggers are the entries of the catalog for which the presets of the integrations look.
	Triggers []Trigger `json:"triggers"`
	// Limits are numbers that responses name or that were found, such as "requests_per_minute".
	Limits map[string]int `json:"limits,omitempty"`
}

// Activity is an action of the catalog.
type Activity struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Class string `json:"class,omitempty"`
	AppID string `json:"app_id,omitempty"`
	// Version is semantic_version; "" if the catalog has none. Pin is the version constraint that follows from it.
	Version string `json:"version,omitempty"`
	Pin     string `json:"pin"`
	// Properties are those of the input schema, in the order of their keys.
	Properties []Property `json:"properties"`
}

// Property is a property of an action.
type Property struct {
	Key      string   `json:"key"`
	Title    string   `json:"title,omitempty"`
	Type     string   `json:"type,omitempty"`
	Required bool     `json:"required,omitempty"`
	Enum     []string `json:"enum,omitempty"`
}

// Trigger is a trigger of the catalog with the paths of its fields.
type Trigger struct {
	Category string         `json:"category"`
	Name     string         `json:"name,omitempty"`
	Fields   []TriggerField `json:"fields"`
}

// TriggerField is a value of a trigger.
type TriggerField struct {
	Path string `json:"path"`
	Type string `json:"type,omitempty"`
}

// Exchange is the form of one request and its response, without values. Keys and messages are as Falcon sent them: a record has to
// replace those that may be the tenant's own.
type Exchange struct {
	// Probe is why the request was sent, such as "workflows.first_page".
	Probe    string
	Method   string
	Path     string   // without host and query; ids are "{id}"
	Query    []string // keys, sorted
	Status   int      // 0 if there was no response
	Headers  []string // names, sorted
	Shape    *Shape   // of the JSON body; nil if it is not JSON
	Messages []string // texts of the errors, without known secrets
}

// Shape is the form of a JSON value, merged over all items of a list.
type Shape struct {
	// Types are "object", "list", "string", "number", "bool" and "null", sorted.
	Types []string
	// Keys are those of an object; Items is the form of the items of a list.
	Keys  map[string]*Shape
	Items *Shape
}
