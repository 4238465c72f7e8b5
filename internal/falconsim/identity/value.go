package identity

import (
	"fmt"
	"math"
	"strconv"
	"time"
	"unicode/utf8"
)

// graphObject is an object of the graph. The value of a field is a string, bool, int, float64, time (null if zero), nil, an
// object, or a list of strings or objects.
type graphObject interface {
	typeName() string
	fieldValue(*Query, *selectedField) any
}

// appendValue appends a field's value as JSON.
func (x *Query) appendValue(out []byte, value any, f *selectedField) []byte {
	switch v := value.(type) {
	case nil:
		return append(out, "null"...)
	case string:
		return appendText(out, v)
	case bool:
		return strconv.AppendBool(out, v)
	case int:
		return strconv.AppendInt(out, int64(v), 10)
	case float64:
		return strconv.AppendFloat(out, v, 'f', -1, 64)
	case time.Time:
		if v.IsZero() {
			return append(out, "null"...)
		}
		return appendText(out, timeText(v))
	case graphObject:
		return x.appendObject(out, v, f)
	case []string:
		return appendList(out, v, appendText)
	case []graphObject:
		return appendList(out, v, func(out []byte, o graphObject) []byte { return x.appendObject(out, o, f) })
	}
	panic(fmt.Sprintf("falconsim: field %s has the unexpected type %T", f.name, value))
}

func appendList[T any](out []byte, list []T, item func([]byte, T) []byte) []byte {
	out = append(out, '[')
	for i := range list {
		if i > 0 {
			out = append(out, ',')
		}
		out = item(out, list[i])
	}
	return append(out, ']')
}

// appendText appends a JSON string. Go's encoder needs an allocation per string, which is noticeable with ten thousand strings
// per page.
func appendText(out []byte, s string) []byte {
	out = append(out, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			out = append(out, '\\', byte(r))
		case r < ' ':
			out = fmt.Appendf(out, `\u%04x`, r)
		default:
			out = utf8.AppendRune(out, r)
		}
	}
	return append(out, '"')
}

// rounded rounds half up, as Math.round of JavaScript does.
func rounded(f float64, decimals int) float64 {
	scale := math.Pow10(decimals)
	return math.Floor(f*scale+0.5) / scale
}
