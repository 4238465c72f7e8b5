package fql

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Term is one comparison, `field:op'value'`. A list of values, `['a','b']`, means any of them.
type Term struct {
	Field, Op string
	Values    []string
	raw       []string // the values with their escapes
}

// Filter is a parsed filter: alternatives (`,`) of conjunctions (`+`), with parentheses. nil matches everything.
type Filter struct {
	term *Term
	all  []Filter
	any  []Filter
}

// Parse parses a filter. An empty one is nil.
func Parse(text string) (*Filter, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	p := &parser{rest: text}
	expr, err := p.alternatives()
	if err != nil {
		return nil, err
	}
	if p.rest != "" {
		return nil, fmt.Errorf("unexpected %q", p.rest)
	}
	return &expr, nil
}

// Match reports whether the filter matches, given a function that evaluates one comparison.
func (e *Filter) Match(compare func(*Term) bool) bool {
	switch {
	case e == nil:
		return true
	case e.term != nil:
		return compare(e.term)
	case e.any != nil:
		for i := range e.any {
			if e.any[i].Match(compare) {
				return true
			}
		}
		return false
	}
	for i := range e.all {
		if !e.all[i].Match(compare) {
			return false
		}
	}
	return true
}

// Terms returns all comparisons of the filter.
func (e *Filter) Terms() []*Term {
	if e == nil {
		return nil
	}
	if e.term != nil {
		return []*Term{e.term}
	}
	var list []*Term
	for _, part := range slices.Concat(e.all, e.any) {
		list = append(list, part.Terms()...)
	}
	return list
}

type parser struct {
	rest string
}

func (p *parser) take(prefix string) bool {
	p.rest = strings.TrimLeft(p.rest, " ")
	rest, ok := strings.CutPrefix(p.rest, prefix)
	if ok {
		p.rest = strings.TrimLeft(rest, " ")
	}
	return ok
}

func (p *parser) alternatives() (Filter, error) {
	return p.list(",", func(list []Filter) Filter { return Filter{any: list} }, p.conjunction)
}

func (p *parser) conjunction() (Filter, error) {
	return p.list("+", func(list []Filter) Filter { return Filter{all: list} }, p.operand)
}

func (p *parser) list(separator string, join func([]Filter) Filter, next func() (Filter, error)) (Filter, error) {
	var list []Filter
	for {
		e, err := next()
		if err != nil {
			return Filter{}, err
		}
		list = append(list, e)
		if !p.take(separator) {
			break
		}
	}
	if len(list) == 1 {
		return list[0], nil
	}
	return join(list), nil
}

var (
	fqlField = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.]*`)
	fqlOp    = regexp.MustCompile(`^(>=|<=|>|<|!~|!\*|~|!|\*)?`)
	fqlBare  = regexp.MustCompile(`^[A-Za-z0-9_.:*-]+`)
)

func (p *parser) operand() (Filter, error) {
	if p.take("(") {
		e, err := p.alternatives()
		if err != nil {
			return Filter{}, err
		}
		if !p.take(")") {
			return Filter{}, fmt.Errorf("missing ) before %q", p.rest)
		}
		return e, nil
	}
	field := fqlField.FindString(p.rest)
	p.rest = p.rest[len(field):]
	if field == "" || !p.take(":") {
		return Filter{}, fmt.Errorf("expected a property name and a colon before %q", p.rest)
	}
	op := fqlOp.FindString(p.rest)
	p.rest = p.rest[len(op):]
	term := &Term{Field: field, Op: op}
	err := p.values(term)
	return Filter{term: term}, err
}

func (p *parser) values(term *Term) error {
	if !p.take("[") {
		return p.value(term)
	}
	for {
		if err := p.value(term); err != nil {
			return err
		}
		if p.take("]") {
			return nil
		}
		if !p.take(",") {
			return fmt.Errorf("missing ] before %q", p.rest)
		}
	}
}

func (p *parser) value(term *Term) error {
	before := p.rest
	for _, quote := range []byte{'\'', '"'} {
		if p.rest != "" && p.rest[0] == quote {
			v, err := p.quoted(quote)
			if err == nil {
				term.Values = append(term.Values, v)
				term.raw = append(term.raw, before[1:len(before)-len(p.rest)-1])
			}
			return err
		}
	}
	v := fqlBare.FindString(p.rest)
	if v == "" {
		return fmt.Errorf("expected a value before %q", p.rest)
	}
	p.rest = p.rest[len(v):]
	term.Values, term.raw = append(term.Values, v), append(term.raw, v)
	return nil
}

func (p *parser) quoted(quote byte) (string, error) {
	var v strings.Builder
	for i := 1; i < len(p.rest); i++ {
		switch c := p.rest[i]; {
		case c == '\\' && i+1 < len(p.rest):
			i++
			v.WriteByte(p.rest[i])
		case c == quote:
			p.rest = p.rest[i+1:]
			return v.String(), nil
		default:
			v.WriteByte(c)
		}
	}
	return "", fmt.Errorf("the string %s is not closed", p.rest)
}
