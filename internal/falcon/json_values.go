package falcon

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// looseInt decodes a number that may be a string or absent.
type looseInt int64

// UnmarshalJSON accepts 5, 5.0, "5" and null. Anything else is 0: none of these numbers is worth failing a request for.
func (n *looseInt) UnmarshalJSON(data []byte) error {
	text := strings.Trim(string(data), `"`)
	if i, err := strconv.ParseInt(text, 10, 64); err == nil {
		*n = looseInt(i)
	} else if f, err := strconv.ParseFloat(text, 64); err == nil && f > -1e18 && f < 1e18 {
		*n = looseInt(f)
	}
	return nil
}

// looseString decodes a string, or the text of a number or boolean. Null and anything else is "".
type looseString string

// UnmarshalJSON never fails.
func (s *looseString) UnmarshalJSON(data []byte) error {
	var text string
	switch {
	case json.Unmarshal(data, &text) == nil:
		*s = looseString(text)
	case len(data) > 0 && data[0] != '{' && data[0] != '[' && !bytes.Equal(data, []byte("null")):
		*s = looseString(data)
	}
	return nil
}

// looseMessages decodes the errors list: null, objects, or strings.
type looseMessages []Message

// UnmarshalJSON never fails: an unreadable list still counts as a list with an error.
func (m *looseMessages) UnmarshalJSON(data []byte) error {
	data = bytes.TrimSpace(data)
	if bytes.Equal(data, []byte("null")) {
		return nil
	}
	var items []json.RawMessage
	if json.Unmarshal(data, &items) != nil {
		items = []json.RawMessage{data}
	}
	for _, raw := range items {
		var item struct {
			Code    looseInt    `json:"code"`
			ID      looseString `json:"id"`
			Message looseString `json:"message"`
		}
		if json.Unmarshal(raw, &item) != nil {
			var text looseString
			if json.Unmarshal(raw, &text) != nil || text == "" {
				continue
			}
			item.Message = text
		}
		*m = append(*m, Message{Code: int(item.Code), ID: string(item.ID), Message: string(item.Message)})
	}
	return nil
}

// strictInt decodes an integer, also when it is a string or 1.0. Anything else is an error: unlike a [looseInt] it holds
// scores and versions, where a wrong 0 would do harm.
type strictInt int64

// UnmarshalJSON fails on anything but an integer or null.
func (n *strictInt) UnmarshalJSON(b []byte) error {
	if bytes.Equal(b, []byte("null")) {
		return nil
	}
	digits := strings.Trim(string(b), `"`)
	if i, err := strconv.ParseInt(digits, 10, 64); err == nil {
		*n = strictInt(i)
		return nil
	}
	f, err := strconv.ParseFloat(digits, 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
		return fmt.Errorf("%.40s is not an integer", b)
	}
	*n = strictInt(f)
	return nil
}

// int64 returns the number as the exported types hold it; nil stays nil.
func (n *strictInt) int64() *int64 {
	if n == nil {
		return nil
	}
	i := int64(*n)
	return &i
}
