package provider

import (
	"encoding/json"
	"slices"
	"strconv"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
)

// What Terraform finds by asking for more than a plain server must not be lost in the wrapping.
func TestServerIsWhole(t *testing.T) {
	t.Parallel()
	s := Server("test")()
	if _, ok := s.(*server); !ok {
		t.Errorf("long lists go through the framework of %T", s)
	}
	if _, ok := s.(tfprotov6.ListResourceServer); !ok {
		t.Error("list resources are lost")
	}
	if _, ok := s.(tfprotov6.ActionServer); !ok {
		t.Error("actions are lost")
	}
}

// Rows that went around the framework arrive as if they had not.
func TestRowsAside(t *testing.T) {
	t.Parallel()
	users := []falcon.User{
		{EntityID: "a"},
		{
			EntityID: "b", DisplayName: "Zoë \"quoted\"\n", SecondaryDisplayName: `CORP\zoe`, Emails: []string{"zoe@example.com", "z@example.com"},
			RiskScore: "0.07", Severity: "HIGH", Admin: new(true), Archived: true, Enabled: new(false), Domain: "CORP", SAMAccountName: "zoe", UPN: "zoe@corp",
			Accounts:    []falcon.UserAccount{{DataSource: "ACTIVE_DIRECTORY", Enabled: true, Domain: "CORP", SAMAccountName: "zoe", UPN: "zoe@corp"}, {DataSource: "OKTA"}},
			RiskFactors: []falcon.RiskFactor{{Type: "WEAK_PASSWORD_POLICY", Severity: "MEDIUM", Score: "0.1"}}, Roles: []string{"DomainAdminsRole"},
		},
	}
	ofUsers := func(include falcon.Include, users []falcon.User) func(int) map[string]attr.Value {
		return func(i int) map[string]attr.Value { return newUserRow(&users[i], include).values() }
	}
	letter := types.ObjectType{AttrTypes: map[string]attr.Type{"letter": types.StringType}}
	for name, tt := range map[string]struct {
		kind types.ObjectType
		rows int
		row  func(int) map[string]attr.Value
	}{
		"none":        {kind: userRowType},
		"users":       {userRowType, len(users), ofUsers(falcon.Include{}, users)},
		"whole users": {userRowType, len(users), ofUsers(falcon.IncludeAll(), users)},
		"sixteen":     {userRowType, 16, ofUsers(falcon.Include{}, slices.Repeat(users, 8))},
		"hosts":       {hostRowType, 1, func(int) map[string]attr.Value { return hostRow{AgentID: "a", Overall: 7}.values() }},
		"70,000 of one": {letter, 70_000, func(i int) map[string]attr.Value {
			return map[string]attr.Value{"letter": types.StringValue(string(rune('a' + i%26)))}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want, err := rowList(t.Context(), "rows", tt.kind, tt.rows, tt.row)
			if err != nil {
				t.Fatal(err)
			}
			ctx, aside := withRowsAside(t.Context())
			null, err := rowList(ctx, "rows", tt.kind, tt.rows, tt.row)
			if err != nil || !null.IsNull() {
				t.Fatalf("%v, and the framework gets %s", err, null)
			}
			whole, result := resultOf(t, null)
			if err := aside.putBack(&result); err != nil {
				t.Fatal(err)
			}
			got, err := result.Unmarshal(whole)
			if err != nil {
				t.Fatal(err)
			}
			_, plain := resultOf(t, want)
			if expected, err := plain.Unmarshal(whole); err != nil || !got.Equal(expected) {
				t.Errorf("%v; with %d rows aside %s\nwithout %s", err, tt.rows, got, expected)
			}
		})
	}
}

// A JSON text that went around the framework arrives as if it had not, at every length.
func TestRowsAsideAsText(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 3, 40_000} {
		t.Run(strconv.Itoa(n), func(t *testing.T) {
			t.Parallel()
			row := func(i int) any { return hostRow{AgentID: "\"<é>" + strconv.Itoa(i), Overall: int64(i)} }
			plain, err := rowText(t.Context(), "rows", n, row)
			if err != nil {
				t.Fatal(err)
			}
			all := make([]any, n)
			for i := range n {
				all[i] = row(i)
			}
			if whole, err := json.Marshal(all); err != nil || plain.ValueString() != string(whole) {
				t.Errorf("%v: %.200s, want %.200s", err, plain.ValueString(), whole)
			}
			ctx, aside := withRowsAside(t.Context())
			if null, err := rowText(ctx, "rows", n, row); err != nil || !null.IsNull() {
				t.Fatalf("%v, and the framework gets %s", err, null)
			}
			kind := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"rows": tftypes.String}}
			result, err := tfprotov6.NewDynamicValue(kind, tftypes.NewValue(kind, map[string]tftypes.Value{"rows": tftypes.NewValue(tftypes.String, nil)}))
			if err != nil {
				t.Fatal(err)
			}
			if err := aside.putBack(&result); err != nil {
				t.Fatal(err)
			}
			want := tftypes.NewValue(kind, map[string]tftypes.Value{"rows": tftypes.NewValue(tftypes.String, plain.ValueString())})
			if got, err := result.Unmarshal(kind); err != nil || !got.Equal(want) {
				t.Errorf("%v: the text is not what it was", err)
			}
		})
	}
}

// resultOf is a result with the list between two other attributes.
func resultOf(t *testing.T, list types.List) (tftypes.Type, tfprotov6.DynamicValue) {
	t.Helper()
	ctx := t.Context()
	rows, err := list.ToTerraformValue(ctx)
	if err != nil {
		t.Fatal(err)
	}
	whole := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"before": tftypes.String, "rows": list.Type(ctx).TerraformType(ctx), "say": tftypes.Number}}
	value := tftypes.NewValue(whole, map[string]tftypes.Value{"before": tftypes.NewValue(tftypes.String, "b"), "rows": rows, "say": tftypes.NewValue(tftypes.Number, 7)})
	result, err := tfprotov6.NewDynamicValue(whole, value)
	if err != nil {
		t.Fatal(err)
	}
	return whole, result
}

// Rows that do not fit the result are an error, never a list without them.
func TestRowsAsideWithoutPlace(t *testing.T) {
	t.Parallel()
	_, result := resultOf(t, types.ListNull(hostRowType))
	for name, broken := range map[string]tfprotov6.DynamicValue{
		"no such attribute": result,
		"no object":         {MsgPack: []byte{0xc3}},
		"cut short":         {MsgPack: result.MsgPack[:len(result.MsgPack)-2]},
	} {
		aside := &rowsAside{attribute: "hosts", head: []byte{0x91}, rows: [][]byte{{0xc0}}}
		if name == "cut short" {
			aside.attribute = "rows"
		}
		if err := aside.putBack(&broken); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	untouched := result
	if err := new(rowsAside).putBack(&untouched); err != nil || string(untouched.MsgPack) != string(result.MsgPack) {
		t.Errorf("a result without rows aside was changed: %v", err)
	}
	if err := (&rowsAside{attribute: "hosts"}).putBack(nil); err != nil {
		t.Errorf("a read that failed has no result: %v", err)
	}
}
