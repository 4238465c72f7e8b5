package fusion

import (
	"regexp"
	"strconv"
	"strings"
)

// The patterns of YAML 1.2's core schema (section 10.3.2 of the specification).
var (
	coreInteger = regexp.MustCompile(`^[-+]?[0-9]+$`)
	coreOctal   = regexp.MustCompile(`^0o[0-7]+$`)
	coreHex     = regexp.MustCompile(`^0x[0-9a-fA-F]+$`)
	coreFloat   = regexp.MustCompile(`^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`)
	coreNotReal = regexp.MustCompile(`^([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$`)
)

// longestNumber bounds the text of a number. A 64-bit float has at most 309
// digits before the point, so JSON parsers can't represent anything longer.
const longestNumber = 1100

// resolvePlain returns the kind and text of a plain scalar by YAML 1.2's core
// schema: yes, no, on and dates are strings, 012 and 0o14 are twelve. A number
// that JSON parsers can't represent is a string, as in Go's YAML library: it may
// be a short hexadecimal hash such as 12e45678, which exports write without
// quotes. The last result is false for infinity and NaN.
func resolvePlain(s string) (kind, string, bool) {
	switch s {
	case "", "~", "null", "Null", "NULL":
		return kindNull, "", true
	case "true", "True", "TRUE":
		return kindBool, "true", true
	case "false", "False", "FALSE":
		return kindBool, "false", true
	}
	if c := s[0]; c != '-' && c != '+' && c != '.' && (c < '0' || c > '9') {
		return kindString, s, true
	}
	switch {
	case coreInteger.MatchString(s), coreFloat.MatchString(s):
		if n, ok := canonicalNumber(s); ok {
			return kindNumber, n, true
		}
		return kindString, s, true
	case coreOctal.MatchString(s):
		return fromBase(s, 8)
	case coreHex.MatchString(s):
		return fromBase(s, 16)
	case coreNotReal.MatchString(s):
		return kindNumber, "", false
	default:
		return kindString, s, true
	}
}

// fromBase parses an octal or hexadecimal number. One that needs more than 64
// bits is a string.
func fromBase(s string, base int) (kind, string, bool) {
	n, err := strconv.ParseUint(s[2:], base, 64)
	if err != nil {
		return kindString, s, true
	}
	text, ok := canonicalNumber(strconv.FormatUint(n, 10))
	return kindNumber, text, ok
}

// canonicalNumber returns a decimal number in the form that all its spellings
// share: 1, 1.0 and 1e0 are 1. All digits are kept. It returns false for a number
// beyond the range of a 64-bit float, which is all that JSON parsers promise
// (RFC 8259, section 6).
func canonicalNumber(s string) (string, bool) {
	if len(s) > longestNumber {
		return "", false
	}
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign = "-"
	}
	s = strings.TrimLeft(s, "+-")
	mantissa, exponent, found := strings.Cut(strings.ToLower(s), "e")
	shift := 0
	if found {
		n, err := strconv.Atoi(exponent)
		if err != nil || n > 10000 || n < -10000 {
			return "", false
		}
		shift = n
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := whole + fraction
	// The value is 0.digits * 10^point.
	point := len(whole) + shift
	trimmed := strings.TrimLeft(digits, "0")
	point -= len(digits) - len(trimmed)
	trimmed = strings.TrimRight(trimmed, "0")
	if trimmed == "" {
		return "0", true
	}
	if point > 309 || point < -400 {
		return "", false
	}
	if point == 309 {
		// Up to 1.797e308, and the digits decide.
		if _, err := strconv.ParseFloat(s, 64); err != nil {
			return "", false
		}
	}
	return sign + writeDecimal(trimmed, point), true
}

func writeDecimal(digits string, point int) string {
	// An integer is written with all its digits, unless it ends in many zeros:
	// it may have been written with an exponent.
	const longestPlain = 40
	switch {
	case point > longestPlain && point-len(digits) > longestPlain/2 || point > longestPlain && point < len(digits) || point < -5:
		out := digits[:1]
		if len(digits) > 1 {
			out += "." + digits[1:]
		}
		return out + "e" + strconv.Itoa(point-1)
	case point <= 0:
		return "0." + strings.Repeat("0", -point) + digits
	case point >= len(digits):
		return digits + strings.Repeat("0", point-len(digits))
	default:
		return digits[:point] + "." + digits[point:]
	}
}

// roundFraction rounds a canonical number with a fraction to the 64-bit float that
// JSON parsers read. Integers keep all their digits.
func roundFraction(number string) string {
	if !strings.Contains(number, ".") || strings.Contains(number, "e") && !strings.Contains(number, "e-") {
		return number
	}
	f, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return number
	}
	rounded, _ := canonicalNumber(strconv.FormatFloat(f, 'g', -1, 64))
	return rounded
}
