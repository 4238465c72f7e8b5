package fusion

// Document is a parsed workflow document. It is immutable and safe for
// concurrent use.
type Document struct {
	root   *value
	normal *value
	// names are the known default names of actions, by the path of the action.
	names map[string]DefaultName
}

func newDocument(root *value) *Document {
	names := defaultNames(root)
	return &Document{root: root, normal: normalForm(root, names), names: names}
}

// Name returns the workflow's name, or "" if the document has none.
func (d *Document) Name() string { return d.root.get("name").str() }

// Description returns the workflow's description, or "" if the document has none.
func (d *Document) Description() string { return d.root.get("description").str() }

// With returns the document with another name and description; nil keeps the
// current value.
func (d *Document) With(name, description *string) *Document {
	root := d.root
	if name != nil {
		root = root.with("name", &value{kind: kindString, text: *name}, 0)
	}
	if description != nil {
		root = root.with("description", &value{kind: kindString, text: *description}, 1)
	}
	if root == d.root {
		return d
	}
	return &Document{root: root, normal: normalForm(root, d.names), names: d.names}
}
