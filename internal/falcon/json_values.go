package falcon

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// looseInt decodes a number that may come as a string, or not at all.
type looseInt int64

// UnmarshalJSON accepts 5, 5.0, "5" and null; anything else is 0, since no number here is worth failing a call for.
func (n *looseInt) UnmarshalJSON(data []byte) error {
	text := strings.Trim(string(data), `"`)
	if i, err := strconv.ParseInt(text, 10, 64); err == nil {
		*n = looseInt(i)
	} else if f, err := strconv.ParseFloat(text, 64); err == nil && f > -1e18 && f < 1e18 {
		*n = looseInt(f)
	}
	return nil
}

// looseString decodes a string, or the text of a number or boolean; null and anything else is "".
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

// looseMessages decodes the errors list: null, objects, or bare texts.
type looseMessages []Message

// UnmarshalJSON never fails: an unreadable list is still a list with an error in it.
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
