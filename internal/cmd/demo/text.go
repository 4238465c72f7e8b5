package main

import (
	"strings"
)

// linesWith are the lines of Terraform's output that hold the text.
func linesWith(out, text string) string {
	var found []string
	for line := range strings.Lines(out) {
		if strings.Contains(line, text) {
			found = append(found, strings.TrimSpace(line))
		}
	}
	return strings.Join(found, "\n")
}

// planned is the part of a plan's output that shows the changes.
func planned(out string) string {
	_, after, found := strings.Cut(out, "Terraform will perform the following actions:")
	if !found {
		if _, after, found = strings.Cut(out, "OpenTofu will perform the following actions:"); !found {
			return out
		}
	}
	changes, _, _ := strings.Cut(after, "\n─")
	return strings.Trim(changes, "\n")
}

// errorBlocks are the errors that Terraform shows, without the warnings around them.
func errorBlocks(out string) string {
	var kept []string
	inside := false
	for line := range strings.Lines(out) {
		line = strings.TrimRight(strings.TrimPrefix(strings.TrimRight(line, "\n"), "│ "), "╷╵│ ")
		switch {
		case strings.HasPrefix(line, "Error: "):
			inside = true
		case strings.HasPrefix(line, "Warning: "):
			inside = false
		}
		if inside {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n")
}

// quoted are environment settings as a POSIX shell takes them; only what the
// demo itself set.
func quoted(env []string) []string {
	var out []string
	for _, e := range env {
		key, value, _ := strings.Cut(e, "=")
		if strings.HasPrefix(key, "FALCON_") || strings.HasPrefix(key, "TF_") {
			out = append(out, key+"='"+strings.ReplaceAll(value, "'", `'\''`)+"'")
		}
	}
	return out
}
