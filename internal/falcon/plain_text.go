package falcon

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of texts that Falcon, or whatever responds in its place, wrote.
const (
	maxMessage    = 1000 // bytes of one message
	maxErrorText  = 4000 // bytes of a whole error
	maxHeaderText = 200  // bytes of a header's value
	maxMessages   = 10   // messages in an error's text
)

// plainText makes a text fit to be shown in a terminal, whoever wrote it: control characters and other invisible ones,
// which can move the cursor, recolor the screen or reorder the letters, are escaped, and it is cut at limit bytes. Line
// breaks and tabs stay.
func plainText(text string, limit int) string {
	var out strings.Builder
	for i, r := range text {
		piece := string(r)
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(text[i:], piece):
			piece = fmt.Sprintf(`\x%02x`, text[i])
		case r == '\n' || r == '\t':
		case unicode.IsControl(r):
			piece = fmt.Sprintf(`\x%02x`, r)
		case unicode.In(r, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp):
			piece = fmt.Sprintf(`\u%04x`, r)
		}
		if out.Len()+len(piece) > limit {
			out.WriteString(" … (shortened)")
			break
		}
		out.WriteString(piece)
	}
	return out.String()
}

// oneLine is plainText with line breaks escaped, too.
func oneLine(text string, limit int) string {
	return strings.NewReplacer("\n", `\n`, "\t", `\t`).Replace(plainText(text, limit))
}
