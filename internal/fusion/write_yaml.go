package fusion

import (
	"regexp"
	"slices"
	"strings"
)

// plainText matches strings that need no quotes in any version of YAML, except
// for plainWords.
var plainText = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_./ -]*$`)

// plainWords are the words that are not strings in YAML 1.1 or 1.2.
var plainWords = []string{"null", "true", "false", "yes", "no", "on", "off", "y", "n"}

// longestPlainKey bounds keys that are written on one line with their colon: YAML
// allows 1024 characters.
const longestPlainKey = 200

func writeYAML(b *strings.Builder, v *value, indent int) {
	pad := strings.Repeat("  ", indent)
	switch {
	case v.kind == kindMap && len(v.members) > 0:
		for _, m := range v.members {
			b.WriteString(pad)
			if len(m.key) > longestPlainKey {
				b.WriteString("? ")
				writeText(b, m.key)
				b.WriteString("\n" + pad)
			} else {
				writeText(b, m.key)
			}
			b.WriteByte(':')
			writeBelow(b, m.value, indent)
		}
	case v.kind == kindList && len(v.items) > 0:
		for _, item := range v.items {
			b.WriteString(pad)
			b.WriteByte('-')
			writeBelow(b, item, indent)
		}
	default:
		b.WriteString(pad)
		writeLeaf(b, v)
		b.WriteByte('\n')
	}
}

// writeBelow writes a value after its key or dash, on the same line or below.
func writeBelow(b *strings.Builder, v *value, indent int) {
	if v.absent() || v.kind != kindMap && v.kind != kindList {
		b.WriteByte(' ')
		writeLeaf(b, v)
		b.WriteByte('\n')
		return
	}
	b.WriteByte('\n')
	writeYAML(b, v, indent+1)
}

func writeLeaf(b *strings.Builder, v *value) {
	switch v.kind {
	case kindString:
		writeText(b, v.text)
	default:
		appendJSON(b, v)
	}
}

func writeText(b *strings.Builder, s string) {
	if plainText.MatchString(s) && !strings.HasSuffix(s, " ") && !slices.Contains(plainWords, strings.ToLower(s)) {
		b.WriteString(s)
		return
	}
	writeQuoted(b, s)
}
