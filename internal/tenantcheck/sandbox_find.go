package tenantcheck

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
)

const (
	clientsPath      = "/api-clients/entities/api-clients/v1"
	clientQueryPath  = "/api-clients/queries/api-clients/v1"
	definitionsPath  = "/workflows/entities/definitions/v1"
	definitionsList  = "/workflows/combined/definitions/v1"
	configsListPath  = "/plugins/combined/configs/v1"
	configsWritePath = "/plugins/entities/configs/v1"

	scopeClientsRead   = "api-client-mgmt:read"
	scopeClientsWrite  = "api-client-mgmt:write"
	scopeWorkflowRead  = "workflow:read"
	scopeWorkflowWrite = "workflow:write"
	scopePluginsRead   = "api-integrations:read"
	scopePluginsWrite  = "api-integrations:write"
)

// findProbe is the probe of requests that look for objects, which no question looks at.
const findProbe = "write.find"

const (
	purposeClient    = "api client"
	purposeRenamed   = "renamed"
	purposeUndescribed = "without description"
	purposeWebhook   = "webhook"
)

// clientKind are API clients.
var clientKind = &objectKind{
	noun: "API client", purposes: []string{purposeClient, purposeRenamed, purposeUndescribed}, find: findClients,
	proves: func(f found) bool {
		// The description of this one is set to null, to see what that does.
		return f.mark == sandboxNote || f.mark == "" && sandboxName.FindStringSubmatch(f.name)[1] == purposeUndescribed
	},
	removal: func(id string) falcon.RawRequest {
		return falcon.RawRequest{Method: http.MethodDelete, Path: clientsPath, Scope: scopeClientsWrite, Query: url.Values{"ids": {id}}}
	},
}

// workflowKind are workflows.
var workflowKind = &objectKind{
	noun: "workflow", purposes: draftPurposes(), find: findWorkflows, confirm: readWorkflow,
	proves: func(f found) bool { return f.mark == sandboxNote },
	removal: func(id string) falcon.RawRequest {
		return falcon.RawRequest{Method: http.MethodDelete, Path: definitionsPath, Scope: scopeWorkflowWrite, Query: url.Values{"ids": {id}}}
	},
}

// webhookKind are webhook configurations. The top-level domain invalid exists nowhere.
var webhookKind = &objectKind{
	noun: "webhook configuration", purposes: []string{purposeWebhook}, find: findWebhooks,
	proves: func(f found) bool { return sandboxURL.MatchString(f.mark) },
	removal: func(id string) falcon.RawRequest {
		return falcon.RawRequest{Method: http.MethodDelete, Path: configsWritePath, Scope: scopePluginsWrite, Query: url.Values{"ids": {id}}}
	},
}

const (
	// clientPage and clientBatch are the sizes that the provider's client uses too (wire/api-clients.md#operations).
	clientPage, clientBatch = 500, 150
	maxClientPages          = 10
	workflowPage            = 500
)

// findClients lists the API clients of the tenant, newest first: there is no filter (wire/api-clients.md#operations).
func findClients(ctx context.Context, b *sandbox, word string) ([]found, error) {
	var all []found
	for page, offset := 0, 0; page < maxClientPages; page++ {
		ids, err := b.send(ctx, findProbe, falcon.RawRequest{
			Doing: "list the API clients", Path: clientQueryPath, Scope: scopeClientsRead, MayRepeat: true,
			Query: url.Values{"limit": {strconv.Itoa(clientPage)}, "offset": {strconv.Itoa(offset)}, "sort": {"created_timestamp|desc"}},
		})
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
				Doing: "read API clients", Path: clientsPath, Scope: scopeClientsRead, MayRepeat: true, Query: url.Values{"ids": batch},
			})
			if err != nil && !falcon.IsNotFound(err) { // one that was deleted meanwhile can make it a 404
				return all, err
			}
			for _, c := range read.objects() {
				all = append(all, found{id: objectID(c), name: text(c, "name"), mark: text(c, "description")})
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
// (wire/workflows.md#names), so that both are tried.
func findWorkflows(ctx context.Context, b *sandbox, word string) ([]found, error) {
	var failed error
	understood := false
	for _, filter := range []string{"name:~'" + word + "'", "name.raw:*'*" + word + "*'"} {
		r, err := b.listWorkflows(ctx, findProbe, filter)
		switch {
		case r.status == http.StatusBadRequest: // this filter is not known here
		case err != nil:
			failed = err
		default:
			understood = true
			if list := newestRows(r); len(list) > 0 {
				return list, nil
			}
		}
	}
	if failed == nil && !understood {
		failed = errors.New("this tenant has no filter for names of workflows")
	}
	return nil, failed
}

// listWorkflows lists workflows by a filter.
func (b *sandbox) listWorkflows(ctx context.Context, probe, filter string) (response, error) {
	return b.send(ctx, probe, listing(filter, workflowPage))
}

// listing is a request for workflows.
func listing(filter string, limit int) falcon.RawRequest {
	return falcon.RawRequest{
		Doing: "list workflows", Path: definitionsList, Scope: scopeWorkflowRead, MayRepeat: true,
		Query: url.Values{"filter": {filter}, "limit": {strconv.Itoa(limit)}},
	}
}

// newestRows are the workflows of a listing, each as its newest row shows it.
func newestRows(r response) []found {
	newest := map[string]int{}
	var list []found
	for _, row := range r.objects() {
		version, _ := number(row, "version")
		f := found{id: text(row, "id"), name: text(row, "name"), mark: text(row, "description")}
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
	r, err := b.listConfigs(ctx, findProbe)
	if err != nil {
		return nil, err
	}
	var all []found
	for _, c := range r.objects() {
		all = append(all, found{id: text(c, "config_id"), name: configText(c, "name"), mark: configURL(c)})
	}
	return all, nil
}

func (b *sandbox) listConfigs(ctx context.Context, probe string) (response, error) {
	return b.send(ctx, probe, falcon.RawRequest{
		Doing: "list the configurations of Store apps", Path: configsListPath, Scope: scopePluginsRead, MayRepeat: true,
		Query: url.Values{"limit": {"500"}},
	})
}

// leftover describes an object for the list of what could not be removed.
func (o *object) leftover(why string) Leftover {
	return Leftover{Kind: o.kind.noun, ID: o.id, Name: o.name, Why: why}
}

func (o *object) String() string {
	if o.id == "" {
		return fmt.Sprintf("%s %q", o.kind.noun, o.name)
	}
	return fmt.Sprintf("%s %q (id %s)", o.kind.noun, o.name, o.id)
}
