package workflow

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/fusion"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

// The action that sends a request to any address on the internet. It is looked up by name and class: its id is public, but
// only the catalog knows its version (wire/catalog.md#http-actions).
const (
	cloudRequest = "Cloud HTTP Request"
	requestClass = "Inline.HTTPRequest"
	// printData is the action that records an unexpected status in an execution (wire/catalog.md#activities).
	printData = "Print data"
)

const onFailureContinue = "continue"

var httpPath = notifyPath.AtName("http")

type httpModel struct {
	URL          types.String `tfsdk:"url"`
	Method       types.String `tfsdk:"method"`
	Headers      types.Map    `tfsdk:"headers"`
	Body         types.String `tfsdk:"body"`
	ContentType  types.String `tfsdk:"content_type"`
	Credential   types.Object `tfsdk:"credential"`
	SuccessCodes types.List   `tfsdk:"success_codes"`
	OnFailure    types.String `tfsdk:"on_failure"`
}

type credentialModel struct {
	DefinitionID types.String `tfsdk:"definition_id"`
	ConfigID     types.String `tfsdk:"config_id"`
	Name         types.String `tfsdk:"name"`
	APIKeyHeader types.String `tfsdk:"api_key_header"`
}

func httpSchema() schema.SingleNestedAttribute {
	return schema.SingleNestedAttribute{
		Optional: true,
		MarkdownDescription: "Sends the events in an HTTP request through the *Cloud HTTP Request* action, which needs no Store app and no webhook configuration. " +
			"CrowdStrike does not sign this request: a receiver that checks `X-Cs-Primary-Signature` rejects it. " +
			"The function `http_notification` returns this object for well-known receivers. " +
			"`url`, `body` and the values of `headers` may refer to the event, as in `$${data['Trigger.CID']}`; references are checked against the trigger's fields.",
		Attributes: map[string]schema.Attribute{
			"url": schema.StringAttribute{
				Required: true,
				MarkdownDescription: "Address of the receiver: https, or http for a loopback address, which only a simulator delivers to. It may contain references after the host. " +
					"A URL that contains a token is a warning: the workflow document, the state and the plan show it.",
				Validators: []validator.String{requestURL()},
			},
			"method": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Method: `POST` (default), `PUT`, `PATCH`, `GET` or `DELETE`.",
				Validators:          []validator.String{stringvalidator.OneOf(http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodGet, http.MethodDelete)},
			},
			"headers": schema.MapAttribute{
				ElementType: types.StringType,
				Optional:    true,
				MarkdownDescription: "Headers of the request, without `Host` and `Content-Length`. A secret in a header, such as `Authorization`, is a warning, because the workflow document, the state and the plan show it: " +
					"use `credential` instead.",
				Validators: []validator.Map{
					mapvalidator.SizeAtLeast(1), mapvalidator.KeysAre(core.HeaderName("X-Source")), mapvalidator.ValueStringsAre(headerValue()),
				},
			},
			"body": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Body of the request. Defaults to a JSON object of `fields`, with readable keys: `Trigger.Case.CaseID` becomes `case_id`. The default has only strings as values. " +
					"With `content_type = \"JSON\"`, it must be JSON when the references have values.",
				Validators: []validator.String{core.NotBlank()},
			},
			"content_type": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "`JSON`, the default of a request with a body, or `NONE`.",
				Validators:          []validator.String{stringvalidator.OneOf(fusion.ContentJSON, fusion.ContentNone)},
			},
			"credential": schema.SingleNestedAttribute{
				Optional: true,
				MarkdownDescription: "A credential that exists in the Falcon console. No API creates one. The ids are in the export of a workflow that uses it, and are different in every tenant. " +
					"Set `definition_id`, or `config_id` and `name`, or all three as the export shows them.",
				Attributes: map[string]schema.Attribute{
					"definition_id": schema.StringAttribute{
						Optional:            true,
						MarkdownDescription: "`definition_id` in the export, 32 hexadecimal digits.",
						Validators:          []validator.String{core.FalconIDValidator()},
					},
					"config_id": schema.StringAttribute{
						Optional:            true,
						MarkdownDescription: "`config_id` in the export, 32 hexadecimal digits. Requires `name`.",
						Validators:          []validator.String{core.FalconIDValidator()},
					},
					"name": schema.StringAttribute{
						Optional:            true,
						MarkdownDescription: "`config_name` in the export: the name of the credential.",
					},
					"api_key_header": schema.StringAttribute{
						Optional:            true,
						MarkdownDescription: "`api_key_header_label` in the export: the header that carries the API key, such as `x-apikey`. Other keys of the export, such as `oauth_token_url`, are set with `action.properties`.",
						Validators:          []validator.String{core.HeaderName("x-apikey")},
					},
				},
			},
			"success_codes": schema.ListAttribute{
				ElementType: types.NumberType, // of an integer, the framework reports a fraction as a bug of the provider
				Optional:    true,
				MarkdownDescription: "Status codes of a successful delivery, such as `[200, 202]`. Any other status is recorded in the execution by the action *Print data*. It does not make the execution fail: " +
					"no published document shows an action that does. By default, the response is not looked at.",
				Validators: []validator.List{
					listvalidator.SizeAtLeast(1), listvalidator.UniqueValues(), core.NoNullElements(), listvalidator.ValueNumbersAre(statusCode{}),
				},
			},
			"on_failure": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "What happens to the execution when the request fails: `fail` (default), or `continue`, which the console calls *Continue on failure*. " +
					"The request fails, for example, if the receiver does not respond within 30 seconds.",
				Validators: []validator.String{stringvalidator.OneOf("fail", onFailureContinue)},
			},
		},
	}
}

func requestURL() validator.String {
	return core.CheckString("must be an https URL (http for a loopback address)", "Invalid URL", func(s string) error {
		if _, err := fusion.SplitRequestURL(s); err != nil {
			return fmt.Errorf("%q is not a valid URL of a request: %w", s, err)
		}
		return core.CheckWebhookURL(fusion.WithoutReferences(s, "reference"))
	})
}

func headerValue() validator.String {
	return core.CheckString("must be the value of an HTTP header", "Invalid header", func(s string) error {
		if strings.TrimSpace(s) == "" || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
			return fmt.Errorf("the value of a header must not be empty or contain line breaks")
		}
		return nil
	})
}

// httpFrom reads http; nil if it is null or unknown.
func (m *notifyModel) httpFrom(ctx context.Context, diags *diag.Diagnostics) *httpModel {
	if m.HTTP.IsNull() || m.HTTP.IsUnknown() {
		return nil
	}
	var h httpModel
	diags.Append(m.HTTP.As(ctx, &h, basetypes.ObjectAsOptions{})...)
	return &h
}

// hasOwnBody reports whether the fields are not sent in a default body, or may not be.
func (m *notifyModel) hasOwnBody(ctx context.Context, diags *diag.Diagnostics) bool {
	h := m.httpFrom(ctx, diags)
	return m.HTTP.IsUnknown() || h != nil && (!h.Body.IsNull() || h.Method.IsUnknown() || h.ContentType.IsUnknown() || !h.hasDefaultBody())
}

// method returns the method of the request.
func (h *httpModel) method() string {
	if h.Method.IsNull() {
		return http.MethodPost
	}
	return h.Method.ValueString()
}

// hasDefaultBody reports whether a request without a body of its own gets one.
func (h *httpModel) hasDefaultBody() bool {
	return h.ContentType.ValueString() != fusion.ContentNone && slices.Contains([]string{http.MethodPost, http.MethodPut, http.MethodPatch}, h.method())
}

// contentType returns the content type of a request with or without a body.
func (h *httpModel) contentType(body string) string {
	switch {
	case !h.ContentType.IsNull():
		return h.ContentType.ValueString()
	case body == "":
		return fusion.ContentNone
	default:
		return fusion.ContentJSON
	}
}

// request returns the request of the block, nil without http.
func (m *notifyModel) request(ctx context.Context, data *core.ProviderData, fields []string, diags *diag.Diagnostics) *fusion.HTTPRequest {
	h := m.httpFrom(ctx, diags)
	if h == nil {
		return nil
	}
	out := &fusion.HTTPRequest{
		URL: h.URL.ValueString(), Method: h.method(), Body: h.Body.ValueString(),
		ContinueOnError: h.OnFailure.ValueString() == onFailureContinue,
	}
	if h.Body.IsNull() && len(fields) > 0 {
		body, err := fusion.FieldsBody(fields)
		if err != nil {
			diags.AddAttributeError(notifyPath.AtName("fields"), "Invalid field", core.Sentence(err.Error()))
			return nil
		}
		out.Body = body
	}
	out.ContentType = h.contentType(out.Body)
	diags.Append(h.Headers.ElementsAs(ctx, &out.Headers, false)...)
	diags.Append(h.SuccessCodes.ElementsAs(ctx, &out.SuccessCodes, false)...)
	if !h.Credential.IsNull() {
		var c credentialModel
		diags.Append(h.Credential.As(ctx, &c, basetypes.ObjectAsOptions{})...)
		out.Credential = &fusion.Credential{
			DefinitionID: c.DefinitionID.ValueString(), ConfigID: c.ConfigID.ValueString(),
			ConfigName: c.Name.ValueString(), APIKeyHeader: c.APIKeyHeader.ValueString(),
		}
	}
	if len(out.SuccessCodes) > 0 {
		report := actionOnce(ctx, data, actionQuery{
			at: httpPath.AtName("success_codes"), name: printData,
			ifMissing: "It records an unexpected status. Remove success_codes.", ifSeveral: "Remove success_codes.",
		}, diags)
		if report != nil {
			out.Report = actionOf(report)
		}
	}
	return out
}

// requestPath returns the path of the argument that a problem of the composed request is about.
func (m *notifyModel) requestPath(ctx context.Context, p fusion.Problem) path.Path {
	var reported diag.Diagnostics // when the block was read before
	h := m.httpFrom(ctx, &reported)
	_, property, _ := strings.Cut(p.Path, ".http_transaction.")
	switch {
	case h == nil:
		return httpPath
	case strings.HasPrefix(property, "request_url"), strings.HasPrefix(property, "request_query"):
		return httpPath.AtName("url")
	case strings.HasPrefix(property, "request_headers"):
		return httpPath.AtName("headers")
	case strings.HasPrefix(property, "request_body") && !h.Body.IsNull():
		return httpPath.AtName("body")
	case strings.HasPrefix(property, "request_body"):
		return m.fieldPath(ctx, p)
	case strings.HasSuffix(p.Path, "definition_id"), strings.HasSuffix(p.Path, "config_id"):
		return httpPath.AtName("credential")
	default:
		return httpPath
	}
}

// fieldPath returns the path of the field that a problem of the default body names.
func (m *notifyModel) fieldPath(ctx context.Context, p fusion.Problem) path.Path {
	at := notifyPath.AtName("fields")
	var fields []string
	if diags := m.Fields.ElementsAs(ctx, &fields, false); diags.HasError() {
		return at
	}
	message, _, _ := strings.Cut(p.Message, ";") // the suggestions may be other fields
	for i, field := range fields {
		name, ok := fusion.FieldPath(field)
		if ok && regexp.MustCompile(`(^|[^\w.])`+regexp.QuoteMeta(name)+`($|[^\w.])`).MatchString(message) {
			return at.AtListIndex(i)
		}
	}
	return at
}
