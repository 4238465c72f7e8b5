package tenantcheck

import (
	"fmt"
	"net/http"
	"regexp"
)

// exported are the two exports of a workflow with a configuration.
func (o *observations) exported() (whole, cleaned response, ok bool) {
	whole, _ = o.last(probeExport)
	cleaned, _ = o.last(probeExportCleaned)
	ok = whole.status >= 200 && whole.status < 300 && cleaned.status >= 200 && cleaned.status < 300
	return whole, cleaned, ok
}

var configIDLine = regexp.MustCompile(`(?m)^\s*"?config_id"?:`)

func settleSanitized(o *observations) finding {
	whole, cleaned, ok := o.exported()
	switch {
	case !ok || !configIDLine.Match(whole.raw):
		return open(o.needsWorkflows("a workflow with an action that has config_id"))
	case configIDLine.Match(cleaned.raw):
		return settled("b", "config_id is in the sanitized export of a workflow")
	}
	return settled("a", "config_id is in the export of a workflow, and not in the sanitized one")
}

func settleExportStatus(o *observations) finding {
	const withWarning = 299
	whole, _, ok := o.exported()
	switch {
	case !ok:
		return open(o.needsWorkflows("a workflow with an action that has config_id"))
	case whole.status == http.StatusOK:
		return settled("a", "the export of a workflow with config_id is a 200")
	case whole.status == withWarning:
		return settled("b", "the export of a workflow with config_id is a 299")
	}
	return open(fmt.Sprintf("none of the readings: the export of a workflow with config_id is a %d", whole.status))
}
