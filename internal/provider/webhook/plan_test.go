package webhook

import (
	"context"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

func webhookSchema(t *testing.T) schema.Schema {
	t.Helper()
	var resp resource.SchemaResponse
	NewWebhookResource().Schema(context.Background(), resource.SchemaRequest{}, &resp)
	if problems := resp.Schema.ValidateImplementation(context.Background()); problems.HasError() {
		t.Fatal(coretest.DiagText(problems))
	}
	return resp.Schema
}

func TestWebhookModifyPlan(t *testing.T) {
	t.Parallel()
	const secret, version = "hmac_secret_wo", "hmac_secret_wo_version"
	type values = map[string]tftypes.Value
	tests := map[string]struct {
		config, plan, state values
		want                types.Int64
		refused             string
	}{
		"create":                          {config: values{secret: coretest.Text(coretest.TestKey)}, plan: values{version: coretest.UnknownNumber}, want: types.Int64Value(1)},
		"create, unknown secret":          {config: values{secret: coretest.UnknownText}, plan: values{version: coretest.UnknownNumber}, want: types.Int64Unknown()},
		"create, no secret":               {plan: values{version: coretest.UnknownNumber}, refused: "when it is created"},
		"create, own version":             {config: values{secret: coretest.Text(coretest.TestKey), version: coretest.Number(7)}, plan: values{version: coretest.Number(7)}, want: types.Int64Value(7)},
		"after import":                    {config: values{secret: coretest.Text(coretest.TestKey)}, plan: values{}, state: values{"id": coretest.Text(coretest.TestConfigID)}, want: types.Int64Null()},
		"after import, unknown secret":    {config: values{secret: coretest.UnknownText}, plan: values{}, state: values{"id": coretest.Text(coretest.TestConfigID)}, want: types.Int64Null()},
		"after import, with other change": {config: values{secret: coretest.Text(coretest.TestKey)}, plan: values{version: coretest.UnknownNumber}, state: values{"id": coretest.Text(coretest.TestConfigID)}, want: types.Int64Null()},
		"no secret, nothing else changes": {plan: values{version: coretest.Number(3)}, state: values{version: coretest.Number(3)}, want: types.Int64Value(3)},
		"no secret, with other change":    {plan: values{version: coretest.UnknownNumber}, state: values{version: coretest.Number(3)}, want: types.Int64Null()},
		"own version raised":              {config: values{secret: coretest.Text(coretest.TestKey), version: coretest.Number(4)}, plan: values{version: coretest.Number(4)}, state: values{version: coretest.Number(3)}, want: types.Int64Value(4)},
		"own version, no secret to send":  {config: values{version: coretest.Number(4)}, plan: values{version: coretest.Number(4)}, state: values{version: coretest.Number(3)}, refused: "hmac_secret_wo is not set"},
		"own version unchanged":           {config: values{version: coretest.Number(3)}, plan: values{version: coretest.Number(3)}, state: values{version: coretest.Number(3)}, want: types.Int64Value(3)},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := context.Background()
			s := webhookSchema(t)
			typ := s.Type().TerraformType(ctx)
			req := resource.ModifyPlanRequest{
				Config: tfsdk.Config{Schema: s, Raw: coretest.ObjectOf(t, typ, tt.config)},
				Plan:   tfsdk.Plan{Schema: s, Raw: coretest.ObjectOf(t, typ, tt.plan)},
				State:  tfsdk.State{Schema: s, Raw: tftypes.NewValue(typ, nil)},
			}
			if tt.state != nil {
				req.State.Raw = coretest.ObjectOf(t, typ, tt.state)
			}
			resp := resource.ModifyPlanResponse{Plan: req.Plan}
			(&webhookResource{}).ModifyPlan(ctx, req, &resp)
			if tt.refused != "" {
				coretest.MustSay(t, resp.Diagnostics, tt.refused)
				return
			}
			var got types.Int64
			resp.Diagnostics.Append(resp.Plan.GetAttribute(ctx, core.Attribute(version), &got)...)
			if resp.Diagnostics.HasError() {
				t.Fatal(coretest.DiagText(resp.Diagnostics))
			}
			if !got.Equal(tt.want) {
				t.Errorf("planned version %s, want %s", got, tt.want)
			}
			var planned types.String
			resp.Diagnostics.Append(resp.Plan.GetAttribute(ctx, core.Attribute(secret), &planned)...)
			if !planned.IsNull() {
				t.Error("the write-only secret is in the plan")
			}
		})
	}
}

func TestWebhookNextVersion(t *testing.T) {
	t.Parallel()
	recorded, err := newFingerprint(coretest.TestKey)
	if err != nil {
		t.Fatal(err)
	}
	three := types.Int64Value(3)
	tests := map[string]struct {
		prior    types.Int64
		recorded *fingerprint
		secret   types.String
		want     types.Int64
	}{
		"same":             {three, recorded, types.StringValue(coretest.TestKey), three},
		"changed":          {three, recorded, types.StringValue(coretest.TestKey + "x"), types.Int64Value(4)},
		"unknown":          {three, recorded, types.StringUnknown(), types.Int64Unknown()},
		"taken out":        {three, recorded, types.StringNull(), three},
		"no record":        {types.Int64Null(), nil, types.StringValue(coretest.TestKey), types.Int64Null()},
		"first after null": {types.Int64Null(), recorded, types.StringValue(coretest.TestKey + "x"), types.Int64Value(1)},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := nextVersion(tt.prior, tt.recorded, tt.secret); !got.Equal(tt.want) {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// fakePrivate is private state outside Terraform.
type fakePrivate map[string][]byte

func (p fakePrivate) GetKey(_ context.Context, key string) ([]byte, diag.Diagnostics) {
	return p[key], nil
}

func (p fakePrivate) SetKey(_ context.Context, key string, value []byte) diag.Diagnostics {
	p[key] = value
	return nil
}

func TestSecretFingerprint(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	var diags diag.Diagnostics
	one, two := fakePrivate{}, fakePrivate{}
	recordSecret(ctx, one, coretest.TestKey, &diags)
	recordSecret(ctx, two, coretest.TestKey, &diags)
	f := recordedSecret(ctx, one, &diags)
	if f == nil || !f.matches(coretest.TestKey) || f.matches(coretest.TestKey+" ") || diags.HasError() {
		t.Fatalf("the record does not recognise its value: %s", coretest.DiagText(diags))
	}
	if strings.Contains(string(one[privateSecret]), coretest.TestKey) {
		t.Error("the record holds the value")
	}
	if string(one[privateSecret]) == string(two[privateSecret]) {
		t.Error("two records of one value are equal: the salt is missing")
	}
	one[privateSecret] = []byte(`"something else"`)
	if recordedSecret(ctx, one, &diags) != nil {
		t.Error("an unreadable record has to count as none")
	}
}

func TestGuideIsForOneChangeOnly(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	var diags diag.Diagnostics
	private := fakePrivate{}
	plan := webhookState()
	change := webhookChange{newKey: true, sendSecret: true, key: coretest.TestKey}
	if guided(ctx, private, plan, change, &diags) {
		t.Fatal("nobody was guided yet")
	}
	recordGuide(ctx, private, plan, change, &diags)
	if !guided(ctx, private, plan, change, &diags) {
		t.Error("the same change is not recognised")
	}
	other := change
	other.key = coretest.TestKey + "x"
	if guided(ctx, private, plan, other, &diags) {
		t.Error("another key is taken for the one that was asked for")
	}
	moved := plan
	moved.URL = types.StringValue("https://b.example")
	if guided(ctx, private, moved, change, &diags) {
		t.Error("another URL is taken for the one that was asked for")
	}
	own := webhookChange{newKey: true, sendSecret: true, explicit: true, key: coretest.TestKey}
	recordGuide(ctx, private, plan, own, &diags)
	own.key = "a value that is new in every run"
	if !guided(ctx, private, plan, own, &diags) {
		t.Error("with a version of one's own, the version identifies the change")
	}
	forgetGuide(ctx, private, &diags)
	if guided(ctx, private, plan, own, &diags) {
		t.Error("the guide is not forgotten")
	}
}

func TestWebhookValidators(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		v     validator.String
		value string
		ok    bool
	}{
		"secret":            {hmacSecret(), coretest.TestKey, true},
		"short secret":      {hmacSecret(), coretest.TestKey[1:], false},
		"runes, not bytes":  {hmacSecret(), strings.Repeat("é", 31), false},
		"header":            {headerName(), "X-Cs-Primary-Signature", true},
		"header with space": {headerName(), "X Signature", false},
		"empty header":      {headerName(), "", false},
		"config id":         {configID(), coretest.TestConfigID, true},
		"capital config id": {configID(), strings.ToUpper(coretest.TestConfigID), false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var resp validator.StringResponse
			tt.v.ValidateString(context.Background(), validator.StringRequest{ConfigValue: types.StringValue(tt.value)}, &resp)
			if resp.Diagnostics.HasError() == tt.ok {
				t.Errorf("%q: %s", tt.value, coretest.DiagText(resp.Diagnostics))
			}
			if strings.Contains(name, "secret") && !tt.ok && strings.Contains(coretest.DiagText(resp.Diagnostics), tt.value) {
				t.Error("the error repeats the secret")
			}
		})
	}
}
