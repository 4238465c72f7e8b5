package falcon

import (
	"errors"
	"regexp"
)

// A client id has 32 hexadecimal digits (wire/api-clients.md#resource). A secret is longer and has other letters too.
var (
	clientIDForm = regexp.MustCompile(`^[0-9A-Fa-f]{32}$`)
	secretForm   = regexp.MustCompile(`^[0-9A-Za-z_-]{33,}$`)
)

// HasClientIDForm reports whether a text has the form of a client id. One that does not may be a secret in the wrong place, so
// it must not be displayed.
func HasClientIDForm(id string) bool { return clientIDForm.MatchString(id) }

// ShownClientID is what messages show of a client id: nothing of a text that does not have the form of one.
func ShownClientID(id string) string {
	if HasClientIDForm(id) {
		return `"` + id + `"`
	}
	return "(not shown, because a client id has 32 hexadecimal digits, and this value does not)"
}

// ErrSwapped is the error of [CheckCredentials].
var ErrSwapped = errors.New("the value of client_id looks like a client secret. It is not shown here, and no request was sent with it. " +
	"Check whether client_id and client_secret are swapped: a client id has 32 hexadecimal digits")

// CheckCredentials returns [ErrSwapped] if a client id looks like a secret, or if only the secret has the form of an id. Sent as
// an id, a secret ends up in Falcon's response and in the logs of others.
func CheckCredentials(id, secret string) error {
	if !HasClientIDForm(id) && (secretForm.MatchString(id) || HasClientIDForm(secret)) {
		return ErrSwapped
	}
	return nil
}

// secretID is a client id to be removed from texts, "" if it may be shown. Short texts can be part of other words; Falcon's
// message about an unknown id is redacted by its form, see secretInText.
func secretID(id string) string {
	const shortest = 8
	if len(id) < shortest || HasClientIDForm(id) {
		return ""
	}
	return id
}
