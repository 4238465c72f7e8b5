package tenantcheck

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
)

// sandboxURL is the URL of our webhook configurations. The top-level domain invalid exists nowhere, so nothing is ever sent.
var sandboxURL = regexp.MustCompile(`^https://falcon-check\.invalid/[a-z]{12}(/changed)?$`)

func (b *sandbox) webhookURL() string { return "https://falcon-check.invalid/" + b.tag }

// probeOwnConfig is the list that shows the configuration of the check. The note of this name is its id.
const probeOwnConfig = "write.webhook.list"

// tryWebhook tries the request that the provider tries (wire/webhooks.md#writing), with a configuration that delivers nothing.
func (b *sandbox) tryWebhook(ctx context.Context) {
	before, err := b.list(ctx, configListing())
	if err != nil {
		b.stopped(areaWebhook, "list the configurations of Store apps", err)
		return
	}
	key := hex.EncodeToString(randomBytes(32))
	o, _, err := b.createWebhook(ctx, "write.webhook.create", key)
	if o == nil {
		b.stopped(areaWebhook, "create a webhook configuration", err)
		return
	}
	o.id = newConfig(o, before, response{})
	shown := b.watch(ctx, "write.webhook.shown", func(ctx context.Context) (bool, error) {
		r, err := b.send(ctx, probeOwnConfig, configListing())
		o.id = newConfig(o, before, r)
		b.s.note(probeOwnConfig, o.id)
		return o.id != "" && r.config(o.id) != nil, err
	})
	if !shown || ctx.Err() != nil {
		b.stopped(areaWebhook, "list the new webhook configuration", err)
		return
	}
	b.expectPresent(areaWebhook)
	again, _, err := b.createWebhook(ctx, "write.webhook.again", key)
	if again != nil {
		again.id = newConfig(again, before, response{})
	}
	if falcon.Ambiguous(err) {
		return
	}
	b.try(ctx, "write.webhook.change", falcon.RawRequest{
		Doing: "change the webhook configuration of the check", Method: http.MethodPatch, Path: configsWritePath, Scope: scopeConfigsWrite,
		Body: b.configBody(map[string]any{"config_id": o.id}, b.webhookURL()+"/changed", ""), Finish: true,
	})
	b.confirmPresent(ctx, areaWebhook, func(ctx context.Context) (string, error) {
		r, err := b.list(ctx, configListing())
		if r.config(o.id) == nil {
			return o.name, err
		}
		return "", err
	})
	if b.removed(ctx, o, "write.webhook.delete") {
		b.watch(ctx, "write.webhook.gone", func(ctx context.Context) (bool, error) {
			r, err := b.list(ctx, configListing())
			return r.config(o.id) == nil, err
		})
	}
}

func (b *sandbox) createWebhook(ctx context.Context, probe, key string) (*object, response, error) {
	item := map[string]any{}
	seen := b.s.observed()
	if app := seen.webhookApp(); app != "" {
		item["app_id"] = app
	}
	if configs := seen.webhookConfigs(); len(configs) > 0 {
		item["definition_id"] = configs[0]["definition_id"]
	}
	return b.create(ctx, webhookKind, b.name(purposeWebhook), probe, falcon.RawRequest{
		Method: http.MethodPost, Path: configsWritePath, Scope: scopeConfigsWrite, Secrets: []string{key},
		Body: b.configBody(item, b.webhookURL(), key),
	})
}

// configBody is the body of a create or an update, in the form that the provider sends.
func (b *sandbox) configBody(item map[string]any, address, key string) []byte {
	config := map[string]string{"name": b.name(purposeWebhook), "url": address, "signature_header_name": "X-Falcon-Check"}
	if key != "" {
		config["hmac_secret_key"] = key
	}
	item["config"] = config
	body, err := json.Marshal(map[string]any{"resources": []any{item}})
	if err != nil { // texts can always be encoded
		panic(fmt.Sprintf("tenantcheck: the body of a webhook configuration: %v", err))
	}
	return body
}

// config is the configuration of a list with this id.
func (r response) config(id string) map[string]any {
	for _, c := range r.objects() {
		if text(c, "config_id") == id {
			return c
		}
	}
	return nil
}

// newConfig is the id of the configuration that a create has made: that of the response if it was not listed before, or else that
// of the only configuration that was not listed before and shows nothing else than what was sent.
func newConfig(o *object, before, now response) string {
	if o.id != "" {
		return o.id
	}
	if o.claimed != "" && before.config(o.claimed) == nil {
		return o.claimed
	}
	var fresh []string
	for _, c := range now.objects() {
		id := text(c, "config_id")
		name, address := nameOf(c), urlOfConfig(c)
		if before.config(id) == nil && (name == "" || name == o.name) && (address == "" || sandboxURL.MatchString(address)) && name+address != "" {
			fresh = append(fresh, id)
		}
	}
	if len(fresh) != 1 {
		return ""
	}
	return fresh[0]
}

// webhookWriteQuestions are those about the unpublished request.
var webhookWriteQuestions = []question{
	{"Q12", webhookWrite, unpublishedRequest},
	{"Q13", webhookWrite, unpublishedResponse},
	{"Q19", webhookWrite, func(o *observations) finding {
		return o.byStatus("write.webhook.again", areaWebhook, created(http.StatusConflict, "a", "b"))
	}},
	{"Q20", webhookWrite, func(o *observations) finding { return o.shownFinding("write.webhook.shown", areaWebhook) }},
	{"Q21", webhookWrite, func(o *observations) finding { return o.goneFinding("write.webhook.gone", areaWebhook) }},
	{"Q86", webhookWrite, func(o *observations) finding {
		return o.byStatus("write.webhook.change", areaWebhook, created(http.StatusBadRequest, "b", "a"))
	}},
}

func unpublishedRequest(o *observations) finding {
	r, asked := o.last("write.webhook.create")
	_, shown := o.delayOf("write.webhook.shown")
	switch {
	case !asked:
		return o.unasked(areaWebhook)
	case r.isSuccess() && shown:
		return settled("b", fmt.Sprintf("status %d, and the list shows the configuration", r.status))
	case r.isSuccess():
		return open(fmt.Sprintf("status %d, but the list does not show the configuration", r.status))
	case r.status == http.StatusForbidden && r.says("scope not permitted"):
		return open("needs the scope " + scopeConfigsWrite)
	case r.body == nil:
		return open(fmt.Sprintf("status %d, without a response of Falcon", r.status))
	}
	return o.byStatus("write.webhook.create", areaWebhook, map[int]string{
		http.StatusNotFound: "a", http.StatusForbidden: "c", http.StatusMethodNotAllowed: "d", http.StatusBadRequest: "e",
		http.StatusUnsupportedMediaType: "f", http.StatusInternalServerError: "g",
	})
}

func unpublishedResponse(o *observations) finding {
	r, asked := o.last("write.webhook.create")
	if _, shown := o.delayOf("write.webhook.shown"); !asked || !r.ok() || !shown {
		return o.unasked(areaWebhook)
	}
	evidence := fmt.Sprintf("status %d with %d resources", r.status, len(r.resources()))
	object := len(r.objects()) == 1 && r.objects()[0]["config"] != nil
	switch {
	case r.status == http.StatusCreated && object:
		return settled("b", evidence+": the configuration")
	case r.status == http.StatusOK && object:
		return settled("a", evidence+": the configuration")
	case r.status == http.StatusOK && idIn(r) != "":
		return settled("c", evidence+": the id only")
	case r.status == http.StatusOK && len(r.resources()) == 0:
		return settled("d", evidence)
	}
	return open(evidence + ", which fits no reading")
}
