package tenantcheck

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
)

const (
	definitionsPath  = "/workflows/entities/definitions/v1"
	configsWritePath = "/plugins/entities/configs/v1"
)

// findProbe is the probe of requests that look for objects, which no question looks at.
const findProbe = "write.find"

const (
	purposeClient      = "api client"
	purposeRenamed     = "renamed"
	purposeUndescribed = "without description"
	purposeWebhook     = "webhook"
)

// clientKind are API clients.
var clientKind = &objectKind{
	noun: "API client", find: findClients,
	isOurs: func(f found) bool {
		// The description of the last one is set to null, to see what that does.
		return f.mark == sandboxNote && isNamed(f.name, purposeClient, purposeRenamed, purposeUndescribed) ||
			f.mark == "" && isNamed(f.name, purposeUndescribed)
	},
	removal: func(id string) falcon.RawRequest {
		return falcon.RawRequest{Method: http.MethodDelete, Path: apiClientsPath, Scope: scopeClientsWrite, Query: url.Values{"ids": {id}}}
	},
}

// workflowKind are workflows.
var workflowKind = &objectKind{
	noun: "workflow", find: findWorkflows, confirm: readWorkflow,
	isOurs: func(f found) bool { return f.mark == sandboxNote && isNamed(f.name, draftPurposes()...) },
	removal: func(id string) falcon.RawRequest {
		return falcon.RawRequest{Method: http.MethodDelete, Path: definitionsPath, Scope: scopeWorkflowWrite, Query: url.Values{"ids": {id}}}
	},
}

// webhookKind are webhook configurations. They have no description, and not every tenant may show the name or the URL.
var webhookKind = &objectKind{
	noun: "webhook configuration", find: findWebhooks,
	isOurs: func(f found) bool {
		named, addressed := isNamed(f.name, purposeWebhook), sandboxURL.MatchString(f.mark)
		return named && (addressed || f.mark == "") || addressed && f.name == ""
	},
	removal: func(id string) falcon.RawRequest {
		return falcon.RawRequest{Method: http.MethodDelete, Path: configsWritePath, Scope: scopeConfigsWrite, Query: url.Values{"ids": {id}}}
	},
}

const (
	// clientPage and clientBatch are the sizes that the provider's client uses too (wire/api-clients.md#operations).
	clientPage, clientBatch = 500, 150
	maxClientPages          = 10
	draftPage               = 500
)

// findClients lists the API clients of the tenant, newest first: there is no filter (wire/api-clients.md#operations).
func findClients(ctx context.Context, b *sandbox, word string) ([]found, error) {
	var all []found
	for page, offset := 0, 0; page < maxClientPages; page++ {
		req := falcon.RawRequest{
			Doing: "list the API clients", Path: apiClientIDsPath, Scope: scopeClientsRead, MayRepeat: true,
			Query: url.Values{"limit": {strconv.Itoa(clientPage)}, "offset": {strconv.Itoa(offset)}, "sort": {"created_timestamp|desc"}},
		}
		ids, err := b.list(ctx, req)
		if ids.status == http.StatusBadRequest { // the sort is in the specification only
			req.Query.Del("sort")
			ids, err = b.list(ctx, req)
		}
		if err != nil {
			return all, err
		}
		var texts []string
		for _, id := range ids.resources() {
			if id, ok := id.(string); ok {
				texts = append(texts, id)
			}
		}
		for batch := range slices.Chunk(texts, clientBatch) {
			read, err := b.send(ctx, findProbe, falcon.RawRequest{
				Doing: "read API clients", Path: apiClientsPath, Scope: scopeClientsRead, MayRepeat: true, Query: url.Values{"ids": batch},
			})
			if err != nil && !falcon.IsNotFound(err) { // one that was deleted meanwhile can make it a 404
				return all, err
			}
			for _, c := range read.objects() {
				all = append(all, read.aged(c, found{id: objectID(c), name: text(c, "name"), mark: text(c, "description")}))
			}
		}
		offset += len(texts)
		total, known := ids.total()
		// A check looks for its own clients, which are the newest.
		if len(texts) == 0 || known && offset >= total || word == b.tag {
			break
		}
	}
	return all, nil
}

// findWorkflows lists the workflows whose names contain a word. Not every tenant may accept name.raw, and name is split into words
// (wire/workflows.md#names), so that both are tried. Without any filter for names, those that were changed last are listed.
func findWorkflows(ctx context.Context, b *sandbox, word string) ([]found, error) {
	filters := []string{"name:~'" + word + "'", "name.raw:*'*" + word + "*'"}
	if first, _, split := strings.Cut(word, "-"); split { // it may be two words to the tenant
		filters = append(filters, "name:~'"+first+"'")
	}
	var failed error
	for _, filter := range filters {
		r, err := b.list(ctx, listing(filter, draftPage))
		if list := newestRows(r); len(list) > 0 {
			return list, nil
		}
		failed = cmp.Or(failed, err)
	}
	if failed == nil {
		return nil, nil
	}
	newest := listing("", draftPage)
	newest.Query.Set("sort", "last_modified_timestamp.desc")
	r, err := b.list(ctx, newest)
	return newestRows(r), err
}

// list sends a request for a listing. A 2xx that has errors instead of a list is an error too.
func (b *sandbox) list(ctx context.Context, req falcon.RawRequest) (response, error) {
	r, err := b.send(ctx, findProbe, req)
	if err == nil && len(r.errorItems()) > 0 && len(r.resources()) == 0 {
		err = errNotDone
	}
	return r, err
}

// listWorkflows lists workflows by a filter.
func (b *sandbox) listWorkflows(ctx context.Context, probe, filter string) (response, error) {
	return b.send(ctx, probe, listing(filter, draftPage))
}

// listing is a request for workflows.
func listing(filter string, limit int) falcon.RawRequest {
	return falcon.RawRequest{
		Doing: "list workflows", Path: workflowsPath, Scope: scopeWorkflowRead, MayRepeat: true,
		Query: url.Values{"filter": {filter}, "limit": {strconv.Itoa(limit)}},
	}
}

// newestRows are the workflows of a listing, each as its newest row shows it.
func newestRows(r response) []found {
	newest := map[string]int{}
	var list []found
	for _, row := range r.objects() {
		version, _ := number(row, "version")
		f := r.aged(row, found{id: text(row, "id"), name: text(row, "name"), mark: text(row, "description")})
		i := slices.IndexFunc(list, func(other found) bool { return other.id == f.id })
		switch {
		case i < 0:
			list = append(list, f)
		case version > newest[f.id]:
			list[i] = f
		default:
			continue
		}
		newest[f.id] = version
	}
	return list
}

// readWorkflow reads the newest version of a workflow: a filter by name can find a former name.
func readWorkflow(ctx context.Context, b *sandbox, id string) (found, error) {
	r, err := b.listWorkflows(ctx, findProbe, "id:'"+id+"'")
	if err != nil {
		return found{}, err
	}
	for _, f := range newestRows(r) {
		if f.id == id {
			return f, nil
		}
	}
	return found{}, nil
}

// findWebhooks lists the configurations of all Store apps.
func findWebhooks(ctx context.Context, b *sandbox, _ string) ([]found, error) {
	r, err := b.list(ctx, configListing())
	return r.configsFound(), err
}

func (r response) configsFound() []found {
	var all []found
	for _, c := range r.objects() {
		all = append(all, r.aged(c, found{id: text(c, "config_id"), name: nameOf(c), mark: urlOfConfig(c)}))
	}
	return all
}

// urlOfConfig is the URL of a configuration, wherever it is shown.
func urlOfConfig(c map[string]any) string {
	return cmp.Or(text(c, "config", "url"), text(c, "config", "webhook_url"))
}

// configListing is a request for the configurations of all Store apps.
func configListing() falcon.RawRequest {
	return falcon.RawRequest{
		Doing: "list the configurations of Store apps", Path: configsPath, Scope: scopeConfigsRead, MayRepeat: true,
		Query: url.Values{"limit": {"500"}},
	}
}

// leftover describes an object for the list of what could not be removed.
func (o *object) leftover(why string) Leftover {
	return Leftover{Kind: o.kind.noun, ID: cmp.Or(o.id, o.claimed), Name: o.name, Why: why}
}

func (o *object) String() string {
	if o.id == "" {
		return fmt.Sprintf("%s %q", o.kind.noun, o.name)
	}
	return fmt.Sprintf("%s %q (id %s)", o.kind.noun, o.name, o.id)
}
