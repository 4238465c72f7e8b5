package apiclient

import (
	"filippo.io/age"
	"filippo.io/age/agessh"
)

// sshRecipient reads an ssh public key to encrypt to.
func sshRecipient(s string) (age.Recipient, error) { return agessh.ParseRecipient(s) }
