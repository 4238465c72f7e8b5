package webhook

import (
	"context"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Keys in private state. Terraform stores it with the state and does not show it.
const (
	privateSecret = "hmac_secret"       // fingerprint of the key last sent, or last seen where Falcon's is not known
	privateGuide  = "console_guide_for" // fingerprint of the change that the user was last asked to make
	privateWrites = "writes_work"       // set once a write call for this configuration has worked
	privateHolder = "instance"          // a random text that tells this resource from others with the same configuration
)

// fingerprintRounds keeps one hash at a few milliseconds,
// yet makes guessing a key from a stolen state a thousand times dearer than a
// bare hash.
const fingerprintRounds = 10_000

// fingerprint recognises a value without keeping it.
type fingerprint struct {
	Salt []byte `json:"salt"`
	Hash []byte `json:"hash"`
	// Seen says that the value was in the configuration and was not sent: what Falcon has is not known.
	Seen bool `json:"seen,omitempty"`
	// Dropped says that Falcon has been written without it since, so that Falcon's key is the user's own affair.
	Dropped bool `json:"dropped,omitempty"`
}

func newFingerprint(value string) (*fingerprint, error) {
	f := &fingerprint{Salt: make([]byte, 16)}
	if _, err := rand.Read(f.Salt); err != nil {
		return nil, fmt.Errorf("could not make a salt: %w", err)
	}
	var err error
	f.Hash, err = f.hash(value)
	return f, err
}

func (f fingerprint) hash(value string) ([]byte, error) {
	sum, err := pbkdf2.Key(sha256.New, value, f.Salt, fingerprintRounds, sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("could not hash a value: %w", err)
	}
	return sum, nil
}

func (f fingerprint) matches(value string) bool {
	sum, err := f.hash(value)
	return err == nil && subtle.ConstantTimeCompare(sum, f.Hash) == 1
}

// sent says that Falcon has this key: it is the one last sent.
func (f *fingerprint) sent(secret types.String) bool {
	return f != nil && !f.Seen && !f.Dropped && !secret.IsNull() && f.matches(secret.ValueString())
}

func record(ctx context.Context, private core.PrivateData, key, value string, seen bool, diags *diag.Diagnostics) {
	f, err := newFingerprint(value)
	if err != nil {
		diags.AddWarning("Change not recorded", core.Sentence(err.Error())+" The next plan may repeat the change.")
		return
	}
	f.Seen = seen
	saveFingerprint(ctx, private, key, f, diags)
}

func saveFingerprint(ctx context.Context, private core.PrivateData, key string, f *fingerprint, diags *diag.Diagnostics) {
	text, err := json.Marshal(f)
	if err != nil {
		diags.AddWarning("Change not recorded", core.Sentence(err.Error())+" The next plan may repeat the change.")
		return
	}
	diags.Append(private.SetKey(ctx, key, text)...)
}

// recorded reads a fingerprint; nil: there is none.
func recorded(ctx context.Context, private core.PrivateData, key string, diags *diag.Diagnostics) *fingerprint {
	text, more := private.GetKey(ctx, key)
	diags.Append(more...)
	if len(text) == 0 || more.HasError() {
		return nil
	}
	var f fingerprint
	if err := json.Unmarshal(text, &f); err != nil || len(f.Hash) == 0 {
		return nil // unreadable counts as unknown, as after import
	}
	return &f
}

// recordSecret notes the key that Falcon has now.
func recordSecret(ctx context.Context, private core.PrivateData, secret string, diags *diag.Diagnostics) {
	record(ctx, private, privateSecret, secret, false, diags)
}

// recordSeen notes a key that was not sent, so that another one in its place is noticed.
func recordSeen(ctx context.Context, private core.PrivateData, secret string, diags *diag.Diagnostics) {
	record(ctx, private, privateSecret, secret, true, diags)
}

// recordDropped notes that the key is no longer managed: the next one that is given is sent as the first.
func recordDropped(ctx context.Context, private core.PrivateData, f fingerprint, diags *diag.Diagnostics) {
	f.Dropped = true
	saveFingerprint(ctx, private, privateSecret, &f, diags)
}

func recordedSecret(ctx context.Context, private core.PrivateData, diags *diag.Diagnostics) *fingerprint {
	return recorded(ctx, private, privateSecret, diags)
}

// A key, or an attribute that Falcon does not show, changed in the console can't
// be seen. So what the user was asked to do is recorded, and a second apply of
// the same change takes it as done.

func recordGuide(ctx context.Context, private core.PrivateData, plan webhookModel, change webhookChange, diags *diag.Diagnostics) {
	record(ctx, private, privateGuide, guideText(plan, change), false, diags)
}

func guided(ctx context.Context, private core.PrivateData, plan webhookModel, change webhookChange, diags *diag.Diagnostics) bool {
	f := recorded(ctx, private, privateGuide, diags)
	return f != nil && f.matches(guideText(plan, change))
}

func forgetGuide(ctx context.Context, private core.PrivateData, diags *diag.Diagnostics) {
	diags.Append(private.SetKey(ctx, privateGuide, []byte("null"))...)
}

// The write call that has worked once is known to be offered: when it fails
// later, nobody was asked to change anything in the console.

func recordWrites(ctx context.Context, private core.PrivateData, diags *diag.Diagnostics) {
	diags.Append(private.SetKey(ctx, privateWrites, []byte("true"))...)
}

func writesWork(ctx context.Context, private core.PrivateData, state webhookModel, diags *diag.Diagnostics) bool {
	text, more := private.GetKey(ctx, privateWrites)
	diags.Append(more...)
	return state.CreatedByTerraform.ValueBool() || string(text) == "true"
}

// instanceOf is what tells a resource from others in the state; "" for one that is to be created.
func instanceOf(ctx context.Context, private core.PrivateData, diags *diag.Diagnostics) string {
	text, more := private.GetKey(ctx, privateHolder)
	diags.Append(more...)
	var instance string
	if len(text) == 0 || json.Unmarshal(text, &instance) != nil {
		return ""
	}
	return instance
}

// newInstance marks a resource that enters the state.
func newInstance(ctx context.Context, private core.PrivateData, diags *diag.Diagnostics) string {
	instance := rand.Text()
	diags.Append(private.SetKey(ctx, privateHolder, []byte(strconv.Quote(instance)))...)
	return instance
}

// guideText identifies a change. An explicit version stands for the key, which
// may be a new one in every run; an automatic one rose because of the key.
func guideText(plan webhookModel, change webhookChange) string {
	key := change.key
	if change.explicit {
		key = strconv.FormatInt(plan.HMACSecretVersion.ValueInt64(), 10)
	}
	return strings.Join([]string{plan.Name.ValueString(), plan.URL.ValueString(), plan.SignatureHeader.ValueString(), key}, "\x00")
}
