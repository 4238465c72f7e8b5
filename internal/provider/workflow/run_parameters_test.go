package workflow

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

// Numbers keep their digits.
func TestRunAction_numbers(t *testing.T) {
	t.Parallel()
	const text = `{"count":12345678901234567890,"ratio":1.50}`
	var diags diag.Diagnostics
	sent, err := json.Marshal(runModel{Parameters: types.StringValue(text)}.parameters(&diags))
	if err != nil || string(sent) != text || len(diags) > 0 {
		t.Errorf("sent %s, %v, %v", sent, err, diags)
	}
}

// A schema that cannot be compiled is a warning. Files and URLs are not read.
func TestParameterSchema(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ schema, warning string }{
		"another draft":    {schema: `{"$schema":"http://json-schema.org/draft-07/schema#","type":"object"}`},
		"refers to itself": {schema: `{"definitions":{"h":{"type":"string"}},"properties":{"host":{"$ref":"#/definitions/h"}}}`},
		"a file":           {schema: `{"$ref":"file:///etc/hostname"}`, warning: "refers to file:///etc/hostname"},
		"a URL":            {schema: `{"$ref":"https://example.com/schema.json"}`, warning: "refers to https://example.com/schema.json"},
		"not a schema":     {schema: `{"type":"thing"}`, warning: "Parameters not checked"},
		"not JSON":         {schema: `{`, warning: "Parameters not checked"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var diags diag.Diagnostics
			checkParameters(&falcon.Workflow{ID: coretest.OtherID, Name: "n", Parameters: tt.schema}, map[string]any{"host": "h"}, &diags)
			if diags.HasError() || (len(diags) > 0) != (tt.warning != "") || !strings.Contains(fmt.Sprint(diags), tt.warning) {
				t.Errorf("got %v, want %q", diags, tt.warning)
			}
		})
	}
}
