package webhook

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

func TestValidators(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		v     validator.String
		value string
		ok    bool
	}{
		"secret":                {hmacSecret(), coretest.TestKey, true},
		"short secret":          {hmacSecret(), coretest.TestKey[1:], false},
		"characters, not bytes": {hmacSecret(), strings.Repeat("é", 31), false},
		"header":                {core.HeaderName(defaultSignatureHeader), "X-Cs-Primary-Signature", true},
		"header with space":     {core.HeaderName(defaultSignatureHeader), "X Signature", false},
		"empty header":          {core.HeaderName(defaultSignatureHeader), "", false},
		"config id":             {configID(), coretest.TestConfigID, true},
		"capital config id":     {configID(), strings.ToUpper(coretest.TestConfigID), false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var resp validator.StringResponse
			tt.v.ValidateString(t.Context(), validator.StringRequest{ConfigValue: types.StringValue(tt.value)}, &resp)
			if resp.Diagnostics.HasError() == tt.ok {
				t.Errorf("%q: %s", tt.value, coretest.DiagText(resp.Diagnostics))
			}
			if strings.Contains(name, "secret") && !tt.ok && strings.Contains(coretest.DiagText(resp.Diagnostics), tt.value) {
				t.Error("the error repeats the secret")
			}
		})
	}
}
