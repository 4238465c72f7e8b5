package falcon

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// Message is one item of the errors list in an answer of Falcon.
type Message struct {
	Code    int
	ID      string
	Message string
}

// Error is a call that failed: Falcon refused it, could not be reached, or answered with something unreadable.
type Error struct {
	Doing        string // what was tried, e.g. `create API client "x"`
	Status       int    // HTTP status; 0 when there was no answer
	Messages     []Message
	TraceID      string
	MissingScope string // the scope that the provider's API client lacks, as far as that is what Falcon said
	Region       string // X-Cs-Region of the answer
	Host         string // the host that was called
	Err          error  // the cause, when there was no readable answer or the wait for the next attempt was stopped

	hint      string // what to do about it
	body      []byte // the answer's body, for callers that can use it
	html      bool   // a web page came instead of an API's answer
	token     bool   // it is the provider's own authentication that failed, not the call
	ambiguous bool   // the change may have taken effect
	attempts  int    // how often the call was sent

	secrets *secretList // never to appear in the text
}

// Error describes what was tried, Falcon's own words, the status, the trace id, and what to do where that is known. It is
// one line of bounded length without secrets and without control characters, whatever the response holds.
func (e *Error) Error() string {
	hint := e.hintText()
	return strings.TrimSpace(oneLine(redact(e.happened(), e.secrets.all()), max(maxErrorText-len(hint), maxMessage)) + " " + hint)
}

func (e *Error) happened() string {
	text := "could not " + e.Doing + ": " + e.answerText()
	if e.TraceID != "" {
		text += " (trace id " + e.TraceID + ")"
	}
	if e.attempts > 1 {
		text += fmt.Sprintf(", after %d attempts", e.attempts)
	}
	return text + "."
}

func (e *Error) answerText() string {
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
	switch {
	case e.Status == 0 && e.Err != nil:
		return e.Err.Error()
	case e.html:
		return fmt.Sprintf("%s answered %d with a web page (HTML) instead of Falcon's API", e.Host, e.Status)
	}
	text := fmt.Sprintf("Falcon answered %d", e.Status)
	if len(said) > 0 {
		text += ": " + strings.Join(said, "; ")
	} else if name := http.StatusText(e.Status); name != "" && e.Status >= 300 {
		text += " (" + name + ")"
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

func (e *Error) hintText() string {
	switch {
	case e.hint != "":
		return e.hint
	case e.html:
		return "A proxy or another server stands there: check base_url, cloud and the proxy settings."
	case e.MissingScope != "":
		return fmt.Sprintf("The provider's API client lacks the scope %s (%q in the console).",
			e.MissingScope, ScopeTitle(e.MissingScope)) + scopeNote(e.MissingScope)
	case e.Status == http.StatusForbidden && e.says("authorization failed"):
		return refusedHint
	case e.isRedirect():
		return e.redirectHint()
	case e.Status == http.StatusUnauthorized:
		return "Falcon rejected the access token; it may have expired."
	}
	return ""
}

const refusedHint = "Falcon says this when the caller's IP address is not on the API's allow list, " +
	"when the product is not licensed, or when the tenant (CID) may not be used."

// WebPage reports whether a web page came instead of an API's answer: a proxy or another server stands there.
func (e *Error) WebPage() bool { return e.html }

func (e *Error) isRedirect() bool { return e.Status >= 300 && e.Status < 400 }

// redirectHint names the right cloud: Falcon answers 308 with X-Cs-Region in the wrong one
// (wire/authentication.md#clouds).
func (e *Error) redirectHint() string {
	switch _, known := CloudURL(e.Region); {
	case known:
		return fmt.Sprintf("The tenant is in the cloud %s: set cloud = %q. Redirects are not followed.", e.Region, e.Region)
	case e.Region != "":
		return fmt.Sprintf("The tenant is in the region %q. Redirects are not followed.", e.Region)
	}
	return "It points to another address: check cloud and base_url. Redirects are not followed."
}

func (e *Error) says(text string) bool {
	for _, m := range e.Messages {
		if strings.Contains(strings.ToLower(m.Message), text) {
			return true
		}
	}
	return false
}

// nameScope sets MissingScope where Falcon says that one is missing (wire/conventions.md#error-bodies).
func (e *Error) nameScope(c call) {
	if e.says("scope not permitted") {
		e.MissingScope = c.scope
	}
}

// Unwrap gives the cause when there was no readable answer.
func (e *Error) Unwrap() error { return e.Err }

// newStatusError reads an answer that is no success.
func newStatusError(c call, host string, status int, h http.Header, body []byte) *Error {
	e := &Error{
		Doing: c.doing, Status: status, Host: host, Region: c.headerText(h, "X-Cs-Region"), TraceID: c.headerText(h, "X-Cs-Traceid"),
		body: body, html: isHTML(h, body), ambiguous: status >= 500, token: c.noAuth, secrets: c.secretList,
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

// IsNotFound reports whether Falcon said that the object does not exist. The gateway's 404 for an address that it does
// not know (wire/conventions.md#error-bodies) and a proxy's 404 page say nothing about the object.
func IsNotFound(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && hasStatus(err, http.StatusNotFound) && !e.html && !e.says("page not found")
}

// IsForbidden reports whether Falcon refused the call itself with 403; refused credentials are not meant.
func IsForbidden(err error) bool { return hasStatus(err, http.StatusForbidden) }

// IsConflict reports whether Falcon refused the call with 409.
func IsConflict(err error) bool { return hasStatus(err, http.StatusConflict) }

// IsScopeMissing reports whether the provider's API client lacks a scope.
func IsScopeMissing(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.MissingScope != ""
}

// IsUnanswered reports whether the call failed without a word of Falcon about what was asked for: there was no connection
// or no token, no answer in time, an overload or fault of the server, or an answer that could not be read.
func IsUnanswered(err error) bool {
	e, ok := errors.AsType[*Error](err)
	switch {
	case !ok:
		return false
	case e.token, e.html, e.Status == 0, e.Status == http.StatusTooManyRequests, e.Status >= http.StatusInternalServerError:
		return true
	case e.Status >= http.StatusMultipleChoices:
		return false
	}
	// Of a 2xx, the errors within decide.
	return !slices.ContainsFunc(e.Messages, func(m Message) bool { return m.Code >= 400 && m.Code < 500 })
}

// Ambiguous reports whether the change that failed may have taken effect all the same: the answer was lost, could not
// be read, or was a 5xx.
func Ambiguous(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.ambiguous
}

// RefusedClientID reports whether Falcon does not know the client id of the credentials: the token call answers 400
// then (wire/authentication.md#token).
func (e *Error) RefusedClientID() bool { return e.token && e.Status == http.StatusBadRequest }

// RefusedClientSecret reports whether Falcon knows the client id but refuses its secret: the token call answers 403
// then, with another text than for an address that is not allowed (wire/authentication.md#token).
func (e *Error) RefusedClientSecret() bool {
	return e.token && e.Status == http.StatusForbidden && !e.says("authorization failed")
}
