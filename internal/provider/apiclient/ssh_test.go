package apiclient

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"strings"
	"testing"

	"filippo.io/age"
	"filippo.io/age/agessh"
	"golang.org/x/crypto/ssh"
)

func TestKeepSecretForSSHKey(t *testing.T) {
	t.Parallel()
	tests := map[string]func() (any, age.Identity, error){
		"ssh-ed25519": func() (any, age.Identity, error) {
			public, private, err := ed25519.GenerateKey(rand.Reader)
			if err != nil {
				return nil, nil, err
			}
			identity, err := agessh.NewEd25519Identity(private)
			return public, identity, err
		},
		"ssh-rsa": func() (any, age.Identity, error) {
			private, err := rsa.GenerateKey(rand.Reader, 2048)
			if err != nil {
				return nil, nil, err
			}
			identity, err := agessh.NewRSAIdentity(private)
			return &private.PublicKey, identity, err
		},
	}
	for kind, generate := range tests {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			public, identity, err := generate()
			if err != nil {
				t.Fatal(err)
			}
			key, err := ssh.NewPublicKey(public)
			if err != nil {
				t.Fatal(err)
			}
			line := strings.TrimSpace(string(ssh.MarshalAuthorizedKey(key)))
			checkSealed(t, line+" somebody@laptop", identity)
		})
	}
}
