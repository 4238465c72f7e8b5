package webhook

import (
	"context"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

// fingerprintRounds keeps one hash at a few milliseconds and makes guessing a secret from a stolen state a thousand
// times more expensive than a bare hash.
const fingerprintRounds = 10_000

// fingerprint recognizes a value without storing it.
type fingerprint struct {
	Salt []byte `json:"salt"`
	Hash []byte `json:"hash"`
	// Seen is set for a secret that was in the configuration and was not sent, so that Falcon's may be another one.
	Seen bool `json:"seen,omitempty"`
	// Dropped is set when Falcon was written without a secret later: Terraform no longer manages it.
	Dropped bool `json:"dropped,omitempty"`
}

func newFingerprint(value string) (*fingerprint, error) {
	f := &fingerprint{Salt: []byte(rand.Text())}
	var err error
	f.Hash, err = f.hash(value)
	return f, err
}

func (f fingerprint) hash(value string) ([]byte, error) {
	sum, err := pbkdf2.Key(sha256.New, value, f.Salt, fingerprintRounds, sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("unable to hash a value: %w", err)
	}
	return sum, nil
}

func (f fingerprint) matches(value string) bool {
	sum, err := f.hash(value)
	return err == nil && subtle.ConstantTimeCompare(sum, f.Hash) == 1
}

// sent reports whether Falcon has this secret: it is the one last sent.
func (f *fingerprint) sent(secret types.String) bool {
	return f != nil && !f.Seen && !f.Dropped && !secret.IsNull() && f.matches(secret.ValueString())
}

// recordedFingerprint returns nil if there is none. One that is unreadable counts as none, as after an import.
func recordedFingerprint(ctx context.Context, private core.PrivateData, key string, diags *diag.Diagnostics) *fingerprint {
	f := getPrivate[*fingerprint](ctx, private, key, diags)
	if f == nil || len(f.Hash) == 0 {
		return nil
	}
	return f
}

// recordFingerprint records a value. seen is for a secret that was not sent.
func recordFingerprint(ctx context.Context, private core.PrivateData, key, value string, seen bool, diags *diag.Diagnostics) {
	f, err := newFingerprint(value)
	if err != nil {
		warnNotRecorded(err, diags)
		return
	}
	f.Seen = seen
	setPrivate(ctx, private, key, f, diags)
}

// firstVersion is the version after a create: the user's own, otherwise 1.
func firstVersion(planned types.Int64) types.Int64 {
	if planned.IsUnknown() || planned.IsNull() {
		return types.Int64Value(1)
	}
	return planned
}

// nextVersion is the automatic version of an existing configuration. It rises when the secret is known to differ from
// the recorded one. Without a record, as after an import, nothing is known about the secret in Falcon, and nothing is
// planned.
func nextVersion(prior types.Int64, recorded *fingerprint, secret types.String) types.Int64 {
	switch {
	case secret.IsNull() || recorded == nil:
		return prior
	case secret.IsUnknown():
		return types.Int64Unknown()
	case !recorded.Dropped && recorded.matches(secret.ValueString()):
		return prior
	default:
		return types.Int64Value(prior.ValueInt64() + 1)
	}
}

// plannedVersion is [nextVersion] for a plan. planned is unknown when any other argument changes.
func plannedVersion(prior, planned types.Int64, recorded *fingerprint, secret types.String) types.Int64 {
	if planned.IsUnknown() && secret.IsNull() {
		return types.Int64Null() // the update is sent without a secret, which is then no longer managed
	}
	version := nextVersion(prior, recorded, secret)
	// Terraform plans again at apply, and an ephemeral secret may be another one by then. Only an unknown version may
	// become any other.
	if planned.IsUnknown() && recorded != nil && version.Equal(prior) {
		return types.Int64Unknown()
	}
	return version
}

// plannedFirstVersion is the automatic version that the plan of a create shows.
func plannedFirstVersion(secret types.String) types.Int64 {
	switch {
	case secret.IsNull():
		return types.Int64Null() // adopted
	case secret.IsUnknown():
		return types.Int64Unknown()
	}
	return types.Int64Value(1)
}
