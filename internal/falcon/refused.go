package falcon

import "net/http"

// RefusedClientID reports whether Falcon does not know the client id of the credentials: the token call answers 400
// then (wire/authentication.md#token).
func (e *Error) RefusedClientID() bool { return e.token && e.Status == http.StatusBadRequest }

// RefusedClientSecret reports whether Falcon knows the client id but refuses its secret: the token call answers 403
// then, with another text than for an address that is not allowed (wire/authentication.md#token).
func (e *Error) RefusedClientSecret() bool {
	return e.token && e.Status == http.StatusForbidden && !e.says("authorization failed")
}
