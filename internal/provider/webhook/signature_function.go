package webhook

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"

	"github.com/hashicorp/terraform-plugin-framework/function"
)

var _ function.Function = webhookSignatureFunction{}

func NewWebhookSignatureFunction() function.Function { return webhookSignatureFunction{} }

type webhookSignatureFunction struct{}

func (webhookSignatureFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "webhook_signature"
}

func (webhookSignatureFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Signature that a receiver of Falcon's webhook computes",
		MarkdownDescription: "Returns base64(HMAC-SHA256(secret, body followed by timestamp)): what a receiver compares with the header `X-Cs-Primary-Signature` (or the `signature_header` of the `falcon_webhook`). " +
			"For testing a receiver without Falcon.\n\n" +
			"CrowdStrike publishes no reference. The formula is that of two independent public receivers; no recorded delivery confirms it, and one further receiver computes something else.",
		Parameters: []function.Parameter{
			function.StringParameter{Name: "secret", MarkdownDescription: "The HMAC secret key."},
			function.StringParameter{Name: "timestamp", MarkdownDescription: "Value of the header `X-Cs-Delivery-Timestamp`, exactly as it came, such as `2026-01-31T12:00:00Z`."},
			function.StringParameter{Name: "body", MarkdownDescription: "The request's body, byte for byte."},
		},
		Return: function.StringReturn{},
	}
}

func (webhookSignatureFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var secret, timestamp, body string
	resp.Error = req.Arguments.Get(ctx, &secret, &timestamp, &body)
	if resp.Error != nil {
		return
	}
	resp.Error = resp.Result.Set(ctx, webhookSignature(secret, timestamp, body))
}

// webhookSignature is base64(HMAC-SHA256(secret, body + timestamp))
// (wire/webhooks.md#deliveries: two receivers' code agrees on it).
func webhookSignature(secret, timestamp, body string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(body + timestamp))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
