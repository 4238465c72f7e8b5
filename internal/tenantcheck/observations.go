package tenantcheck

import (
	"encoding/json"
	"slices"
)

// observations are what the questions, verdicts and facts are decided from.
type observations struct {
	responses []response
	// notes are results of a step that no single response shows, such as how long a new object was not shown.
	notes map[string]string
	// errs are the errors of the steps' requests, by probe.
	errs map[string]error
}

// last returns the last response to a probe; false if there is none.
func (o *observations) last(probe string) (response, bool) {
	for _, r := range slices.Backward(o.responses) {
		if r.probe == probe && r.status != 0 {
			return r, true
		}
	}
	return response{}, false
}

// each returns all responses to a probe, in order.
func (o *observations) each(probe string) []response {
	var out []response
	for _, r := range o.responses {
		if r.probe == probe && r.status != 0 {
			out = append(out, r)
		}
	}
	return out
}

// ok reports whether the response is a 2xx with JSON.
func (r response) ok() bool { return r.status >= 200 && r.status < 300 && r.body != nil }

// at returns the value under keys, from the top of the body.
func (r response) at(keys ...string) (any, bool) { return at(r.body, keys...) }

// at returns the value under keys of nested objects.
func at(value any, keys ...string) (any, bool) {
	for _, k := range keys {
		object, ok := value.(map[string]any)
		if !ok {
			return nil, false
		}
		if value, ok = object[k]; !ok {
			return nil, false
		}
	}
	return value, true
}

// resources are the items of the list resources; nil if there is no list.
func (r response) resources() []any {
	list, _ := r.at("resources")
	items, _ := list.([]any)
	return items
}

// objects are the resources that are objects.
func (r response) objects() []map[string]any {
	var out []map[string]any
	for _, item := range r.resources() {
		if object, ok := item.(map[string]any); ok {
			out = append(out, object)
		}
	}
	return out
}

// messages are the texts of errors.
func (r response) messages() []string {
	list, _ := r.at("errors")
	items, _ := list.([]any)
	var out []string
	for _, item := range items {
		if text := text(item, "message"); text != "" {
			out = append(out, text)
		}
	}
	return out
}

// codes are the codes of errors.
func (r response) codes() []int {
	list, _ := r.at("errors")
	items, _ := list.([]any)
	var out []int
	for _, item := range items {
		if n, ok := number(item, "code"); ok {
			out = append(out, n)
		}
	}
	return out
}

// total is meta.pagination.total; false if it is absent.
func (r response) total() (int, bool) { return number(r.body, "meta", "pagination", "total") }

// text is the string under keys; "" if there is none.
func text(value any, keys ...string) string {
	v, _ := at(value, keys...)
	s, _ := v.(string)
	return s
}

// number is the whole number under keys.
func number(value any, keys ...string) (int, bool) {
	v, _ := at(value, keys...)
	n, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	i, err := n.Int64()
	return int(i), err == nil
}
