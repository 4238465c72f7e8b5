package tenantcheck

import (
	"encoding/json"
	"fmt"
	"maps"
	"mime"
	"regexp"
	"slices"
	"strings"
)

const (
	// replacedKey stands for keys that are data of the tenant, such as the names of a workflow's nodes.
	replacedKey = "<key>"
	// maxBodyDepth is how deep the form of a body is shown.
	maxBodyDepth = 8
)

// cutKeys are keys whose values are shown as "object" or "list" only: what is below is a workflow or a schema of the tenant's, or is
// recorded as a fact of the catalog.
var cutKeys = words(`trigger actions conditions loops model nodes parameters input_schema output_schema input_fields output_fields labels
	activity_metadata mocks budget properties fields mock_output use_cases vendors dependencies parent nodeRegistry uniqNodeSeen`)

// form is the form of the values at one place of a body, over all responses of one kind.
type form struct {
	kinds map[string]bool // of scalars, and "object" or "list" where nothing below is shown
	id    string          // the first id at this place
	// objects is how many objects are at this place, and present how many of the objects above have this key.
	objects, present int
	keys             map[string]*form
	items            *form
}

func newForm() *form { return &form{kinds: map[string]bool{}, keys: map[string]*form{}} }

func (f *form) key(name string) *form {
	if f.keys[name] == nil {
		f.keys[name] = newForm()
	}
	return f.keys[name]
}

// add adds a value under a key.
func (f *form) add(key string, value any, depth int) {
	switch v := value.(type) {
	case map[string]any:
		if depth >= maxBodyDepth || cutKeys[key] && depth > 1 {
			f.kinds["object"] = true
			return
		}
		f.objects++
		seen := map[string]bool{}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			shown := name
			if !isTerm(name) {
				shown = replacedKey
			}
			below := f.key(shown)
			if !seen[shown] {
				seen[shown] = true
				below.present++
			}
			below.add(name, v[name], depth+1)
		}
	case []any:
		if depth >= maxBodyDepth || cutKeys[key] && depth > 1 {
			f.kinds["list"] = true
			return
		}
		if f.items == nil {
			f.items = newForm()
		}
		for _, item := range v {
			f.items.add(key, item, depth+1)
		}
	case string:
		kind := textKind(key, v)
		if kind == kindID && f.id == "" {
			f.id = v
		}
		f.kinds[kind] = true
	case json.Number:
		f.kinds["number"] = true
	case bool:
		f.kinds["bool"] = true
	case nil:
		f.kinds["null"] = true
	}
}

// Kinds of texts.
const (
	kindID   = "id"
	kindText = "text"
)

var (
	idForm   = regexp.MustCompile(`^(?i)[0-9a-f]{16,}([~_-][0-9a-f]+)*$|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	timeForm = regexp.MustCompile(`^\d{4}-\d\d-\d\d[T ]\d\d:\d\d`)
)

// textKind classifies a text by its key and form. The text itself never reaches the record.
func textKind(key, text string) string {
	switch {
	case text == "":
		return "empty text"
	case key == "trace_id":
		return "trace id"
	case idForm.MatchString(text):
		return kindID
	case timeForm.MatchString(text):
		return "time"
	case strings.Contains(text, "://"):
		return "url"
	}
	return kindText
}

// lines adds the lines "path: kind" of a form. name returns the placeholder of an id.
func (f *form) lines(into []string, path string, optional bool, name func(id string) string) []string {
	mark := ""
	if optional {
		mark = "?"
	}
	var kinds []string
	for kind := range f.kinds {
		if kind == kindID {
			kind = name(f.id)
		}
		kinds = append(kinds, kind)
	}
	if f.items != nil && f.items.isEmpty() {
		kinds = append(kinds, "empty list")
	}
	if f.objects > 0 && len(f.keys) == 0 {
		kinds = append(kinds, "empty object")
	}
	slices.Sort(kinds)
	if len(kinds) > 0 {
		into = append(into, path+mark+": "+strings.Join(kinds, ", "))
	}
	for _, key := range slices.Sorted(maps.Keys(f.keys)) {
		below := f.keys[key]
		into = below.lines(into, strings.TrimPrefix(path+"."+key, "."), below.present < f.objects, name)
	}
	if f.items != nil && !f.items.isEmpty() {
		into = f.items.lines(into, path+"[]", optional, name)
	}
	return into
}

func (f *form) isEmpty() bool { return len(f.kinds) == 0 && f.objects == 0 && f.items == nil }

// placeholders name ids. The same id has the same placeholder in the whole record.
type placeholders map[string]string

func (p placeholders) of(id string) string {
	id = strings.ToLower(id)
	if p[id] == "" {
		p[id] = fmt.Sprintf("<id %d>", len(p)+1)
	}
	return p[id]
}

// mediaTypes are those that a record names.
var mediaTypes = []string{"application/json", "application/yaml", "application/x-yaml", "text/yaml", "text/html", "text/plain", "application/octet-stream"}

// mediaType is the media type of a response that is not JSON, as a line of its body.
func mediaType(r response) string {
	given, _, err := mime.ParseMediaType(r.header.Get("Content-Type"))
	if err != nil || !slices.Contains(mediaTypes, given) {
		given = "of another type"
	}
	return "not JSON: " + given
}
