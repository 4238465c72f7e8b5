//go:build !agessh

package provider

import (
	"errors"

	"filippo.io/age"
)

// sshRecipient refuses: go.sum has no entry yet for filippo.io/edwards25519,
// which age's ssh support needs.
func sshRecipient(string) (age.Recipient, error) {
	return nil, errors.New("ssh keys are not supported in this build")
}
