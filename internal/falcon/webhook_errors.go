package falcon

import (
	"errors"
	"fmt"
	"net/http"
)

// WriteEffect is what the list shows after a write call that failed.
type WriteEffect int

// The effects. The zero value says least.
const (
	EffectUnknown WriteEffect = iota // it does not tell, or could not be read
	EffectNone                       // nothing of what was asked for
	EffectShown                      // all of it but the HMAC key, which is never shown
)

// WritesUnavailableError says that webhook configurations cannot be written through the API of this tenant. It hides
// the refusal's own error: its 404 says nothing about the configuration.
type WritesUnavailableError struct {
	Status int // HTTP status of the refusal; 0 when the call was not sent
	Effect WriteEffect
	Reason string
}

// Error gives the reason.
func (e *WritesUnavailableError) Error() string { return e.Reason }

// Refusal says that the call was refused, or not even sent, and so had no effect.
func (e *WritesUnavailableError) Refusal() bool {
	return e.Status == 0 || e.Status >= http.StatusBadRequest && e.Status < http.StatusInternalServerError
}

// NotOffered says that the call itself is not there, or is switched off: it will not work the next time either.
func (e *WritesUnavailableError) NotOffered() bool {
	switch e.Status {
	case 0, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusUnsupportedMediaType, http.StatusNotImplemented:
		return true
	}
	return false
}

// WebhookMadeError says that Falcon made a configuration and named its id, and that it could not be seen in the list as
// it was asked for.
type WebhookMadeError struct {
	ID, Name string
	Err      error
}

// Error gives the id, and why the configuration does not count as created.
func (e *WebhookMadeError) Error() string {
	return fmt.Sprintf("Falcon made the webhook configuration %q (id %s), but whether it is as it should be could not be seen: %v", e.Name, e.ID, e.Err)
}

// Unwrap gives why the configuration does not count as created.
func (e *WebhookMadeError) Unwrap() error { return e.Err }

// WebhookAppearedError says that a create failed or lost its response, and that the list then shows a new configuration that
// equals what was sent. This create may have made it, or someone else at the same time: the key, which would show the
// difference, is never listed.
type WebhookAppearedError struct {
	Config PluginConfig
	Err    error
}

// Error names the configuration, and why it does not count as created.
func (e *WebhookAppearedError) Error() string {
	return fmt.Sprintf("the list shows a new webhook configuration (id %s), and it is not known whether this request created it: %v", e.Config.ID, e.Err)
}

// Unwrap returns why the configuration does not count as created.
func (e *WebhookAppearedError) Unwrap() error { return e.Err }

// inSuccess says that err is about errors in a 2xx answer: the call is offered, and may have had an effect.
func inSuccess(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && !e.token && e.Status >= http.StatusOK && e.Status < http.StatusMultipleChoices
}

// unavailable turns a refusal into the error that says so. What failed for another reason (no connection, no token,
// no scope, too many calls, the wrong cloud, a proxy in the way) stays what it is.
func unavailable(err error, effect WriteEffect) error {
	e, ok := errors.AsType[*Error](err)
	switch {
	case !ok, e.Status == 0, e.token, e.MissingScope != "", e.html, e.isRedirect(),
		e.Status == http.StatusUnauthorized, e.Status == http.StatusTooManyRequests:
		return err
	}
	return &WritesUnavailableError{Status: e.Status, Effect: effect, Reason: e.Error()}
}
