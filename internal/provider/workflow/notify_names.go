package workflow

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/fusion"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/suggest"
)

// checkNames reports names in fields and condition that are not paths of data, such as OverallScore. Falcon does not refuse
// them: it would send null, and a condition that cannot be evaluated may let every event through.
func (m *notifyModel) checkNames(t falcon.Trigger, fields []string, diags *diag.Diagnostics) {
	for i, field := range fields {
		if name := fusion.FieldName(field); name != "" {
			diags.AddAttributeError(notifyPath.AtName("fields").AtListIndex(i), "Invalid field", fmt.Sprintf(
				"%q is not the path of a field: paths begin with Trigger.%s The data source falcon_workflow_trigger lists the fields of the trigger.", field, pathHint(name, t, "%s")))
		}
	}
	for _, name := range fusion.BareNames(m.Condition.ValueString()) {
		diags.AddAttributeError(notifyPath.AtName("condition"), "Invalid condition", fmt.Sprintf(
			"The condition refers to %q, which is not defined. Write the path of a field of the trigger, as in data['Trigger.CID'].%s", name, pathHint(name, t, "data['%s']")))
	}
}

// pathHint returns the fields of a trigger that a name may mean: those whose path ends with it, in any spelling, or else those
// whose last part resembles it.
func pathHint(name string, t falcon.Trigger, form string) string {
	wanted := plainName(name)
	var meant []string
	last := map[string][]string{}
	for _, p := range t.FieldPaths() {
		if strings.HasSuffix(plainName(p), wanted) {
			meant = append(meant, p)
		}
		leaf := p[strings.LastIndex(p, ".")+1:]
		last[leaf] = append(last[leaf], p)
	}
	slices.SortStableFunc(meant, func(a, b string) int { return len(a) - len(b) })
	if len(meant) == 0 {
		for _, leaf := range suggest.Nearest(name[strings.LastIndex(name, ".")+1:], slices.Sorted(maps.Keys(last)), 3) {
			meant = append(meant, last[leaf]...)
		}
	}
	if len(meant) == 0 {
		return ""
	}
	for i, p := range meant[:min(len(meant), 3)] {
		meant[i] = fmt.Sprintf(form, p)
	}
	return " Nearest: " + strings.Join(meant[:min(len(meant), 3)], ", ") + "."
}

// plainName is a name without case and punctuation: overall_score and OverallScore are the same.
func plainName(name string) string {
	return strings.ToLower(strings.NewReplacer("_", "", ".", "", "-", "", " ", "").Replace(name))
}
