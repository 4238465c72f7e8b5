package fusion

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/suggest"
)

// lookupPrefix begins every value that is looked up. Neither Falcon's expressions nor YAML, JSON or Terraform give it a
// meaning, so that the document stays valid in every editor.
const lookupPrefix = "falcon::"

// LookupKind is what a [Lookup] refers to.
type LookupKind string

// The kinds of look-ups.
const (
	// LookupAction is an action of the catalog, by its exact name.
	LookupAction LookupKind = "action"
	// LookupTrigger is a trigger of the catalog, by its display name.
	LookupTrigger LookupKind = "trigger"
	// LookupConfig is a configuration of a Store app, by its name.
	LookupConfig LookupKind = "config"
	// LookupCredential is a credential of an HTTP action, by its name.
	LookupCredential LookupKind = "credential"
	// LookupText is the text itself: it escapes a text that begins like a look-up.
	LookupText LookupKind = "text"
)

// Attributes and arguments of look-ups.
const (
	attributeID         = "id"
	attributeDefinition = "definition_id"
	attributeEvent      = "event"
	attributePin        = "version_constraint"

	argumentVendor = "vendor"
	argumentClass  = "class"
	argumentApp    = "app"
)

// lookupForms has the optional arguments and the attributes of each kind.
var lookupForms = map[LookupKind]struct{ arguments, attributes []string }{
	LookupAction:     {[]string{argumentVendor, argumentClass}, []string{attributeID, attributePin}},
	LookupTrigger:    {nil, []string{attributeEvent, attributePin}},
	LookupConfig:     {[]string{argumentApp}, []string{attributeID, attributeDefinition}},
	LookupCredential: {nil, []string{attributeID, attributeDefinition}},
	LookupText:       {},
}

// Lookup is a value that is looked up by name in the tenant, such as falcon::action('Sleep', vendor='CrowdStrike').id. It is
// always the whole value.
type Lookup struct {
	Kind LookupKind
	Name string
	// Vendor, Class and App choose between several of the same name; "" is any.
	Vendor, Class, App string
	// Attribute is what the value is replaced by: id, event, version_constraint or definition_id; "" for a text.
	Attribute string
}

func (l *Lookup) argument(name string) *string {
	return map[string]*string{argumentVendor: &l.Vendor, argumentClass: &l.Class, argumentApp: &l.App}[name]
}

// String returns the look-up as a document contains it.
func (l Lookup) String() string {
	var b strings.Builder
	b.WriteString(lookupPrefix + string(l.Kind) + "(" + lookupString(l.Name))
	for _, name := range []string{argumentVendor, argumentClass, argumentApp} {
		if value := *l.argument(name); value != "" {
			b.WriteString(", " + name + "=" + lookupString(value))
		}
	}
	b.WriteByte(')')
	if l.Attribute != "" {
		b.WriteString("." + l.Attribute)
	}
	return b.String()
}

// lookupString quotes a name. Single quotes need no escape in JSON, Terraform and double-quoted YAML.
func lookupString(s string) string {
	quoted := strconv.Quote(s)
	return "'" + strings.NewReplacer(`\"`, `"`, `'`, `\'`, `\\`, `\\`).Replace(quoted[1:len(quoted)-1]) + "'"
}

// IsLookup reports whether a value has the form of a look-up, valid or not.
func IsLookup(text string) bool { return strings.HasPrefix(strings.TrimSpace(text), lookupPrefix) }

// ParseLookup parses a value for which [IsLookup] holds.
func ParseLookup(text string) (Lookup, error) {
	s := lookupScanner{rest: strings.TrimPrefix(strings.TrimSpace(text), lookupPrefix)}
	l, err := s.lookup()
	if err != nil {
		return Lookup{}, fmt.Errorf("%s is not a valid reference: %w", quoteKey(text), err)
	}
	return l, nil
}

// lookupScanner reads a look-up from left to right.
type lookupScanner struct{ rest string }

func (s *lookupScanner) lookup() (Lookup, error) {
	l := Lookup{Kind: LookupKind(s.word())}
	form, ok := lookupForms[l.Kind]
	if !ok {
		kinds := []string{}
		for kind := range maps.Keys(lookupForms) {
			kinds = append(kinds, string(kind))
		}
		slices.Sort(kinds)
		return l, fmt.Errorf("after %s comes one of %s%s", lookupPrefix, strings.Join(kinds, ", "), didYouMean(suggest.Nearest(string(l.Kind), kinds, 1)))
	}
	if !s.take("(") {
		return l, fmt.Errorf("a name in parentheses is missing after %s", l.Kind)
	}
	var err error
	if l.Name, err = s.quoted(); err != nil {
		return l, err
	}
	if l.Kind != LookupText && strings.TrimSpace(l.Name) == "" {
		return l, fmt.Errorf("the name is empty")
	}
	for s.take(",") {
		name := s.word()
		if !slices.Contains(form.arguments, name) {
			return l, fmt.Errorf("%s has no argument %q%s", l.Kind, name, offers(form.arguments))
		}
		at := l.argument(name)
		if !s.take("=") {
			return l, fmt.Errorf("the argument %s has no value: write %s='…'", name, name)
		}
		if *at != "" {
			return l, fmt.Errorf("the argument %s occurs twice", name)
		}
		if *at, err = s.quoted(); err != nil {
			return l, err
		}
	}
	if !s.take(")") {
		return l, fmt.Errorf("the closing parenthesis is missing")
	}
	if len(form.attributes) > 0 {
		if !s.take(".") {
			return l, fmt.Errorf("the attribute is missing%s", offers(form.attributes))
		}
		if l.Attribute = s.word(); !slices.Contains(form.attributes, l.Attribute) {
			return l, fmt.Errorf("%s has no attribute %q%s", l.Kind, l.Attribute, offers(form.attributes))
		}
	}
	if s.space(); s.rest != "" {
		return l, fmt.Errorf("%s follows the end; a reference is always the whole value", quoteKey(s.rest))
	}
	return l, nil
}

func offers(words []string) string {
	if len(words) == 0 {
		return ""
	}
	return "; it has " + strings.Join(words, " and ")
}

func (s *lookupScanner) space() { s.rest = strings.TrimLeft(s.rest, " \t\r\n") }

func (s *lookupScanner) take(token string) bool {
	s.space()
	rest, ok := strings.CutPrefix(s.rest, token)
	s.rest = rest
	return ok
}

func (s *lookupScanner) word() string {
	s.space()
	end := strings.IndexFunc(s.rest, func(r rune) bool { return r != '_' && (r < 'a' || r > 'z') })
	if end < 0 {
		end = len(s.rest)
	}
	word := s.rest[:end]
	s.rest = s.rest[end:]
	return word
}

// quoted reads a string in single or double quotes.
func (s *lookupScanner) quoted() (string, error) {
	s.space()
	if s.rest == "" || s.rest[0] != '\'' && s.rest[0] != '"' {
		return "", fmt.Errorf("a name in quotes is missing before %s", quoteKey(s.rest))
	}
	quote := s.rest[0]
	rest := s.rest[1:]
	var b strings.Builder
	for rest != "" && rest[0] != quote {
		if rest[0] != '\\' {
			_, size := utf8.DecodeRuneInString(rest)
			b.WriteString(rest[:size])
			rest = rest[size:]
			continue
		}
		r, _, tail, err := strconv.UnquoteChar(rest, quote)
		if err != nil && len(rest) > 1 && (rest[1] == '\'' || rest[1] == '"') { // UnquoteChar accepts only the quote in use
			r, tail, err = rune(rest[1]), rest[2:], nil
		}
		if err != nil {
			return "", fmt.Errorf("invalid escape at %s; a backslash is written \\\\", quoteKey(rest))
		}
		b.WriteRune(r)
		rest = tail
	}
	if rest == "" {
		return "", fmt.Errorf("the closing quote %c is missing", quote)
	}
	s.rest = rest[1:]
	return b.String(), nil
}
