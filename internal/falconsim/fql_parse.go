package falconsim

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// fqlTerm is one comparison of a Falcon query, `field:op'value'`. Several
// values come from a list `['a','b']` and mean any of them.
type fqlTerm struct {
	field, op string
	values    []string
	raw       []string // the values with their escapes
}

// fqlExpr is a parsed filter: alternatives (`,`) of conjunctions (`+`), with
// parentheses.
type fqlExpr struct {
	term *fqlTerm
	all  []fqlExpr
	any  []fqlExpr
}

// parseFQL parses a filter. An empty filter gives nil and matches everything.
func parseFQL(text string) (*fqlExpr, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	p := &fqlParser{rest: text}
	expr, err := p.alternatives()
	if err != nil {
		return nil, err
	}
	if p.rest != "" {
		return nil, fmt.Errorf("unexpected %q", p.rest)
	}
	return &expr, nil
}

// match evaluates the filter with the answer that compare gives for each
// comparison. A nil filter matches.
func (e *fqlExpr) match(compare func(*fqlTerm) bool) bool {
	switch {
	case e == nil:
		return true
	case e.term != nil:
		return compare(e.term)
	case e.any != nil:
		for i := range e.any {
			if e.any[i].match(compare) {
				return true
			}
		}
		return false
	}
	for i := range e.all {
		if !e.all[i].match(compare) {
			return false
		}
	}
	return true
}

// terms returns every comparison of the filter.
func (e *fqlExpr) terms() []*fqlTerm {
	if e == nil {
		return nil
	}
	if e.term != nil {
		return []*fqlTerm{e.term}
	}
	var list []*fqlTerm
	for _, part := range slices.Concat(e.all, e.any) {
		list = append(list, part.terms()...)
	}
	return list
}

type fqlParser struct {
	rest string
}

func (p *fqlParser) take(prefix string) bool {
	p.rest = strings.TrimLeft(p.rest, " ")
	rest, ok := strings.CutPrefix(p.rest, prefix)
	if ok {
		p.rest = strings.TrimLeft(rest, " ")
	}
	return ok
}

func (p *fqlParser) alternatives() (fqlExpr, error) {
	return p.list(",", func(list []fqlExpr) fqlExpr { return fqlExpr{any: list} }, p.conjunction)
}

func (p *fqlParser) conjunction() (fqlExpr, error) {
	return p.list("+", func(list []fqlExpr) fqlExpr { return fqlExpr{all: list} }, p.operand)
}

func (p *fqlParser) list(separator string, join func([]fqlExpr) fqlExpr, next func() (fqlExpr, error)) (fqlExpr, error) {
	var list []fqlExpr
	for {
		e, err := next()
		if err != nil {
			return fqlExpr{}, err
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

func (p *fqlParser) operand() (fqlExpr, error) {
	if p.take("(") {
		e, err := p.alternatives()
		if err != nil {
			return fqlExpr{}, err
		}
		if !p.take(")") {
			return fqlExpr{}, fmt.Errorf("missing ) before %q", p.rest)
		}
		return e, nil
	}
	field := fqlField.FindString(p.rest)
	p.rest = p.rest[len(field):]
	if field == "" || !p.take(":") {
		return fqlExpr{}, fmt.Errorf("expected a property name and a colon before %q", p.rest)
	}
	op := fqlOp.FindString(p.rest)
	p.rest = p.rest[len(op):]
	term := &fqlTerm{field: field, op: op}
	err := p.values(term)
	return fqlExpr{term: term}, err
}

func (p *fqlParser) values(term *fqlTerm) error {
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

func (p *fqlParser) value(term *fqlTerm) error {
	before := p.rest
	for _, quote := range []byte{'\'', '"'} {
		if p.rest != "" && p.rest[0] == quote {
			v, err := p.quoted(quote)
			if err == nil {
				term.values = append(term.values, v)
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
	term.values, term.raw = append(term.values, v), append(term.raw, v)
	return nil
}

func (p *fqlParser) quoted(quote byte) (string, error) {
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
	return "", fmt.Errorf("the string %s has no end", p.rest)
}
