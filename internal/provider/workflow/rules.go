package workflow

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/fusion"
)

// workflowChecksPage explains the rules, each under a heading with its id.
const workflowChecksPage = "https://registry.terraform.io/providers/falcon-integrations/falcon/latest/docs/guides/workflow-checks"

// The summaries of what a check finds.
const (
	invalidDocument  = "Invalid workflow document"
	possibleProblem  = "Possible problem in workflow document"
	unfinishedAsItIs = "Unfinished workflow document"
)

func ignoreRulesSchema() schema.Attribute {
	return schema.SetAttribute{
		ElementType: types.StringType,
		Optional:    true,
		MarkdownDescription: "Ids of [workflow checks](../guides/workflow-checks.md) to leave out, such as `[\"R17\"]`. Falcon's rules change, and " +
			"this provider may know an old one. Falcon's own checks can't be left out.",
		Validators: []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(ruleID())},
	}
}

type ruleIDValidator struct{}

// ruleID accepts the ids of the workflow checks.
func ruleID() validator.String { return ruleIDValidator{} }

func (ruleIDValidator) Description(context.Context) string {
	return "must be the id of a workflow check, such as R17"
}

func (v ruleIDValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (ruleIDValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsUnknown() {
		return
	}
	id := req.ConfigValue.ValueString()
	if _, ok := fusion.RuleByID(id); ok {
		return
	}
	detail := fmt.Sprintf("%q is not the id of a workflow check.%s", id, nearestHint(strings.ToUpper(id), fusion.RuleIDs()))
	resp.Diagnostics.AddAttributeError(req.Path, "Unknown workflow check", detail+" All checks: "+workflowChecksPage)
}

// checkOptions are how strictly the document of a workflow is checked. The last
// result is false while that is not known.
func (m workflowModel) checkOptions(ctx context.Context, diags *diag.Diagnostics) (fusion.CheckOptions, bool) {
	var out fusion.CheckOptions
	if m.IgnoreRules.IsUnknown() {
		return out, false
	}
	var ignored []types.String
	diags.Append(m.IgnoreRules.ElementsAs(ctx, &ignored, false)...)
	for _, id := range ignored {
		if id.IsUnknown() {
			return out, false
		}
		out.Ignore = append(out.Ignore, id.ValueString())
	}
	// While it is not known whether the workflow is to be on, nothing is refused.
	out.Draft = m.Enabled.IsUnknown() || !m.Enabled.IsNull() && !m.Enabled.ValueBool()
	return out, true
}

// validateDefinition checks a known document as far as that needs no tenant, so
// that terraform validate finds it.
func (m workflowModel) validateDefinition(ctx context.Context, diags *diag.Diagnostics) {
	if m.Definition.IsNull() || m.Definition.IsUnknown() {
		return
	}
	doc, _ := fusion.Parse(m.Definition.ValueString())
	if doc == nil {
		return // the attribute's own validation has said why
	}
	if strings.TrimSpace(doc.Name()) == "" {
		if m.Name.IsNull() {
			diags.AddAttributeError(path.Root("definition"), "Missing name", "The document has no name. Give it one, or set the attribute name.")
		}
		doc = doc.With(new("-"), nil)
	}
	m.checkOffline(ctx, doc, diags)
}

// checkOffline holds a document to the rules that need no tenant.
func (m workflowModel) checkOffline(ctx context.Context, doc *fusion.Document, diags *diag.Diagnostics) {
	if options, known := m.checkOptions(ctx, diags); known {
		m.addProblems(ctx, diags, doc.Check(options), options)
	}
}

// addProblems reports what checks found. A document that the provider composed
// has no lines that the user knows.
func (m workflowModel) addProblems(ctx context.Context, diags *diag.Diagnostics, problems fusion.Problems, options fusion.CheckOptions) {
	for _, p := range problems {
		summary := possibleProblem
		if rule, ok := fusion.RuleByID(p.Rule); ok && p.Warning && options.Draft && rule.Level == fusion.Release {
			summary = unfinishedAsItIs
		}
		at := m.problemPath(ctx, p)
		text := problemText(p, m.NotifyWebhook.IsNull(), summary == unfinishedAsItIs)
		if p.Warning {
			diags.AddAttributeWarning(at, summary, text)
			continue
		}
		diags.AddAttributeError(at, invalidDocument, text)
	}
}

// problemPath is the argument that a problem is about.
func (m workflowModel) problemPath(ctx context.Context, p fusion.Problem) path.Path {
	if m.NotifyWebhook.IsNull() {
		return path.Root("definition")
	}
	var ignored diag.Diagnostics // the block was read before
	notify := notifyOf(ctx, m.NotifyWebhook, &ignored)
	if notify == nil {
		return notifyPath
	}
	if p.Kind == "condition" && !notify.Condition.IsNull() {
		return notifyPath.AtName("condition")
	}
	for i := range notify.Fields.Elements() {
		if p.Kind == "action" && strings.HasSuffix(p.Path, fmt.Sprintf("[%d]", i)) {
			return notifyPath.AtName("fields").AtListIndex(i)
		}
	}
	return notifyPath
}

// problemText is a finding with the way to its explanation.
func problemText(p fusion.Problem, withPlace, draft bool) string {
	if !withPlace {
		p.Line, p.Column = 0, 0
	}
	text := p.String()
	if !strings.HasSuffix(text, "?") {
		text += "."
	}
	if p.Rule == "" {
		return text
	}
	if draft {
		text += " Falcon stores the workflow like this and refuses to enable it."
	}
	return fmt.Sprintf("%s\n\nThis is check %s: %s#%s", text, p.Rule, workflowChecksPage, strings.ToLower(p.Rule))
}
