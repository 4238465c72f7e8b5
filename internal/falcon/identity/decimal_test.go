package identity

import (
	"fmt"
	"testing"
)

// Every score that Falcon can show compares exactly with every bound: 0.70 is not below 0.7.
func TestDecimalComparesAllScores(t *testing.T) {
	t.Parallel()
	for i := range 101 {
		for k := range 101 {
			shown, bound := fmt.Sprintf("%d.%02d", i/100, i%100), fmt.Sprintf("%d.%02d0", k/100, k%100)
			a, err := ParseDecimal(shown)
			b, err2 := ParseDecimal(bound)
			if err != nil || err2 != nil {
				t.Fatal(err, err2)
			}
			if want := max(-1, min(1, i-k)); a.Cmp(b) != want {
				t.Errorf("%s against %s is %d, want %d", shown, bound, a.Cmp(b), want)
			}
		}
	}
}

func TestParseDecimal(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"0.70": "0.7", "1": "1", "7e-1": "0.7", "-0.50": "-0.5", "1E2": "100", "0.6455947755060484": "0.6455947755060484",
		"": "error", "0,7": "error", "1/3": "error", "0x1p-2": "error", "1e999999999": "error", "NaN": "error", "+1": "error", " 1": "error", ".5": "error",
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			got := "error"
			if d, err := ParseDecimal(text); err == nil {
				got = d.String()
			}
			if got != want {
				t.Errorf("%q is %s, want %s", text, got, want)
			}
		})
	}
	if d := (Decimal{}); d.String() != "0" || d.Sign() != 0 {
		t.Errorf("the zero value is %s", d)
	}
}
