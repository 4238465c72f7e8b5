// Package coretest holds helpers for unit tests inside the entity packages. It does not import the provider; tests that run
// the provider use acctest.
package coretest

import (
	"io"
	"math/big"
	"strings"
	"sync"
	"testing"
	"time"

	"filippo.io/age"
	"filippo.io/age/armor"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// DiagText returns the summaries and details of diagnostics as one text.
func DiagText(list diag.Diagnostics) string {
	var b strings.Builder
	for _, d := range list {
		b.WriteString(d.Severity().String() + ": " + d.Summary() + ": " + d.Detail() + "\n")
	}
	return b.String()
}

// MustSay fails the test unless there is an error and the diagnostics contain all texts.
func MustSay(t *testing.T, diags diag.Diagnostics, texts ...string) {
	t.Helper()
	if !diags.HasError() {
		t.Fatalf("no error, want one with %q", texts)
	}
	for _, want := range texts {
		if !strings.Contains(DiagText(diags), want) {
			t.Errorf("%s\nlacks %q", DiagText(diags), want)
		}
	}
}

// OpenAge decrypts an armored age file.
func OpenAge(t *testing.T, sealed string, with age.Identity) string {
	t.Helper()
	r, err := age.Decrypt(armor.NewReader(strings.NewReader(sealed)), with)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(plain)
}

// Decimal returns a number exactly as written.
func Decimal(t *testing.T, text string) types.Number {
	t.Helper()
	value, _, err := big.ParseFloat(text, 10, 512, big.ToNearestEven) // as Terraform does
	if err != nil {
		t.Fatal(err)
	}
	return types.NumberValue(value)
}

// Number returns a known number.
func Number(n int64) tftypes.Value { return tftypes.NewValue(tftypes.Number, n) }

// Text returns a known string.
func Text(s string) tftypes.Value { return tftypes.NewValue(tftypes.String, s) }

// ObjectOf returns a value of an object type. Attributes that are left out are null.
func ObjectOf(t *testing.T, typ tftypes.Type, values map[string]tftypes.Value) tftypes.Value {
	t.Helper()
	object, ok := typ.(tftypes.Object)
	if !ok {
		t.Fatalf("%s is not an object", typ)
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

// Unknown values.
var (
	UnknownNumber = tftypes.NewValue(tftypes.Number, tftypes.UnknownValue)
	UnknownText   = tftypes.NewValue(tftypes.String, tftypes.UnknownValue)
)

// Timed is a step that runs concurrently with others, after a delay.
type Timed struct {
	After time.Duration
	Do    func()
}

// Together runs steps concurrently on the fake clock.
func Together(steps ...Timed) {
	var wg sync.WaitGroup
	for _, s := range steps {
		wg.Go(func() {
			time.Sleep(s.After) // on the fake clock
			s.Do()
		})
	}
	wg.Wait()
}

// RunFunction calls a provider function as the framework does.
func RunFunction(t *testing.T, f function.Function, arguments ...attr.Value) (attr.Value, *function.FuncError) {
	t.Helper()
	var def function.DefinitionResponse
	f.Definition(t.Context(), function.DefinitionRequest{}, &def)
	var sound function.DefinitionValidateResponse
	def.Definition.ValidateImplementation(t.Context(), function.DefinitionValidateRequest{}, &sound)
	if sound.Diagnostics.HasError() {
		t.Fatal(sound.Diagnostics)
	}
	result, err := def.Definition.Return.NewResultData(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	resp := function.RunResponse{Result: result}
	f.Run(t.Context(), function.RunRequest{Arguments: function.NewArgumentsData(arguments)}, &resp)
	return resp.Result.Value(), resp.Error
}

// TextMap returns a map of strings from keys and values in turn.
func TextMap(pairs ...string) types.Map {
	values := map[string]attr.Value{}
	for i := 0; i < len(pairs); i += 2 {
		values[pairs[i]] = types.StringValue(pairs[i+1])
	}
	return types.MapValueMust(types.StringType, values)
}

// WantRefusal fails the test unless the error is at the argument and contains all texts.
func WantRefusal(t *testing.T, err *function.FuncError, argument int64, says ...string) {
	t.Helper()
	if err == nil || err.FunctionArgument == nil || *err.FunctionArgument != argument {
		t.Fatalf("want an error at argument %d, got %v", argument, err)
	}
	for _, s := range says {
		if !strings.Contains(err.Text, s) {
			t.Errorf("the error does not say %q: %s", s, err.Text)
		}
	}
	if strings.HasSuffix(err.Text, ".") || strings.Contains(err.Text, ".;") {
		t.Errorf("Terraform writes a period after the error: %s", err.Text)
	}
}

// Ids and secrets that tests use.
const (
	TestConfigID  = "0123456789abcdef0123456789abcdef"
	OtherConfigID = "fedcba9876543210fedcba9876543210"
	OtherID       = "ffffffffffffffffffffffffffffffff"
	// TestKey is an HMAC key of the minimum length.
	TestKey = "a key of thirty-two characters!!"
)
