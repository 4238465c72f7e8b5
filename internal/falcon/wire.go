package falcon

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// whole is a whole number of the wire, also when it comes as a string or as 1.0. Anything else is an error: unlike a
// [looseInt] it holds scores and versions, where a wrong 0 would do harm.
type whole int64

// UnmarshalJSON fails on anything but a whole number or null.
func (n *whole) UnmarshalJSON(b []byte) error {
	if bytes.Equal(b, []byte("null")) {
		return nil
	}
	digits := strings.Trim(string(b), `"`)
	if i, err := strconv.ParseInt(digits, 10, 64); err == nil {
		*n = whole(i)
		return nil
	}
	f, err := strconv.ParseFloat(digits, 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
		return fmt.Errorf("%.40s where a whole number belongs", b)
	}
	*n = whole(f)
	return nil
}

// int64 gives the number as the exported types carry it; nil stays nil.
func (n *whole) int64() *int64 {
	if n == nil {
		return nil
	}
	i := int64(*n)
	return &i
}

// fql quotes a value for a filter in Falcon's query language. A backslash comes first, for the escape of the quote
// must not be escaped again.
func fql(value string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(value) + "'"
}
