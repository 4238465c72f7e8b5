package falconsim

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Question is an open question about Falcon's API: public sources do not settle how Falcon behaves, and more than one behavior
// is plausible. internal/falcon/wire/open-questions.md describes each question under the same id.
type Question struct {
	// ID is the stable id, such as "Q03". Ids are never reused.
	ID string
	// Title says in a few words what is not known.
	Title string
	// Readings are the plausible behaviors. The first one is the best-supported reading and the default.
	Readings []Reading
}

// Reading is one plausible behavior of Falcon.
type Reading struct {
	// Letter identifies the reading within its question: "a", "b", and so on.
	Letter string
	// Summary describes the behavior in one line.
	Summary string
}

// Readings chooses a reading per question id. Questions that are not in it have their default reading.
type Readings map[string]string

// WebhookWrites is a tenant that has the unpublished request that writes webhook configurations.
func WebhookWrites() Readings { return Readings{"Q12": "b"} }

// With returns these choices combined with others, which take precedence.
func (r Readings) With(others Readings) Readings {
	merged := maps.Clone(r)
	if merged == nil {
		merged = Readings{}
	}
	maps.Copy(merged, others)
	return merged
}

// Questions returns all open questions in the order of their ids.
func Questions() []Question { return slices.Clone(questions) }

// ParseReading parses a choice such as "Q07=b".
func ParseReading(text string) (id, letter string, err error) {
	id, letter, ok := strings.Cut(text, "=")
	if !ok {
		return "", "", fmt.Errorf("reading %q is not of the form Q07=b", text)
	}
	return id, letter, checkReading(id, letter)
}

func checkReading(id, letter string) error {
	question, ok := questionByID[id]
	if !ok {
		return fmt.Errorf("%q is not the id of an open question", id)
	}
	letters := make([]string, 0, len(question.Readings))
	for _, reading := range question.Readings {
		letters = append(letters, reading.Letter)
	}
	if !slices.Contains(letters, letter) {
		return fmt.Errorf("question %s has no reading %q; it has %s", id, letter, strings.Join(letters, ", "))
	}
	return nil
}

// Check returns an error if an id or a letter is unknown.
func (r Readings) Check() error {
	for _, id := range slices.Sorted(maps.Keys(r)) {
		if err := checkReading(id, r[id]); err != nil {
			return err
		}
	}
	return nil
}

// reading returns the letter of the reading that this tenant has. It panics on an id that is not an open question,
// which is a defect of the simulator.
func (s *Server) reading(id string) string {
	question, ok := questionByID[id]
	if !ok {
		panic("falconsim: " + id + " is not an open question")
	}
	s.gateway.asked.Store(id, true)
	if letter, chosen := s.opts.Readings[id]; chosen {
		return letter
	}
	return question.Readings[0].Letter
}

// Readings returns the readings that were chosen for this tenant, by the options or by the record that it behaves like.
func (s *Server) Readings() Readings { return maps.Clone(s.opts.Readings) }

// Asked returns the ids of the open questions on which a response has depended so far, sorted.
func (s *Server) Asked() []string {
	var ids []string
	s.gateway.asked.Range(func(id, _ any) bool {
		if text, ok := id.(string); ok {
			ids = append(ids, text)
		}
		return true
	})
	slices.Sort(ids)
	return ids
}

// showDelay is how long readers do not see a created or changed object: questions Q09, Q20, and Q39.
func (s *Server) showDelay(id string) time.Duration {
	return map[string]time.Duration{"b": 300 * time.Millisecond, "c": 3 * time.Second}[s.reading(id)]
}

// goneDelay is how long readers still see a deleted object: questions Q08, Q21, and Q40.
func (s *Server) goneDelay(id string) time.Duration {
	return map[string]time.Duration{"b": 2 * time.Second}[s.reading(id)]
}

var questionByID = func() map[string]Question {
	index := map[string]Question{}
	for _, question := range questions {
		index[question.ID] = question
	}
	return index
}()

// openQuestion returns a question whose readings have the letters a, b, and so on.
func openQuestion(id, title string, summaries ...string) Question {
	question := Question{ID: id, Title: title}
	for i, summary := range summaries {
		question.Readings = append(question.Readings, Reading{Letter: string(rune('a' + i)), Summary: summary})
	}
	return question
}

// questions are the open questions. The code that decides one asks for its reading and has a comment "GUESS Qnn".
var questions = []Question{
	// API clients.
	openQuestion("Q01", "Key of an API client's secret in the responses to create and reset",
		"client_secret", "secret"),
	openQuestion("Q02", "Key of an API client's id",
		"id", "client_id"),
	openQuestion("Q03", "Form of an API client's scopes",
		"a list of ids", "a list of objects with id, group and action", "scopes are not shown"),
	openQuestion("Q04", "Response to reading an API client that does not exist",
		"200 without resources", "200 with errors", "404"),
	openQuestion("Q05", "null for a field in the PATCH of an API client",
		"null clears the field", "null leaves the field unchanged", "null is a 400"),
	openQuestion("Q06", "Status of an update, reset or delete of an API client that does not exist",
		"400", "404", "400 for an update and a reset, 202 for a delete"),
	openQuestion("Q07", "A second API client of the same name",
		"refused with 409", "accepted: names are not unique"),
	openQuestion("Q08", "When a deleted API client is gone",
		"when the response arrives", "it is still shown for two seconds after the 202"),
	openQuestion("Q09", "When a created or changed API client is shown to readers",
		"at once", "300 ms after the response", "three seconds after the response"),
	openQuestion("Q10", "Largest page of API client ids",
		"500, more is a 400", "100, a larger limit is reduced without an error"),
	openQuestion("Q11", "Whether a tenant offers the scopes api-client-mgmt:read and api-client-mgmt:write",
		"offered", "not offered: reading and writing API clients is a 403"),

	// Configurations of Store apps, such as the webhook.
	openQuestion("Q12", "The unpublished request that writes webhook configurations",
		"does not exist: 404", "exists", "refused with 403", "refused with 405",
		"refused with 400", "refused with 415", "refused with 500"),
	openQuestion("Q13", "Response of that request where it exists",
		"200 with the configuration", "201 with the configuration", "200 with the configuration's id only", "200 without resources"),
	openQuestion("Q14", "Name of a configuration in the list",
		"shown as config.name", "not shown", "shown as name next to config"),
	openQuestion("Q15", "URL of a webhook configuration in the list",
		"shown as config.url", "not shown", "shown as config.webhook_url"),
	openQuestion("Q16", "Signature header name of a webhook configuration in the list",
		"shown as config.signature_header_name", "not shown"),
	openQuestion("Q17", "HMAC secret of a webhook configuration in the list",
		"absent", "masked with asterisks", "in plain text"),
	openQuestion("Q18", "Whether app_id of a configuration equals app_id of the app's action in the catalog",
		"equal", "different"),
	openQuestion("Q19", "A second webhook configuration of the same name",
		"refused with 409", "accepted: names are not unique"),
	openQuestion("Q20", "When a created or changed configuration is shown to readers",
		"at once", "300 ms after the response", "three seconds after the response"),
	openQuestion("Q21", "When a deleted configuration is gone",
		"when the response arrives", "it is still shown for two seconds after the response"),

	// The workflow catalog.
	openQuestion("Q22", "Property keys of the action Call webhook",
		"config_id, data_format, _fields", "webhook_config_id, format, data_to_include", "config_id and _fields, without a format"),
	openQuestion("Q23", "Version of the action Call webhook, which decides the version constraint",
		"1.0.3", "no version", "2.1.0"),
	openQuestion("Q24", "Events of the host assessment trigger",
		"ZeroTrust/HostScoreChange and the subtype HostOverallScoreChange", "only ZeroTrust/HostScoreChange"),
	openQuestion("Q25", "Triggers for incidents",
		"Case/Created and Case/Updated", "only Incident, the trigger of tenants before 2026"),
	openQuestion("Q26", "Fields of the host assessment trigger",
		"the overall score and further fields of the same form", "only the overall score is listed"),
	openQuestion("Q27", "Whether Case/Updated also fires when the status changes",
		"yes", "no: only Case/StatusChanged fires"),

	// Workflow definitions.
	openQuestion("Q28", "Rows of one workflow in a listing",
		"one row per version", "only the newest version", "the newest version and the one before it"),
	openQuestion("Q29", "Order of the rows of one workflow where the sort does not decide",
		"newest version first", "oldest version first", "no fixed order"),
	openQuestion("Q30", "What limit and offset of a workflow listing count",
		"workflows", "rows"),
	openQuestion("Q31", "What total of a workflow listing counts",
		"workflows", "rows", "nothing: it is absent"),
	openQuestion("Q32", "Whether a tenant accepts name.raw in a filter of workflows",
		"accepted", "refused with 400 as an unknown property"),
	openQuestion("Q33", "Quotes, backslashes, * and + in the value of a name.raw filter",
		"a backslash escapes the next character", "escapes are not understood: nothing is found"),
	openQuestion("Q34", "Whether the 409 of an import carries the id of the existing workflow",
		"no", "yes"),
	openQuestion("Q35", "Response to a successful import",
		"the workflow with its id", "200 without resources, although the workflow is stored"),
	openQuestion("Q36", "Which validation errors an import lists",
		"unknown trigger events only", "none", "all that are found"),
	openQuestion("Q37", "PUT of a document with a validation error other than an unknown activity",
		"400", "200, saved with validation errors"),
	openQuestion("Q38", "Whether a PUT with validate_only reports what only enabling refuses",
		"yes, 200 with errors", "no, 200 without errors"),
	openQuestion("Q39", "When a created or changed workflow is shown to readers",
		"at once", "300 ms after the response", "three seconds after the response"),
	openQuestion("Q40", "When a deleted workflow is gone",
		"when the response arrives", "it is still shown for two seconds after the response"),
	openQuestion("Q41", "Whether a sanitized export leaves config_id out",
		"yes", "no"),
	openQuestion("Q42", "Status of the export of a workflow whose configuration is not portable",
		"200", "299 with X-Api-Warning"),
	openQuestion("Q43", "Form of disconnected_nodes in a listing",
		"a list of strings", "a list of objects"),
	openQuestion("Q44", "Size of a workflow page without a limit",
		"100", "10"),
	openQuestion("Q45", "How an export writes text that begins with a line break",
		"as a quoted string, which keeps it", "as a block scalar, which loses the first line break"),

	// Executions.
	openQuestion("Q46", "State that a canceled execution shows",
		"Canceled", "Cancelled", "Failed"),
	openQuestion("Q47", "Vocabulary of execution states in responses",
		"In progress, Completed, Failed, Action required", "In progress, Succeeded, Failed, ActionRequired"),
	openQuestion("Q48", "States of nodes in an execution",
		"Succeeded and Failed", "Completed and Failed"),
	openQuestion("Q49", "When a new execution can be read",
		"at once", "one second later; until then it is a 404"),

	// Zero Trust Assessment.
	openQuestion("Q50", "Unknown agent ids in a request for assessments",
		"200 with their records left out", "404 with the records of the others"),
	openQuestion("Q51", "after on the last page of assessments by score",
		`""`, "absent", "null"),

	// Identity Protection.
	openQuestion("Q52", "Bounds of a range of risk scores",
		"the lower bound is included, the upper is not", "both bounds are included", "both act on the score rounded to two decimals, and are included"),
	openQuestion("Q53", "Status of a GraphQL request with an error",
		"200", "400"),
	openQuestion("Q54", "Whether Identity Protection Detections has the scope id identity-detections",
		"yes", "no: the tenant does not offer it"),

	// Conventions.
	openQuestion("Q55", "Unit of X-RateLimit-RetryAfter",
		"seconds since the epoch", "milliseconds since the epoch", "the header is absent"),
	openQuestion("Q56", "errors of a successful response",
		"[]", "null", "absent"),
	openQuestion("Q57", "Message texts that no source records",
		"made up by the simulator", "empty"),

	// Webhook deliveries.
	openQuestion("Q58", "Body of a webhook delivery with the default format",
		"the fields under data by their full paths, and meta", "the fields under data by their last names, without meta"),
	openQuestion("Q59", "Signature of a webhook delivery",
		"base64(HMAC-SHA256(key, body + timestamp))", "hex(HMAC-SHA256(key, timestamp + body))"),

	// Further conventions and operations.
	openQuestion("Q60", "A limit or offset that is negative or not a number",
		"refused with 400", "ignored: the default is used"),
	openQuestion("Q61", "A GraphQL query beyond the query-cost budget",
		"200 with an error", "429"),
	openQuestion("Q62", "Properties by which configurations of Store apps are filtered and sorted",
		"app_id, config_id, definition_id and state; others are a 400", "none: every filter and sort is a 400", "a filter or sort is ignored"),
	openQuestion("Q63", "An empty list as a GraphQL filter",
		"no filter, as null", "nothing matches"),
	openQuestion("Q64", "The GraphQL field domains without data sources",
		"the domains of all data sources", "the domains of Active Directory only"),
	openQuestion("Q65", "Whether identity-graphql:write alone may read entities and assessments",
		"no: the scope of what is read is needed too", "yes"),
	openQuestion("Q66", "total of assessments by score in a tenant with more than 10,000 hosts",
		"exact", "10,000 at most"),
	openQuestion("Q67", "A security assessment without a domain and a tenant",
		"assesses everything", "an error"),
	openQuestion("Q68", "What hostname in a filter of hosts finds",
		"the whole name or one of its words, in any case", "the whole name only, in any case"),
	openQuestion("Q69", "Requests with a valid token from an address that has used up its requests with invalid tokens",
		"not affected", "refused with 429 too"),

	// More about workflows.
	openQuestion("Q70", "Whether name.raw distinguishes upper and lower case",
		"yes", "no"),
	openQuestion("Q71", "Enabling a workflow with an action that the tenant does not have",
		"404 for an unknown id, error 2018 for a version that does not exist", "404 for both", "error 2018 for both"),
	openQuestion("Q72", "Whether has_validation_errors covers what only enabling refuses",
		"yes", "no: only errors with a known code"),
	openQuestion("Q73", "A single name for else in a document",
		"refused like one for next", "accepted"),
	openQuestion("Q74", "An action with a class but without a version constraint",
		"the import is refused with 400", "the import lists a validation error, and enabling is refused"),
	openQuestion("Q75", "A bare ${Trigger.…} within a longer text",
		"accepted", "enabling is refused: unknown variable"),
	openQuestion("Q76", "has(data['…']) of a whole path in CEL",
		"enabling is refused: Q0910", "accepted"),
	openQuestion("Q77", "A Python action without runtime or script",
		"enabling is refused: error 2016", "accepted"),
	openQuestion("Q78", "Malformed references, such as an unclosed ${",
		"enabling is refused", "accepted: they stay as they are written"),
	openQuestion("Q79", "A config_id that is not a configuration of the tenant",
		"enabling is refused: error 2035", "accepted"),

	// Found when the facts were written down.
	openQuestion("Q85", "State of a configuration in the list",
		"active or inactive", "enabled or disabled", "not shown"),
	openQuestion("Q86", "A change of a webhook configuration without the HMAC secret",
		"keeps the secret", "refused with 400"),
	openQuestion("Q100", "Status of a successful enable or disable",
		"200", "202"),
	openQuestion("Q101", "Unknown ids in a request for the details of hosts",
		"404 with the records of the others", "200 with their records left out"),
	openQuestion("Q102", "Refusal of a GraphQL query whose data needs another scope",
		"403, as for other requests", "200 with an error"),
	openQuestion("Q103", "Children of a tenant that is not a parent",
		"403", "200 without resources"),

	// HTTP actions.
	openQuestion("Q104", "How a text is inserted into the JSON body of an HTTP request",
		"as it is: a quotation mark in it breaks the JSON", "escaped for JSON"),
	openQuestion("Q105", "An HTTP request to which the receiver responds with a status of 400 or more",
		"the action succeeds, and conditions can look at the status", "the action fails"),
	openQuestion("Q106", "An HTTP request to which the receiver responds with something else than a JSON object",
		"the action succeeds", "the action fails, although the request was sent"),
	openQuestion("Q107", "Whether a Cloud HTTP Request without a credential runs",
		"yes", "no: the action fails and sends nothing"),
	openQuestion("Q110", "Whether the list of configurations has the credentials of HTTP actions",
		"yes, with their names", "no"),

	// Many objects, and Flight Control.
	openQuestion("Q114", "Most API client ids in one read",
		"500, a URL of 19 kB", "as many as a URL of 8 kB has; more are a 414"),
	openQuestion("Q115", "Largest page of child ids",
		"5,000, more is a 400", "100, a larger limit is reduced without an error"),
	openQuestion("Q116", "Name and status of a child",
		"shown", "not shown"),
	openQuestion("Q117", "Whether refused requests count against a rate limit",
		"no", "yes"),
}
