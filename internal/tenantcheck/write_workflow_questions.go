package tenantcheck

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

// Codes of validation errors (wire/workflows.md#import).
const (
	codeUnknownEvent    = 2003
	codeMissingProperty = 2016
	codeActionNotFound  = 2018
	codeMissingConfig   = 2035
)

// workflowWriteQuestions are those about workflows that only writing settles, or that it settles too.
var workflowWriteQuestions = []question{
	{"Q29", write, rowOrder},
	{"Q33", write, escapedNames},
	{"Q34", write, conflictID},
	{"Q35", write, importedID},
	{"Q36", write, importErrors},
	{"Q37", write, func(o *observations) finding {
		return o.byStatus("write.put.event", areaWorkflows, created(http.StatusBadRequest, "a", "b"))
	}},
	{"Q38", write, strictValidation},
	{"Q39", write, func(o *observations) finding { return o.shownFinding("write.workflow.shown", areaWorkflows) }},
	{"Q40", write, func(o *observations) finding { return o.goneFinding("write.workflow.gone", areaWorkflows) }},
	{"Q43", write, canvasNotes},
	{"Q45", write, leadingBreaks},
	{"Q47", write, runStates},
	{"Q48", write, runNodeStates},
	{"Q49", write, runShown},
	{"Q71", write, unknownActions},
	{"Q72", write, errorFlag},
	{"Q73", write, refusedImport(draftElse)},
	{"Q74", write, refusedImport(draftClass)},
	{"Q75", write, refusedEnable(draftBare, 0, "b", "a")},
	{"Q76", write, refusedEnable(draftHas, 0, "a", "b")},
	{"Q77", write, refusedEnable(draftPython, codeMissingProperty, "a", "b")},
	{"Q78", write, refusedEnable(draftOpen, 0, "a", "b")},
	{"Q79", write, refusedEnable(draftConfig, codeMissingConfig, "a", "b")},
	{"Q100", write, func(o *observations) finding {
		if !o.enabled(draftPlain) {
			return o.unasked(areaWorkflows)
		}
		return o.byStatus(enableProbe(draftPlain), areaWorkflows, map[int]string{http.StatusOK: "a", http.StatusAccepted: "b"})
	}},
}

// refusal says whether enabling a draft was refused because of the draft, and with which codes. known is false where the response
// says neither.
func (o *observations) refusal(purpose string) (codes []int, refused, known bool) {
	r, _ := o.last(enableProbe(purpose))
	codes = r.codes()
	// Codes in the range of HTTP are about the request, and not about the draft.
	ofHTTP := slices.ContainsFunc(codes, func(code int) bool { return code >= 400 && code < 600 })
	switch {
	case o.enabled(purpose):
		return nil, false, true
	case r.isSuccess():
		return codes, true, !ofHTTP
	case r.status == http.StatusBadRequest, r.status == http.StatusNotFound && !r.unknownPath() && !r.says("definition"): // that is the workflow itself
		return codes, true, true
	}
	return nil, false, false
}

// refusedEnable is a question that is settled by trying to enable a draft, where the draft without its point can be enabled. code is
// the code of the expected refusal; 0 is any that is not about something else.
func refusedEnable(purpose string, code int, ifRefused, ifEnabled string) func(*observations) finding {
	return func(o *observations) finding {
		codes, refused, known := o.refusal(purpose)
		switch elsewhere := []int{codeUnknownEvent, codeMissingProperty, codeActionNotFound, codeMissingConfig}; {
		case !o.enabled(draftPlain) || !known:
			return o.unasked(areaWorkflows)
		case !refused:
			return settled(ifEnabled, fmt.Sprintf("the workflow %q was enabled", purpose))
		case code != 0 && slices.Contains(codes, code), code == 0 && !slices.ContainsFunc(codes, func(c int) bool { return slices.Contains(elsewhere, c) }):
			return settled(ifRefused, fmt.Sprintf("enabling the workflow %q was refused%s", purpose, codeText(codes)))
		}
		return open(fmt.Sprintf("enabling the workflow %q was refused for another reason%s", purpose, codeText(codes)))
	}
}

func codeText(codes []int) string {
	if len(codes) == 0 {
		return ""
	}
	return " with " + strings.Trim(fmt.Sprint(codes), "[]")
}

// refusedImport is a question that is settled by an import, where the draft without its point can be imported.
func refusedImport(purpose string) func(*observations) finding {
	return func(o *observations) finding {
		if !o.accepted("write.import." + draftPlain) {
			return o.unasked(areaWorkflows)
		}
		return o.byStatus("write.import."+purpose, areaWorkflows, created(http.StatusBadRequest, "a", "b"))
	}
}

// rowOrder looks at the order of the versions of each workflow in listings without a sort. Two versions are in order by chance half
// of the time, so that several workflows are listed several times.
func rowOrder(o *observations) finding {
	const enough = 12 // pairs of rows
	newestFirst, oldestFirst, pairs := 0, 0, 0
	for _, r := range o.each("write.order") {
		rows := map[string]int{}
		for _, row := range r.objects() {
			id, version := text(row, "id"), versionOf(row)
			if before, again := rows[id]; again {
				pairs++
				if version < before {
					newestFirst++
				} else {
					oldestFirst++
				}
			}
			rows[id] = version
		}
	}
	switch {
	case newestFirst > 0 && oldestFirst > 0:
		return settled("c", "the versions of a workflow are listed in different orders")
	case pairs < enough && len(o.each("write.order")) > 0:
		return open(fmt.Sprintf("too few workflows are listed with several versions: %d pairs of rows", pairs))
	case newestFirst > 0:
		return settled("a", fmt.Sprintf("the newer version is first in %d pairs of rows", pairs))
	case oldestFirst > 0:
		return settled("b", fmt.Sprintf("the older version is first in %d pairs of rows", pairs))
	}
	return o.unasked(areaWorkflows)
}

// names reports whether a listing has a workflow whose name ends with a purpose.
func (r response) names(purpose string) bool {
	return slices.ContainsFunc(r.objects(), func(row map[string]any) bool { return isDraft(row, purpose) })
}

func isDraft(row map[string]any, purpose string) bool {
	m := sandboxName.FindStringSubmatch(text(row, "name"))
	return m != nil && m[1] == purpose
}

// draftRow is a draft in the listing of all drafts.
func (o *observations) draftRow(purpose string) map[string]any {
	r, _ := o.last("write.drafts")
	for _, row := range r.objects() {
		if isDraft(row, purpose) {
			return row
		}
	}
	return nil
}

func escapedNames(o *observations) finding {
	exact, _ := o.last(probeRawName)
	odd, asked := o.last("write.name.odd")
	switch {
	case !asked || o.draftRow(draftOdd) == nil:
		return o.unasked(areaWorkflows)
	case !exact.ok() || len(exact.objects()) == 0:
		return open("needs a tenant whose filter name.raw finds a name")
	case !odd.ok():
		return open(fmt.Sprintf("a filter with an escaped quote is a %d", odd.status))
	case odd.names(draftOdd):
		return settled("a", "a filter with an escaped quote finds the name")
	case len(odd.objects()) == 0:
		return settled("b", "a filter with an escaped quote finds nothing")
	}
	return open("a filter with an escaped quote finds other names")
}

func conflictID(o *observations) finding {
	r, asked := o.last("write.import.again")
	id := o.notes["write.plain.id"]
	switch {
	case !asked || id == "":
		return o.unasked(areaWorkflows)
	case r.status != http.StatusConflict:
		return open(fmt.Sprintf("a second import of a name has status %d, not 409", r.status))
	case strings.Contains(string(r.raw), id):
		return settled("b", "the 409 of a second import has the id of the first")
	}
	return settled("a", "the 409 of a second import does not have the id of the first")
}

func importedID(o *observations) finding {
	r, asked := o.last("write.import." + draftPlain)
	switch {
	case !asked || !r.ok() || len(r.errorItems()) > 0:
		return o.unasked(areaWorkflows)
	case idIn(r) != "":
		return settled("a", "the response to an import has the workflow with its id")
	case len(r.resources()) == 0 && o.draftRow(draftPlain) != nil:
		return settled("b", "the response to an import has no resources, and the workflow is stored")
	}
	return open("the response to an import has no workflow, and it was not found")
}

func importErrors(o *observations) finding {
	r, asked := o.last("write.import." + draftEvent)
	if !asked || !r.ok() {
		return o.unasked(areaWorkflows)
	}
	if len(r.objects()) != 1 {
		return open("the response to an import does not show the workflow, see Q35")
	}
	listed, _ := at(r.objects()[0], "validation_errors")
	items, _ := listed.([]any)
	var codes []int
	for _, item := range items {
		code, _ := number(item, "code")
		codes = append(codes, code)
	}
	slices.Sort(codes)
	codes = slices.Compact(codes)
	evidence := "the import of a document with an unknown event and a missing property lists "
	switch {
	case len(codes) == 0:
		return settled("b", evidence+"no error")
	case slices.Equal(codes, []int{codeUnknownEvent}):
		return settled("a", evidence+"the event only")
	case slices.Contains(codes, codeUnknownEvent):
		return settled("c", evidence+"both")
	}
	return open(evidence + "errors without the event")
}

// refusesUnset reports whether the draft that breaks a rule of releases cannot be enabled, while the same without the error can.
func (o *observations) refusesUnset() bool {
	_, refused, known := o.refusal(draftUnset)
	return known && refused && o.enabled(draftPlain)
}

func strictValidation(o *observations) finding {
	plain, _ := o.last("write.validate.plain")
	unset, asked := o.last("write.validate.unset")
	switch {
	case !asked || !o.refusesUnset() || !plain.isSuccess() || len(plain.errorItems()) > 0:
		return o.unasked(areaWorkflows)
	case unset.isSuccess() && len(unset.errorItems()) > 0:
		return settled("a", fmt.Sprintf("validate_only is a %d with errors for a document that cannot be enabled", unset.status))
	case unset.isSuccess():
		return settled("b", fmt.Sprintf("validate_only is a %d without errors for a document that cannot be enabled", unset.status))
	}
	return open(fmt.Sprintf("validate_only is a %d for a document that cannot be enabled", unset.status))
}

func errorFlag(o *observations) finding {
	row := o.draftRow(draftUnset)
	if row == nil || !o.refusesUnset() {
		return o.unasked(areaWorkflows)
	}
	switch row["has_validation_errors"] {
	case true:
		return settled("a", "has_validation_errors is true for a workflow that only enabling refuses")
	case false:
		return settled("b", "has_validation_errors is false for a workflow that only enabling refuses")
	}
	return open("has_validation_errors is not shown")
}

func canvasNotes(o *observations) finding {
	row := o.draftRow(draftEvent)
	notes, _ := row["disconnected_nodes"].([]any)
	if len(notes) == 0 {
		if row == nil {
			return o.unasked(areaWorkflows)
		}
		return open("the notes of an imported document are not shown; draw one in the console")
	}
	switch notes[0].(type) {
	case string:
		return settled("a", "disconnected_nodes of an imported document is a list of strings")
	case map[string]any:
		return settled("b", "disconnected_nodes of an imported document is a list of objects")
	}
	return open("disconnected_nodes is a list of neither strings nor objects")
}

func leadingBreaks(o *observations) finding {
	r, asked := o.last("write.export.odd")
	var doc any
	if !asked || !r.isSuccess() || yaml.Unmarshal(r.raw, &doc) != nil {
		return o.unasked(areaWorkflows)
	}
	switch {
	case hasText(doc, leadingBreak):
		return settled("a", "an export has the line break at the start of a text")
	case hasText(doc, strings.TrimPrefix(leadingBreak, "\n")):
		return settled("b", "an export lacks the line break at the start of a text")
	}
	return open("an export does not have the text at all")
}

// hasText reports whether a value of a document is this text.
func hasText(value any, want string) bool {
	switch v := value.(type) {
	case string:
		return v == want
	case map[string]any:
		for _, item := range v {
			if hasText(item, want) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, func(item any) bool { return hasText(item, want) })
	}
	return false
}

// ended is the result of the run, if it has ended.
func (o *observations) ended() (map[string]any, bool) {
	r, _ := o.last("write.result")
	if len(r.objects()) != 1 || !hasEnded(text(r.objects()[0], "status")) {
		return nil, false
	}
	return r.objects()[0], true
}

func runStates(o *observations) finding {
	run, ok := o.ended()
	if !ok {
		return o.unasked(areaWorkflows)
	}
	return settleStates([]string{text(run, "status")}, map[string]string{"Completed": "a", "Succeeded": "b"},
		"states of a run that printed", "the run ended in another state")
}

func runNodeStates(o *observations) finding {
	run, ok := o.ended()
	if !ok {
		return o.unasked(areaWorkflows)
	}
	var nodes []map[string]any
	list, _ := run["activities"].([]any)
	for _, item := range list {
		if node, ok := item.(map[string]any); ok {
			nodes = append(nodes, node)
		}
	}
	return settleStates(statesOf(nodes), map[string]string{"Succeeded": "a", "Completed": "b"},
		"states of nodes of a run that printed", "the nodes of the run ended in another state")
}

func runShown(o *observations) finding {
	d, ok := o.delayOf("write.run.shown")
	if !ok {
		return o.unasked(areaWorkflows)
	}
	evidence := fmt.Sprintf("the result was shown %d ms after the start, by read %d", d.after.Milliseconds(), d.looks+1)
	switch {
	case d.looks == 0 && d.after < runAtOnce:
		return settled("a", evidence)
	case d.looks == indexOf(time.Second), d.looks == indexOf(2200*time.Millisecond):
		return settled("b", evidence)
	}
	return open(evidence + ", which fits no reading")
}

func unknownActions(o *observations) finding {
	kind := func(purpose string) string {
		r, _ := o.last(enableProbe(purpose))
		codes, refused, known := o.refusal(purpose)
		switch {
		case !known || !refused:
			return ""
		case r.status == http.StatusNotFound:
			return "404"
		case slices.Contains(codes, codeActionNotFound):
			return "2018"
		}
		return ""
	}
	id, version := kind(draftAction), kind(draftVersion)
	if id == "" || version == "" {
		return o.unasked(areaWorkflows)
	}
	evidence := fmt.Sprintf("enabling was refused with %s for an unknown action, and with %s for an unknown version", id, version)
	switch id + "/" + version {
	case "404/2018":
		return settled("a", evidence)
	case "404/404":
		return settled("b", evidence)
	case "2018/2018":
		return settled("c", evidence)
	}
	return open(evidence + ", which fits no reading")
}
