package webhook

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"

	"github.com/hashicorp/terraform-plugin-framework/function"
)

var _ function.Function = signatureFunction{}

// NewSignatureFunction returns the function webhook_signature.
func NewSignatureFunction() function.Function { return signatureFunction{} }

type signatureFunction struct{}

func (signatureFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "webhook_signature"
}

func (signatureFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Computes the signature of a webhook delivery",
		MarkdownDescription: "Returns base64(HMAC-SHA256(secret, body followed by timestamp)), which a receiver compares with the header `X-Cs-Primary-Signature` (or the `signature_header` of the `falcon_webhook`). " +
			"Use it to test a receiver without Falcon.\n\n" +
			"CrowdStrike publishes no reference. Two independent public receivers use this formula. No recorded delivery confirms it, and another receiver uses a different one.",
		Parameters: []function.Parameter{
			function.StringParameter{Name: "secret", MarkdownDescription: "The HMAC secret key."},
			function.StringParameter{Name: "timestamp", MarkdownDescription: "Value of the header `X-Cs-Delivery-Timestamp`, exactly as received, such as `2026-01-31T12:00:00Z`."},
			function.StringParameter{Name: "body", MarkdownDescription: "Body of the request, byte for byte."},
		},
		Return: function.StringReturn{},
	}
}

func (signatureFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var secret, timestamp, body string
	resp.Error = req.Arguments.Get(ctx, &secret, &timestamp, &body)
	if resp.Error != nil {
		return
	}
	resp.Error = resp.Result.Set(ctx, signature(secret, timestamp, body))
}

// signature is base64(HMAC-SHA256(secret, body + timestamp))
// (wire/webhooks.md#deliveries).
func signature(secret, timestamp, body string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(body + timestamp))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
