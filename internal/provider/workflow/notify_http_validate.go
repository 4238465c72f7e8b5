package workflow

import (
	"context"
	"fmt"
	"maps"
	"math/big"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
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
	h.checkHeaders(diags)
	if h.Body.ValueString() != "" && h.Method.ValueString() == http.MethodGet {
		diags.AddAttributeError(httpPath.AtName("body"), "Conflicting arguments", "A GET request has no body, and receivers ignore or refuse one. Remove body, or set method to POST.")
	}
	h.warnSecretURL(diags)
	if h.Credential.IsNull() || h.Credential.IsUnknown() {
		return
	}
	var c credentialModel
	diags.Append(h.Credential.As(ctx, &c, basetypes.ObjectAsOptions{})...)
	c.validate(diags)
}

// validate checks the credential as a whole. An error at its name would be shown at the name of the workflow: Terraform looks
// for the last part of a path in the resource.
func (c *credentialModel) validate(diags *diag.Diagnostics) {
	problem := ""
	switch {
	case c.DefinitionID.IsNull() && c.ConfigID.IsNull() && c.Name.IsNull():
		problem = "Set definition_id, or config_id and name, as the export of a workflow with this credential shows them."
	case !c.Name.IsNull() && !c.Name.IsUnknown() && strings.TrimSpace(c.Name.ValueString()) == "":
		problem = "notify_webhook.http.credential.name is empty. Set it to config_name of the export, or remove it and config_id, and set definition_id."
	case c.ConfigID.IsUnknown() || c.Name.IsUnknown(): // either may become null
		return
	case c.ConfigID.IsNull() != c.Name.IsNull():
		problem = "notify_webhook.http.credential.config_id and credential.name belong together: set both or neither."
	default:
		return
	}
	diags.AddAttributeError(httpPath.AtName("credential"), "Invalid credential", problem)
}

// requestHeaders are headers that the sender of a request sets itself.
var requestHeaders = []string{"Host", "Content-Length"}

// checkHeaders reports headers that would not arrive as they are written. Names ignore upper and lower case.
func (h *httpModel) checkHeaders(diags *diag.Diagnostics) {
	seen := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(h.Headers.Elements())) {
		canonical := http.CanonicalHeaderKey(name)
		other, twice := seen[canonical]
		switch {
		case slices.Contains(requestHeaders, canonical):
			diags.AddAttributeError(httpPath.AtName("headers"), "Invalid header",
				fmt.Sprintf("The header %s comes from the URL and the body of the request. Remove it from notify_webhook.http.headers.", name))
		case twice:
			diags.AddAttributeError(httpPath.AtName("headers"), "Invalid header",
				fmt.Sprintf("%s and %s are the same header: names ignore upper and lower case. Remove one from notify_webhook.http.headers.", other, name))
		}
		seen[canonical] = name
	}
}

// statusCode is a validator of the status codes of responses.
type statusCode struct{}

// Description implements validator.Number.
func (statusCode) Description(context.Context) string {
	return "must be a whole number from 100 to 599"
}

// MarkdownDescription implements validator.Number.
func (v statusCode) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateNumber implements validator.Number.
func (statusCode) ValidateNumber(_ context.Context, req validator.NumberRequest, resp *validator.NumberResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	value := req.ConfigValue.ValueBigFloat()
	if code, exact := value.Int64(); exact != big.Exact || code < 100 || code > 599 {
		resp.Diagnostics.AddAttributeError(httpPath.AtName("success_codes"), "Invalid status code",
			fmt.Sprintf("%s is not a status code: the codes in notify_webhook.http.success_codes are whole numbers from 100 to 599.", value.Text('g', 10)))
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
