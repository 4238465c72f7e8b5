package definition

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// cloudRequestID is the id of the action Cloud HTTP Request.
const cloudRequestID = "1ba474f407d9228fc8fa02cdce8ae8ef"

// IsCloudRequest reports whether an action is Cloud HTTP Request.
func (t *Tenant) IsCloudRequest(action Document) bool { return action["id"] == t.OwnID(cloudRequestID) }

// Request is the request of an HTTP action, with its references filled (wire/catalog.md#http-actions).
type Request struct {
	Method, URL string
	Header      http.Header
	Body        string
	// Credential names the credential of the action, whose secret is not known.
	Credential string
}

// CloudRequest returns the request that an action sends.
func (t *Tenant) CloudRequest(action Document, values map[string]any) Request {
	properties := Object(action, "properties")
	transaction := Object(properties, "http_transaction")
	r := Request{
		Method: Text(transaction, "request_http_method"), URL: Fill(Text(transaction, "request_url"), values), Header: http.Header{},
	}
	headers := Object(transaction, "request_headers")
	for _, name := range slices.Sorted(maps.Keys(headers)) {
		r.Header.Set(name, Fill(fmt.Sprint(headers[name]), values))
	}
	query := Object(transaction, "request_query")
	var parameters []string
	for _, key := range slices.Sorted(maps.Keys(query)) {
		parameter := Object(query, key)
		parameters = append(parameters, url.QueryEscape(Fill(Text(parameter, "name"), values))+"="+url.QueryEscape(Fill(Text(parameter, "value"), values)))
	}
	if len(parameters) > 0 {
		r.URL += "?" + strings.Join(parameters, "&")
	}
	body := Text(transaction, "request_body")
	if Text(transaction, "request_content_type") == "JSON" {
		if r.Header.Get("Content-Type") == "" {
			r.Header.Set("Content-Type", "application/json")
		}
		// GUESS Q104: how a text is inserted into JSON.
		if t.reading("Q104") == "b" {
			values = escapedForJSON(values)
		}
	}
	r.Body = Fill(body, values)
	for _, key := range []string{"config_name", "config_id", "definition_id"} {
		if r.Credential = Text(properties, key); r.Credential != "" {
			break
		}
	}
	return r
}

// escapedForJSON escapes texts as within a JSON string.
func escapedForJSON(values map[string]any) map[string]any {
	escaped := maps.Clone(values)
	for path, value := range escaped {
		text, ok := value.(string)
		if quoted, err := json.Marshal(text); ok && err == nil {
			escaped[path] = string(quoted[1 : len(quoted)-1])
		}
	}
	return escaped
}

// filledForms are the forms of references that the simulator evaluates: a bare path, data['path'] and
// data[?'path'].orValue(0).
var filledForms = []*regexp.Regexp{
	barePath,
	regexp.MustCompile(`^\s*data\[\s*\??\s*['"]([^'"]*)['"]\s*\]\s*(?:\.orValue\((.*)\))?\s*$`),
}

// Fill replaces the references of a text by values. A value that is missing is empty, and an expression of another form stays
// as it is.
func Fill(text string, values map[string]any) string {
	var filled strings.Builder
	for rest := text; ; {
		start := strings.Index(rest, "${")
		if start < 0 {
			filled.WriteString(rest)
			return filled.String()
		}
		length, closed := expressionLength(rest[start+2:])
		if !closed {
			filled.WriteString(rest)
			return filled.String()
		}
		end := start + 2 + length + 1
		filled.WriteString(rest[:start])
		filled.WriteString(filledReference(rest[start:end], rest[start+2:end-1], values))
		rest = rest[end:]
	}
}

func filledReference(whole, expression string, values map[string]any) string {
	for _, form := range filledForms {
		m := form.FindStringSubmatch(expression)
		if m == nil {
			continue
		}
		value, given := values[m[1]]
		if !given && len(m) > 2 {
			return strings.Trim(m[2], `'"`)
		}
		return shownValue(value)
	}
	return whole
}

// shownValue is a value as text.
func shownValue(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	}
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(text)
}
