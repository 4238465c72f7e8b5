package identity

import (
	"fmt"
	"math/big"
	"regexp"
)

// Decimal is an exact decimal number; the zero value is 0. It is never converted to a float64, which cannot represent 0.7
// (wire/identity.md#scores).
type Decimal struct{ value *big.Rat }

var decimalText = regexp.MustCompile(`^-?[0-9]{1,100}(\.[0-9]{1,200})?([eE][+-]?[0-9]{1,2})?$`)

// ParseDecimal parses a number as JSON writes it, such as "0.7" or "7e-1". Anything else is an error.
func ParseDecimal(text string) (Decimal, error) {
	if !decimalText.MatchString(text) {
		return Decimal{}, fmt.Errorf("%.40q is not a decimal number", text)
	}
	value, ok := new(big.Rat).SetString(text)
	if !ok {
		return Decimal{}, fmt.Errorf("%.40q is not a decimal number", text)
	}
	return Decimal{value}, nil
}

// newDecimal returns a fraction that is finite as a decimal: newDecimal(65, 100) is 0.65.
func newDecimal(numerator, denominator int64) Decimal {
	return Decimal{big.NewRat(numerator, denominator)}
}

func decimalOne() Decimal { return newDecimal(1, 1) }

// Rat returns the number for calculations; changing it does not change d.
func (d Decimal) Rat() *big.Rat {
	if d.value == nil {
		return new(big.Rat)
	}
	return new(big.Rat).Set(d.value)
}

// Cmp is -1, 0 or +1 as d is below, equal to or above other.
func (d Decimal) Cmp(other Decimal) int { return d.Rat().Cmp(other.Rat()) }

// Sign is -1, 0 or +1.
func (d Decimal) Sign() int { return d.Rat().Sign() }

// Add is d + other.
func (d Decimal) Add(other Decimal) Decimal { return Decimal{new(big.Rat).Add(d.Rat(), other.Rat())} }

// Sub is d - other.
func (d Decimal) Sub(other Decimal) Decimal { return Decimal{new(big.Rat).Sub(d.Rat(), other.Rat())} }

// String is the number without exponent, with as many decimals as it has: "0.65".
func (d Decimal) String() string {
	r := d.Rat()
	digits, _ := r.FloatPrec()
	return r.FloatString(digits)
}

// ContainsTwoDecimalScore reports whether a number with two decimals, as Falcon shows scores, is in the range.
func ContainsTwoDecimalScore(low, high Decimal) bool {
	return low.hundredths(true) <= high.hundredths(false)
}

// hundredths is the number in hundredths, rounded down (up = false) or up.
func (d Decimal) hundredths(up bool) int64 {
	scaled := new(big.Rat).Mul(d.Rat(), big.NewRat(100, 1))
	quotient, rest := new(big.Int).DivMod(scaled.Num(), scaled.Denom(), new(big.Int))
	if up && rest.Sign() != 0 {
		quotient.Add(quotient, big.NewInt(1))
	}
	return quotient.Int64()
}
