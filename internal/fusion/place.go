package fusion

// position is a place in the text, from 1; it is 0, 0 if unknown.
type position struct{ line, column int }

// place is what a problem is about: the kind and key of the node, the path in the
// document, and the position.
type place struct {
	kind, node, path string
	position
}

// at returns the place with another position.
func (p place) at(where position) place {
	p.position = where
	return p
}

// below returns the place with a key appended to its path.
func (p place) below(key string) place {
	p.path += "." + key
	return p
}

// on returns the place of a key of the node, at the position of the innermost key
// that exists.
func (n *scopeNode) on(keys ...string) place {
	p, v := n.place, n.value
	for _, key := range keys {
		p.path = pathKey(p.path, key)
		if m := v.member(key); m != nil {
			p.position, v = m.position, m.value
		} else {
			v = nil
		}
	}
	return p
}

// problem returns the problem of a place.
func (p place) problem(message string) Problem {
	return Problem{Line: p.line, Column: p.column, Kind: p.kind, Node: p.node, Path: p.path, Message: message}
}
