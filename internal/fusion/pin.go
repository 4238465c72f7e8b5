package fusion

import "strings"

// unpinned is the pin of an activity or trigger without a version, and what
// Falcon takes where none is written (wire/workflows.md#import).
const unpinned = "~0"

// VersionConstraint is the pin that a document writes for an activity or trigger
// of this version: ~ and the major number, ~0 where there is none
// (wire/catalog.md#activities). A text that is a pin already stays as it is.
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
