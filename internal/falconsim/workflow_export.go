package falconsim

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// acceptsYAML reports whether the Accept headers allow YAML: exactly that, or anything. The two headers that gofalcon sends are
// refused (wire/workflows.md#export).
func acceptsYAML(lines []string) bool {
	if len(lines) == 0 {
		return true
	}
	return len(lines) == 1 && (lines[0] == yamlType || slices.ContainsFunc(strings.Split(lines[0], ","), func(part string) bool {
		kind, _, _ := strings.Cut(part, ";")
		return strings.TrimSpace(kind) == "*/*"
	}))
}

func (s *Server) exportWorkflow(c *apiRequest) reply {
	if !acceptsYAML(c.r.Header.Values("Accept")) {
		return failed(http.StatusNotAcceptable, "Not Acceptable: only %s is offered", yamlType)
	}
	id := c.get("id")
	if id == "" {
		return failed(http.StatusBadRequest, "id is required")
	}
	sanitize, refusal := c.queryBool("sanitize", true)
	if refusal != nil {
		return *refusal
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	versions := s.readable(id)
	if len(versions) == 0 {
		return failed(http.StatusNotFound, workflowNotFound, id)
	}
	doc := versions[len(versions)-1].doc
	if text := c.get("version"); text != "" {
		number, err := strconv.Atoi(text)
		if err != nil {
			return failed(http.StatusBadRequest, "invalid version %q", text)
		}
		i := slices.IndexFunc(versions, func(v *workflowVersion) bool { return v.number == number })
		if i < 0 {
			return failed(http.StatusNotFound, workflowNotFound, id)
		}
		doc = versions[i].doc
	}
	notPortable := s.definitions.IsNotPortable(doc)
	if sanitize {
		doc = s.definitions.Sanitize(doc)
	}
	text, err := s.definitions.Export(doc)
	if err != nil {
		return failed(http.StatusInternalServerError, internalError)
	}
	response := reply{status: http.StatusOK, raw: text, header: http.Header{"Content-Type": {yamlType}}}
	if notPortable {
		response.status = statusWithWarning
		response.header.Set("X-Api-Warning", "The workflow has custom trigger or action configuration that may not work in another CID")
	}
	return response
}

// statusWithWarning is the status of a success with a warning (wire/workflows.md#export).
const statusWithWarning = 299
