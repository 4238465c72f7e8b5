package falconsim

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/definition"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/fql"
)

// visibleVersions returns the versions of a workflow that readers see, oldest first.
func (s *Server) visibleVersions(w *workflow) []*workflowVersion {
	now := s.now()
	if !w.deleted.IsZero() && !s.isStillShown(w, now) {
		return nil
	}
	var list []*workflowVersion
	for _, v := range w.versions {
		if !v.shown.After(now) {
			list = append(list, v)
		}
	}
	return list
}

// readable returns the versions that readers see of the workflow with this id.
func (s *Server) readable(id string) []*workflowVersion {
	if w, exists := s.workflows[id]; exists {
		return s.visibleVersions(w)
	}
	for _, w := range s.deletedWorkflows {
		if w.id == id {
			return s.visibleVersions(w)
		}
	}
	return nil
}

// workflowRows returns the rows of the listing before any filter, the newest workflow first. Call it with s.mu held.
func (s *Server) workflowRows() []*workflowVersion {
	workflows := append(slices.Collect(maps.Values(s.workflows)), s.deletedWorkflows...)
	slices.SortFunc(workflows, func(a, b *workflow) int { return cmp.Compare(b.serial, a.serial) })
	var rows []*workflowVersion
	for _, w := range workflows {
		rows = append(rows, s.rowsOf(w)...)
	}
	return rows
}

func (s *Server) rowsOf(w *workflow) []*workflowVersion {
	rows := s.visibleVersions(w)
	// GUESS Q28: which versions of a workflow are listed.
	switch s.reading("Q28") {
	case "b":
		rows = rows[max(0, len(rows)-1):]
	case "c":
		rows = rows[max(0, len(rows)-2):]
	}
	// GUESS Q29: the order of a workflow's rows that the sort does not decide.
	switch s.reading("Q29") {
	case "a":
		slices.Reverse(rows)
	case "c":
		slices.SortFunc(rows, by(s.scrambled))
	}
	return rows
}

// scrambled is a sort key that differs from request to request.
func (s *Server) scrambled(v *workflowVersion) uint64 {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d/%d/%s/%d", s.opts.Seed, s.responses, v.id, v.number))
	return binary.BigEndian.Uint64(sum[:])
}

// workflowEntity is a version in the listing (wire/workflows.md#listing).
func (s *Server) workflowEntity(v *workflowVersion) any {
	entity := map[string]any{"labels": nil, "use_cases": nil, "vendors": nil, "output_fields": nil, "disconnected_nodes": nil}
	maps.Copy(entity, v.doc)
	entity["id"], entity["version"], entity["enabled"] = v.id, v.number, v.enabled
	entity["has_validation_errors"], entity["last_modified_timestamp"] = v.invalid, v.modified
	// GUESS Q43: the form of notes that someone drew in the console.
	if notes, ok := v.doc["disconnected_nodes"].([]any); s.reading("Q43") == "b" {
		objects := []any{}
		for i, note := range notes {
			objects = append(objects, map[string]any{"id": fmt.Sprintf("note_%d", i+1), "text": note})
		}
		if !ok {
			objects = append(objects, map[string]any{"id": "note_1", "text": "drawn in the console"})
		}
		entity["disconnected_nodes"] = objects
	}
	return entity
}

// workflowFields are the properties that a filter of workflows can name. The validation errors and the trigger's name are not
// among them (wire/workflows.md#listing).
func (s *Server) workflowFields() map[string]fql.Matcher[*workflowVersion] {
	name := func(v *workflowVersion) string { return v.text("name") }
	fields := map[string]fql.Matcher[*workflowVersion]{
		"id":                      fql.Is(func(v *workflowVersion) string { return v.id }),
		"enabled":                 fql.IsFlag(func(v *workflowVersion) bool { return v.enabled }),
		"version":                 fql.IsNumber(func(v *workflowVersion) int { return v.number }),
		"trigger.type":            fql.Is(func(v *workflowVersion) string { return v.triggerText("type") }),
		"activity_id":             fql.IsAnyOf(func(v *workflowVersion) []string { return definition.ActivityIDs(v.doc) }),
		"last_modified_timestamp": fql.IsTime(s.now, func(v *workflowVersion) string { return v.modified }),
		"mock_activities":         fql.IsFlag(func(*workflowVersion) bool { return false }), // mocks are not simulated
		"name":                    fql.IsAnalyzed(name),
		"description":             fql.IsAnalyzed(func(v *workflowVersion) string { return v.text("description") }),
	}
	// GUESS Q32: whether the tenant has name.raw.
	if s.reading("Q32") == "a" {
		fields["name.raw"] = fql.IsRaw(s.rawOptions, name)
	}
	return fields
}

// rawOptions are the behaviors of name.raw that are open questions.
//
// GUESS Q70: whether name.raw distinguishes upper and lower case. GUESS Q33: whether a backslash escapes the next character.
func (s *Server) rawOptions() fql.RawOptions {
	return fql.RawOptions{IgnoreCase: s.reading("Q70") == "b", NoEscapes: s.reading("Q33") == "b"}
}

// workflowSorts are the properties that workflows can be sorted by. Those with a dot are not among them.
var workflowSorts = map[string]func(a, b *workflowVersion) int{
	"id":      by(func(v *workflowVersion) string { return v.id }),
	"name":    by(func(v *workflowVersion) string { return v.text("name") }),
	"version": by(func(v *workflowVersion) int { return v.number }),
	"enabled": func(a, b *workflowVersion) int {
		return strings.Compare(fmt.Sprint(a.enabled), fmt.Sprint(b.enabled)) // false before true
	},
	"last_modified_timestamp": by(func(v *workflowVersion) string { return v.modified }),
}

// listWorkflows lists rows, of which a workflow has several (wire/workflows.md#listing). The filter applies to rows: it finds a
// version with a former name.
func (s *Server) listWorkflows(c *apiRequest) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	rows, refusal := filtered(c, s.workflowRows(), s.workflowFields())
	if refusal == nil {
		refusal = sorted(c, rows, workflowSorts)
	}
	if refusal != nil {
		return *refusal
	}
	limit, offset, refusal := s.workflowWindow(c)
	if refusal != nil {
		return *refusal
	}
	ids := []string{} // in the order of their first rows
	seen := map[string]bool{}
	for _, row := range rows {
		if !seen[row.id] {
			seen[row.id], ids = true, append(ids, row.id)
		}
	}
	items := []any{}
	for _, row := range s.pageOfRows(rows, ids, limit, offset) {
		items = append(items, s.workflowEntity(row))
	}
	response := succeeded(items).paged(limit, offset, len(ids))
	// GUESS Q31: what total counts.
	switch s.reading("Q31") {
	case "b":
		response.paging["total"] = len(rows)
	case "c":
		delete(response.paging, "total")
	}
	return response
}

// pageOfRows returns the rows that limit and offset select.
func (s *Server) pageOfRows(rows []*workflowVersion, ids []string, limit, offset int) []*workflowVersion {
	// GUESS Q30: whether limit and offset count workflows, in which case a page can have more rows than the limit.
	if s.reading("Q30") == "b" {
		return page(rows, limit, offset)
	}
	chosen := map[string]bool{}
	for _, id := range page(ids, limit, offset) {
		chosen[id] = true
	}
	return slices.DeleteFunc(slices.Clone(rows), func(row *workflowVersion) bool { return !chosen[row.id] })
}
