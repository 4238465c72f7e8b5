package falcon

import (
	"errors"
	"fmt"
	"net/http"
)

// WriteEffect is what the list shows after a failed write.
type WriteEffect int

// The effects. The zero value is the least specific.
const (
	EffectUnknown WriteEffect = iota // not shown, or not readable
	EffectNone                       // nothing of the request
	EffectShown                      // everything except the HMAC key, which is never shown
)

// WritesUnavailableError says that webhook configurations cannot be written through the API of this tenant. It does not
// unwrap the refusal, whose 404 says nothing about the configuration.
type WritesUnavailableError struct {
	Status int // HTTP status of the refusal; 0 when no request was sent
	Effect WriteEffect
	Reason string
}

// Error returns the reason.
func (e *WritesUnavailableError) Error() string { return e.Reason }

// Refusal reports whether the request was refused, or not sent, and so had no effect.
func (e *WritesUnavailableError) Refusal() bool {
	return e.Status == 0 || e.Status >= http.StatusBadRequest && e.Status < http.StatusInternalServerError
}

// NotOffered reports whether the operation does not exist or is disabled: it will not work the next time either.
func (e *WritesUnavailableError) NotOffered() bool {
	switch e.Status {
	case 0, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusUnsupportedMediaType, http.StatusNotImplemented:
		return true
	}
	return false
}

// WebhookUnverifiedError says that Falcon created a configuration and returned its id, but the list does not show it as
// requested.
type WebhookUnverifiedError struct {
	ID, Name string
	Err      error
}

// Error contains the id, and why the configuration does not count as created.
func (e *WebhookUnverifiedError) Error() string {
	return fmt.Sprintf("Falcon created the webhook configuration %q (id %s), but it could not be verified: %v", e.Name, e.ID, e.Err)
}

// Unwrap returns why the configuration does not count as created.
func (e *WebhookUnverifiedError) Unwrap() error { return e.Err }

// WebhookAppearedError is returned when a create failed or lost its response, and the list then shows a new configuration that
// matches the request. This create may have made it, or someone else at the same time: the key, which would show the
// difference, is never listed.
type WebhookAppearedError struct {
	Config PluginConfig
	Err    error
}

// Error contains the id, and why it does not count as created.
func (e *WebhookAppearedError) Error() string {
	return fmt.Sprintf("the list shows a new webhook configuration (id %s), and it is not known whether this request created it: %v", e.Config.ID, e.Err)
}

// Unwrap returns why the configuration does not count as created.
func (e *WebhookAppearedError) Unwrap() error { return e.Err }

// inSuccess reports whether err is about errors in a 2xx response: the operation is offered, and may have had an effect.
func inSuccess(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && !e.token && e.Status >= http.StatusOK && e.Status < http.StatusMultipleChoices
}

// unavailable turns a refusal into a *WritesUnavailableError. What failed for another reason (no connection, no token, no
// scope, too many requests, the wrong cloud, a proxy) is returned as is.
func unavailable(err error, effect WriteEffect) error {
	e, ok := errors.AsType[*Error](err)
	switch {
	case !ok, e.Status == 0, e.token, e.MissingScope != "", e.html, e.isRedirect(),
		e.Status == http.StatusUnauthorized, e.Status == http.StatusTooManyRequests:
		return err
	}
	return &WritesUnavailableError{Status: e.Status, Effect: effect, Reason: e.Error()}
}
