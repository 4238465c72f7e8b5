package apiclient

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"strings"
	"testing"

	"filippo.io/age"
	"filippo.io/age/agessh"
	"filippo.io/age/armor"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"golang.org/x/crypto/ssh"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

func rotation(pairs ...string) types.Map {
	elements := map[string]attr.Value{}
	for i := 0; i+1 < len(pairs); i += 2 {
		elements[pairs[i]] = types.StringValue(pairs[i+1])
		if pairs[i+1] == "?" {
			elements[pairs[i]] = types.StringUnknown()
		}
	}
	return types.MapValueMust(types.StringType, elements)
}

func TestRotationChanged(t *testing.T) {
	t.Parallel()
	null, unknown := types.MapNull(types.StringType), types.MapUnknown(types.StringType)
	tests := map[string]struct {
		state, plan types.Map
		want        verdict
	}{
		"both null":                      {null, null, no},
		"equal":                          {rotation("a", "1"), rotation("a", "1"), no},
		"from null":                      {null, rotation("a", "1"), yes},
		"to null":                        {rotation("a", "1"), null, yes},
		"from null to empty":             {null, rotation(), yes},
		"value":                          {rotation("a", "1"), rotation("a", "2"), yes},
		"key":                            {rotation("a", "1"), rotation("b", "1"), yes},
		"one more":                       {rotation("a", "1"), rotation("a", "1", "b", "?"), yes},
		"one less":                       {rotation("a", "1", "b", "2"), rotation("a", "1"), yes},
		"unknown map":                    {rotation("a", "1"), unknown, maybe},
		"unknown value":                  {rotation("a", "1"), rotation("a", "?"), maybe},
		"unknown value next to a change": {rotation("a", "1", "b", "1"), rotation("a", "?", "b", "2"), yes},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := rotationChanged(tt.state, tt.plan); got != tt.want {
				t.Errorf("rotationChanged = %d, want %d", got, tt.want)
			}
		})
	}
}

// The transitions of secret_rotation and secret_recipient, and what each plans.
func TestPlanSecrets(t *testing.T) {
	t.Parallel()
	const keyA, keyB = "ssh-ed25519 AAAA one", "ssh-ed25519 BBBB two"
	text := func(s string) types.String {
		switch s {
		case "":
			return types.StringNull()
		case "?":
			return types.StringUnknown()
		}
		return types.StringValue(s)
	}
	tests := map[string]struct {
		rotate                    types.Map // planned; state has {n = "1"}
		from, to                  string    // recipient
		secret, encrypted         string    // in state
		reset                     verdict
		wantSecret, wantEncrypted string
	}{
		"nothing":                           {rotation("n", "1"), "", "", "s", "", no, "s", ""},
		"nothing, imported":                 {rotation("n", "1"), "", "", "", "", no, "", ""},
		"nothing, encrypted":                {rotation("n", "1"), keyA, keyA, "", "e", no, "", "e"},
		"rotate":                            {rotation("n", "2"), "", "", "s", "", yes, "?", ""},
		"rotate, encrypted":                 {rotation("n", "2"), keyA, keyA, "", "e", yes, "", "?"},
		"set recipient":                     {rotation("n", "1"), "", keyA, "s", "", yes, "", "?"},
		"set recipient, imported":           {rotation("n", "1"), "", keyA, "", "", yes, "", "?"},
		"change recipient":                  {rotation("n", "1"), keyA, keyB, "", "e", yes, "", "?"},
		"change only the comment":           {rotation("n", "1"), keyA, "ssh-ed25519 AAAA laptop", "", "e", no, "", "e"},
		"remove recipient":                  {rotation("n", "1"), keyA, "", "", "e", no, "", ""},
		"remove recipient and rotate":       {rotation("n", "2"), keyA, "", "", "e", yes, "?", ""},
		"rotation unknown":                  {rotation("n", "?"), "", "", "s", "", maybe, "?", ""},
		"rotation unknown, encrypted":       {rotation("n", "?"), keyA, keyA, "", "e", maybe, "", "?"},
		"recipient unknown":                 {rotation("n", "1"), "", "?", "s", "", maybe, "?", "?"},
		"recipient unknown and rotate":      {rotation("n", "2"), keyA, "?", "", "e", yes, "?", "?"},
		"removed while rotation is unknown": {rotation("n", "?"), keyA, "", "", "e", maybe, "?", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			state := model{SecretRotation: rotation("n", "1"), SecretRecipient: text(tt.from),
				ClientSecret: text(tt.secret), EncryptedClientSecret: text(tt.encrypted)}
			plan := model{SecretRotation: tt.rotate, SecretRecipient: text(tt.to)}
			reset := resetPlanned(state, plan)
			if reset != tt.reset {
				t.Errorf("resetPlanned = %d, want %d", reset, tt.reset)
			}
			secret, encrypted := planSecrets(state, plan, reset)
			if !secret.Equal(text(tt.wantSecret)) || !encrypted.Equal(text(tt.wantEncrypted)) {
				t.Errorf("planSecrets = %s, %s; want %q, %q", secret, encrypted, tt.wantSecret, tt.wantEncrypted)
			}
		})
	}
}

// A create plans where the secret will be.
func TestPlanSecretsOfCreate(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		recipient         types.String
		secret, encrypted types.String
	}{
		"plain text": {types.StringNull(), types.StringUnknown(), types.StringNull()},
		"encrypted":  {types.StringValue("age1x"), types.StringNull(), types.StringUnknown()},
		"unknown":    {types.StringUnknown(), types.StringUnknown(), types.StringUnknown()},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			secret, encrypted := planSecrets(model{}, model{SecretRecipient: tt.recipient}, yes)
			if !secret.Equal(tt.secret) || !encrypted.Equal(tt.encrypted) {
				t.Errorf("got %s, %s; want %s, %s", secret, encrypted, tt.secret, tt.encrypted)
			}
		})
	}
}

const testSecret = "a-client-secret-that-stays-hidden"

func mustKeep(t *testing.T, m *model, secret string) {
	t.Helper()
	var diags diag.Diagnostics
	if m.keepSecret(secret, &diags); len(diags) > 0 {
		t.Fatal(coretest.DiagText(diags))
	}
}

// checkEncrypted encrypts the secret to a recipient and decrypts it with the identity.
func checkEncrypted(t *testing.T, recipient string, with age.Identity) {
	t.Helper()
	m := model{SecretRecipient: types.StringValue(recipient), ClientSecret: types.StringUnknown()}
	mustKeep(t, &m, testSecret)
	encrypted := m.EncryptedClientSecret.ValueString()
	if !m.ClientSecret.IsNull() || strings.Contains(encrypted, testSecret) || !strings.HasPrefix(encrypted, armor.Header) {
		t.Errorf("client_secret = %s, encrypted_client_secret = %s", m.ClientSecret, encrypted)
	}
	if got := coretest.OpenAge(t, encrypted, with); got != testSecret {
		t.Errorf("decrypted %q, want %q", got, testSecret)
	}
}

func TestKeepSecret(t *testing.T) {
	t.Parallel()
	t.Run("age", func(t *testing.T) {
		t.Parallel()
		identity, err := age.GenerateX25519Identity()
		if err != nil {
			t.Fatal(err)
		}
		checkEncrypted(t, identity.Recipient().String(), identity)
	})
	t.Run("plain text", func(t *testing.T) {
		t.Parallel()
		var m model
		mustKeep(t, &m, testSecret)
		if m.ClientSecret.ValueString() != testSecret || !m.EncryptedClientSecret.IsNull() {
			t.Errorf("client_secret = %s, encrypted_client_secret = %s", m.ClientSecret, m.EncryptedClientSecret)
		}
	})
	t.Run("lost", func(t *testing.T) {
		t.Parallel()
		m := model{ClientSecret: types.StringUnknown(), EncryptedClientSecret: types.StringUnknown()}
		mustKeep(t, &m, "")
		if !m.ClientSecret.IsNull() || !m.EncryptedClientSecret.IsNull() {
			t.Errorf("client_secret = %s, encrypted_client_secret = %s", m.ClientSecret, m.EncryptedClientSecret)
		}
	})
}

// A secret that cannot be encrypted is a warning without the secret.
func TestKeepSecret_notEncrypted(t *testing.T) {
	t.Parallel()
	var diags diag.Diagnostics
	m := model{SecretRecipient: types.StringValue("not a key")}
	m.keepSecret(testSecret, &diags)
	text := coretest.DiagText(diags)
	if diags.HasError() || !strings.Contains(text, "is lost") || strings.Contains(text, testSecret) || !m.ClientSecret.IsNull() || !m.EncryptedClientSecret.IsNull() {
		t.Errorf("%s %s: %s", m.ClientSecret, m.EncryptedClientSecret, text)
	}
}

func TestParseRecipientRefuses(t *testing.T) {
	t.Parallel()
	native, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct{ value, want string }{
		"age private key":  {native.String(), "this is a private key"},
		"PEM private key":  {"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA", "this is a private key"},
		"mistyped age key": {native.Recipient().String()[:40], "is not valid"},
		"two keys":         {native.Recipient().String() + "\n" + native.Recipient().String(), "one public key"},
		"ecdsa":            {"ecdsa-sha2-nistp256 AAAA", "must be an age public key"},
		"empty":            {"", "must be an age public key"},
		"cut ssh key":      {"ssh-ed25519 AAAAC3Nz", "is not valid"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := parseRecipient(tt.value)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("error %v, want one with %q", err, tt.want)
			}
			if tt.value != "" && strings.Contains(err.Error(), tt.value) {
				t.Errorf("the error repeats the value: %v", err)
			}
		})
	}
}

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
			checkEncrypted(t, line+" user@laptop", identity)
		})
	}
}
