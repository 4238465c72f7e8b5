package webhook

import (
	"context"
	"crypto/rand"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

// Keys in private state. Terraform stores it with the state and does not show it.
const (
	privateSecret   = "hmac_secret"       // fingerprint of the secret
	privateGuide    = "console_guide_for" // fingerprint of the change that the user was last asked to make in the console
	privateWrites   = "writes_work"       // whether the unpublished request has worked for this configuration
	privateInstance = "instance"          // random text that distinguishes resources with the same configuration
)

// getPrivate returns the zero value for a key that is missing or unreadable.
func getPrivate[T any](ctx context.Context, private core.PrivateData, key string, diags *diag.Diagnostics) T {
	var value, zero T
	raw, more := private.GetKey(ctx, key)
	diags.Append(more...)
	if len(raw) == 0 || json.Unmarshal(raw, &value) != nil {
		return zero
	}
	return value
}

func setPrivate(ctx context.Context, private core.PrivateData, key string, value any, diags *diag.Diagnostics) {
	raw, err := json.Marshal(value)
	if err != nil {
		warnNotRecorded(err, diags)
		return
	}
	diags.Append(private.SetKey(ctx, key, raw)...)
}

func warnNotRecorded(err error, diags *diag.Diagnostics) {
	diags.AddWarning("Change not recorded", core.Sentence(err.Error())+" The next plan may repeat the change.")
}

// instanceOf returns what identifies a resource in the state; "" for one that is to be created.
func instanceOf(ctx context.Context, private core.PrivateData, diags *diag.Diagnostics) string {
	return getPrivate[string](ctx, private, privateInstance, diags)
}

// newInstance identifies a resource that enters the state.
func newInstance(ctx context.Context, private core.PrivateData, diags *diag.Diagnostics) string {
	instance := rand.Text()
	setPrivate(ctx, private, privateInstance, instance, diags)
	return instance
}
