package core_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

func TestSentence(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"": "", "it failed": "It failed.", "Done.": "Done.", `did you mean "us-1"?`: `Did you mean "us-1"?`} {
		if got := core.Sentence(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// Terraform writes a period after the error of a function.
func TestFunctionError(t *testing.T) {
	t.Parallel()
	if got := core.FunctionError(1, "it must be one of a, b."); got.Text != "It must be one of a, b" || *got.FunctionArgument != 1 {
		t.Errorf("got %v", got)
	}
}

func TestWebhookURL(t *testing.T) {
	t.Parallel()
	for url, ok := range map[string]bool{
		"https://receiver.example/hook": true, "https://receiver.example/a%20b?c=d": true, "http://127.0.0.1:1/": true,
		"https://receiver.example/hook ": false, " https://receiver.example": false, "https://receiver.example/a b": false, "https://receiver.example/\n": false,
		"http://receiver.example": false, "https://user:word@receiver.example": false, "https://...": false,
	} {
		resp := validator.StringResponse{}
		core.WebhookURL().ValidateString(t.Context(), validator.StringRequest{ConfigValue: types.StringValue(url)}, &resp)
		if resp.Diagnostics.HasError() == ok {
			t.Errorf("%q: %v", url, resp.Diagnostics)
		}
	}
}
