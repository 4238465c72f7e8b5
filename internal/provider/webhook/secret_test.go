package webhook

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

func TestPlannedVersion(t *testing.T) {
	t.Parallel()
	recorded, err := newFingerprint(coretest.TestKey)
	if err != nil {
		t.Fatal(err)
	}
	var (
		null, unknown, three = types.Int64Null(), types.Int64Unknown(), types.Int64Value(3)
		same, other          = types.StringValue(coretest.TestKey), types.StringValue(coretest.TestKey + "x")
	)
	for name, tt := range map[string]struct {
		prior, planned types.Int64 // planned is unknown when another argument changes
		recorded       *fingerprint
		secret         types.String
		want           types.Int64
	}{
		"same":                              {three, three, recorded, same, three},
		"same, with another change":         {three, unknown, recorded, same, unknown},
		"new":                               {three, three, recorded, other, types.Int64Value(4)},
		"new, with another change":          {three, unknown, recorded, other, types.Int64Value(4)},
		"unknown":                           {three, three, recorded, types.StringUnknown(), unknown},
		"removed":                           {three, three, recorded, types.StringNull(), three},
		"removed, with another change":      {three, unknown, recorded, types.StringNull(), null},
		"not recorded, as after an import":  {null, null, nil, same, null},
		"not recorded, unknown":             {null, null, nil, types.StringUnknown(), null},
		"not recorded, with another change": {null, unknown, nil, same, null},
		"first after null":                  {null, null, recorded, other, types.Int64Value(1)},
		"no longer managed, then set again": {null, null, &fingerprint{Salt: recorded.Salt, Hash: recorded.Hash, Dropped: true}, same, types.Int64Value(1)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := plannedVersion(tt.prior, tt.planned, tt.recorded, tt.secret); !got.Equal(tt.want) {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestPlannedFirstVersion(t *testing.T) {
	t.Parallel()
	for secret, want := range map[types.String]types.Int64{
		types.StringNull(): types.Int64Null(), types.StringUnknown(): types.Int64Unknown(), types.StringValue(coretest.TestKey): types.Int64Value(1),
	} {
		if got := plannedFirstVersion(secret); !got.Equal(want) {
			t.Errorf("%s: got %s, want %s", secret, got, want)
		}
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

func TestFingerprint(t *testing.T) {
	t.Parallel()
	var diags diag.Diagnostics
	one, two := fakePrivate{}, fakePrivate{}
	recordFingerprint(t.Context(), one, privateSecret, coretest.TestKey, false, &diags)
	recordFingerprint(t.Context(), two, privateSecret, coretest.TestKey, false, &diags)
	f := recordedFingerprint(t.Context(), one, privateSecret, &diags)
	if f == nil || !f.matches(coretest.TestKey) || f.matches(coretest.TestKey+" ") || diags.HasError() {
		t.Fatalf("the record does not recognize its value: %s", coretest.DiagText(diags))
	}
	if strings.Contains(string(one[privateSecret]), coretest.TestKey) {
		t.Error("the record has the value")
	}
	if string(one[privateSecret]) == string(two[privateSecret]) {
		t.Error("two records of one value are equal: the salt is missing")
	}
	for _, unreadable := range []string{`"something else"`, `{}`, `{`} {
		one[privateSecret] = []byte(unreadable)
		if recordedFingerprint(t.Context(), one, privateSecret, &diags) != nil {
			t.Errorf("%s counts as a record", unreadable)
		}
	}
}

// Only a secret that was sent, and is still managed, is known to be the one in Falcon.
func TestFingerprintSent(t *testing.T) {
	t.Parallel()
	sent, err := newFingerprint(coretest.TestKey)
	if err != nil {
		t.Fatal(err)
	}
	seen, dropped := *sent, *sent
	seen.Seen, dropped.Dropped = true, true
	secret := types.StringValue(coretest.TestKey)
	for name, tt := range map[string]struct {
		f      *fingerprint
		secret types.String
		want   bool
	}{
		"sent":       {sent, secret, true},
		"another":    {sent, types.StringValue(coretest.TestKey + "x"), false},
		"null":       {sent, types.StringNull(), false},
		"no record":  {nil, secret, false},
		"never sent": {&seen, secret, false},
		"dropped":    {&dropped, secret, false},
	} {
		if got := tt.f.sent(tt.secret); got != tt.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
