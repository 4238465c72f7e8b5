package falcon

import (
	"net"
	"strings"
	"unicode"
)

// ValidHost reports whether the host of a URL can be a DNS name or is an IP address. Package net/url accepts placeholders such
// as "...", which would only fail when someone waits for an event.
func ValidHost(host string) bool {
	if net.ParseIP(host) != nil {
		return true
	}
	for label := range strings.SplitSeq(strings.TrimSuffix(host, "."), ".") {
		if label == "" || strings.HasPrefix(label, "-") || strings.ContainsFunc(label, notInLabel) {
			return false
		}
	}
	return true
}

// notInLabel accepts letters of all scripts, because browsers show international names that way.
func notInLabel(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && r != '-' && r != '_'
}
