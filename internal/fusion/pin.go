package fusion

import "strings"

// unpinned is the pin of an activity or trigger without a version, and Falcon's
// default (wire/workflows.md#import).
const unpinned = "~0"

// VersionConstraint returns the pin for an activity or trigger of this version: ~
// and the major version, or ~0 without a version (wire/catalog.md#activities). A pin
// is returned unchanged.
func VersionConstraint(semanticVersion string) string {
	v := strings.TrimSpace(semanticVersion)
	if strings.HasPrefix(v, "~") {
		return v
	}
	major, _, _ := strings.Cut(strings.TrimPrefix(v, "v"), ".")
	if major == "" || strings.Trim(major, "0123456789") != "" {
		return unpinned
	}
	return "~" + major
}
