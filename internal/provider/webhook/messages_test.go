package webhook

import (
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

// No message has the secret, and the ones that the user has to act on have what is needed for that.
func TestMessages(t *testing.T) {
	t.Parallel()
	m := exampleState()
	m.HMACSecret = types.StringValue(coretest.TestKey)
	refusal := &falcon.WritesUnavailableError{Status: http.StatusNotFound, Reason: "Falcon responded with 404"}
	c := change{secret: coretest.TestKey, newSecret: true, hidden: []string{"url"}}
	moved := shownConfig()
	moved.URL = new("https://elsewhere.example")
	steps := []string{consolePath, "zscaler", "https://receiver.example/hook", defaultSignatureHeader, "Falcon responded with 404", "pply again"}
	for name, tt := range map[string]struct {
		message diag.Diagnostic
		says    []string
	}{
		"create":          {createRefused(m, refusal, nil, []string{coretest.OtherConfigID}), append(steps, coretest.OtherConfigID)},
		"update":          {updateInConsole(m, shownConfig(), c, refusal), append(steps, "url: not shown by Falcon", "a new key")},
		"update again":    {updateAgain(m, shownConfig(), c, refusal), append(steps, `webhook_writes = "never"`)},
		"differs":         {existsAndDiffers(m, moved), []string{"https://elsewhere.example", "terraform import falcon_webhook.this " + coretest.TestConfigID}},
		"assumed updated": {assumedUpdated(m, c), []string{"url, HMAC key"}},
		"adopted":         {existingAdopted(m, hiddenConfig()), []string{"name, URL, signature header"}},
		"stays":           {staysInFalcon(m, "Why."), []string{"Why.", consolePath}},
		"by another one":  {adoptedByOther(m, holder{name: "other"}, false), []string{"created_by_terraform is false there"}},
		"secret unknown":  {secretUnknown(m), []string{"hmac_secret_wo_version = 2"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := tt.message.Detail()
			for _, want := range tt.says {
				if !strings.Contains(text, want) {
					t.Errorf("%q is missing:\n%s", want, text)
				}
			}
			if strings.Contains(text, coretest.TestKey) || strings.Contains(text, "..") || strings.Contains(text, tt.message.Summary()) {
				t.Errorf("has the secret, two periods or its summary:\n%s", text)
			}
		})
	}
}

// The effect that a message states is what is known of it.
func TestEffect(t *testing.T) {
	t.Parallel()
	const none, unknown, shown = "was not c", "not known whether anything", "not known whether the HMAC key"
	for _, tt := range []struct {
		refusal        falcon.WritesUnavailableError
		create, update string
	}{
		{falcon.WritesUnavailableError{Status: 404, Effect: falcon.EffectNone}, none, none},
		{falcon.WritesUnavailableError{Effect: falcon.EffectNone}, none, none},
		{falcon.WritesUnavailableError{Status: 500}, "shows none named \"zscaler\"", unknown},
		{falcon.WritesUnavailableError{Status: 200, Effect: falcon.EffectNone}, "shows none named \"zscaler\"", "does not show the change"},
		{falcon.WritesUnavailableError{Status: 200, Effect: falcon.EffectShown}, "shows none named \"zscaler\"", shown},
	} {
		if got := createEffect(exampleState(), &tt.refusal); !strings.Contains(got, tt.create) {
			t.Errorf("%+v: %q lacks %q", tt.refusal, got, tt.create)
		}
		if got := updateEffect(&tt.refusal); !strings.Contains(got, tt.update) {
			t.Errorf("%+v: %q lacks %q", tt.refusal, got, tt.update)
		}
	}
}
