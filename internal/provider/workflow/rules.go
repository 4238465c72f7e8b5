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
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

// checksPage explains the rules, each under a heading with its id.
const checksPage = "https://registry.terraform.io/providers/falcon-integrations/falcon/latest/docs/guides/workflow-checks"

func ignoreRulesSchema() schema.Attribute {
	return schema.SetAttribute{
		ElementType: types.StringType,
		Optional:    true,
		MarkdownDescription: "Ids of [workflow checks](../guides/workflow-checks.md) to skip, such as `[\"R17\"]`. Falcon's rules change, and " +
			"this provider may know an old one. Falcon's own checks cannot be skipped.",
		Validators: []validator.Set{setvalidator.SizeAtLeast(1), core.NoNullElements(), setvalidator.ValueStringsAre(ruleID())},
	}
}

// ruleID returns a validator that accepts the ids of the workflow checks.
func ruleID() validator.String {
	return core.CheckString("must be the id of a workflow check, such as R17", "Unknown workflow check", func(id string) error {
		if _, ok := fusion.RuleByID(id); ok {
			return nil
		}
		return fmt.Errorf("%q is not the id of a workflow check.%s See %s for all checks", id, nearestHint(strings.ToUpper(id), fusion.RuleIDs()), checksPage)
	})
}

// checkOptions returns how strictly to check the document of a workflow. ok is false while that is unknown.
func (m *model) checkOptions(ctx context.Context, diags *diag.Diagnostics) (options fusion.CheckOptions, ok bool) {
	if m.IgnoreRules.IsUnknown() {
		return options, false
	}
	var ignored []types.String
	diags.Append(m.IgnoreRules.ElementsAs(ctx, &ignored, false)...)
	for _, id := range ignored {
		if id.IsUnknown() {
			return options, false
		}
		options.Ignore = append(options.Ignore, id.ValueString())
	}
	// While it is unknown whether the workflow will be enabled, it counts as a draft.
	options.Draft = m.Enabled.IsUnknown() || !m.Enabled.IsNull() && !m.Enabled.ValueBool()
	return options, true
}

// validateDefinition checks a known definition as far as that needs no tenant, so that terraform validate reports it.
func (m *model) validateDefinition(ctx context.Context, diags *diag.Diagnostics) {
	doc := parse(m.Definition)
	if doc == nil {
		return // null, unknown, or reported by the attribute's own validation
	}
	if strings.TrimSpace(doc.Name()) == "" {
		if m.Name.IsNull() {
			diags.AddAttributeError(path.Root("definition"), "Missing name", "The document has no name. Add one, or set the argument name.")
		}
		doc = doc.With(new("-"), nil)
	}
	if enabled, ok := doc.Enabled(); ok && !enabled && m.Enabled.IsNull() {
		diags.AddAttributeWarning(path.Root("enabled"), "enabled is not set",
			"The document contains enabled: false, which is not sent: the argument enabled decides, and its default is true. Set enabled = false to keep the workflow disabled, or enabled = true.")
	}
	m.checkOffline(ctx, doc, diags)
}

// checkOffline applies the rules that need no tenant.
func (m *model) checkOffline(ctx context.Context, doc *fusion.Document, diags *diag.Diagnostics) {
	if options, ok := m.checkOptions(ctx, diags); ok {
		m.addProblems(ctx, doc.Check(options), options, diags)
	}
}

// addProblems reports problems of the document. One that the provider composed has no lines that the user knows.
func (m *model) addProblems(ctx context.Context, problems fusion.Problems, options fusion.CheckOptions, diags *diag.Diagnostics) {
	for _, p := range problems {
		rule, ok := fusion.RuleByID(p.Rule)
		unfinished := ok && p.Warning && options.Draft && rule.Level == fusion.Release
		at := m.problemPath(ctx, p)
		text := problemText(p, m.NotifyWebhook.IsNull(), unfinished)
		switch {
		case !p.Warning:
			diags.AddAttributeError(at, invalidDocument, text)
		case unfinished:
			diags.AddAttributeWarning(at, unfinishedDocument, text)
		default:
			diags.AddAttributeWarning(at, possibleProblem, text)
		}
	}
}

// problemPath returns the path of the argument that a problem is about.
func (m *model) problemPath(ctx context.Context, p fusion.Problem) path.Path {
	var reported diag.Diagnostics // when the block was read before
	notify := notifyFrom(ctx, m.NotifyWebhook, &reported)
	if notify == nil {
		return m.source()
	}
	if p.Kind == "condition" && !notify.Condition.IsNull() {
		return notifyPath.AtName("condition")
	}
	if p.Kind == "action" && !notify.HTTP.IsNull() {
		return notify.requestPath(ctx, p)
	}
	for i := range notify.Fields.Elements() {
		if p.Kind == "action" && strings.HasSuffix(p.Path, fmt.Sprintf("[%d]", i)) {
			return notifyPath.AtName("fields").AtListIndex(i)
		}
	}
	return notifyPath
}

// problemText returns a problem with a link to the explanation of its rule.
func problemText(p fusion.Problem, withPosition, unfinished bool) string {
	if !withPosition {
		p.Line, p.Column = 0, 0
	}
	text := p.String()
	if !strings.HasSuffix(text, "?") {
		text += "."
	}
	if p.Rule == "" {
		return text
	}
	if unfinished {
		text += storedAsDraft
	}
	return fmt.Sprintf("%s\n\nThis is check %s: %s#%s", text, p.Rule, checksPage, strings.ToLower(p.Rule))
}
