package workflow

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/fusion"
)

// Falcon's codes for what is wrong with the trigger, and for a property
// without a value (wire/workflows.md#import).
const (
	codeUnknownEvent     = 2003
	codeMissingProperty  = 2016
	codeEndsWithTrigger  = 2017
	mostActivitiesToName = 50
)

// validationTexts puts Falcon's validation errors into words, each with the
// node that it is about. withPlaces adds line and column, which only a document
// that the user wrote has.
func (r *workflowResource) validationTexts(ctx context.Context, doc *fusion.Document, withPlaces bool, invalid falcon.ValidationErrors) []string {
	out := make([]string, len(invalid))
	for i, v := range invalid {
		out[i] = validationText(doc, r.blamed(ctx, doc, v), withPlaces, v)
	}
	return out
}

// validationText is one of Falcon's validation errors at the nodes that it is about.
func validationText(doc *fusion.Document, nodes []string, withPlaces bool, v falcon.ValidationError) string {
	var b strings.Builder
	for i, node := range nodes {
		b.WriteString([]string{"Node ", ", node "}[min(i, 1)])
		fmt.Fprintf(&b, "%q", node)
		if v.Property != "" {
			fmt.Fprintf(&b, ", property %q", v.Property)
		}
		if line, column := doc.Position(node, v.Property); withPlaces && line > 0 {
			fmt.Fprintf(&b, " (line %d, column %d)", line, column)
		}
	}
	if len(nodes) > 0 {
		b.WriteString(": ")
	}
	b.WriteString(strings.TrimSpace(v.Message))
	if v.Code != 0 {
		fmt.Fprintf(&b, " (code %d)", v.Code)
	}
	return b.String()
}

// blamed finds the nodes that a validation error is about. An import names the
// node; the answers to updates and to enabling have no more than a code and a
// message (wire/workflows.md#enabling, wire/workflows.md#update), in which the action's id, its name or the
// missing property stands. None where that does not tell.
func (r *workflowResource) blamed(ctx context.Context, doc *fusion.Document, v falcon.ValidationError) []string {
	switch {
	case v.NodeID != "":
		return []string{v.NodeID}
	case v.Code == codeUnknownEvent, v.Code == codeEndsWithTrigger:
		return []string{"trigger"}
	}
	actions := doc.Actions()
	byID := nodesWhere(actions, func(a fusion.ActionRef) bool { return a.ID != "" && containsID(v.Message, a.ID) })
	if len(byID) > 0 {
		return byID
	}
	known := r.activitiesOf(ctx, actions)
	return nodesWhere(actions, func(a fusion.ActionRef) bool {
		activity := known[a.ID]
		if v.Code == codeMissingProperty && activity != nil {
			return slices.ContainsFunc(requiredProperties(activity.InputSchema), func(key string) bool {
				return containsQuoted(v.Message, key) && !hasValue(a, key)
			})
		}
		return containsQuoted(v.Message, a.Name) || activity != nil && containsQuoted(v.Message, activity.Name)
	})
}

// requiredProperties are those that an action's schema requires; none where it
// can't be read, as that only makes a message less precise.
func requiredProperties(schema json.RawMessage) []string {
	var s struct {
		Required []string `json:"required"`
	}
	if len(schema) == 0 || json.Unmarshal(schema, &s) != nil {
		return nil
	}
	return s.Required
}

func nodesWhere(actions []fusion.ActionRef, match func(fusion.ActionRef) bool) []string {
	var out []string
	for _, a := range actions {
		if match(a) {
			out = append(out, a.Node)
		}
	}
	return out
}

// activitiesOf reads what the catalogue has of the actions. It only makes an
// error message better, so what it cannot read it leaves out.
func (r *workflowResource) activitiesOf(ctx context.Context, actions []fusion.ActionRef) map[string]*falcon.Activity {
	out := map[string]*falcon.Activity{}
	for _, a := range actions {
		if _, asked := out[a.ID]; asked || a.ID == "" {
			continue
		}
		if len(out) == mostActivitiesToName || ctx.Err() != nil {
			break
		}
		activity, err := r.Client.Activity(ctx, a.ID)
		if err != nil {
			activity = nil
		}
		out[a.ID] = activity
	}
	return out
}

// hasValue says whether an action gives a property something: an empty text or list is none to Falcon.
func hasValue(a fusion.ActionRef, key string) bool {
	return slices.ContainsFunc(a.Properties, func(p fusion.PropertyRef) bool {
		if p.Key != key {
			return false
		}
		switch v := p.Value.(type) {
		case nil:
			return false
		case string:
			return v != ""
		case []any:
			return len(v) > 0
		case map[string]any:
			return len(v) > 0
		}
		return true
	})
}

// containsID says whether an id stands in a text as a whole: some ids are
// longer ones' beginnings (wire/catalog.md#activities).
func containsID(text, id string) bool {
	for rest := text; ; {
		before, after, found := strings.Cut(rest, id)
		if !found {
			return false
		}
		if !endsInID(before) && (after == "" || !strings.ContainsRune(idRunes, rune(after[0]))) {
			return true
		}
		rest = after
	}
}

const idRunes = "0123456789abcdefABCDEF_~"

func endsInID(text string) bool {
	return text != "" && strings.ContainsRune(idRunes, rune(text[len(text)-1]))
}

// containsQuoted says whether a word stands in a text in quotes of either kind.
func containsQuoted(text, word string) bool {
	return word != "" && (strings.Contains(text, "'"+word+"'") || strings.Contains(text, `"`+word+`"`))
}
