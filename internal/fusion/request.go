package fusion

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// HTTPRequest describes the request of a notification that needs no webhook
// configuration (wire/catalog.md#http-actions).
type HTTPRequest struct {
	// URL, the values of Headers, and Body may contain references such as
	// ${data['Trigger.CID']}.
	URL, Method string
	Headers     map[string]string
	// Body is sent with the content type, ContentJSON or ContentNone; "" sends no body.
	Body, ContentType string
	Credential        *Credential
	// SuccessCodes are the status codes of a successful delivery. Any other code is
	// recorded in the execution by Report, the action Print data. Without codes, the
	// response is not looked at.
	SuccessCodes []int64
	Report       Action
	// ContinueOnError keeps the execution from failing with the request.
	ContinueOnError bool
}

// The content types of a request (wire/release-rules.md#vocabulary).
const (
	ContentJSON = "JSON"
	ContentNone = "NONE"
)

// Credential is a credential that exists in Falcon's console, by the ids that an
// export shows.
type Credential struct {
	DefinitionID, ConfigID, ConfigName string
	// APIKeyHeader is the header that carries an API key, "" if there is none.
	APIKeyHeader string
}

// The keys of the nodes that an HTTP notification adds.
const (
	requestAction   = "SendRequest"
	failedCondition = "NotDelivered"
	reportAction    = "ReportStatus"
)

// requestNodes adds the nodes that send a request to the document.
func requestNodes(n Notify, actions, conditions map[string]any) error {
	r := n.HTTP
	properties, err := r.properties()
	if err != nil {
		return err
	}
	maps.Copy(properties, n.Action.Properties)
	schema, err := readSchema(n.Action.InputSchema)
	if err != nil {
		return err
	}
	if missing := schema.missing(properties); len(missing) > 0 {
		return schema.unmatched(n.Action, "no value for the required "+strings.Join(missing, ", "))
	}
	send := map[string]any{
		"id": n.Action.ID, "version_constraint": VersionConstraint(n.Action.VersionConstraint), "properties": properties,
	}
	if n.Action.Class != "" {
		send["class"] = n.Action.Class
	}
	if r.ContinueOnError {
		send["continue_on_error"] = true
	}
	actions[requestAction] = send
	if len(r.SuccessCodes) == 0 {
		return nil
	}
	if r.Report.ID == "" {
		return errors.New("status codes need the action that records another one")
	}
	send["next"] = []string{failedCondition}
	unexpected := r.unexpectedStatus()
	conditions[failedCondition] = map[string]any{
		"next": []string{reportAction}, "cel_expression": unexpected, "display": []string{unexpected},
	}
	actions[reportAction] = map[string]any{
		"id": r.Report.ID, "version_constraint": VersionConstraint(r.Report.VersionConstraint),
		"properties": map[string]any{"text_data": fmt.Sprintf("Not delivered: the receiver responded with status ${%s}, expected %s.", statusOrZero, r.codes(" or "))},
	}
	return nil
}

// statusOrZero is the status code of the response; 0 if there is none.
const statusOrZero = "data[?'" + requestAction + ".response_status_code'].orValue(0)"

// unexpectedStatus is a CEL expression that is true for all other status codes.
func (r *HTTPRequest) unexpectedStatus() string {
	parts := make([]string, len(r.SuccessCodes))
	for i, code := range r.SuccessCodes {
		parts[i] = fmt.Sprintf("%s != %d", statusOrZero, code)
	}
	return strings.Join(parts, " && ")
}

func (r *HTTPRequest) codes(separator string) string {
	parts := make([]string, len(r.SuccessCodes))
	for i, code := range r.SuccessCodes {
		parts[i] = fmt.Sprint(code)
	}
	return strings.Join(parts, separator)
}

// properties returns the properties of the action.
func (r *HTTPRequest) properties() (map[string]any, error) {
	address, err := SplitRequestURL(r.URL)
	if err != nil {
		return nil, err
	}
	transaction := map[string]any{
		"request_url": address.Address, "request_http_method": r.Method, "request_content_type": r.ContentType,
	}
	if len(r.Headers) > 0 {
		transaction["request_headers"] = r.Headers
	}
	if len(address.Query) > 0 {
		transaction["request_query"] = address.queryProperty()
	}
	if r.Body != "" {
		transaction["request_body"] = plainReferences(r.Body)
	}
	out := map[string]any{"http_transaction": transaction}
	if c := r.Credential; c != nil {
		out["authentication_option"] = "UseExisting"
		for key, value := range map[string]string{
			"definition_id": c.DefinitionID, "config_id": c.ConfigID, "config_name": c.ConfigName, "api_key_header_label": c.APIKeyHeader,
		} {
			if value != "" {
				out[key] = value
			}
		}
		if c.APIKeyHeader != "" {
			out["api_key_location"] = "Header"
		}
	}
	return out, nil
}

// RequestReferences returns the paths that a text of a request refers to.
func RequestReferences(text string) []string {
	s := spot{text: text, lang: inTemplate}
	var out []string
	for _, r := range s.references(nil) {
		if !slices.Contains(out, r.path) {
			out = append(out, r.path)
		}
	}
	return out
}

// HasReference reports whether a text contains a reference.
func HasReference(text string) bool { return len(embedded(text)) > 0 }

// HasEscapedReference reports whether a reference has characters that JSON escapes.
func HasEscapedReference(text string) bool {
	return slices.ContainsFunc(embedded(text), func(e expression) bool { return strings.ContainsAny(e.text, "\"\\\n") })
}

// WithoutReferences replaces the references in a text.
func WithoutReferences(text, by string) string {
	return mapReferences(text, func(int, string) string { return by })
}

// mapReferences replaces each ${…} of a text, of which it passes the number and the
// text.
func mapReferences(text string, replace func(i int, reference string) string) string {
	var out strings.Builder
	from := 0
	for i, e := range embedded(text) {
		out.WriteString(text[from:e.from])
		out.WriteString(replace(i, text[e.from:e.to]))
		from = e.to
	}
	out.WriteString(text[from:])
	return out.String()
}

// plainReferences undoes what jsonencode does to the characters <, > and & in
// references. Anywhere else in JSON, both forms have the same meaning.
func plainReferences(text string) string {
	plain := strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&")
	return mapReferences(text, func(_ int, reference string) string { return plain.Replace(reference) })
}

// ParseJSONTemplate parses a text that is JSON when its references have values. A
// reference within a string is spaces in the result, any other is a whole value: 0.
func ParseJSONTemplate(text string) (any, error) {
	var filled strings.Builder
	from, quoted := 0, false
	literal := func(part string) {
		for i := 0; i < len(part); i++ {
			switch {
			case quoted && part[i] == '\\':
				i++
			case part[i] == '"':
				quoted = !quoted
			}
		}
		filled.WriteString(part)
	}
	for _, e := range embedded(text) {
		literal(text[from:e.from])
		// Values of the same length keep the offset in the error.
		spaces := strings.Repeat(" ", e.to-e.from)
		if !quoted {
			spaces = "0" + spaces[1:]
		}
		filled.WriteString(spaces)
		from = e.to
	}
	literal(text[from:])
	var value any
	err := json.Unmarshal([]byte(filled.String()), &value)
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		line := 1 + strings.Count(filled.String()[:syntax.Offset], "\n")
		return nil, fmt.Errorf("line %d: %w", line, err)
	}
	return value, err
}
