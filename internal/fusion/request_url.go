package fusion

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// RequestURL is the URL of a request, with its query apart: the console keeps the
// parameters of a query in the property request_query, and refuses them in the URL
// of some requests (wire/catalog.md#http-actions).
type RequestURL struct {
	Address string
	Query   []QueryParameter
}

// QueryParameter is a decoded parameter of a query.
type QueryParameter struct{ Name, Value string }

// SplitRequestURL splits a URL that may contain references after the host.
func SplitRequestURL(text string) (RequestURL, error) {
	if strings.Count(text, "${") > len(embedded(text)) {
		return RequestURL{}, errors.New("a ${ in the URL has no closing brace")
	}
	// The references become words that a URL may contain.
	word := "reference"
	for strings.Contains(text, word) {
		word += "x"
	}
	var references []string
	plain := mapReferences(text, func(i int, reference string) string {
		references = append(references, reference)
		return fmt.Sprintf("%s%dx", word, i)
	})
	restore := func(part string) string {
		for i, reference := range references {
			part = strings.ReplaceAll(part, fmt.Sprintf("%s%dx", word, i), reference)
		}
		return part
	}
	u, err := url.Parse(plain)
	switch {
	case err != nil:
		return RequestURL{}, errors.New("it is not a valid URL")
	case strings.Contains(u.Scheme+u.Host, word) || u.Host == "" && len(references) > 0:
		return RequestURL{}, errors.New("scheme and host must not contain references, because the data of an event must not decide where it is sent")
	}
	if strings.Contains(plain, "#") {
		return RequestURL{}, errors.New("a request does not send what follows #: remove it, or write %23 for a # that belongs to the address")
	}
	address, query, _ := strings.Cut(plain, "?")
	out := RequestURL{Address: restore(address)}
	for part := range strings.SplitSeq(query, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		decodedName, errName := url.QueryUnescape(name)
		decodedValue, errValue := url.QueryUnescape(value)
		if errName != nil || errValue != nil {
			return RequestURL{}, errors.New("its query is not correctly encoded")
		}
		out.Query = append(out.Query, QueryParameter{restore(decodedName), restore(decodedValue)})
	}
	return out, nil
}

// queryProperty returns the value of request_query: a mapping of UUIDs to names and
// values. The same query has the same UUIDs.
func (u RequestURL) queryProperty() map[string]any {
	out := map[string]any{}
	for i, p := range u.Query {
		sum := sha256.Sum256(fmt.Appendf(nil, "%d\x00%s", i, p.Name))
		sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80 // version 8, made from own data
		key := fmt.Sprintf("%x-%x-%x-%x-%x", sum[0:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
		out[key] = map[string]any{"name": p.Name, "value": p.Value}
	}
	return out
}
