package falcon

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// Message is one item of the errors list in a response.
type Message struct {
	Code    int
	ID      string
	Message string
}

// Error is a request that failed: Falcon refused it, could not be reached, or sent an unreadable response.
type Error struct {
	Doing        string // what the request was for, e.g. `create API client "x"`
	Status       int    // HTTP status; 0 when there was no response
	Messages     []Message
	TraceID      string
	MissingScope string // the scope that the provider's API client lacks, if Falcon said so
	Region       string // X-Cs-Region of the response
	Host         string // the host that the request was sent to
	Err          error  // the cause, when there was no readable response or the wait for the next attempt was stopped

	hint        string      // what to do about it
	header      http.Header // of the response
	body        []byte      // the response body, for callers that can use it
	html        bool        // a web page was returned instead of an API response
	token       bool        // the provider's own authentication failed, not the request
	ambiguous   bool        // the change may have taken effect
	alsoRefused []string    // other scopes for lack of which requests of the client were refused before
	attempts    int         // how often the request was sent

	secrets *secretList // must not appear in the text
}

// Error says what happened, for which request, with Falcon's own messages and the trace id, and what to do where that is
// known. It is one line of bounded length without secrets and control characters, whatever the response contains.
func (e *Error) Error() string {
	hint := e.hintText()
	return strings.TrimSpace(oneLine(redact(e.happened(), e.secrets.all()), max(maxErrorText-len(hint), maxMessage)) + " " + hint)
}

func (e *Error) happened() string {
	text := e.outcome(" for the request to " + e.Doing)
	if e.Status == 0 {
		text = "the request to " + e.Doing + " failed: " + text
	}
	if e.TraceID != "" {
		text += " (trace id " + e.TraceID + ")"
	}
	if e.attempts > 1 {
		text += fmt.Sprintf(", after %d attempts", e.attempts)
	}
	return strings.TrimSuffix(text, ".") + "."
}

// outcome is the response, or why there was none. request follows the status.
func (e *Error) outcome(request string) string {
	switch {
	case e.Status == 0 && e.Err != nil:
		return e.Err.Error()
	case e.html:
		return fmt.Sprintf("%s returned %d%s, with a web page (HTML) instead of a Falcon API response", e.Host, e.Status, request)
	}
	said, status := e.messageText(), fmt.Sprint(e.Status)
	if name := http.StatusText(e.Status); name != "" && said == "" && e.Status >= 300 {
		status += " (" + name + ")"
	}
	text := "Falcon returned " + status + request
	if said != "" {
		text += ": " + said
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// messageText is Falcon's messages, the first of many.
func (e *Error) messageText() string {
	var said []string
	for i, m := range e.Messages {
		if i == maxMessages {
			said = append(said, fmt.Sprintf("and %d more", len(e.Messages)-i))
			break
		}
		if m.Message != "" {
			said = append(said, strings.TrimSuffix(m.Message, "."))
		} else if m.Code != 0 {
			said = append(said, fmt.Sprintf("error code %d", m.Code))
		}
	}
	return strings.Join(said, "; ")
}

func (e *Error) hintText() string {
	switch {
	case e.hint != "":
		return e.hint
	case e.html:
		return "The response came from a proxy or another server: check base_url, cloud and the proxy settings."
	case e.MissingScope != "":
		return fmt.Sprintf("The provider's API client lacks the scope %s (%q in the console).",
			e.MissingScope, ScopeTitle(e.MissingScope)) + e.alsoRefusedText() + scopeNote(e.MissingScope)
	case e.Status == http.StatusForbidden && e.says("authorization failed"):
		return forbiddenHint
	case e.isRedirect():
		return e.redirectHint()
	case e.Status == http.StatusUnauthorized:
		return "Falcon rejected the access token; it may have expired."
	}
	return ""
}

func (e *Error) alsoRefusedText() string {
	if len(e.alsoRefused) == 0 {
		return ""
	}
	return fmt.Sprintf(" Falcon has refused earlier requests because it also lacks: %s.", strings.Join(e.alsoRefused, ", "))
}

const forbiddenHint = "Falcon returns this when the caller's IP address is not on the API's allow list, " +
	"when the product is not licensed, or when the API client has no access to the tenant (CID)."

// WebPage reports whether a web page was returned instead of an API response: it came from a proxy or another server.
func (e *Error) WebPage() bool { return e.html }

func (e *Error) isRedirect() bool { return e.Status >= 300 && e.Status < 400 }

// redirectHint names the right cloud: the wrong one responds with 308 and X-Cs-Region (wire/authentication.md#clouds).
func (e *Error) redirectHint() string {
	switch _, known := CloudURL(e.Region); {
	case known:
		return fmt.Sprintf("The tenant is in the cloud %s: set cloud = %q. Redirects are not followed.", e.Region, e.Region)
	case e.Region != "":
		return fmt.Sprintf("The tenant is in the region %q. Redirects are not followed.", e.Region)
	}
	return "The response redirects to another address: check cloud and base_url. Redirects are not followed."
}

func (e *Error) says(text string) bool {
	for _, m := range e.Messages {
		if strings.Contains(strings.ToLower(m.Message), text) {
			return true
		}
	}
	return false
}

// nameScope sets MissingScope where Falcon reports that a scope is missing (wire/conventions.md#error-bodies).
func (e *Error) nameScope(c call) {
	if e.says("scope not permitted") {
		e.MissingScope = c.scope
	}
}

// Unwrap returns the cause when there was no readable response.
func (e *Error) Unwrap() error { return e.Err }

// newStatusError reads a response that is not a success.
func newStatusError(c call, host string, status int, h http.Header, body []byte) *Error {
	e := &Error{
		Doing: c.doing, Status: status, Host: host, Region: c.headerText(h, "X-Cs-Region"), TraceID: c.headerText(h, "X-Cs-Traceid"),
		header: h, body: body, html: isHTML(h, body), ambiguous: status >= 500, token: c.noAuth, secrets: c.secretList,
	}
	var wire wireEnvelope
	if json.Unmarshal(body, &wire) == nil {
		e.Messages = redactMessages(wire.Errors, c.secretList.all())
		if e.TraceID == "" {
			e.TraceID = c.text(string(wire.Meta.TraceID), maxHeaderText)
		}
	}
	e.nameScope(c)
	return e
}

func isHTML(h http.Header, body []byte) bool {
	if strings.Contains(strings.ToLower(h.Get("Content-Type")), "html") {
		return true
	}
	start := strings.ToLower(strings.TrimSpace(string(body[:min(len(body), 64)])))
	return strings.HasPrefix(start, "<!doctype html") || strings.HasPrefix(start, "<html")
}

// hasStatus reports whether err is an *[Error] with this status that is not about the provider's own token.
func hasStatus(err error, status int) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Status == status && !e.token
}

// IsNotFound reports whether Falcon said that the object does not exist. The gateway's 404 for an unknown path
// (wire/conventions.md#error-bodies) and a proxy's 404 page say nothing about the object.
func IsNotFound(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && hasStatus(err, http.StatusNotFound) && !e.html && !e.says("page not found")
}

// IsForbidden reports whether Falcon refused the request itself with 403. It is false for rejected credentials.
func IsForbidden(err error) bool { return hasStatus(err, http.StatusForbidden) }

// IsConflict reports whether Falcon refused the request with 409.
func IsConflict(err error) bool { return hasStatus(err, http.StatusConflict) }

// IsScopeMissing reports whether the provider's API client lacks a scope.
func IsScopeMissing(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.MissingScope != ""
}

// IsInconclusive reports whether the request failed without a response about its subject: there was no connection, no token
// or no response in time, the server was overloaded or failed, or the response could not be read.
func IsInconclusive(err error) bool {
	e, ok := errors.AsType[*Error](err)
	switch {
	case !ok:
		return false
	case e.token, e.html, e.Status == 0, e.Status == http.StatusTooManyRequests, e.Status >= http.StatusInternalServerError:
		return true
	case e.Status >= http.StatusMultipleChoices:
		return false
	}
	// For a 2xx, the errors in it decide.
	return !slices.ContainsFunc(e.Messages, func(m Message) bool { return m.Code >= 400 && m.Code < 500 })
}

// Ambiguous reports whether the change that failed may have taken effect all the same: the response was lost, could not be
// read, or was a 5xx.
func Ambiguous(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.ambiguous
}

// RejectedClientID reports whether Falcon does not know the client id of the credentials: the response to the token request
// is then 400 (wire/authentication.md#token).
func (e *Error) RejectedClientID() bool { return e.token && e.Status == http.StatusBadRequest }

// RejectedClientSecret reports whether Falcon knows the client id but rejects its secret: the response to the token request
// is then 403, with a different text than for an address that is not allowed (wire/authentication.md#token).
func (e *Error) RejectedClientSecret() bool {
	return e.token && e.Status == http.StatusForbidden && !e.says("authorization failed")
}
