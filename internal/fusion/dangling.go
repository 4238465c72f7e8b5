package fusion

// DanglingEdges returns the node keys that next, else or else_if refer to and that no node of the document has. Falcon
// stores no workflow like that without a validation error, so the text of an export that has one is incomplete.
func (d *Document) DanglingEdges() []string {
	scopes := d.scopes()
	known := map[string]bool{}
	for _, s := range scopes {
		for _, n := range s.nodes {
			known[n.node] = true
			known[n.value.get("name").str()] = true // else_if may contain the name of a condition
		}
	}
	var out []string
	add := func(v *value) {
		for _, e := range edgesOf(v, "") {
			if !known[e.to] {
				known[e.to] = true
				out = append(out, e.to)
			}
		}
	}
	for _, s := range scopes {
		add(s.value.get("trigger"))
		for _, n := range s.nodes {
			add(n.value)
		}
	}
	return out
}
