package workflow

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/suggest"
)

// workflowByName returns the one workflow of a name, or nil after an error.
func workflowByName(ctx context.Context, client *falcon.Client, name string, diags *diag.Diagnostics) *falcon.Workflow {
	at := path.Root("name")
	found, err := client.WorkflowsByName(ctx, name)
	if err != nil {
		diags.AddAttributeError(at, "Unable to look up workflow", core.Sentence(err.Error()))
		return nil
	}
	if len(found) == 1 {
		return &found[0]
	}
	detail := fmt.Sprintf("The tenant has %d workflows named %q, expected one. Names are compared exactly.", len(found), name)
	// The existing names only improve the message, so an error of the listing is ignored.
	if all, err := client.Workflows(ctx); err == nil && len(found) == 0 {
		names := make([]string, len(all))
		for i, w := range all {
			names[i] = fmt.Sprintf("%q", w.Name)
		}
		detail += nearestHint(fmt.Sprintf("%q", name), names)
	}
	diags.AddAttributeError(at, "Workflow not found", detail)
	return nil
}

// actionByID returns the action of an id, or nil after an error.
func actionByID(ctx context.Context, client *falcon.Client, at path.Path, id string, diags *diag.Diagnostics) *falcon.Activity {
	activity, err := client.Activity(ctx, id)
	if err != nil {
		diags.AddAttributeError(at, "Unable to look up action", core.Sentence(err.Error()))
	}
	return activity
}

// actionQuery describes an action to look up by its name.
type actionQuery struct {
	at           path.Path // of errors
	name, vendor string    // any vendor if ""
	class        string    // any class if ""
	ifMissing    string    // what to do if the tenant does not have the action
	ifSeveral    string    // what to do if it has several
}

// actionByName returns the one action of a name, or nil after an error.
func actionByName(ctx context.Context, client *falcon.Client, q actionQuery, diags *diag.Diagnostics) *falcon.Activity {
	found, err := client.ActivitiesByName(ctx, q.name)
	if err != nil {
		diags.AddAttributeError(q.at, "Unable to look up action", core.Sentence(err.Error()))
		return nil
	}
	if q.vendor != "" {
		found = slices.DeleteFunc(found, func(a falcon.Activity) bool { return !strings.EqualFold(a.Vendor, q.vendor) })
	}
	wanted := fmt.Sprintf("named %q", q.name)
	if q.class != "" {
		found = slices.DeleteFunc(found, func(a falcon.Activity) bool { return a.Class != q.class })
		wanted += " of the class " + q.class
	}
	switch len(found) {
	case 1:
		return &found[0]
	case 0:
		detail := fmt.Sprintf("The tenant's catalog has no action %s. %s", wanted, q.ifMissing)
		// Similar names only improve the message, so an error is ignored.
		if similar, err := client.ActivitiesLike(ctx, q.name); err == nil && len(similar) > 0 {
			detail += " Actions with a similar name: " + activityList(similar) + "."
		}
		diags.AddAttributeError(q.at, actionNotFound, detail)
	default:
		diags.AddAttributeError(q.at, "Several actions with the same name",
			fmt.Sprintf("The tenant's catalog has %d actions %s: %s. %s", len(found), wanted, activityList(found), q.ifSeveral))
	}
	return nil
}

// actionNotFound is the summary of the error for an action that the tenant does not have.
const actionNotFound = "Action not found"

// isActionMissing reports whether an action was not found because the tenant does not have it.
func isActionMissing(diags diag.Diagnostics) bool {
	return slices.ContainsFunc(diags, func(d diag.Diagnostic) bool { return d.Summary() == actionNotFound })
}

// activityList lists the names and ids of the first activities.
func activityList(activities []falcon.Activity) string {
	var out []string
	for _, a := range activities[:min(len(activities), 5)] {
		out = append(out, fmt.Sprintf("%s (%s)", a.Name, a.ID))
	}
	return strings.Join(out, ", ")
}

// nearestHint lists the known words nearest to one that is not known.
func nearestHint(word string, known []string) string {
	near := suggest.Nearest(word, known, 3)
	if len(near) == 0 {
		return ""
	}
	return " Nearest: " + strings.Join(near, ", ") + "."
}
