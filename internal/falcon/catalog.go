package falcon

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"

	"github.com/crowdstrike/gofalcon/falcon/client/workflows"
)

// Trigger is an entry of the tenant's trigger catalog (wire/catalog.md#triggers).
type Trigger struct {
	ID string
	// Name is the display name, such as "Case > Case Created".
	Name string
	// Category is the value of trigger.event in a document, such as "Case/Created".
	Category    string
	Version     string
	Description string
	Fields      []TriggerField
}

// TriggerField is one value of a trigger.
type TriggerField struct {
	// Name is the path that refers to the field in a document, such as "Trigger.Category.Incident.Name". In the Fields of
	// another field it may be relative to that field's.
	Name    string
	Display string
	Type    string
	Example string
	Fields  []TriggerField
}

// Activity is an entry of the tenant's activity catalog, which the console calls an action (wire/catalog.md#activities).
type Activity struct {
	ID          string
	Name        string
	Description string
	Class       string
	Namespace   string
	Vendor      string
	AppID       string
	// AppName is the name of the Store app with AppID; "" where Falcon does not show it.
	AppName         string
	SemanticVersion string
	// HasPermission says whether the caller may use the activity; nil if Falcon does not say.
	HasPermission *bool
	// InputSchema is the JSON schema of the action's properties; nil where there is none.
	InputSchema json.RawMessage
	// OutputSchema is the JSON schema of the action's output for later nodes; nil where there is none.
	OutputSchema json.RawMessage
}

type wireTrigger struct {
	ID          looseString        `json:"id"`
	Name        looseString        `json:"name"`
	Category    looseString        `json:"category"`
	Version     looseString        `json:"version"`
	Description looseString        `json:"description"`
	Fields      []wireTriggerField `json:"fields"`
}

type wireTriggerField struct {
	Name    looseString        `json:"name"`
	Display looseString        `json:"display"`
	Type    looseString        `json:"type"`
	Example json.RawMessage    `json:"example"`
	Fields  []wireTriggerField `json:"fields"`
}

type wireActivity struct {
	ID              looseString     `json:"id"`
	Name            looseString     `json:"name"`
	Description     looseString     `json:"description"`
	Class           looseString     `json:"class"`
	Namespace       looseString     `json:"namespace"`
	Vendor          looseString     `json:"vendor"`
	AppID           looseString     `json:"app_id"`
	SemanticVersion looseString     `json:"semantic_version"`
	HasPermission   *bool           `json:"has_permission"`
	InputSchema     json.RawMessage `json:"input_schema"`
	OutputSchema    json.RawMessage `json:"output_schema"`
	Dependencies    json.RawMessage `json:"dependencies"`
}

// appName returns the name of the activity's app among its dependencies. It only describes the app, so dependencies of another
// form are ignored.
func (a wireActivity) appName() string {
	var dependencies []struct {
		AppID   looseString `json:"app_id"`
		AppName looseString `json:"app_name"`
	}
	if a.AppID == "" || json.Unmarshal(a.Dependencies, &dependencies) != nil {
		return ""
	}
	for _, d := range dependencies {
		if strings.EqualFold(string(d.AppID), string(a.AppID)) {
			return string(d.AppName)
		}
	}
	return ""
}

func (t wireTrigger) trigger() Trigger {
	return Trigger{
		ID:          string(t.ID),
		Name:        string(t.Name),
		Category:    string(t.Category),
		Version:     string(t.Version),
		Description: string(t.Description),
		Fields:      triggerFields(t.Fields),
	}
}

func triggerFields(wire []wireTriggerField) []TriggerField {
	var fields []TriggerField
	for _, f := range wire {
		fields = append(fields, TriggerField{
			Name:    string(f.Name),
			Display: string(f.Display),
			Type:    string(f.Type),
			Example: exampleText(f.Example),
			Fields:  triggerFields(f.Fields),
		})
	}
	return fields
}

// exampleText is an example as displayed: the text of a string, the JSON of anything else.
func exampleText(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return string(raw)
}

func (a wireActivity) activity() Activity {
	return Activity{
		ID:              string(a.ID),
		Name:            string(a.Name),
		Description:     string(a.Description),
		Class:           string(a.Class),
		Namespace:       string(a.Namespace),
		Vendor:          string(a.Vendor),
		AppID:           string(a.AppID),
		AppName:         a.appName(),
		SemanticVersion: string(a.SemanticVersion),
		HasPermission:   a.HasPermission,
		InputSchema:     schemaOf(a.InputSchema),
		OutputSchema:    schemaOf(a.OutputSchema),
	}
}

func schemaOf(raw json.RawMessage) json.RawMessage {
	if string(raw) == "null" {
		return nil
	}
	return raw
}

// catalogCache keeps the triggers and activities that a Client has read: many workflows need the same ones.
type catalogCache struct {
	triggers fetchedOnce[[]Trigger]

	mu         sync.Mutex
	activities map[string]*fetchedOnce[[]Activity] // by filter
}

func (k *catalogCache) activitiesOf(filter string) *fetchedOnce[[]Activity] {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.activities == nil {
		k.activities = map[string]*fetchedOnce[[]Activity]{}
	}
	j := k.activities[filter]
	if j == nil {
		j = &fetchedOnce[[]Activity]{}
		k.activities[filter] = j
	}
	return j
}

// Triggers lists the whole trigger catalog, which is read once per Client. The list is the caller's; its Fields are shared
// and must not be changed.
func (c *Client) Triggers(ctx context.Context) ([]Trigger, error) {
	list, err := c.catalog.triggers.get(ctx, c.readTriggers)
	return slices.Clone(list), err
}

func (c *Client) readTriggers(ctx context.Context) ([]Trigger, error) {
	ctx = withCall(ctx, call{doing: "list the workflow triggers", scope: scopeWorkflowRead, repeat: safe})
	key := func(t wireTrigger) string {
		return string(t.ID) + "\x00" + string(t.Category) + "\x00" + string(t.Name)
	}
	found, err := pages(ctx, key, func(offset int) (*envelope, error) {
		params := workflows.NewWorkflowTriggersCombinedParamsWithContext(ctx)
		params.SetLimit(new(int64(workflowPage)))
		params.SetOffset(pageOffset(offset))
		var r response
		_, err := c.workflows.WorkflowTriggersCombined(params, r.as(workflows.NewWorkflowTriggersCombinedOK()))
		return checkedEnvelope(ctx, &r, err)
	})
	if err != nil {
		return nil, err
	}
	list := make([]Trigger, 0, len(found))
	for _, t := range found {
		list = append(list, t.trigger())
	}
	return list, nil
}

// triggerRoot is the start of every path of a trigger's data.
const triggerRoot = "Trigger"

// Leaves lists the trigger's fields that have a value, in the order of the catalog. Name is the path that refers to the
// field in documents, such as "Trigger.Category.ZeroTrust.EventType.HostScoreChange.OverallScore". It is not published
// whether a nested field's name is a whole path or the last part of one, so both are accepted.
func (t Trigger) Leaves() []TriggerField {
	return leaves(nil, triggerRoot, t.Fields)
}

// FieldPaths lists the paths of Leaves.
func (t Trigger) FieldPaths() []string {
	var out []string
	for _, f := range t.Leaves() {
		out = append(out, f.Name)
	}
	return out
}

func leaves(out []TriggerField, parent string, fields []TriggerField) []TriggerField {
	for _, f := range fields {
		if f.Name != triggerRoot && !strings.HasPrefix(f.Name, triggerRoot+".") {
			f.Name = parent + "." + f.Name
		}
		if len(f.Fields) > 0 {
			out = leaves(out, f.Name, f.Fields)
		} else {
			out = append(out, f)
		}
	}
	return out
}
