package falcon

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	// maxRedacted is how many bytes of a text are processed: many times more than are ever displayed.
	maxRedacted = 64 << 10
	// keptMessages is how many messages of a response are kept.
	keptMessages = 100
)

// redacted replaces a secret in a text.
const redacted = "(redacted)"

// secretList holds the secrets that one request sends. The transport adds those that the caller does not know, such as the
// access token.
type secretList struct {
	mu     sync.Mutex
	values []string
}

func (l *secretList) add(secrets ...string) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range secrets {
		if s != "" && !slices.Contains(l.values, s) {
			l.values = append(l.values, s)
		}
	}
}

func (l *secretList) all() []string {
	if l == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.values)
}

// secretInText finds secrets by the names that Falcon uses for them, for secrets that are not known here. A quoted value
// ends at the closing quote, any other one at the next space or separator.
var secretInText = regexp.MustCompile(`(?i)((?:client_?secret|access_?token|refresh_?token|hmac[a-z_]*(?:key|secret)|\\?["']secret)` +
	`(?:\\?["'])?\s*[:=]\s*)(?:\\"(?:\\\\\\"|\\\\|\\[^"\\]|[^"\\])*(?:\\")?|"(?:[^"\\]|\\.)*"?|'[^']*'?|[^\s"',&;}\]]+)` +
	`|(\b(?:bearer|basic)\s+)[a-z0-9._~+/=-]{20,}` +
	`|(://)[^\s/?#@"']*@`)

// idInText finds the client id in Falcon's message about one that it does not know (wire/authentication.md#token).
var idInText = regexp.MustCompile(`(clientID=)([^\s"',;}\]]*[^\s"',;}\].])`)

// redact removes secrets from a text that Falcon, a proxy or the network wrote. Known secrets go first, in every form in
// which they can be part of a text: a pattern applied first could remove a part of a secret and leave the rest.
func redact(text string, secrets []string) string {
	if text == "" {
		return ""
	}
	text = text[:min(len(text), maxRedacted)]
	if replacer := replacerOf(secrets); replacer != nil {
		text = replacer.Replace(text)
	}
	text = idInText.ReplaceAllStringFunc(text, func(found string) string {
		if m := idInText.FindStringSubmatch(found); !HasClientIDForm(m[2]) {
			return m[1] + redacted
		}
		return found
	})
	return secretInText.ReplaceAllStringFunc(text, func(found string) string {
		m := secretInText.FindStringSubmatch(found)
		if m[3] != "" {
			return m[3] + redacted + "@"
		}
		return cmp.Or(m[1], m[2]) + redacted
	})
}

// replacerOf replaces the secrets in all their forms; nil if there are none.
func replacerOf(secrets []string) *strings.Replacer {
	var forms []string
	for _, s := range secrets {
		if s != "" {
			forms = append(forms, formsOf(s)...)
		}
	}
	// At each place the first matching form is replaced, so the longest come first.
	slices.SortStableFunc(forms, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	pairs := make([]string, 0, 2*len(forms))
	for _, form := range slices.Compact(forms) {
		pairs = append(pairs, form, redacted)
	}
	if len(pairs) == 0 {
		return nil
	}
	return strings.NewReplacer(pairs...)
}

// formsOf lists the forms of a secret in a text: as is, escaped for a URL, JSON, Go or HTML, and as base64.
func formsOf(secret string) []string {
	quoted, ascii := strconv.Quote(secret), strconv.QuoteToASCII(secret)
	forms := []string{
		secret, strings.TrimSpace(secret),
		url.QueryEscape(secret), url.PathEscape(secret), strings.ReplaceAll(url.QueryEscape(secret), "+", "%20"),
		quoted[1 : len(quoted)-1], ascii[1 : len(ascii)-1],
		html.EscapeString(secret), strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(secret),
		strings.ReplaceAll(secret, "'", "''"), strings.ReplaceAll(secret, "'", `\'`),
	}
	for _, escapeHTML := range []bool{false, true} {
		once := jsonEscaped(secret, escapeHTML)
		forms = append(forms, once, strings.ReplaceAll(once, "/", `\/`), jsonEscaped(once, escapeHTML))
		for _, format := range []string{`\u%04x`, `\u%04X`} {
			forms = append(forms, asciiEscaped(once, format))
		}
	}
	for _, form := range forms {
		forms = append(forms, lowerPercent.ReplaceAllStringFunc(form, strings.ToLower))
	}
	const shortest = 6 // base64 of a shorter text may be part of other words
	if len(secret) >= shortest {
		forms = append(forms, base64.StdEncoding.EncodeToString([]byte(secret)), base64.RawURLEncoding.EncodeToString([]byte(secret)))
	}
	return slices.DeleteFunc(forms, func(form string) bool { return form == "" })
}

var lowerPercent = regexp.MustCompile(`%[0-9A-F]{2}`)

// jsonEscaped is a text as it appears between the quotes of a JSON string.
func jsonEscaped(text string, escapeHTML bool) string {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(escapeHTML)
	if enc.Encode(text) != nil {
		return "" // encoding a string does not fail
	}
	return strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(out.String()), `"`), `"`)
}

// asciiEscaped is a JSON text with all non-ASCII characters escaped, as some encoders write it.
func asciiEscaped(text, format string) string {
	var out strings.Builder
	for _, r := range text {
		if r < utf8.RuneSelf {
			out.WriteRune(r)
			continue
		}
		for _, unit := range utf16.AppendRune(nil, r) {
			fmt.Fprintf(&out, format, unit)
		}
	}
	return out.String()
}

// redactMessages removes secrets from Falcon's messages, in case it echoes one, and makes them safe to display.
func redactMessages(messages []Message, secrets []string) []Message {
	messages = messages[:min(len(messages), keptMessages)]
	out := make([]Message, len(messages))
	for i, m := range messages {
		m.Message = plainText(redact(m.Message, secrets), maxMessage)
		m.ID = plainText(redact(m.ID, secrets), maxHeaderText)
		out[i] = m
	}
	return out
}

// Limits of texts that Falcon, or a server in its place, wrote.
const (
	maxMessage    = 1000 // bytes of one message
	maxErrorText  = 4000 // bytes of a whole error
	maxHeaderText = 200  // bytes of a header value
	maxMessages   = 10   // messages in the text of an error
)

// plainText makes a text safe to display in a terminal: it escapes control characters and other invisible ones, which can
// move the cursor, recolor the screen or reorder the letters, and cuts the text at limit bytes. Line breaks and tabs stay.
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

// oneLine is plainText that escapes line breaks as well.
func oneLine(text string, limit int) string {
	return strings.NewReplacer("\n", `\n`, "\t", `\t`).Replace(plainText(text, limit))
}
