package workflow

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/fusion"
)

// validateReceiver checks that there is one receiver, and a request as far as it is known.
func (m *notifyModel) validateReceiver(ctx context.Context, diags *diag.Diagnostics) {
	switch {
	case m.WebhookID.IsNull() && m.HTTP.IsNull():
		diags.AddAttributeError(notifyPath, "Missing receiver",
			"Set webhook_id to the id of a webhook configuration, which CrowdStrike signs, or http to the request to send, which is not signed.")
		return
	case !m.WebhookID.IsNull() && !m.HTTP.IsNull():
		diags.AddAttributeError(httpPath, "Conflicting arguments", "Set one of webhook_id and http, not both.")
		return
	}
	h := m.httpFrom(ctx, diags)
	if h == nil {
		return
	}
	if !m.DataFormat.IsNull() {
		diags.AddAttributeError(notifyPath.AtName("data_format"), "Conflicting arguments", "A request has no data format: its body is the argument body, or a JSON object of fields.")
	}
	switch {
	case m.Fields.IsNull() || h.Method.IsUnknown() || h.ContentType.IsUnknown():
	case !h.Body.IsNull():
		diags.AddAttributeError(notifyPath.AtName("fields"), "Conflicting arguments", "Set one of fields and http.body, not both: a body contains its data itself, as in $${data['Trigger.CID']}.")
	case !h.hasDefaultBody():
		diags.AddAttributeError(notifyPath.AtName("fields"), "Conflicting arguments", "This request has no body, so the fields would not be sent. Set the body, or put references into the URL or the headers.")
	}
	h.validate(ctx, diags)
}

// validate checks what the validator of a single attribute does not see.
func (h *httpModel) validate(ctx context.Context, diags *diag.Diagnostics) {
	if body := h.Body.ValueString(); body != "" {
		value, err := fusion.ParseJSONTemplate(body)
		warnSecretBody(value, diags)
		if err != nil && !h.ContentType.IsUnknown() && h.contentType(body) == fusion.ContentJSON {
			diags.AddAttributeError(httpPath.AtName("body"), "Invalid JSON",
				fmt.Sprintf("The body is not JSON when its references have values: %s. Use jsonencode, or set content_type to NONE.", err))
		}
	}
	checkReferences(httpPath.AtName("url"), h.URL, diags)
	checkReferences(httpPath.AtName("body"), h.Body, diags)
	for _, name := range slices.Sorted(maps.Keys(h.Headers.Elements())) {
		if value, ok := h.Headers.Elements()[name].(types.String); ok {
			checkReferences(httpPath.AtName("headers").AtMapKey(name), value, diags)
			warnSecretHeader(name, value, diags)
		}
	}
	h.warnSecretURL(diags)
	if h.Credential.IsNull() || h.Credential.IsUnknown() {
		return
	}
	var c credentialModel
	diags.Append(h.Credential.As(ctx, &c, basetypes.ObjectAsOptions{})...)
	if c.DefinitionID.IsNull() && c.ConfigID.IsNull() {
		diags.AddAttributeError(httpPath.AtName("credential"), "Missing credential", "Set definition_id, or config_id and name, as the export of a workflow with this credential shows them.")
	}
}

// referenceRoots are what a notification can refer to: it has no earlier actions and no variables.
var referenceRoots = []string{"Trigger", "Workflow"}

// checkReferences reports references to something else than the event. Whether the trigger has the field is checked against
// the catalog.
func checkReferences(at path.Path, text types.String, diags *diag.Diagnostics) {
	for _, reference := range fusion.RequestReferences(text.ValueString()) {
		root, _, _ := strings.Cut(reference, ".")
		if slices.Contains(referenceRoots, root) && root != reference {
			continue
		}
		diags.AddAttributeError(at, "Unknown reference", fmt.Sprintf("%q is not a field of the event: references begin with Trigger. or Workflow., such as $${data['Trigger.CID']}.%s",
			reference, nearestHint(root, referenceRoots)))
	}
}

// secretName matches the names of headers, parameters and members that usually have secrets.
var secretName = regexp.MustCompile(`(?i)(^|[-_.])(authorization|auth|api[-_]?key|apikey|routing[-_]?key|token|secret|password|cookie|sig|signature)($|[-_.])|(?i)(token|secret|password|apikey)$`)

// shownInClear is why a secret in a request is a warning.
const shownInClear = "Falcon has no other place for it: the workflow document, the state and the plan show it in plain text, to everyone who can read the workflow in Falcon."

func warnSecret(at path.Path, what, instead string, diags *diag.Diagnostics) {
	diags.AddAttributeWarning(at, "Possible secret in plain text", fmt.Sprintf("%s looks like a secret. %s %s", what, shownInClear, instead))
}

func warnSecretHeader(name string, value types.String, diags *diag.Diagnostics) {
	if secretName.MatchString(name) && value.ValueString() != "" && !fusion.HasReference(value.ValueString()) {
		warnSecret(httpPath.AtName("headers").AtMapKey(name), "The header "+name, "Create a credential in the console and set credential.", diags)
	}
}

// secretHosts are receivers whose URL is itself a secret: whoever knows it can post.
var secretHosts = []string{"hooks.slack.com", "webhook.office.com", "discord.com"}

func (h *httpModel) warnSecretURL(diags *diag.Diagnostics) {
	address, err := fusion.SplitRequestURL(h.URL.ValueString())
	if err != nil || h.URL.ValueString() == "" {
		return // reported by the attribute's own validation
	}
	const instead = "Use a URL that can do nothing but send to this receiver, so that you can replace it if it becomes known."
	at := httpPath.AtName("url")
	for _, p := range address.Query {
		if (secretName.MatchString(p.Name) || strings.EqualFold(p.Name, "key")) && p.Value != "" && !fusion.HasReference(p.Value) {
			warnSecret(at, "The parameter "+p.Name+" of the URL", instead, diags)
			return
		}
	}
	u, err := url.Parse(fusion.WithoutReferences(address.Address, "reference"))
	if err == nil && slices.ContainsFunc(secretHosts, func(host string) bool {
		return u.Hostname() == host || strings.HasSuffix(u.Hostname(), "."+host)
	}) {
		warnSecret(at, "The path of the URL", instead, diags)
	}
}

// warnSecretBody reports the first member of a JSON body, at any depth, that looks like a secret.
func warnSecretBody(body any, diags *diag.Diagnostics) {
	if name := secretMember(body); name != "" {
		warnSecret(httpPath.AtName("body"), "The member "+name+" of the body",
			"Use a key that can do nothing but send to this receiver, so that you can replace it if it becomes known.", diags)
	}
}

// secretMember returns the name of a member that has a text and looks like a secret; "" if there is none.
func secretMember(value any) string {
	switch v := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if text, ok := v[name].(string); ok && strings.TrimSpace(text) != "" && secretName.MatchString(name) {
				return name
			}
			if found := secretMember(v[name]); found != "" {
				return found
			}
		}
	case []any:
		for _, item := range v {
			if found := secretMember(item); found != "" {
				return found
			}
		}
	}
	return ""
}
