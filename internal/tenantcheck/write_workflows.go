package tenantcheck

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
)

const (
	importPath    = "/workflows/entities/definitions/import/v1"
	workflowsDo   = "/workflows/entities/definition-actions/v1"
	executePath   = "/workflows/entities/execute/v1"
	executionPath = "/workflows/entities/execution-results/v1"
	yamlType      = "application/yaml"
)

// enabledDrafts are the drafts that the check tries to enable, to see whether Falcon refuses that.
var enabledDrafts = []string{draftUnset, draftBare, draftHas, draftPython, draftOpen, draftConfig, draftAction, draftVersion}

// maxLost is how many creates may get no response before the rest of the check is left out.
const maxLost = 3

// tryWorkflows imports the drafts and observes them.
func (b *sandbox) tryWorkflows(ctx context.Context) {
	objects := b.importDrafts(ctx)
	if objects == nil || ctx.Err() != nil {
		return
	}
	b.awaitDrafts(ctx, objects)
	plain := objects[draftPlain]
	if plain == nil || plain.id == "" {
		b.stopped(areaWorkflows, "create a workflow", nil)
		return
	}
	b.s.note("write.plain.id", plain.id)
	b.expectPresent(areaWorkflows)
	for i := range 2 {
		b.putDraft(ctx, "write.put."+strconv.Itoa(i+1), plain, draftPlain, false)
	}
	b.putDraft(ctx, "write.put.odd", objects[draftOdd], draftOdd, false) // a second workflow of several versions
	b.enable(ctx, draftPlain, plain)
	b.runOnce(ctx, plain)
	b.tryUpdates(ctx, objects)
	for _, purpose := range enabledDrafts {
		b.enable(ctx, purpose, objects[purpose])
	}
	b.listVersions(ctx, plain)
	b.lookUpNames(ctx)
	b.export(ctx, "write.export.odd", objects[draftOdd], false)
	if b.repeatOpen("Q41", "Q42") {
		b.export(ctx, probeExport, objects[draftConfig], false)
		b.export(ctx, probeExportCleaned, objects[draftConfig], true)
	}
	b.confirmPresent(ctx, areaWorkflows, func(ctx context.Context) (string, error) { return b.missingWorkflow(ctx, objects) })
	if b.removed(ctx, plain, "write.workflow.delete") {
		b.watch(ctx, "write.workflow.gone", func(ctx context.Context) (bool, error) {
			versions, err := b.versionsOf(ctx, plain.id)
			return len(versions) == 0, err
		})
	}
}

// importDrafts imports all drafts, and the first one twice. It returns nil if Falcon refuses the first one.
func (b *sandbox) importDrafts(ctx context.Context) map[string]*object {
	objects, lost := map[string]*object{}, 0
	for i, d := range drafts {
		if ctx.Err() != nil || lost == maxLost {
			break
		}
		o, err := b.importDraft(ctx, "write.import."+d.purpose, d)
		if o != nil {
			objects[d.purpose] = o
		}
		if falcon.Ambiguous(err) {
			lost++
		}
		if i > 0 {
			continue
		}
		if o == nil {
			b.stopped(areaWorkflows, "create a workflow", err)
			return nil
		}
		b.watch(ctx, "write.workflow.shown", func(ctx context.Context) (bool, error) { return b.isShown(ctx, o) })
		if _, err := b.importDraft(ctx, "write.import.again", d); falcon.Ambiguous(err) {
			lost++
		}
	}
	return objects
}

func (b *sandbox) importDraft(ctx context.Context, probe string, d draft) (*object, error) {
	body, contentType, err := importBody(b.document(d))
	if err != nil {
		return nil, err
	}
	o, _, err := b.create(ctx, workflowKind, b.name(d.purpose), probe, falcon.RawRequest{
		Method: http.MethodPost, Path: importPath, Scope: scopeWorkflowWrite, Body: body, ContentType: contentType,
	})
	return o, err
}

// isShown reports whether a listing shows a new workflow: by its id, or by its name if the response had no id. Then it gets the id.
func (b *sandbox) isShown(ctx context.Context, o *object) (bool, error) {
	if o.id != "" {
		versions, err := b.versionsOf(ctx, o.id)
		return len(versions) > 0, err
	}
	r, err := b.listWorkflows(ctx, "write.workflow.read", b.tagFilter())
	for _, f := range newestRows(r) {
		if f.name == o.name {
			o.id = f.id
		}
	}
	return o.id != "", err
}

// tagFilter finds the workflows of this check.
func (b *sandbox) tagFilter() string { return "name:~'" + b.tag + "'" }

// awaitDrafts lists the drafts until all are shown, and takes the ids that the imports did not return.
func (b *sandbox) awaitDrafts(ctx context.Context, objects map[string]*object) {
	b.watch(ctx, "write.drafts.shown", func(ctx context.Context) (bool, error) {
		r, err := b.listWorkflows(ctx, "write.drafts", b.tagFilter())
		missing := len(objects)
		for _, f := range newestRows(r) {
			for _, o := range objects {
				if o.name == f.name && (o.id == "" || o.id == f.id) {
					o.id = f.id
					missing--
				}
			}
		}
		return missing == 0, err
	})
}

// versionsOf lists the versions of a workflow that a listing shows.
func (b *sandbox) versionsOf(ctx context.Context, id string) ([]int, error) {
	r, err := b.listWorkflows(ctx, "write.workflow.read", "id:'"+id+"'")
	return r.versions(id), err
}

// versions are those of a workflow, in the order of the rows.
func (r response) versions(id string) []int {
	var list []int
	for _, row := range r.objects() {
		if n, ok := number(row, "version"); ok && text(row, "id") == id {
			list = append(list, n)
		}
	}
	return list
}

// putDraft replaces a workflow's document with that of a draft under the workflow's own name, or only asks whether that would be
// accepted.
func (b *sandbox) putDraft(ctx context.Context, probe string, o *object, purpose string, validateOnly bool) {
	if o == nil || o.id == "" || ctx.Err() != nil {
		return
	}
	query := url.Values{}
	if validateOnly {
		query.Set("validate_only", "true")
	}
	b.try(ctx, probe, falcon.RawRequest{
		Doing: "update a workflow of the check", Method: http.MethodPut, Path: definitionsPath, Scope: scopeWorkflowWrite, Query: query,
		Body: []byte("id: " + o.id + "\n" + b.document(draftFor(purpose))), ContentType: yamlType, Finish: true,
	})
}

// tryUpdates sends updates whose refusal is the point.
func (b *sandbox) tryUpdates(ctx context.Context, objects map[string]*object) {
	b.putDraft(ctx, "write.put.event", objects[draftEvent], draftEvent, false)
	b.putDraft(ctx, "write.validate.plain", objects[draftPlain], draftPlain, true)
	b.putDraft(ctx, "write.validate.unset", objects[draftUnset], draftUnset, true)
}

// enable tries to enable a workflow.
func (b *sandbox) enable(ctx context.Context, purpose string, o *object) {
	if o == nil || o.id == "" || ctx.Err() != nil {
		return
	}
	b.try(ctx, enableProbe(purpose), falcon.RawRequest{
		Doing: "enable a workflow of the check", Method: http.MethodPost, Path: workflowsDo, Scope: scopeWorkflowWrite,
		Query: url.Values{"action_name": {"enable"}}, Body: []byte(`{"ids":["` + o.id + `"]}`), Finish: true,
	})
}

func enableProbe(purpose string) string { return "write.enable." + purpose }

// runOnce runs the workflow that only prints, and reads the result until the run has ended.
func (b *sandbox) runOnce(ctx context.Context, o *object) {
	if ctx.Err() != nil || !b.s.observed().enabled(draftPlain) {
		return
	}
	started, err := b.send(ctx, "write.run", falcon.RawRequest{
		Doing: "run a workflow of the check", Method: http.MethodPost, Path: executePath, Scope: scopeWorkflowWrite,
		Query: url.Values{"definition_id": {o.id}, "key": {rand.Text()}}, Body: []byte("{}"), Finish: true,
	})
	id := idIn(started)
	if err != nil || id == "" {
		return
	}
	read := func(ctx context.Context) (response, error) {
		return b.send(ctx, "write.result", falcon.RawRequest{
			Doing: "read the result of a run", Path: executionPath, Scope: scopeWorkflowRead, MayRepeat: true, Query: url.Values{"ids": {id}},
		})
	}
	if !b.watch(ctx, "write.run.shown", func(ctx context.Context) (bool, error) {
		r, err := read(ctx)
		if falcon.IsNotFound(err) {
			return false, nil
		}
		return len(r.objects()) > 0, err
	}) {
		return
	}
	b.watch(ctx, "write.run.ended", func(ctx context.Context) (bool, error) {
		r, err := read(ctx)
		return len(r.objects()) > 0 && hasEnded(text(r.objects()[0], "status")), err
	})
}

// hasEnded reports whether a state of a run is none of those of a run that goes on (wire/executions.md#states).
func hasEnded(status string) bool {
	return status != "" && !slices.Contains([]string{"inprogress", "running", "pending", "queued"}, plainState(status))
}

// plainState is a state without spaces, underscores and case.
func plainState(status string) string {
	return strings.NewReplacer(" ", "", "_", "", "-", "").Replace(strings.ToLower(status))
}

// orderListings is how often all workflows of the check are listed to see whether their rows have a fixed order.
const orderListings = 6

// listVersions lists the workflow that has several versions, and all workflows of the check without a sort.
func (b *sandbox) listVersions(ctx context.Context, o *object) {
	newest := 1
	for _, probe := range []string{"write.put.1", "write.put.2", enableProbe(draftPlain)} {
		if b.s.observed().accepted(probe) {
			newest++
		}
	}
	b.watch(ctx, "write.versions.shown", func(ctx context.Context) (bool, error) {
		versions, err := b.versionsOf(ctx, o.id)
		return slices.Contains(versions, newest), err
	})
	if b.repeatOpen("Q28", "Q30", "Q31") {
		b.tryList(ctx, probeVersions, "id:'"+o.id+"'", draftPage)
		b.tryList(ctx, probeOneVersion, "id:'"+o.id+"'", 1)
	}
	for range orderListings {
		b.tryList(ctx, "write.order", b.tagFilter(), draftPage)
	}
}

// tryList lists workflows. The response is all that matters.
func (b *sandbox) tryList(ctx context.Context, probe, filter string, limit int) {
	if ctx.Err() != nil {
		return
	}
	b.try(ctx, probe, listing(filter, limit))
}

// lookUpNames looks names up by name.raw: one as it is and in the other case, and one with an escaped quote.
func (b *sandbox) lookUpNames(ctx context.Context) {
	if plain := b.name(draftPlain); b.repeatOpen("Q32", "Q70") {
		b.tryList(ctx, probeRawName, "name.raw:'"+plain+"'", draftPage)
		b.tryList(ctx, probeRawNameCase, "name.raw:'"+otherCase(plain)+"'", draftPage)
	}
	b.tryList(ctx, "write.name.odd", "name.raw:'"+strings.ReplaceAll(b.name(draftOdd), "'", `\'`)+"'", draftPage)
}

// export exports a workflow.
func (b *sandbox) export(ctx context.Context, probe string, o *object, sanitize bool) {
	if o == nil || o.id == "" || ctx.Err() != nil {
		return
	}
	b.try(ctx, probe, falcon.RawRequest{
		Doing: "export a workflow of the check", Path: exportPath, Scope: scopeWorkflowRead, MayRepeat: true, Accept: yamlType,
		Query: url.Values{"id": {o.id}, "sanitize": {strconv.FormatBool(sanitize)}},
	})
}
