package definition

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// valueReference is a reference to a value.
type valueReference struct {
	level    int    // index of the level that the node is on
	node     string // key of the node; "" for the document
	key      string // property of the node
	property string // the property as Falcon's messages name it
	path     string // such as Trigger.Detection.Name
	// inText says that it is a bare ${path} inside a longer text.
	inText bool
}

// root returns the first segment of the path, and rest what follows it.
func (r valueReference) root() string { return strings.SplitN(r.path, ".", 2)[0] }

func (r valueReference) rest() string {
	_, rest, _ := strings.Cut(r.path, ".")
	return rest
}

// citedText is a text that can have references.
type citedText struct {
	valueReference // without a path
	text           string
	cel            []string // the CEL expressions in it
}

var (
	barePath   = regexp.MustCompile(`^\s*([A-Za-z_][\w.#-]*)\s*$`)
	dataPath   = regexp.MustCompile(`data\[\s*\??\s*(?:'([^']*)'|"([^"]*)")\s*\]`)
	fqlPaths   = regexp.MustCompile(`(?:^|[+,(])\s*([A-Za-z_][\w.#-]*):`)
	fqlQuoted  = regexp.MustCompile(`'(?:[^'\\]|\\.)*'`)
	afterBrace = regexp.MustCompile(`^\[\d+\]`)
)

// findReferences collects all references of the document, including those in loops.
func (c *releaseCheck) findReferences() {
	for i, level := range c.levels {
		for _, key := range level.sortedNodes("") {
			node := level.nodes[key]
			at := valueReference{level: i, node: key}
			switch node.kind {
			case "actions":
				c.referencesOfAction(at, node.body)
			case "conditions":
				c.addCEL(at, "cel_expression", node.body["cel_expression"])
				c.addFQL(at, "expression", node.body["expression"])
			case "loops":
				repeat := Object(node.body, "for")
				c.addCEL(at, "cel_condition", repeat["cel_condition"])
				c.addFQL(at, "condition", repeat["condition"])
				for _, input := range Strings(repeat["input"]) {
					c.addPath(at, "input", input, false)
				}
			}
		}
	}
	for _, path := range Strings(c.doc["output_fields"]) {
		c.addPath(valueReference{}, "output_fields", path, false)
	}
}

func (c *releaseCheck) referencesOfAction(at valueReference, action Document) {
	properties := Object(action, "properties")
	id := Text(action, "id")
	known, _ := c.tenant.Activity(id)
	for _, key := range slices.Sorted(maps.Keys(properties)) {
		at.key, at.property = key, key
		if i := slices.IndexFunc(known.properties, func(p property) bool { return p.Key == key }); i >= 0 {
			at.property = known.properties[i].title
		}
		eachText(properties[key], func(text string) { c.addText(at, text) })
	}
}

// eachText calls f for every text in a value.
func eachText(value any, f func(string)) {
	switch v := value.(type) {
	case string:
		f(v)
	case []any:
		for _, item := range v {
			eachText(item, f)
		}
	case Document:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			eachText(v[key], f)
		}
	}
}

// addText collects the expressions ${…} of a text.
func (c *releaseCheck) addText(at valueReference, text string) {
	cited := citedText{valueReference: at, text: text}
	for rest := text; ; {
		start := strings.Index(rest, "${")
		if start < 0 {
			break
		}
		length, closed := expressionLength(rest[start+2:])
		if !closed {
			break
		}
		expression := rest[start+2 : start+2+length]
		rest = rest[start+2+length+1:]
		if m := barePath.FindStringSubmatch(expression); m != nil {
			c.addPath(at, at.key, m[1], strings.TrimSpace(text) != "${"+expression+"}")
			continue
		}
		cited.cel = append(cited.cel, expression)
		c.addData(at, expression)
	}
	c.texts = append(c.texts, cited)
}

// expressionLength returns the length of an expression up to its closing brace. Quotes and braces inside the expression are
// skipped.
func expressionLength(text string) (int, bool) {
	depth, quote := 0, byte(0)
	for i := 0; i < len(text); i++ {
		switch b := text[i]; {
		case quote != 0 && b == '\\':
			i++
		case quote != 0:
			if b == quote {
				quote = 0
			}
		case b == '\'' || b == '"':
			quote = b
		case b == '{':
			depth++
		case b == '}' && depth == 0:
			return i, true
		case b == '}':
			depth--
		}
	}
	return 0, false
}

func (c *releaseCheck) addCEL(at valueReference, key string, value any) {
	expression, ok := value.(string)
	if !ok {
		return
	}
	at.key, at.property = key, key
	c.addData(at, expression)
	c.texts = append(c.texts, citedText{valueReference: at, cel: []string{expression}})
}

func (c *releaseCheck) addData(at valueReference, expression string) {
	for _, m := range dataPath.FindAllStringSubmatch(expression, -1) {
		c.addPath(at, at.key, m[1]+m[2], false)
	}
}

func (c *releaseCheck) addFQL(at valueReference, key string, value any) {
	expression, _ := value.(string)
	for _, m := range fqlPaths.FindAllStringSubmatch(fqlQuoted.ReplaceAllString(expression, "''"), -1) {
		c.addPath(at, key, m[1], false)
	}
}

func (c *releaseCheck) addPath(at valueReference, key, path string, inText bool) {
	at.key, at.path, at.inText = key, path, inText
	at.property = cmp.Or(at.property, key)
	if !slices.Contains(c.refs, at) {
		c.refs = append(c.refs, at)
	}
}
