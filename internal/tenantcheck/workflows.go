package tenantcheck

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
)

const (
	workflowsPath  = "/workflows/combined/definitions/v1"
	exportPath     = "/workflows/entities/definitions/export/v1"
	executionsPath = "/workflows/combined/executions/v1"
)

const (
	probeWorkflows     = "workflows.without_limit"
	probeWorkflowRows  = "workflows.page"
	probeChanged       = "workflows.changed"
	probeWebhookUsers  = "workflows.with_call_webhook"
	probeVersions      = "workflows.versions"
	probeOneVersion    = "workflows.versions_limit_one"
	probeRawName       = "workflows.raw_name"
	probeRawNameCase   = "workflows.raw_name_other_case"
	probeExport        = "workflows.export"
	probeExportCleaned = "workflows.export_sanitized"
	probeExecutions    = "workflows.executions"
	probeCanceled      = "workflows.executions_canceled"
)

// workflowPage is how many workflows are read to find one with several versions, with a configuration and so on. Each row holds a
// whole document.
const workflowPage = 100

// checkWorkflows reads a page of workflows, one workflow in several ways, and executions. It never reads the whole listing.
func checkWorkflows(ctx context.Context, s *session) {
	r := s.get(ctx, probeWorkflows, scopeWorkflowRead, workflowsPath, "filter", "")
	if !r.ok() {
		return
	}
	if limit, named := number(r.body, "meta", "pagination", "limit"); !named || limit < workflowPage {
		s.get(ctx, probeWorkflowRows, scopeWorkflowRead, workflowsPath, "filter", "", "limit", strconv.Itoa(workflowPage))
	}
	s.get(ctx, probeChanged, scopeWorkflowRead, workflowsPath, "filter", "version:>2", "limit", "20")
	o := s.observed()
	if activity, _ := o.callWebhook(); text(activity, "id") != "" {
		s.get(ctx, probeWebhookUsers, scopeWorkflowRead, workflowsPath, "filter", "activity_id:'"+text(activity, "id")+"'", "limit", "20")
		o = s.observed()
	}
	if id := o.mostVersions(); id != "" {
		s.get(ctx, probeVersions, scopeWorkflowRead, workflowsPath, "filter", "id:'"+id+"'", "limit", "500")
		s.get(ctx, probeOneVersion, scopeWorkflowRead, workflowsPath, "filter", "id:'"+id+"'", "limit", "1")
	}
	if name := o.plainName(); name != "" {
		s.get(ctx, probeRawName, scopeWorkflowRead, workflowsPath, "filter", "name.raw:'"+name+"'", "limit", "20")
		s.get(ctx, probeRawNameCase, scopeWorkflowRead, workflowsPath, "filter", "name.raw:'"+otherCase(name)+"'", "limit", "20")
	} else {
		s.get(ctx, probeRawName, scopeWorkflowRead, workflowsPath, "filter", "name.raw:'falcon-check'", "limit", "20")
	}
	if id := o.configured(); id != "" {
		for probe, sanitize := range map[string]string{probeExport: "false", probeExportCleaned: "true"} {
			s.look(ctx, probe, falcon.RawRequest{
				Doing: "check " + probe, Scope: scopeWorkflowRead, Path: exportPath, Accept: "application/yaml", MayRepeat: true,
				Query: queryOf([]string{"id", id, "sanitize", sanitize}),
			})
		}
	}
	s.get(ctx, probeExecutions, scopeWorkflowRead, executionsPath, "filter", "", "limit", "100", "sort", "started_timestamp.desc")
	s.get(ctx, probeCanceled, scopeWorkflowRead, executionsPath, "filter", "status:'Canceled'", "limit", "10")
}

var workflowQuestions = []question{
	{"Q28", read, settleVersionRows},
	{"Q29", read, settleRowOrder},
	{"Q30", read, settleLimitCounts},
	{"Q31", read, settleTotalCounts},
	{"Q32", read, settleRawName},
	{"Q41", read, settleSanitized},
	{"Q42", read, settleExportStatus},
	{"Q43", read, settleNotes},
	{"Q44", read, settleDefaultPage},
	{"Q46", read, settleCanceled},
	{"Q47", read, settleExecutionStates},
	{"Q48", read, settleNodeStates},
	{"Q70", read, settleRawNameCase},
}

// workflowRows are the rows of all listings without a filter that chooses versions.
func (o *observations) workflowRows() []map[string]any {
	var rows []map[string]any
	for _, probe := range []string{probeWorkflows, probeWorkflowRows, probeChanged, probeWebhookUsers, probeVersions} {
		r, _ := o.last(probe)
		rows = append(rows, r.objects()...)
	}
	return rows
}

// newestRows are the rows with the highest version that was seen of each workflow, in the order of their ids.
func (o *observations) newestRows() []map[string]any {
	newest := map[string]map[string]any{}
	for _, row := range o.workflowRows() {
		id := text(row, "id")
		if id != "" && (newest[id] == nil || versionOf(row) > versionOf(newest[id])) {
			newest[id] = row
		}
	}
	var rows []map[string]any
	for _, id := range slices.Sorted(maps.Keys(newest)) {
		rows = append(rows, newest[id])
	}
	return rows
}

func versionOf(row map[string]any) int {
	n, _ := number(row, "version")
	return n
}

// mostVersions is the id of the workflow with the highest version, up to what one response can hold; "" if there is no workflow.
func (o *observations) mostVersions() string {
	const most = 50 // rows of whole documents
	var best map[string]any
	for _, row := range o.newestRows() {
		if v := versionOf(row); best == nil || v > versionOf(best) && v <= most {
			best = row
		}
	}
	return text(best, "id")
}

var plainName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9 _-]*$`)

// plainName is the name of a workflow without characters that mean something in a filter; "" if there is none.
func (o *observations) plainName() string {
	for _, row := range o.newestRows() {
		if name := text(row, "name"); plainName.MatchString(name) {
			return name
		}
	}
	return ""
}

// otherCase is a text with upper and lower case exchanged.
func otherCase(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsUpper(r) {
			return unicode.ToLower(r)
		}
		return unicode.ToUpper(r)
	}, name)
}

// actionsOf calls do for each action of a document, those in loops included.
func actionsOf(doc any, do func(action map[string]any)) {
	found, _ := at(doc, "actions")
	actions, _ := found.(map[string]any)
	for _, key := range slices.Sorted(maps.Keys(actions)) {
		if action, ok := actions[key].(map[string]any); ok {
			do(action)
		}
	}
	inside, _ := at(doc, "loops")
	loops, _ := inside.(map[string]any)
	for _, loop := range loops {
		actionsOf(loop, do)
	}
}

// configured is the id of a workflow whose newest version has an action with config_id and none in Python, whose export has a warning
// anyway; "" if there is none.
func (o *observations) configured() string {
	for _, row := range o.newestRows() {
		configured, python := false, false
		actionsOf(row, func(action map[string]any) {
			configured = configured || text(action, "properties", "config_id") != ""
			python = python || strings.Contains(strings.ToLower(text(action, "class")), "python")
		})
		if configured && !python {
			return text(row, "id")
		}
	}
	return ""
}

// configsOfCallWebhook are the ids of the configurations that Call webhook actions name.
func (o *observations) configsOfCallWebhook() []string {
	activity, _ := o.callWebhook()
	id := text(activity, "id")
	var key string
	for candidate, property := range propertiesOf(activity) {
		if text(property, "title") == "Webhook name" {
			key = candidate
		}
	}
	var ids []string
	if id == "" || key == "" {
		return nil
	}
	for _, row := range o.workflowRows() {
		actionsOf(row, func(action map[string]any) {
			if config := text(action, "properties", key); text(action, "id") == id && config != "" {
				ids = append(ids, config)
			}
		})
	}
	return ids
}

func (o *observations) needsWorkflows(what string) string {
	return cmp.Or(o.needsUnlessGranted(probeWorkflows, scopeWorkflowRead, "list the workflows"), "needs "+what)
}

// versions are the listed versions of one workflow, in the order of the response.
func (o *observations) versions() []int {
	r, _ := o.last(probeVersions)
	var out []int
	for _, row := range r.objects() {
		out = append(out, versionOf(row))
	}
	return out
}

func settleVersionRows(o *observations) finding {
	listed := o.versions()
	if len(listed) == 0 {
		return open(o.needsWorkflows("a workflow that was changed twice"))
	}
	sorted := slices.Sorted(slices.Values(listed))
	newest := sorted[len(sorted)-1]
	evidence := fmt.Sprintf("%d rows for a workflow of version %d", len(listed), newest)
	switch {
	case newest >= 3 && len(listed) == newest && sorted[0] == 1:
		return settled("a", evidence)
	case newest >= 2 && len(listed) == 1:
		return settled("b", evidence)
	case newest >= 3 && len(listed) == 2 && sorted[0] == newest-1:
		return settled("c", evidence)
	}
	return open("needs a workflow that was changed twice: there are " + evidence)
}

// settleRowOrder looks at every listing without a sort. Rows in order may be chance, so the order counts only when chance is
// unlikely.
func settleRowOrder(o *observations) finding {
	const unlikely = 10_000 // one in so many
	down, up, chance, seen := true, true, 1.0, 0
	for _, probe := range []string{probeWorkflows, probeWorkflowRows, probeChanged, probeWebhookUsers, probeVersions} {
		r, _ := o.last(probe)
		rows := map[string][]int{}
		for _, row := range r.objects() {
			rows[text(row, "id")] = append(rows[text(row, "id")], versionOf(row))
		}
		for _, versions := range rows {
			for i := 1; i < len(versions); i++ {
				down = down && versions[i] < versions[i-1]
				up = up && versions[i] > versions[i-1]
				chance *= float64(i + 1)
				seen++
			}
		}
	}
	switch {
	case seen == 0:
		return open(o.needsWorkflows("workflows of which several versions are listed"))
	case !down && !up:
		return settled("c", "the versions of workflows are listed in no order")
	case chance < unlikely:
		return open("needs more workflows of which several versions are listed: so few may be in order by chance")
	case down:
		return settled("a", fmt.Sprintf("the newest version is first, in all of %d pairs of rows", seen))
	}
	return settled("b", fmt.Sprintf("the oldest version is first, in all of %d pairs of rows", seen))
}

func settleLimitCounts(o *observations) finding {
	listed := o.versions()
	one, _ := o.last(probeOneVersion)
	if len(listed) < 2 || !one.ok() || len(one.objects()) == 0 {
		return open(o.needsWorkflows("a workflow of which several versions are listed"))
	}
	if n := len(one.objects()); n > 1 {
		return settled("a", fmt.Sprintf("limit=1 returns %d rows of one workflow", n))
	}
	return settled("b", fmt.Sprintf("limit=1 returns 1 of the %d rows of a workflow", len(listed)))
}

func settleTotalCounts(o *observations) finding {
	r, asked := o.last(probeVersions)
	if !asked || !r.ok() {
		if r, asked = o.last(probeWorkflows); !asked || !r.ok() {
			return open(o.needsWorkflows("a listing"))
		}
	}
	total, counted := r.total()
	rows := len(r.objects())
	switch {
	case !counted:
		return settled("c", "meta.pagination has no total")
	case r.probe != probeVersions || rows < 2:
		return open(o.needsWorkflows("a workflow of which several versions are listed"))
	case total == 1:
		return settled("a", fmt.Sprintf("total is 1 for the %d rows of one workflow", rows))
	case total == rows:
		return settled("b", fmt.Sprintf("total is %d for the %d rows of one workflow", total, rows))
	}
	return open(fmt.Sprintf("none of the readings: total is %d for the %d rows of one workflow", total, rows))
}

func settleRawName(o *observations) finding {
	r, asked := o.last(probeRawName)
	switch {
	case asked && r.ok():
		return settled("a", "a filter by name.raw is a 200")
	case asked && r.status == http.StatusBadRequest && r.says("unknown property"):
		return settled("b", "a filter by name.raw is a 400: unknown property")
	case asked && r.status != 0:
		return open(fmt.Sprintf("none of the readings: a filter by name.raw is a %d", r.status))
	}
	return open(o.needsWorkflows("a filter by name.raw"))
}

func settleRawNameCase(o *observations) finding {
	exact, asked := o.last(probeRawName)
	other, askedOther := o.last(probeRawNameCase)
	if !asked || !askedOther || !exact.ok() || !other.ok() || len(exact.objects()) == 0 {
		return open(o.needsWorkflows("a workflow that a filter by name.raw finds, with a name of letters, digits, spaces, _ and -"))
	}
	if len(other.objects()) == 0 {
		return settled("a", "name.raw finds a workflow by its name, and not by its name in the other case")
	}
	for _, row := range other.objects() {
		if text(row, "name") == text(exact.objects()[0], "name") {
			return settled("b", "name.raw finds a workflow by its name in the other case")
		}
	}
	return open("needs a workflow whose name in the other case is not the name of another one")
}

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

func settleNotes(o *observations) finding {
	kinds := map[string]int{}
	for _, row := range o.workflowRows() {
		notes, _ := at(row, "disconnected_nodes")
		list, _ := notes.([]any)
		for _, note := range list {
			switch note.(type) {
			case string:
				kinds["a"]++
			case map[string]any:
				kinds["b"]++
			}
		}
	}
	switch {
	case kinds["a"] > 0 && kinds["b"] == 0:
		return settled("a", "disconnected_nodes is a list of strings")
	case kinds["b"] > 0 && kinds["a"] == 0:
		return settled("b", "disconnected_nodes is a list of objects")
	}
	return open(o.needsWorkflows("a workflow with a note on its canvas"))
}

func settleDefaultPage(o *observations) finding {
	r, asked := o.last(probeWorkflows)
	if !asked || !r.ok() {
		return open(o.needsWorkflows("a listing"))
	}
	if limit, named := number(r.body, "meta", "pagination", "limit"); named {
		switch limit {
		case 100:
			return settled("a", "a listing without a limit names a limit of 100")
		case 10:
			return settled("b", "a listing without a limit names a limit of 10")
		}
		return open(fmt.Sprintf("none of the readings: a listing without a limit names a limit of %d", limit))
	}
	return open("a listing without a limit does not name one; more than 100 workflows are needed to see it")
}
