package identity

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// maxEntityPage is the largest page (wire/identity.md#entities).
const maxEntityPage = 1000

// entityConnection is a page of entities.
type entityConnection struct {
	entityPage
	key string
}

func (*entityConnection) typeName() string { return "EntityConnection" }

func (c *entityConnection) fieldValue(_ *Query, f *selectedField) any {
	switch f.name {
	case "nodes":
		return objects(c.entities, func(e **entity) graphObject { return *e })
	case "edges":
		return objects(c.entities, func(e **entity) graphObject { return &entityEdge{*e, c.key} })
	}
	return (*pageInfo)(c)
}

type entityEdge struct {
	entity *entity
	key    string
}

func (*entityEdge) typeName() string { return "EntityEdge" }

func (e *entityEdge) fieldValue(_ *Query, f *selectedField) any {
	if f.name == "cursor" {
		return encodeCursor(e.entity, e.key)
	}
	return e.entity
}

// pageInfo has no end cursor on the last page, as recorded (wire/identity.md#entities).
type pageInfo entityConnection

func (*pageInfo) typeName() string { return "PageInfo" }

func (p *pageInfo) fieldValue(_ *Query, f *selectedField) any {
	switch f.name {
	case "hasNextPage":
		return p.hasNext
	case "hasPreviousPage":
		return p.hasPrevious
	case "endCursor":
		if n := len(p.entities); n > 0 && p.hasNext {
			return encodeCursor(p.entities[n-1], p.key)
		}
	case "startCursor":
		if len(p.entities) > 0 && p.hasPrevious {
			return encodeCursor(p.entities[0], p.key)
		}
	}
	return nil
}

// encodeCursor returns a cursor in the recorded form: base64 of JSON with the unrounded sort value and the id
// (wire/identity.md#entities).
func encodeCursor(e *entity, key string) string {
	doc := []byte{'{'}
	if k := sortKeys[key]; k.value != nil {
		doc = append(appendText(doc, k.name), ':')
		switch v := k.value(e).(type) {
		case float64:
			doc = strconv.AppendFloat(doc, v, 'f', -1, 64)
		case string:
			doc = appendText(doc, v)
		}
		doc = append(doc, ',')
	}
	doc = append(appendText(append(doc, `"_id":`...), e.EntityID), '}')
	return base64.StdEncoding.EncodeToString(doc)
}

var errCursor = errors.New("invalid cursor")

// decodeCursor decodes a cursor of a query with the same sort key.
func decodeCursor(value any, key string) (*position, error) {
	if value == nil {
		return nil, nil
	}
	text, err := base64.StdEncoding.DecodeString(fmt.Sprint(value))
	if err != nil {
		return nil, errCursor
	}
	var doc map[string]any
	if json.Unmarshal(text, &doc) != nil {
		return nil, errCursor
	}
	id, isText := doc["_id"].(string)
	p := &position{id: id}
	if k := sortKeys[key]; k.value != nil {
		p.value = doc[k.name]
		switch p.value.(type) {
		case string, float64:
		default:
			return nil, errCursor
		}
	} else if len(doc) != 1 {
		return nil, errCursor
	}
	if !isText {
		return nil, errCursor
	}
	return p, nil
}

func (x *Query) entities(args map[string]any) (any, error) {
	r := entityRange{key: fmt.Sprint(args["sortKey"]), descending: args["sortOrder"] == "DESCENDING"}
	if _, known := sortKeys[r.key]; !known {
		return nil, fmt.Errorf("value %q does not exist in \"EntitySortKey\" enum", r.key)
	}
	first, last := args["first"], args["last"]
	size := first
	if r.backward = last != nil; r.backward {
		size = last
	}
	if (first == nil) == (last == nil) {
		return nil, errors.New("exactly one of `first` and `last` must be specified")
	}
	limit, isInt := size.(int64)
	if !isInt || limit < 1 || limit > maxEntityPage {
		return nil, fmt.Errorf("`first` or `last` must be between 1 and %d, not %v", maxEntityPage, size)
	}
	r.limit = int(limit)
	var err error
	if r.after, err = decodeCursor(args["after"], r.key); err != nil {
		return nil, err
	}
	if r.before, err = decodeCursor(args["before"], r.key); err != nil {
		return nil, err
	}
	if r.match, err = x.filters.build(args); err != nil {
		return nil, err
	}
	page := &entityConnection{entityPage: x.index.page(r), key: r.key}
	x.nodes += len(page.entities)
	return page, nil
}

func (x *Query) countEntities(args map[string]any) (any, error) {
	match, err := x.filters.build(args)
	if err != nil {
		return nil, err
	}
	n := 0
	for _, e := range x.index.byID {
		if match(e) {
			n++
		}
	}
	return n, nil
}

// domains returns the domains of the data sources. Clients that want all of them send none, or an empty list.
//
// GUESS Q64: the result of that is not published.
func (x *Query) domains(args map[string]any) (any, error) {
	sources, err := enumList("DataSource", args["dataSources"])
	if err != nil {
		return nil, err
	}
	if len(sources) == 0 && x.reading("Q64") == "b" {
		sources = []string{"ACTIVE_DIRECTORY"}
	}
	names := map[string]bool{}
	for _, d := range tenantDirectories {
		if len(sources) == 0 || slices.Contains(sources, d.source) {
			names[d.name] = true
		}
	}
	return slices.Sorted(maps.Keys(names)), nil
}
