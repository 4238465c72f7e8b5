package tenantcheck

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
)

// observations are what the questions, verdicts and facts are decided from.
type observations struct {
	responses []response
	// notes are results of a step that no single response shows, such as how long a new object was not shown.
	notes map[string]string
	// errs are the errors of the steps' requests, by probe.
	errs map[string]error
	// lastErr is the error of the last request; nil if it succeeded.
	lastErr error
	// ownID is the id of the API client in use; "" with an access token.
	ownID string
}

// last returns the last response to a probe; false if there is none.
func (o *observations) last(probe string) (response, bool) {
	for _, r := range slices.Backward(o.responses) {
		if r.probe == probe && r.status != 0 {
			return r, true
		}
	}
	return response{}, false
}

// each returns all responses to a probe, in order.
func (o *observations) each(probe string) []response {
	var out []response
	for _, r := range o.responses {
		if r.probe == probe && r.status != 0 {
			out = append(out, r)
		}
	}
	return out
}

// ok reports whether the response is a 2xx with JSON.
func (r response) ok() bool { return r.status >= 200 && r.status < 300 && r.body != nil }

// usable reports whether the response is Falcon's: JSON, and not the failure of a server.
func (r response) usable() bool {
	return r.status != 0 && r.body != nil && r.status < http.StatusInternalServerError && r.status != http.StatusTooManyRequests
}

// at returns the value under keys, from the top of the body.
func (r response) at(keys ...string) (any, bool) { return at(r.body, keys...) }

// at returns the value under keys of nested objects.
func at(value any, keys ...string) (any, bool) {
	for _, k := range keys {
		object, ok := value.(map[string]any)
		if !ok {
			return nil, false
		}
		if value, ok = object[k]; !ok {
			return nil, false
		}
	}
	return value, true
}

// resources are the items of the list resources; nil if there is no list.
func (r response) resources() []any {
	list, _ := r.at("resources")
	items, _ := list.([]any)
	return items
}

// objects are the resources that are objects.
func (r response) objects() []map[string]any {
	var out []map[string]any
	for _, item := range r.resources() {
		if object, ok := item.(map[string]any); ok {
			out = append(out, object)
		}
	}
	return out
}

// errorItems are the items of the list errors.
func (r response) errorItems() []any {
	list, _ := r.at("errors")
	items, _ := list.([]any)
	return items
}

// unknownPath reports whether the gateway does not know the path: its 404 says nothing about an object.
func (r response) unknownPath() bool {
	return r.status == http.StatusNotFound && (r.body == nil || r.says("page not found"))
}

// says reports whether a message contains the text, in any case.
func (r response) says(part string) bool {
	return slices.ContainsFunc(r.messages(), func(m string) bool { return strings.Contains(strings.ToLower(m), part) })
}

// messages are the texts of errors.
func (r response) messages() []string {
	var out []string
	for _, item := range r.errorItems() {
		if text := text(item, "message"); text != "" {
			out = append(out, text)
		}
	}
	return out
}

// codes are the codes of errors.
func (r response) codes() []int {
	var out []int
	for _, item := range r.errorItems() {
		if n, ok := number(item, "code"); ok {
			out = append(out, n)
		}
	}
	return out
}

// total is meta.pagination.total; false if it is absent.
func (r response) total() (int, bool) { return number(r.body, "meta", "pagination", "total") }

// text is the string under keys; "" if there is none.
func text(value any, keys ...string) string {
	v, _ := at(value, keys...)
	s, _ := v.(string)
	return s
}

// number is the whole number under keys.
func number(value any, keys ...string) (int, bool) {
	v, _ := at(value, keys...)
	n, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	i, err := n.Int64()
	return int(i), err == nil
}

// access is what a probe says about the use of an operation.
type access int

const (
	unknown    access = iota // not asked, or a failure that says nothing
	granted                  // the operation responds
	noScope                  // the API client lacks the scope
	refused                  // refused for another reason: not licensed, or the address is not allowed
	notOffered               // the cloud does not have the operation
)

// access reads the response to a probe.
func (o *observations) access(probe string) access {
	r, asked := o.last(probe)
	switch {
	case !asked:
		return unknown
	case r.status == http.StatusForbidden && r.body == nil:
		return unknown // a proxy's page
	case r.says("scope not permitted"): // GraphQL may say so in a 200 (wire/open-questions.md#q102)
		return noScope
	case r.ok() && len(r.resources()) == 0 && len(r.errorItems()) > 0:
		return unknown
	case r.status == http.StatusForbidden:
		return refused
	case r.unknownPath():
		return notOffered
	case r.ok():
		return granted
	}
	return unknown
}

// errRefusesAll is the error of a check that learned nothing.
var errRefusesAll = errors.New("Falcon refuses every request (403), and not for a missing scope. " + checkAddress)

// refusesAll reports whether Falcon refused every request of the check, and none for a missing scope.
func (o *observations) refusesAll() bool {
	refusals := 0
	for _, r := range o.responses {
		switch {
		case strings.HasPrefix(r.path, "/oauth2/") || r.status == http.StatusTooManyRequests:
		case r.status != http.StatusForbidden || r.body == nil || r.says("scope not permitted"):
			return false
		default:
			refusals++
		}
	}
	return refusals > 0
}

// needs says why a probe has no usable response, as the end of a sentence about what would settle a question.
func (o *observations) needs(probe, scope, what string) string {
	switch o.access(probe) {
	case noScope:
		return fmt.Sprintf("needs the scope %s (%s) to %s", scope, falcon.ScopeTitle(scope), what)
	case refused:
		return fmt.Sprintf("needs the product of the scope %s to %s: Falcon refused the request", scope, what)
	case notOffered:
		return "needs a cloud that has the operation to " + what
	}
	if r, asked := o.last(probe); asked && r.status >= 300 {
		return fmt.Sprintf("needs to %s: the response was a %d", what, r.status)
	}
	if o.errs[probe] != nil {
		return fmt.Sprintf("needs to %s: there was no usable response", what)
	}
	return "needs to " + what
}

// needsUnlessGranted is needs, or "" if the operation responds.
func (o *observations) needsUnlessGranted(probe, scope, what string) string {
	if o.access(probe) == granted {
		return ""
	}
	return o.needs(probe, scope, what)
}
