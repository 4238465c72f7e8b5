package falcon

import (
	"context"
	"encoding/json"
)

// Trigger is an entry of the tenant's trigger catalogue (wire-api.md 3.8).
type Trigger struct {
	ID string
	// Name is the display name, such as "Case > Case Created".
	Name string
	// Category is what a document's trigger.event holds, such as "Case/Created".
	Category    string
	Version     string
	Description string
	Fields      []TriggerField
}

// TriggerField is one value that a trigger carries.
type TriggerField struct {
	// Name is the path by which documents refer to the field, such as "Trigger.Category.Incident.Name".
	Name    string
	Display string
	Type    string
	Example string
	Fields  []TriggerField
}

// Activity is an entry of the tenant's activity catalogue: what the console calls an action (wire-api.md 3.8).
type Activity struct {
	ID              string
	Name            string
	Description     string
	Class           string
	Namespace       string
	Vendor          string
	AppID           string
	SemanticVersion string
	// HasPermission says whether the caller may use the activity; nil where Falcon does not say.
	HasPermission *bool
	// InputSchema is the JSON schema of the action's properties; nil where there is none.
	InputSchema json.RawMessage
	// OutputSchema is the JSON schema of what the action gives to later nodes; nil where there is none.
	OutputSchema json.RawMessage
}

// Triggers lists the whole trigger catalogue; it is read once per Client.
func (c *Client) Triggers(ctx context.Context) ([]Trigger, error) {
	return nil, errNotBuilt
}

// ActivitiesByName lists the activities of exactly this name.
func (c *Client) ActivitiesByName(ctx context.Context, name string) ([]Activity, error) {
	return nil, errNotBuilt
}

// ActivitiesLike lists activities whose names contain the text, or else one of its words: the nearest names for an
// error message.
func (c *Client) ActivitiesLike(ctx context.Context, text string) ([]Activity, error) {
	return nil, errNotBuilt
}

// Activity reads one activity; IsNotFound holds for the error when the catalogue has none of this id.
func (c *Client) Activity(ctx context.Context, id string) (*Activity, error) {
	return nil, errNotBuilt
}
