package fusion

import "fmt"

// Equal reports whether two documents define the same workflow. Comments, the
// order of keys, quoting, the form of numbers, keys owned by Falcon, and empty
// instead of absent make no difference; everything else does, at any depth and on
// either side. Two nil documents are equal.
func Equal(a, b *Document) bool {
	if a == nil || b == nil {
		return a == b
	}
	same := true
	compareDocuments(a, b, func(string, *value, *value) bool {
		same = false
		return false
	})
	return same
}

// compareDocuments compares two documents with the default names that either of
// them knows.
func compareDocuments(a, b *Document, differ func(path string, a, b *value) bool) {
	compare(a.WithDefaultNames(b.names).normal, b.WithDefaultNames(a.names).normal, "", differ)
}

// Differences returns the paths at which two documents differ, such as
// actions.send_email.properties.msg, in alphabetical order. It is empty if and only
// if the documents are [Equal].
func Differences(a, b *Document) []string {
	var out []string
	compareDocuments(a, b, func(path string, _, _ *value) bool {
		out = append(out, path)
		return true
	})
	return out
}

// DroppedKeys returns the keys that were sent and that Falcon did not store: it
// silently drops keys that it does not know (wire/documents.md#top-level). Each is
// an error at its position in the sent document.
func DroppedKeys(sent, got *Document) []Problem {
	var out []Problem
	var unknown map[string]Problem
	compareDocuments(sent, got, func(path string, a, b *value) bool {
		if a == nil || b != nil {
			return true
		}
		if unknown == nil {
			unknown = map[string]Problem{}
			for _, p := range sent.Check(CheckOptions{}).Warnings() {
				unknown[p.Path] = p
			}
		}
		p, ok := unknown[path]
		if ok {
			p.Warning = false
			p.Message = "Falcon dropped this key when it saved the workflow: " + p.Message
		} else {
			p = Problem{Line: a.line, Column: a.column, Path: path, Message: fmt.Sprintf(
				"Falcon dropped %s when it saved the workflow because it does not know this key", path)}
			if n := sent.nodeAround(path); n != nil {
				p.Kind, p.Node = n.kind, n.node
			}
		}
		out = append(out, p)
		return true
	})
	return out
}

// compare walks two normal forms and calls differ for each part that differs,
// with nil for a missing part, until differ returns false.
func compare(a, b *value, path string, differ func(path string, a, b *value) bool) bool {
	if a.kind != b.kind || a.text != b.text || len(a.items) != len(b.items) {
		return differ(path, a, b)
	}
	for i := range a.items {
		if !compare(a.items[i], b.items[i], fmt.Sprintf("%s[%d]", path, i), differ) {
			return false
		}
	}
	return compareMembers(a, b, path, differ)
}

// compareMembers walks two sorted lists of members in parallel.
func compareMembers(a, b *value, path string, differ func(path string, a, b *value) bool) bool {
	i, j := 0, 0
	for i < len(a.members) || j < len(b.members) {
		var left, right *value
		var key string
		switch {
		case j == len(b.members) || i < len(a.members) && a.members[i].key < b.members[j].key:
			key, left = a.members[i].key, a.members[i].value
			i++
		case i == len(a.members) || b.members[j].key < a.members[i].key:
			key, right = b.members[j].key, b.members[j].value
			j++
		default:
			key, left, right = a.members[i].key, a.members[i].value, b.members[j].value
			i, j = i+1, j+1
		}
		at := pathKey(path, key)
		if left != nil && right != nil {
			if !compare(left, right, at, differ) {
				return false
			}
		} else if !differ(at, left, right) {
			return false
		}
	}
	return true
}
