package apiclient

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"
	"filippo.io/age/armor"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// verdict answers a question about a plan in which values may be unknown yet.
type verdict int

const (
	no verdict = iota
	maybe
	yes
)

// resetAsked says whether going from state to plan takes a new secret.
func resetAsked(state, plan apiClientModel) verdict {
	return max(rotationChanged(state.SecretRotation, plan.SecretRotation),
		recipientAsks(state.SecretRecipient, plan.SecretRecipient))
}

// rotationChanged compares two values of secret_rotation. Any difference
// counts, from or to null included.
func rotationChanged(state, plan types.Map) verdict {
	switch {
	case plan.IsUnknown():
		return maybe
	case plan.IsNull() != state.IsNull() || len(plan.Elements()) != len(state.Elements()):
		return yes
	}
	old, answer := state.Elements(), no
	for key, value := range plan.Elements() {
		before, held := old[key]
		switch {
		case !held:
			return yes
		case value.IsUnknown():
			answer = maybe
		case !value.Equal(before):
			return yes
		}
	}
	return answer
}

// recipientAsks says whether a recipient that is set or changed needs a new
// secret: the old one was in state in clear, or only the former recipient can
// read it. Removing the recipient asks for nothing.
func recipientAsks(state, plan types.String) verdict {
	switch {
	case plan.IsUnknown():
		return maybe
	case plan.IsNull() || !state.IsNull() && recipientKey(state.ValueString()) == recipientKey(plan.ValueString()):
		return no
	}
	return yes
}

// planSecrets gives the planned client_secret and encrypted_client_secret of an
// update that resets the secret, or perhaps does, or does not.
func planSecrets(state, plan apiClientModel, reset verdict) (secret, encrypted types.String) {
	secret, encrypted = state.ClientSecret, state.EncryptedClientSecret
	if reset != no {
		secret, encrypted = types.StringUnknown(), types.StringUnknown()
	}
	switch {
	case plan.SecretRecipient.IsUnknown():
	case plan.SecretRecipient.IsNull():
		encrypted = types.StringNull()
		if reset == no && !state.SecretRecipient.IsNull() {
			secret = types.StringNull() // what is there is encrypted, and nobody here can open it
		}
	default:
		secret = types.StringNull()
	}
	return secret, encrypted
}

// recipientKey is a recipient without what does not matter to encryption: the
// comment of an ssh key, and spaces around.
func recipientKey(recipient string) string {
	fields := strings.Fields(recipient)
	if len(fields) > 2 {
		fields = fields[:2]
	}
	return strings.Join(fields, " ")
}

var errPrivateKey = errors.New("this is a private key: set the public key that belongs to it (age1…, ssh-ed25519 … or ssh-rsa …), and treat the private key as compromised")

// addRecipientError reports a recipient that is refused. An error at the argument would make Terraform print its line of
// the configuration, and with it a private key.
func addRecipientError(at path.Path, err error, diags *diag.Diagnostics) {
	const summary = "Invalid recipient"
	if errors.Is(err, errPrivateKey) {
		diags.AddError(summary, fmt.Sprintf("The value of %s cannot be used: %s.", at, err))
		return
	}
	diags.AddAttributeError(at, summary, core.Sentence(err.Error()))
}

// parseRecipient reads a public key to encrypt to. Its errors never repeat the
// value, which may be a private key put there by mistake.
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
		r, err = sshRecipient(s)
	default:
		return nil, errors.New("it must be an age public key (age1…) or an ssh public key (ssh-ed25519 … or ssh-rsa …)")
	}
	if err != nil {
		return nil, errors.New("the public key cannot be read: it may have been cut or mistyped, or be an RSA key of fewer than 2048 bits")
	}
	return r, nil
}

// seal encrypts the secret to the recipient, as the armored text that
// `age --decrypt` opens.
func seal(recipient, secret string) (string, error) {
	r, err := parseRecipient(recipient)
	if err != nil {
		return "", err
	}
	var out bytes.Buffer
	armored := armor.NewWriter(&out)
	plain, err := age.Encrypt(armored, r)
	if err != nil {
		return "", fmt.Errorf("could not encrypt to secret_recipient: %w", err)
	}
	if _, err := io.WriteString(plain, secret); err != nil {
		return "", fmt.Errorf("could not encrypt to secret_recipient: %w", err)
	}
	if err := errors.Join(plain.Close(), armored.Close()); err != nil {
		return "", fmt.Errorf("could not encrypt to secret_recipient: %w", err)
	}
	return out.String(), nil
}

// checkRecipient tries an encryption, so that none can fail once a secret exists.
func checkRecipient(recipient types.String) error {
	if recipient.IsNull() || recipient.IsUnknown() {
		return nil
	}
	_, err := seal(recipient.ValueString(), "trial")
	return err
}

// ageRecipient checks a recipient in the configuration.
type ageRecipient struct{}

// Description implements validator.String.
func (ageRecipient) Description(context.Context) string { return "must be an age or ssh public key" }

// MarkdownDescription implements validator.String.
func (v ageRecipient) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateString implements validator.String.
func (ageRecipient) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if err := checkRecipient(req.ConfigValue); err != nil {
		addRecipientError(req.Path, err, &resp.Diagnostics)
	}
}
