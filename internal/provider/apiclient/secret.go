package apiclient

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"
	"filippo.io/age/agessh"
	"filippo.io/age/armor"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

// verdict is the result of a comparison in which values may be unknown.
type verdict int

const (
	no verdict = iota
	maybe
	yes
)

// resetPlanned reports whether the change from state to plan resets the secret.
func resetPlanned(state, plan model) verdict {
	return max(rotationChanged(state.SecretRotation, plan.SecretRotation),
		recipientNeedsReset(state.SecretRecipient, plan.SecretRecipient))
}

// rotationChanged compares two values of secret_rotation. Every difference counts, also from null and to null.
func rotationChanged(state, plan types.Map) verdict {
	switch {
	case plan.IsUnknown():
		return maybe
	case plan.IsNull() != state.IsNull() || len(plan.Elements()) != len(state.Elements()):
		return yes
	}
	old, changed := state.Elements(), no
	for key, value := range plan.Elements() {
		before, ok := old[key]
		switch {
		case !ok:
			return yes
		case value.IsUnknown():
			changed = maybe
		case !value.Equal(before):
			return yes
		}
	}
	return changed
}

// recipientNeedsReset reports whether a change of the recipient needs a new secret: the old one was in the state in plain
// text, or only the former recipient can decrypt it. Removing the recipient needs none.
func recipientNeedsReset(state, plan types.String) verdict {
	switch {
	case plan.IsUnknown():
		return maybe
	case plan.IsNull() || !state.IsNull() && recipientKey(state.ValueString()) == recipientKey(plan.ValueString()):
		return no
	}
	return yes
}

// planSecrets returns the planned client_secret and encrypted_client_secret. A create is a reset of an empty state.
func planSecrets(state, plan model, reset verdict) (secret, encrypted types.String) {
	secret, encrypted = state.ClientSecret, state.EncryptedClientSecret
	if reset != no {
		secret, encrypted = types.StringUnknown(), types.StringUnknown()
	}
	switch {
	case plan.SecretRecipient.IsUnknown():
	case plan.SecretRecipient.IsNull():
		encrypted = types.StringNull()
		if reset == no && !state.SecretRecipient.IsNull() {
			secret = types.StringNull() // the provider cannot decrypt what is in the state
		}
	default:
		secret = types.StringNull()
	}
	return secret, encrypted
}

// keepSecret sets the attribute in which the configuration keeps the secret, and the other one to null. With a recipient, the
// plain secret stays out of the model. It never fails: a secret that cannot be encrypted is a warning.
func (m *model) keepSecret(secret string, diags *diag.Diagnostics) {
	m.ClientSecret, m.EncryptedClientSecret = types.StringNull(), types.StringNull()
	switch {
	case secret == "":
	case m.SecretRecipient.IsNull():
		m.ClientSecret = types.StringValue(secret)
	default:
		encrypted, err := encrypt(m.SecretRecipient.ValueString(), secret)
		if err != nil {
			diags.AddAttributeWarning(core.Attribute("secret_recipient"), "New secret not stored", fmt.Sprintf(
				"The new secret of the API client %s could not be encrypted and is lost. Change secret_rotation to get another one. %s",
				core.Quoted(m.Name), core.Sentence(err.Error())))
			return
		}
		m.EncryptedClientSecret = types.StringValue(encrypted)
	}
}

// recipientKey removes what does not matter to encryption: the comment of an ssh key, and surrounding spaces.
func recipientKey(recipient string) string {
	fields := strings.Fields(recipient)
	return strings.Join(fields[:min(len(fields), 2)], " ")
}

var errPrivateKey = errors.New("this is a private key: set the public key that belongs to it (age1…, ssh-ed25519 … or ssh-rsa …), and treat the private key as compromised")

// parseRecipient parses a public key. Its errors never contain the value, which may be a private key by mistake.
func parseRecipient(s string) (age.Recipient, error) {
	s = strings.TrimSpace(s)
	switch {
	case strings.Contains(strings.ToUpper(s), "AGE-SECRET-KEY-"), strings.Contains(s, "PRIVATE KEY"):
		return nil, errPrivateKey
	case strings.ContainsAny(s, "\r\n"):
		return nil, errors.New("it must be one public key on one line")
	}
	var r age.Recipient
	var err error
	switch {
	case strings.HasPrefix(s, "age1pq1"):
		r, err = age.ParseHybridRecipient(s)
	case strings.HasPrefix(s, "age1"):
		r, err = age.ParseX25519Recipient(s)
	case strings.HasPrefix(s, "ssh-ed25519 "), strings.HasPrefix(s, "ssh-rsa "):
		r, err = agessh.ParseRecipient(s)
	default:
		return nil, errors.New("it must be an age public key (age1…) or an ssh public key (ssh-ed25519 … or ssh-rsa …)")
	}
	if err != nil {
		return nil, errors.New("the public key is not valid: it may be truncated or mistyped, or an RSA key of fewer than 2048 bits")
	}
	return r, nil
}

// encrypt encrypts a secret to the recipient, as armored text that `age --decrypt` reads.
func encrypt(recipient, secret string) (string, error) {
	r, err := parseRecipient(recipient)
	if err != nil {
		return "", err
	}
	var out bytes.Buffer
	armored := armor.NewWriter(&out)
	plain, err := age.Encrypt(armored, r)
	if err == nil {
		_, err = io.WriteString(plain, secret)
		err = errors.Join(err, plain.Close(), armored.Close())
	}
	if err != nil {
		return "", fmt.Errorf("unable to encrypt to secret_recipient: %w", err)
	}
	return out.String(), nil
}

// checkRecipient encrypts a test value, so that no encryption fails once a secret exists.
func checkRecipient(recipient types.String) error {
	if recipient.IsNull() || recipient.IsUnknown() {
		return nil
	}
	_, err := encrypt(recipient.ValueString(), "test")
	return err
}

// addRecipientError reports an invalid recipient. With an error at the attribute Terraform would print the line of the
// configuration, and with it a private key.
func addRecipientError(at path.Path, err error, diags *diag.Diagnostics) {
	const summary = "Invalid recipient"
	if errors.Is(err, errPrivateKey) {
		diags.AddError(summary, fmt.Sprintf("The value of %s cannot be used: %s.", at, err))
		return
	}
	diags.AddAttributeError(at, summary, core.Sentence(err.Error()))
}

// recipientValidator validates secret_recipient.
type recipientValidator struct{}

// Description implements validator.String.
func (recipientValidator) Description(context.Context) string {
	return "must be an age or ssh public key"
}

// MarkdownDescription implements validator.String.
func (v recipientValidator) MarkdownDescription(ctx context.Context) string {
	return v.Description(ctx)
}

// ValidateString implements validator.String.
func (recipientValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if err := checkRecipient(req.ConfigValue); err != nil {
		addRecipientError(req.Path, err, &resp.Diagnostics)
	}
}
