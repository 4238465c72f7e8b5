package apiclient

import (
	"strings"
	"testing"

	"filippo.io/age"
	"filippo.io/age/armor"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
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
		"both null":                     {null, null, no},
		"equal":                         {rotation("a", "1"), rotation("a", "1"), no},
		"from null":                     {null, rotation("a", "1"), yes},
		"to null":                       {rotation("a", "1"), null, yes},
		"from null to empty":            {null, rotation(), yes},
		"value":                         {rotation("a", "1"), rotation("a", "2"), yes},
		"key":                           {rotation("a", "1"), rotation("b", "1"), yes},
		"one more":                      {rotation("a", "1"), rotation("a", "1", "b", "?"), yes},
		"one less":                      {rotation("a", "1", "b", "2"), rotation("a", "1"), yes},
		"unknown map":                   {rotation("a", "1"), unknown, maybe},
		"unknown value":                 {rotation("a", "1"), rotation("a", "?"), maybe},
		"unknown value beside a change": {rotation("a", "1", "b", "1"), rotation("a", "?", "b", "2"), yes},
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
			state := apiClientModel{SecretRotation: rotation("n", "1"), SecretRecipient: text(tt.from),
				ClientSecret: text(tt.secret), EncryptedClientSecret: text(tt.encrypted)}
			plan := apiClientModel{SecretRotation: tt.rotate, SecretRecipient: text(tt.to)}
			reset := resetAsked(state, plan)
			if reset != tt.reset {
				t.Errorf("resetAsked = %d, want %d", reset, tt.reset)
			}
			secret, encrypted := planSecrets(state, plan, reset)
			if !secret.Equal(text(tt.wantSecret)) || !encrypted.Equal(text(tt.wantEncrypted)) {
				t.Errorf("planSecrets = %s, %s; want %q, %q", secret, encrypted, tt.wantSecret, tt.wantEncrypted)
			}
		})
	}
}

func TestPlanFirstSecret(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		recipient         types.String
		secret, encrypted types.String
	}{
		"clear":     {types.StringNull(), types.StringUnknown(), types.StringNull()},
		"encrypted": {types.StringValue("age1x"), types.StringNull(), types.StringUnknown()},
		"unknown":   {types.StringUnknown(), types.StringUnknown(), types.StringUnknown()},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := apiClientModel{SecretRecipient: tt.recipient}
			planFirstSecret(&m)
			if !m.ClientSecret.Equal(tt.secret) || !m.EncryptedClientSecret.Equal(tt.encrypted) {
				t.Errorf("got %s, %s; want %s, %s", m.ClientSecret, m.EncryptedClientSecret, tt.secret, tt.encrypted)
			}
		})
	}
}

const testSecret = "a-client-secret-that-stays-hidden"

// checkSealed keeps the secret for a recipient, and opens it with the identity.
func checkSealed(t *testing.T, recipient string, with age.Identity) {
	t.Helper()
	m := apiClientModel{SecretRecipient: types.StringValue(recipient), ClientSecret: types.StringUnknown()}
	if err := m.keepSecret(testSecret); err != nil {
		t.Fatal(err)
	}
	sealed := m.EncryptedClientSecret.ValueString()
	if !m.ClientSecret.IsNull() || strings.Contains(sealed, testSecret) || !strings.HasPrefix(sealed, armor.Header) {
		t.Errorf("client_secret = %s, encrypted_client_secret = %s", m.ClientSecret, sealed)
	}
	if got := coretest.OpenAge(t, sealed, with); got != testSecret {
		t.Errorf("opened %q, want %q", got, testSecret)
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
		checkSealed(t, identity.Recipient().String(), identity)
	})
	t.Run("clear", func(t *testing.T) {
		t.Parallel()
		var m apiClientModel
		if err := m.keepSecret(testSecret); err != nil {
			t.Fatal(err)
		}
		if m.ClientSecret.ValueString() != testSecret || !m.EncryptedClientSecret.IsNull() {
			t.Errorf("client_secret = %s, encrypted_client_secret = %s", m.ClientSecret, m.EncryptedClientSecret)
		}
	})
	t.Run("lost", func(t *testing.T) {
		t.Parallel()
		m := apiClientModel{ClientSecret: types.StringUnknown(), EncryptedClientSecret: types.StringUnknown()}
		if err := m.keepSecret(""); err != nil {
			t.Fatal(err)
		}
		if !m.ClientSecret.IsNull() || !m.EncryptedClientSecret.IsNull() {
			t.Errorf("client_secret = %s, encrypted_client_secret = %s", m.ClientSecret, m.EncryptedClientSecret)
		}
	})
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
		"mistyped age key": {native.Recipient().String()[:40], "cannot be read"},
		"two keys":         {native.Recipient().String() + "\n" + native.Recipient().String(), "one public key"},
		"ecdsa":            {"ecdsa-sha2-nistp256 AAAA", "must be an age public key"},
		"empty":            {"", "must be an age public key"},
		"cut ssh key":      {"ssh-ed25519 AAAAC3Nz", "cannot be read"},
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
