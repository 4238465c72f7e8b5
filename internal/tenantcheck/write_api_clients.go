package tenantcheck

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
)

// areaClients, areaWorkflows and areaWebhook are the parts of the check that write.
const (
	areaClients   = "clients"
	areaWorkflows = "workflows"
	areaWebhook   = "webhook"
)

const clientActionsPath = "/api-clients/entities/api-clients-actions/v1"

// tryClients creates an API client with one read scope, changes it and deletes it.
func (b *sandbox) tryClients(ctx context.Context) {
	scope := b.readScope(ctx)
	if scope == "" {
		return
	}
	o, _, err := b.createClient(ctx, "write.client.create", scope)
	if o == nil || o.claimed == "" {
		b.stopped(areaClients, "create an API client", err)
		return
	}
	if !b.watch(ctx, "write.client.shown", func(ctx context.Context) (bool, error) {
		c, err := b.readClient(ctx, "write.client.new", o.claimed)
		if nameOf(c) == o.name {
			o.id = o.claimed
		}
		return c != nil, err
	}) || o.id == "" {
		b.stopped(areaClients, "read the new API client", nil)
		return
	}
	b.expectPresent(areaClients)
	// Its error is the observation.
	if _, _, err := b.createClient(ctx, "write.client.again", scope); err != nil && falcon.Ambiguous(err) {
		b.stopped(areaClients, "create a second API client", err)
		return
	}
	b.changeClient(ctx, o, scope)
	b.changeMissingClient(ctx, scope)
	b.confirmPresent(ctx, areaClients, func(ctx context.Context) (string, error) {
		c, err := b.readClient(ctx, findProbe, o.id)
		if c == nil {
			return o.name, err
		}
		return "", err
	})
	if b.removed(ctx, o, "write.client.delete") {
		b.watch(ctx, "write.client.gone", func(ctx context.Context) (bool, error) {
			c, err := b.readClient(ctx, "write.client.deleted", o.id)
			return c == nil, err
		})
	}
}

// readScope is the scope of the new API client: a read scope that the tenant offers, and one that the caller has where possible,
// because a client may only be able to grant its own scopes (wire/api-clients.md#operations).
func (b *sandbox) readScope(ctx context.Context) string {
	offered, known := b.s.observed().offered()
	if !known {
		r, err := b.send(ctx, probeScopes, falcon.RawRequest{
			Doing: "list the scopes", Path: scopesPath, Scope: scopeClientsRead, MayRepeat: true,
		})
		if err != nil {
			b.stopped(areaClients, "list the scopes", err)
			return ""
		}
		offered = r.scopes()
	}
	for _, wanted := range []string{scopeWorkflowRead, scopeConfigsRead} {
		if slices.Contains(offered, wanted) {
			return wanted
		}
	}
	for _, id := range offered {
		if strings.HasSuffix(id, ":read") {
			return id
		}
	}
	b.s.note(stopOf(areaClients), "not checked: the tenant offers no read scope")
	return ""
}

// clientBody is the body of a create or update. description nil is sent as null.
func clientBody(name string, description *string, scope string) []byte {
	body, err := json.Marshal(map[string]any{"name": name, "description": description, "scopes": []string{scope}})
	if err != nil { // texts can always be encoded
		return nil
	}
	return body
}

func (b *sandbox) createClient(ctx context.Context, probe, scope string) (*object, response, error) {
	name := b.name(purposeClient)
	return b.create(ctx, clientKind, name, probe, falcon.RawRequest{
		Method: http.MethodPost, Path: apiClientsPath, Scope: scopeClientsWrite, Body: clientBody(name, new(sandboxNote), scope),
	})
}

func clientUpdate(id string, body []byte) falcon.RawRequest {
	return falcon.RawRequest{
		Doing: "change the new API client", Method: http.MethodPatch, Path: apiClientsPath, Scope: scopeClientsWrite,
		Query: url.Values{"ids": {id}}, Body: body, Finish: true,
	}
}

func (b *sandbox) resetClient(ctx context.Context, probe, id string) {
	b.try(ctx, probe, falcon.RawRequest{ // the response has a secret, which nothing keeps
		Doing: "reset the secret of the new API client", Method: http.MethodPost, Path: clientActionsPath, Scope: scopeClientsWrite,
		Query: url.Values{"action_name": {"reset_secret"}, "ids": {id}}, Finish: true,
	})
}

// readClient reads an API client; nil if it is not shown.
func (b *sandbox) readClient(ctx context.Context, probe, id string) (map[string]any, error) {
	r, err := b.send(ctx, probe, falcon.RawRequest{
		Doing: "read the new API client", Path: apiClientsPath, Scope: scopeClientsRead, MayRepeat: true, Query: url.Values{"ids": {id}},
	})
	if falcon.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for _, c := range r.objects() {
		if objectID(c) == id {
			return c, nil
		}
	}
	return nil, nil
}

// changeClient renames an API client and sets its description to null. The two changes have different names: the second name
// shows that the second change has taken effect, and proves, without the description, that the client is ours.
func (b *sandbox) changeClient(ctx context.Context, o *object, scope string) {
	b.resetClient(ctx, "write.client.reset", o.id)
	if !b.try(ctx, "write.client.rename", clientUpdate(o.id, clientBody(b.name(purposeRenamed), new(sandboxNote), scope))) {
		return
	}
	o.name = b.name(purposeRenamed)
	name := b.name(purposeUndescribed)
	if !b.try(ctx, "write.client.null", clientUpdate(o.id, clientBody(name, nil, scope))) {
		return
	}
	o.name = name
	b.watch(ctx, "write.client.changed", func(ctx context.Context) (bool, error) {
		c, err := b.readClient(ctx, "write.client.read", o.id)
		return text(c, "name") == name, err
	})
}

// changeMissingClient changes, resets and deletes an API client that does not exist.
func (b *sandbox) changeMissingClient(ctx context.Context, scope string) {
	b.try(ctx, "write.missing.update", clientUpdate(missingID, clientBody(b.name(purposeClient)+" missing", new(sandboxNote), scope)))
	b.resetClient(ctx, "write.missing.reset", missingID)
	req := clientKind.removal(missingID)
	req.Doing = "delete an API client that does not exist"
	b.try(ctx, "write.missing.delete", req)
}
