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
	ids   map[string]bool // at this place
	// objects is how many objects are at this place, and present how many of the objects above have this key.
	objects, present int
	keys             map[string]*form
	items            *form
}

func newForm() *form {
	return &form{kinds: map[string]bool{}, ids: map[string]bool{}, keys: map[string]*form{}}
}

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
			if !isKey(name) {
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
		if kind == kindID {
			f.ids[strings.ToLower(v)] = true
		}
		f.kinds[kind] = true
	case json.Number:
		f.kinds["number"] = true
	case bool:
		f.kinds["bool"] = true
	case cutValue:
		f.kinds["object"] = true
	case nil:
		f.kinds["null"] = true
	}
}

// cutValue is an object whose contents are not shown.
type cutValue struct{}

// Kinds of texts.
const (
	kindID   = "id"
	kindText = "text"
)

var (
	secretName = regexp.MustCompile(`(?i)secret|password|token`)
	idForm     = regexp.MustCompile(`^(?i)[0-9a-f]{16,}([~_-][0-9a-f]+)*$|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	timeForm   = regexp.MustCompile(`^\d{4}-\d\d-\d\d[T ]\d\d:\d\d`)
)

// textKind classifies a text by its key and form. The text itself never reaches the record.
func textKind(key, text string) string {
	switch {
	case key == "message":
		return kindText // its text is among the messages
	case secretName.MatchString(key):
		return "secret"
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

// lines adds the lines "path: kind" of a form. name returns the placeholder of the ids at one place.
func (f *form) lines(into []string, path string, optional bool, name func(ids map[string]bool) string) []string {
	mark := ""
	if optional {
		mark = "?"
	}
	var kinds []string
	for kind := range f.kinds {
		if kind == kindID {
			kind = name(f.ids)
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
		into = append(into, strings.TrimPrefix(path+mark+": ", ": ")+strings.Join(kinds, ", "))
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

// eachIDs calls f with the ids at each place of a form, in the order of its lines.
func (f *form) eachIDs(do func(ids map[string]bool)) {
	if len(f.ids) > 0 {
		do(f.ids)
	}
	for _, key := range slices.Sorted(maps.Keys(f.keys)) {
		f.keys[key].eachIDs(do)
	}
	if f.items != nil {
		f.items.eachIDs(do)
	}
}

// placeholders name ids. Places that share an id have the same placeholder, so the same id has the same one in the whole record, and
// how many ids there are and in which order does not show.
type placeholders struct {
	group map[string]int // of an id
	named map[int]string // of a group
	join  map[int]int    // groups that turned out to be one
}

func newPlaceholders(forms []*form) *placeholders {
	p := &placeholders{group: map[string]int{}, named: map[int]string{}, join: map[int]int{}}
	next := 0
	for _, f := range forms {
		f.eachIDs(func(ids map[string]bool) {
			next++
			for id := range ids {
				if known, ok := p.group[id]; ok {
					p.join[p.root(known)] = p.root(next)
				}
				p.group[id] = next
			}
		})
	}
	return p
}

func (p *placeholders) root(group int) int {
	for {
		above, joined := p.join[group]
		if !joined || above == group {
			return group
		}
		group = above
	}
}

// of returns the placeholder of the ids at one place. It is called in the order of the record.
func (p *placeholders) of(ids map[string]bool) string {
	for id := range ids {
		group := p.root(p.group[id])
		if p.named[group] == "" {
			p.named[group] = fmt.Sprintf("<id %d>", len(p.named)+1)
		}
		return p.named[group]
	}
	return kindID
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

const graphqlPath = "/identity-protection/combined/graphql/v1"

// documentKeys are keys of a workflow or an execution that depend on what a person drew, and say nothing about the API.
var documentKeys = words(`description summary trigger actions conditions loops labels type use_cases vendors output_fields parameters
	disconnected_nodes multi_instance provision_on_install budget activities flows output_data definition_description
	ui_status output errors children completed_timestamp`)

// trimmed is a body without the parts that are the tenant's alone: configurations of other apps than CrowdStrike Webhook, whose form
// other vendors decide, the documents of workflows, and the data of queries.
func trimmed(r response, webhooks map[string]bool) any {
	body, ok := r.body.(map[string]any)
	if !ok {
		return r.body
	}
	body = maps.Clone(body)
	switch apiPath(r.path) {
	case configsPath:
		body["resources"] = rowsWhere(body["resources"], func(row map[string]any) map[string]any {
			if webhooks[text(row, "config_id")] {
				return row
			}
			return nil
		})
	case workflowsPath, executionsPath:
		body["resources"] = rowsWhere(body["resources"], func(row map[string]any) map[string]any {
			row = maps.Clone(row)
			maps.DeleteFunc(row, func(key string, _ any) bool { return documentKeys[key] })
			return row
		})
	case scoresPath: // the end of an empty list says nothing about that of others (Q51)
		if meta, _ := body["meta"].(map[string]any); len(r.resources()) == 0 && meta != nil {
			body["meta"] = withoutKey(meta, "pagination")
		}
	case graphqlPath:
		if _, shown := body["data"].(map[string]any); shown {
			body["data"] = cutValue{}
		}
	}
	return body
}

// rowsWhere returns the rows that a function returns for those of a list. Other values are returned as they are.
func rowsWhere(rows any, keep func(row map[string]any) map[string]any) any {
	list, ok := rows.([]any)
	if !ok {
		return rows
	}
	kept := []any{}
	for _, item := range list {
		row, isObject := item.(map[string]any)
		if !isObject {
			kept = append(kept, item)
		} else if row = keep(row); row != nil {
			kept = append(kept, row)
		}
	}
	return kept
}

func withoutKey(object map[string]any, key string) map[string]any {
	object = maps.Clone(object)
	delete(object, key)
	return object
}
