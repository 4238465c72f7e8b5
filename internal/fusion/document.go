package fusion

// Document is one workflow document that knows where each part stood in the
// text. It never changes and may be used by several goroutines.
type Document struct {
	root   *value
	normal *value
	// names are the default names of actions that are known, by the path of
	// the action.
	names map[string]DefaultName
}

func newDocument(root *value) *Document {
	names := defaultNames(root)
	return &Document{root: root, normal: normalForm(root, names), names: names}
}

// Name is the workflow's name, empty where the document has none.
func (d *Document) Name() string { return d.root.get("name").str() }

// Description is the workflow's description, empty where the document has none.
func (d *Document) Description() string { return d.root.get("description").str() }

// With gives the document with another name and description; nil leaves one as
// it is.
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
