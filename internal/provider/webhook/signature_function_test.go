package webhook

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

// The expected value was computed with openssl: printf '%s' "$body$timestamp" | openssl dgst -sha256 -hmac "$secret" -binary | base64.
func TestSignatureFunction(t *testing.T) {
	t.Parallel()
	const secret, timestamp, body = "0123456789abcdef0123456789abcdef", "2026-01-31T12:00:00Z", `{"data":{"ü":1},"meta":{}}`
	got, err := coretest.RunFunction(t, signatureFunction{}, types.StringValue(secret), types.StringValue(timestamp), types.StringValue(body))
	if err != nil {
		t.Fatal(err)
	}
	if want := types.StringValue("PL5JL9pvSqN5K0xiNWWE1jWGDAi8ZszIC9ShyLa/KdY="); !got.Equal(want) {
		t.Errorf("got %s, want %s", got, want)
	}
}
