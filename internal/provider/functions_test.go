package provider

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// run calls a provider function as the framework does; result is unknown before.
func run(t *testing.T, f function.Function, arguments ...attr.Value) (attr.Value, *function.FuncError) {
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

func textMap(pairs ...string) types.Map {
	values := map[string]attr.Value{}
	for i := 0; i < len(pairs); i += 2 {
		values[pairs[i]] = types.StringValue(pairs[i+1])
	}
	return types.MapValueMust(types.StringType, values)
}

// wantRefusal demands an error at an argument that says all of the texts.
func wantRefusal(t *testing.T, err *function.FuncError, argument int64, says ...string) {
	t.Helper()
	if err == nil || err.FunctionArgument == nil || *err.FunctionArgument != argument {
		t.Fatalf("want an error at argument %d, got %v", argument, err)
	}
	for _, s := range says {
		if !strings.Contains(err.Text, s) {
			t.Errorf("the error does not say %q: %s", s, err.Text)
		}
	}
}

func TestScopesFunction(t *testing.T) {
	t.Parallel()
	got, err := run(t, scopesFunction{}, textMap("Hosts", "read", "alerts", "Read-Write", "IOC Manager", "write", "devices", "read", "Identity Protection GraphQL", "write"))
	if err != nil {
		t.Fatal(err)
	}
	set, ok := got.(types.Set)
	if !ok {
		t.Fatalf("got a %T", got)
	}
	want := []string{"alerts:read", "alerts:write", "devices:read", "identity-graphql:write", "ioc:write"}
	if ids := knownStrings(set.Elements()); !slices.Equal(ids, want) {
		t.Errorf("got %v, want %v", ids, want)
	}
	for name, tt := range map[string]struct {
		access types.Map
		says   []string
	}{
		"unknown name":    {textMap("Hsts", "read"), []string{`"Hsts"`, `"Hosts"`}},
		"all of them":     {textMap("Alrts", "read", "Hsts", "read"), []string{`"Alrts"`, `"Hsts"`}},
		"unknown access":  {textMap("Hosts", "admin"), []string{`"admin"`, `"read-write"`}},
		"no such action":  {textMap("Zero Trust Assessment", "read-write"), []string{"zero-trust-assessment:read only"}},
		"null access":     {types.MapValueMust(types.StringType, map[string]attr.Value{"Hosts": types.StringNull()}), []string{"null"}},
		"nothing is near": {textMap("Xylophone", "read"), []string{`"Xylophone"`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := run(t, scopesFunction{}, tt.access)
			wantRefusal(t, err, 0, tt.says...)
		})
	}
}

func TestWorkflowDocumentFunction(t *testing.T) {
	t.Parallel()
	got, err := run(t, workflowDocumentFunction{}, types.StringValue("a: \"@@one@@\"\nb: ${Trigger.x} @@ two-b @@@@one@@ mail@@x y"),
		textMap("one", "@@two-b@@", "two-b", "$1"))
	if err != nil {
		t.Fatal(err)
	}
	// A value is put in as it is: neither a placeholder nor a $1 in it means anything.
	if want := types.StringValue("a: \"@@two-b@@\"\nb: ${Trigger.x} $1@@two-b@@ mail@@x y"); !got.Equal(want) {
		t.Errorf("got %s, want %s", got, want)
	}
	_, err = run(t, workflowDocumentFunction{}, types.StringValue("@@a@@ @@b@@ @@c@@"), textMap("b", "x"))
	wantRefusal(t, err, 0, "@@a@@, @@c@@", "given for: b")
	_, err = run(t, workflowDocumentFunction{}, types.StringValue("@@a@@"), textMap("a", "x", "z", "y"))
	wantRefusal(t, err, 1, "@@z@@")
	_, err = run(t, workflowDocumentFunction{}, types.StringValue("@@a@@"), types.MapValueMust(types.StringType, map[string]attr.Value{"a": types.StringNull()}))
	wantRefusal(t, err, 0, "@@a@@")
}

func decimal(t *testing.T, text string) types.Number {
	t.Helper()
	value, _, err := big.ParseFloat(text, 10, 512, big.ToNearestEven) // as Terraform does
	if err != nil {
		t.Fatal(err)
	}
	return types.NumberValue(value)
}

func TestNetskopeScoreFunctionIsExactForEveryShownScore(t *testing.T) {
	t.Parallel()
	for n := range 101 {
		text := fmt.Sprintf("%d.%02d", n/100, n%100)
		got, err := run(t, netskopeScoreFunction{}, decimal(t, text))
		if err != nil {
			t.Fatal(err)
		}
		if want := types.NumberValue(big.NewFloat(float64(1000 - 10*n))); !got.Equal(want) {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

// The wanted values are those of Python's round(round(abs(1 - round(s, 2)), 2) * 1000).
func TestNetskopeScoreFunctionRounds(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{
		"0.125": 880, "0.375": 620, // an exact half goes to the even hundredth
		"0.145": 860, "0.285": 720, "0.615": 390, // as 64-bit numbers below the half
		"0.004": 1000, "0.996": 0, "1e-30": 1000,
	} {
		got, err := run(t, netskopeScoreFunction{}, decimal(t, text))
		if err != nil {
			t.Fatal(err)
		}
		if !got.Equal(types.NumberValue(new(big.Float).SetInt64(want))) {
			t.Errorf("%s: got %s, want %d", text, got, want)
		}
	}
	if got, err := run(t, netskopeScoreFunction{}, types.NumberNull()); err != nil || !got.IsNull() {
		t.Errorf("of no score: got %s, %v, want null", got, err)
	}
	for _, text := range []string{"1.01", "-0.1", "75", "1.0000000001"} {
		_, err := run(t, netskopeScoreFunction{}, decimal(t, text))
		wantRefusal(t, err, 0, "0 to 1", strings.TrimSuffix(text, "0000000001"))
	}
}

// The wanted value is what openssl makes of it: printf '%s' "$body$timestamp" | openssl dgst -sha256 -hmac "$secret" -binary | base64.
func TestWebhookSignatureFunction(t *testing.T) {
	t.Parallel()
	const secret, timestamp, body = "0123456789abcdef0123456789abcdef", "2026-01-31T12:00:00Z", `{"data":{"ü":1},"meta":{}}`
	got, err := run(t, webhookSignatureFunction{}, types.StringValue(secret), types.StringValue(timestamp), types.StringValue(body))
	if err != nil {
		t.Fatal(err)
	}
	if want := types.StringValue("PL5JL9pvSqN5K0xiNWWE1jWGDAi8ZszIC9ShyLa/KdY="); !got.Equal(want) {
		t.Errorf("got %s, want %s", got, want)
	}
}
