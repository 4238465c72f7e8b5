package main

import (
	"strings"
)

// linesWith returns the lines of Terraform's output that contain the text.
func linesWith(out, text string) string {
	var found []string
	for line := range strings.Lines(out) {
		if strings.Contains(line, text) {
			found = append(found, strings.TrimSpace(line))
		}
	}
	return strings.Join(found, "\n")
}

// planned returns the part of a plan's output that shows the changes.
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

// errorBlocks returns the errors in the output of Terraform, without the warnings around them.
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

// quoted returns the environment settings of the demo, quoted for a POSIX shell.
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
