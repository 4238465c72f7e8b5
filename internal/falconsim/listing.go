package falconsim

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/fql"
)

// filtered returns the items that the request's filter matches. fields are the properties that a filter can name.
func filtered[T any](c *apiRequest, list []T, fields map[string]fql.Matcher[T]) ([]T, *reply) {
	kept, err := fql.Select(c.get("filter"), list, fields)
	if err != nil {
		return nil, refuse(http.StatusBadRequest, "%s", err.Error())
	}
	return kept, nil
}

// sorted sorts items by the request's sort, such as name.desc,last_modified_timestamp.asc. Without a direction it is
// descending. Items that the sort does not distinguish keep their order.
func sorted[T any](c *apiRequest, list []T, fields map[string]func(a, b T) int) *reply {
	text := c.get("sort")
	if text == "" {
		return nil
	}
	var compares []func(a, b T) int
	for part := range strings.SplitSeq(text, ",") {
		field, direction, _ := strings.Cut(part, ".")
		compare, known := fields[field]
		if !known || part == field+"." || !slices.Contains([]string{"", "asc", "desc"}, direction) {
			return refuse(http.StatusBadRequest, "invalid sort %q", text)
		}
		if direction != "asc" {
			ascending := compare
			compare = func(a, b T) int { return ascending(b, a) }
		}
		compares = append(compares, compare)
	}
	slices.SortStableFunc(list, func(a, b T) int {
		for _, compare := range compares {
			if n := compare(a, b); n != 0 {
				return n
			}
		}
		return 0
	})
	return nil
}

// sortByText sorts items by a text, in ascending order unless the direction is desc.
func sortByText[T any](list []T, text func(T) string, direction string) {
	slices.SortStableFunc(list, func(a, b T) int {
		if direction == "desc" {
			a, b = b, a
		}
		return strings.Compare(text(a), text(b))
	})
}

// copies returns copies of objects.
func copies[T any](objects []*T) []T {
	list := make([]T, 0, len(objects))
	for _, object := range objects {
		list = append(list, *object)
	}
	return list
}

// by returns a comparison of items by a value.
func by[T any, V cmp.Ordered](value func(T) V) func(a, b T) int {
	return func(a, b T) int { return cmp.Compare(value(a), value(b)) }
}

// workflowWindow reads limit and offset of a workflow listing.
func (s *Server) workflowWindow(c *apiRequest) (limit, offset int, refusal *reply) {
	// GUESS Q44: the size of a page without a limit.
	fallback := 100
	if s.reading("Q44") == "b" {
		fallback = 10
	}
	return c.window(fallback, 500, maxOffset)
}

// workflowPage responds with the page of a list that the request asks for.
func workflowPage[T any](s *Server, c *apiRequest, list []T, show func(T) any) reply {
	limit, offset, refusal := s.workflowWindow(c)
	if refusal != nil {
		return *refusal
	}
	items := []any{}
	for _, item := range page(list, limit, offset) {
		items = append(items, show(item))
	}
	return succeeded(items).paged(limit, offset, len(list))
}
