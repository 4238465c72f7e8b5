package tenantcheck

import (
	"regexp"
	"slices"
	"strings"
)

const (
	// replacedValue stands for a value in a message.
	replacedValue = "<value>"
	// maxMessage is the length of a message in a record. Longer ones are cut: a stack trace or a page is not a message.
	maxMessage = 200
	// maxMessages is how many messages a record has for one kind of response.
	maxMessages = 12
)

// quotedText is text in quotes or brackets, which is a value in all known messages. An opening quote without an end makes the rest a
// value. A quote between letters is an apostrophe.
var quotedText = regexp.MustCompile(`(?s)(^|[^A-Za-z0-9])('(?:[^']|'[A-Za-z])*('|$)|"[^"]*("|$)|` + "`[^`]*(`|$)" + `|“[^”]*(”|$)|\[[^\]]*(\]|$)|\{[^}]*(\}|$)|<[^>]*(>|$))`)

// messageShape returns a message with all values replaced. It keeps the words of messageWords, and nothing else: no number, no text in
// quotes, and no word that may be a name. A tenant's own names are replaced first, in case that one consists of such words.
func messageShape(message string, names []string) string {
	for _, name := range names {
		message = replaceFold(message, name, " "+replacedMark+" ")
	}
	message = quotedText.ReplaceAllString(message, "$1 "+replacedMark+" ")
	var out []string
	for token := range strings.FieldsSeq(message) {
		shape := tokenShape(token)
		if shape == replacedValue && len(out) > 0 && out[len(out)-1] == replacedValue {
			continue
		}
		out = append(out, shape)
	}
	text := strings.Join(out, " ")
	if len(text) > maxMessage {
		text = text[:strings.LastIndex(text[:maxMessage], " ")] + " …"
	}
	return text
}

// replacedMark is a token that is not a word.
const replacedMark = "\x00"

// tokenShape returns a token if it is a known word with punctuation, and otherwise the placeholder.
func tokenShape(token string) string {
	word := strings.TrimRight(token, ".,:;!?")
	core := strings.TrimSuffix(word, "()")
	if word == "-" || word == "" {
		return "-"
	}
	if !isPlainCase(core) {
		return replacedValue
	}
	if !messageWords.has(core) {
		for _, part := range strings.Split(core, "_") {
			if !messageWords.has(part) {
				return replacedValue
			}
		}
	}
	return token
}

// isPlainCase reports whether a word is in lowercase, capitalized, or an abbreviation: other mixtures could carry a text of their own.
func isPlainCase(word string) bool {
	if word == "" || strings.Trim(word, "-_/") == "" {
		return false
	}
	rest := word[1:]
	return rest == strings.ToLower(rest) || word == strings.ToUpper(word) && len(word) <= 5
}

// replaceFold replaces all occurrences of a text in any case.
func replaceFold(text, old, with string) string {
	return regexp.MustCompile(`(?i)`+regexp.QuoteMeta(old)).ReplaceAllLiteralString(text, with)
}

// messageShapes returns the messages anywhere in a body, with values replaced, sorted.
func messageShapes(into []string, body any, names []string) []string {
	eachText(body, func(key, text string) {
		if key == "message" && text != "" {
			into = append(into, messageShape(text, names))
		}
	})
	slices.Sort(into)
	into = slices.Compact(into)
	return into[:min(len(into), maxMessages)]
}

// eachText calls f with every string of a body and the key that it is under.
func eachText(value any, f func(key, text string)) {
	var walk func(key string, value any)
	walk = func(key string, value any) {
		switch v := value.(type) {
		case map[string]any:
			for k, item := range v {
				walk(k, item)
			}
		case []any:
			for _, item := range v {
				walk(key, item)
			}
		case string:
			f(key, v)
		}
	}
	walk("", value)
}

// ownKeys are keys of values that belong to the tenant in every response.
var ownKeys = []string{
	"name", "description", "hostname", "primaryDisplayName", "secondaryDisplayName", "samAccountName", "emailAddresses", "domain", "domains",
	"created_by", "updated_by", "url", "webhook_url",
}

// minName is the length of the shortest name that is looked for in messages. Shorter ones are parts of words.
const minName = 4

// tenantNames are the names of a tenant's own objects in the responses, the longest first. Those of the catalog and of the scopes are
// CrowdStrike's.
func tenantNames(responses []response) []string {
	set := map[string]bool{}
	for _, r := range responses {
		if slices.ContainsFunc(catalogPaths, func(path string) bool { return strings.HasPrefix(apiPath(r.path), path) }) {
			continue
		}
		eachText(r.body, func(key, text string) {
			if len(text) >= minName && slices.Contains(ownKeys, key) {
				set[text] = true
			}
		})
	}
	names := make([]string, 0, len(set))
	for name := range set {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	return names
}

// catalogPaths are those of responses with texts of CrowdStrike.
var catalogPaths = []string{
	"/workflows/combined/activities", "/workflows/combined/triggers", "/workflows/combined/activity-content", "/api-clients/entities/accessible-scopes",
}
