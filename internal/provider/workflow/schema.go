package workflow

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/integrations"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

func (r *workflowResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A Fusion SOAR workflow: any workflow document, or one of the workflows that integrations ask for, without any YAML.\n\n" +
			"Required API scopes: `workflow:read` and `workflow:write`.",
		Attributes: map[string]schema.Attribute{
			"definition": schema.StringAttribute{
				CustomType: documentType{},
				Optional:   true,
				MarkdownDescription: "The workflow document, YAML or JSON, best read from a file with `file()`. Exactly one of `definition` and `notify_webhook` is required. " +
					"Fusion's `${…}` must be written `$${…}` in Terraform strings, heredocs and templates; `file()` needs no such care. " +
					"A document that only looks different (comments, order of keys, quoting, what Falcon adds by itself) is not a change. " +
					"When someone changes the workflow in the console, the next refresh puts the document of Falcon here; `document` shows what is different.",
			},
			"notify_webhook": notifySchema(),
			"name": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Name, unique in the tenant. Overrides the document's; required with `notify_webhook`.",
				Validators:          []validator.String{core.NotBlank()},
			},
			"description": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Description. Overrides the document's.",
			},
			"enabled": schema.BoolAttribute{
				Optional: true, Computed: true,
				Default:             booldefault.StaticBool(true),
				MarkdownDescription: "Whether the workflow is on, default `true`. A workflow does nothing until it is enabled.",
			},
			"id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Id, 32 hexadecimal digits.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"version": schema.Int64Attribute{
				Computed:            true,
				MarkdownDescription: "Version: 1 when created, one more with every change, enabling and disabling included.",
			},
			"last_modified": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "When the workflow was last changed, RFC 3339.",
			},
			"document": schema.StringAttribute{
				Computed: true,
				MarkdownDescription: "The workflow as Falcon has it, as canonical JSON. Terraform shows JSON key by key and hides what is unchanged: " +
					"this is where a plan shows what changes, and what somebody changed in the console.",
			},
			"ignore_rules":      ignoreRulesSchema(),
			"validation_errors": validationErrorsSchema(),
			"timeouts":          timeouts.AttributesAll(ctx),
		},
	}
}

func notifySchema() schema.Attribute {
	return schema.SingleNestedAttribute{
		Optional: true,
		MarkdownDescription: "A workflow that sends the events of one trigger to a webhook configuration through the *Call webhook* action. " +
			"The tenant's catalogue is read when the workflow is created and when this block changes, never otherwise.",
		Attributes: map[string]schema.Attribute{
			"trigger": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "What starts the workflow: `score_changed` (a host's overall assessment changes), `new_incident` (a case is created), " +
					"`incident_update` (a case is updated) or `new_detection`. Exactly one of `trigger` and `event` is required.",
				Validators: []validator.String{stringvalidator.OneOf(integrations.Triggers()...)},
			},
			"event": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "A trigger's category as the catalogue has it, such as `Case/StatusChanged`.",
				Validators:          []validator.String{core.NotBlank()},
			},
			"webhook_id": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Id of the webhook configuration, such as `falcon_webhook.this.id`.",
				Validators:          []validator.String{core.FalconIDValidator()},
			},
			"fields": schema.ListAttribute{
				ElementType: types.StringType,
				Optional:    true,
				MarkdownDescription: "The data to include: paths of the trigger's fields, such as `Trigger.CID`. Required except with `score_changed`, whose default is the trigger's score fields, " +
					"the sensor id and the CID: other triggers carry user names and command lines, and what leaves the company is your decision.",
				Validators: []validator.List{listvalidator.SizeAtLeast(1), core.NoNullElements(), listvalidator.ValueStringsAre(core.NotBlank())},
			},
			"condition": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "A CEL expression; only events for which it holds are sent.",
				Validators:          []validator.String{core.NotBlank()},
			},
			"data_format": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Data format, as the action's schema names it. Left out, the action's own default holds.",
				Validators:          []validator.String{core.NotBlank()},
			},
			"action": schema.SingleNestedAttribute{
				Optional:            true,
				MarkdownDescription: "Overrides what the catalogue says of the *Call webhook* action.",
				Attributes: map[string]schema.Attribute{
					"id": schema.StringAttribute{
						Optional:            true,
						MarkdownDescription: "Id of the action.",
						Validators:          []validator.String{core.NotBlank()},
					},
					"version_constraint": schema.StringAttribute{
						Optional:            true,
						MarkdownDescription: "Version pin, such as `~1`.",
						Validators:          []validator.String{core.NotBlank()},
					},
					"properties": schema.StringAttribute{
						Optional:            true,
						MarkdownDescription: "The action's properties as a JSON object; they replace those that the provider would fill in.",
						Validators:          []validator.String{core.JSONObject()},
					},
				},
			},
		},
	}
}
