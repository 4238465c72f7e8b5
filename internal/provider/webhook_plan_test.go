package provider

import (
	"context"
	"strings"
	"testing"

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
	newWebhookResource().Schema(context.Background(), resource.SchemaRequest{}, &resp)
	if problems := resp.Schema.ValidateImplementation(context.Background()); problems.HasError() {
		t.Fatal(told(problems))
	}
	return resp.Schema
}

// objectOf builds a value of an object type; attributes left out are null.
func objectOf(t *testing.T, typ tftypes.Type, values map[string]tftypes.Value) tftypes.Value {
	t.Helper()
	object, ok := typ.(tftypes.Object)
	if !ok {
		t.Fatalf("%s is no object", typ)
	}
	all := map[string]tftypes.Value{}
	for name, attribute := range object.AttributeTypes {
		all[name] = tftypes.NewValue(attribute, nil)
	}
	for name, value := range values {
		if _, ok := all[name]; !ok {
			t.Fatalf("no attribute %q", name)
		}
		all[name] = value
	}
	return tftypes.NewValue(object, all)
}

var (
	unknownText   = tftypes.NewValue(tftypes.String, tftypes.UnknownValue)
	unknownNumber = tftypes.NewValue(tftypes.Number, tftypes.UnknownValue)
)

func text(s string) tftypes.Value  { return tftypes.NewValue(tftypes.String, s) }
func number(n int64) tftypes.Value { return tftypes.NewValue(tftypes.Number, n) }

func TestWebhookModifyPlan(t *testing.T) {
	t.Parallel()
	const secret, version = "hmac_secret_wo", "hmac_secret_wo_version"
	type values = map[string]tftypes.Value
	tests := map[string]struct {
		config, plan, state values
		want                types.Int64
		refused             string
	}{
		"create":                          {config: values{secret: text(testKey)}, plan: values{version: unknownNumber}, want: types.Int64Value(1)},
		"create, unknown secret":          {config: values{secret: unknownText}, plan: values{version: unknownNumber}, want: types.Int64Unknown()},
		"create, no secret":               {plan: values{version: unknownNumber}, refused: "when it is created"},
		"create, own version":             {config: values{secret: text(testKey), version: number(7)}, plan: values{version: number(7)}, want: types.Int64Value(7)},
		"after import":                    {config: values{secret: text(testKey)}, plan: values{}, state: values{"id": text(testConfigID)}, want: types.Int64Null()},
		"after import, unknown secret":    {config: values{secret: unknownText}, plan: values{}, state: values{"id": text(testConfigID)}, want: types.Int64Null()},
		"after import, with other change": {config: values{secret: text(testKey)}, plan: values{version: unknownNumber}, state: values{"id": text(testConfigID)}, want: types.Int64Null()},
		"no secret, nothing else changes": {plan: values{version: number(3)}, state: values{version: number(3)}, want: types.Int64Value(3)},
		"no secret, with other change":    {plan: values{version: unknownNumber}, state: values{version: number(3)}, want: types.Int64Null()},
		"own version raised":              {config: values{secret: text(testKey), version: number(4)}, plan: values{version: number(4)}, state: values{version: number(3)}, want: types.Int64Value(4)},
		"own version, no secret to send":  {config: values{version: number(4)}, plan: values{version: number(4)}, state: values{version: number(3)}, refused: "hmac_secret_wo is not set"},
		"own version unchanged":           {config: values{version: number(3)}, plan: values{version: number(3)}, state: values{version: number(3)}, want: types.Int64Value(3)},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := context.Background()
			s := webhookSchema(t)
			typ := s.Type().TerraformType(ctx)
			req := resource.ModifyPlanRequest{
				Config: tfsdk.Config{Schema: s, Raw: objectOf(t, typ, tt.config)},
				Plan:   tfsdk.Plan{Schema: s, Raw: objectOf(t, typ, tt.plan)},
				State:  tfsdk.State{Schema: s, Raw: tftypes.NewValue(typ, nil)},
			}
			if tt.state != nil {
				req.State.Raw = objectOf(t, typ, tt.state)
			}
			resp := resource.ModifyPlanResponse{Plan: req.Plan}
			(&webhookResource{}).ModifyPlan(ctx, req, &resp)
			if tt.refused != "" {
				mustSay(t, resp.Diagnostics, tt.refused)
				return
			}
			var got types.Int64
			resp.Diagnostics.Append(resp.Plan.GetAttribute(ctx, attribute(version), &got)...)
			if resp.Diagnostics.HasError() {
				t.Fatal(told(resp.Diagnostics))
			}
			if !got.Equal(tt.want) {
				t.Errorf("planned version %s, want %s", got, tt.want)
			}
			var planned types.String
			resp.Diagnostics.Append(resp.Plan.GetAttribute(ctx, attribute(secret), &planned)...)
			if !planned.IsNull() {
				t.Error("the write-only secret is in the plan")
			}
		})
	}
}

func TestWebhookNextVersion(t *testing.T) {
	t.Parallel()
	recorded, err := newFingerprint(testKey)
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
		"same":             {three, recorded, types.StringValue(testKey), three},
		"changed":          {three, recorded, types.StringValue(testKey + "x"), types.Int64Value(4)},
		"unknown":          {three, recorded, types.StringUnknown(), types.Int64Unknown()},
		"taken out":        {three, recorded, types.StringNull(), three},
		"no record":        {types.Int64Null(), nil, types.StringValue(testKey), types.Int64Null()},
		"first after null": {types.Int64Null(), recorded, types.StringValue(testKey + "x"), types.Int64Value(1)},
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
	recordSecret(ctx, one, testKey, &diags)
	recordSecret(ctx, two, testKey, &diags)
	f := recordedSecret(ctx, one, &diags)
	if f == nil || !f.matches(testKey) || f.matches(testKey+" ") || diags.HasError() {
		t.Fatalf("the record does not recognise its value: %s", told(diags))
	}
	if strings.Contains(string(one[privateSecret]), testKey) {
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
	change := webhookChange{newKey: true, sendSecret: true, key: testKey}
	if guided(ctx, private, plan, change, &diags) {
		t.Fatal("nobody was guided yet")
	}
	recordGuide(ctx, private, plan, change, &diags)
	if !guided(ctx, private, plan, change, &diags) {
		t.Error("the same change is not recognised")
	}
	other := change
	other.key = testKey + "x"
	if guided(ctx, private, plan, other, &diags) {
		t.Error("another key is taken for the one that was asked for")
	}
	moved := plan
	moved.URL = types.StringValue("https://b.example")
	if guided(ctx, private, moved, change, &diags) {
		t.Error("another URL is taken for the one that was asked for")
	}
	own := webhookChange{newKey: true, sendSecret: true, explicit: true, key: testKey}
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
		"secret":            {hmacSecret(), testKey, true},
		"short secret":      {hmacSecret(), testKey[1:], false},
		"runes, not bytes":  {hmacSecret(), strings.Repeat("é", 31), false},
		"header":            {headerName(), "X-Cs-Primary-Signature", true},
		"header with space": {headerName(), "X Signature", false},
		"empty header":      {headerName(), "", false},
		"config id":         {configID(), testConfigID, true},
		"capital config id": {configID(), strings.ToUpper(testConfigID), false},
		"agent id":          {agentID(), strings.ToUpper(testConfigID), true},
		"no agent id":       {agentID(), "host-1", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var resp validator.StringResponse
			tt.v.ValidateString(context.Background(), validator.StringRequest{ConfigValue: types.StringValue(tt.value)}, &resp)
			if resp.Diagnostics.HasError() == tt.ok {
				t.Errorf("%q: %s", tt.value, told(resp.Diagnostics))
			}
			if strings.Contains(name, "secret") && !tt.ok && strings.Contains(told(resp.Diagnostics), tt.value) {
				t.Error("the error repeats the secret")
			}
		})
	}
}
