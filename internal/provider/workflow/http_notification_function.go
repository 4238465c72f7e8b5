package workflow

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/fusion"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/integrations"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/suggest"
)

var _ function.Function = httpNotificationFunction{}

// NewHTTPNotificationFunction returns the function http_notification.
func NewHTTPNotificationFunction() function.Function { return httpNotificationFunction{} }

type httpNotificationFunction struct{}

func (httpNotificationFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "http_notification"
}

// httpTypes are the types of the attributes of http.
func httpTypes() map[string]attr.Type {
	object, ok := httpSchema().GetType().(types.ObjectType)
	if !ok {
		panic("http is not an object") // a bug of the schema
	}
	return object.AttrTypes
}

func (httpNotificationFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "HTTP request that notifies Slack, Teams, PagerDuty, Google Chat or another receiver",
		MarkdownDescription: "Returns the value of `notify_webhook.http` of a `falcon_workflow` for a receiver, in the format that the receiver's vendor publishes. " +
			"Change single attributes with `merge(provider::falcon::http_notification(…), { on_failure = \"continue\" })`.\n\n" +
			"| Receiver | Sends | Successful response |\n|---|---|---|\n" +
			"| `slack` | a message with blocks to an incoming webhook | 200, the text `ok` |\n" +
			"| `teams` | an Adaptive Card to a workflow that starts when a webhook request is received | 202 |\n" +
			"| `pagerduty` | a trigger event of the Events API v2 | 202 |\n" +
			"| `google_chat` | a text message to a webhook of a space | 200 |\n" +
			"| `generic` | a JSON object with `title`, `text` and `fields` | |\n\n" +
			"Texts may contain references to the event, such as `$${data['Trigger.CID']}`, with single quotes.",
		Parameters: []function.Parameter{
			function.StringParameter{
				Name:                "receiver",
				MarkdownDescription: "The receiver: `slack`, `teams`, `pagerduty`, `google_chat` or `generic`.",
			},
			function.DynamicParameter{
				Name: "options",
				MarkdownDescription: "An object with `url` (required; optional for `pagerduty`), `title` (required), `text`, and `fields`, a map of labels to values: " +
					"a path such as `Trigger.CID` is the value of that field, anything else is text. A misspelled path such as `Triger.CID` is an error. " +
					"`pagerduty` also has `routing_key` (required), `severity` (`critical`, `error`, `warning` or `info`; default `warning`), `source` (default `CrowdStrike Falcon`) and `dedup_key`.",
			},
		},
		Return: function.ObjectReturn{AttributeTypes: httpTypes()},
	}
}

func (httpNotificationFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var name string
	var options types.Dynamic
	resp.Error = req.Arguments.Get(ctx, &name, &options)
	if resp.Error != nil {
		return
	}
	receiver, err := integrations.FindReceiver(name)
	if err != nil {
		resp.Error = core.FunctionError(0, err.Error())
		return
	}
	n, err := readNotification(receiver, options.UnderlyingValue())
	if err != nil {
		resp.Error = core.FunctionError(1, "the options of "+name+" are not valid: "+err.Error())
		return
	}
	body, err := receiver.Body(n)
	if err != nil {
		resp.Error = function.NewFuncError(err.Error())
		return
	}
	values := map[string]attr.Value{}
	for key, of := range httpTypes() {
		null, err := of.ValueFromTerraform(ctx, tftypes.NewValue(of.TerraformType(ctx), nil))
		if err != nil {
			resp.Error = function.NewFuncError(err.Error())
			return
		}
		values[key] = null
	}
	values["url"], values["body"] = types.StringValue(n.URL), types.StringValue(body)
	result, diags := types.ObjectValue(httpTypes(), values)
	if resp.Error = function.FuncErrorFromDiags(ctx, diags); resp.Error == nil {
		resp.Error = resp.Result.Set(ctx, result)
	}
}

// readNotification reads the options of a receiver. One error contains all problems.
func readNotification(receiver integrations.Receiver, options attr.Value) (integrations.Notification, error) {
	n := integrations.Notification{URL: receiver.DefaultURL, Severity: "warning", Source: "CrowdStrike Falcon"}
	given, ok := members(options)
	if !ok {
		return n, fmt.Errorf("they must be an object, such as { url = \"https://receiver.example/hook\", title = \"Score changed\" }")
	}
	texts := map[string]*string{
		"url": &n.URL, "title": &n.Title, "text": &n.Text, "routing_key": &n.RoutingKey, "severity": &n.Severity, "source": &n.Source, "dedup_key": &n.DedupKey,
	}
	known := slices.Concat([]string{"title", "text", "fields"}, receiver.Options)
	var problems []string
	for _, key := range slices.Sorted(maps.Keys(given)) {
		value := given[key]
		switch {
		case value.IsNull():
		case !slices.Contains(known, key):
			problems = append(problems, strings.TrimSuffix(fmt.Sprintf("there is no option %q.%s", key, nearestHint(key, known)), "."))
		case key == "fields":
			fields, err := readFields(value)
			n.Fields = fields
			problems = append(problems, problemsOf(err)...)
		default:
			text, err := notificationText(key, value)
			*texts[key] = text
			problems = append(problems, problemsOf(err)...)
		}
	}
	for _, key := range receiver.Required {
		if strings.TrimSpace(*texts[key]) == "" {
			problems = append(problems, key+" is required")
		}
	}
	if length := utf8.RuneCountInString(fusion.WithoutReferences(n.Title, "")); receiver.MaxTitle > 0 && length > receiver.MaxTitle {
		problems = append(problems, fmt.Sprintf("the title has %d characters without its references, %s accepts %d", length, receiver.Name, receiver.MaxTitle))
	}
	if !fusion.HasReference(n.Severity) && !slices.Contains(integrations.PagerDutySeverities, n.Severity) {
		problems = append(problems, fmt.Sprintf("severity must be one of %s, not %q", strings.Join(integrations.PagerDutySeverities, ", "), n.Severity))
	}
	if len(problems) > 0 {
		return n, fmt.Errorf("%s", strings.Join(problems, "; "))
	}
	return n, nil
}

func problemsOf(err error) []string {
	if err == nil {
		return nil
	}
	return []string{err.Error()}
}

// members returns the members of an object or a map.
func members(value attr.Value) (map[string]attr.Value, bool) {
	switch v := value.(type) {
	case types.Object:
		return v.Attributes(), !v.IsNull()
	case types.Map:
		return v.Elements(), !v.IsNull()
	default:
		return nil, false
	}
}

// readFields returns the fields in the order of their labels.
func readFields(value attr.Value) ([]integrations.NotificationField, error) {
	given, ok := members(value)
	if !ok {
		return nil, fmt.Errorf("fields must be a map of labels to values")
	}
	var fields []integrations.NotificationField
	for _, label := range slices.Sorted(maps.Keys(given)) {
		text, err := notificationText("fields."+label, given[label])
		if err != nil {
			return nil, err
		}
		if path, isPath := fusion.FieldPath(text); isPath {
			root, rest, dotted := strings.Cut(path, ".")
			meant := meantRoot(root, rest)
			switch {
			case !dotted:
			case slices.Contains(referenceRoots, root):
				text = fusion.DataReference(path)
			case meant != "":
				return nil, fmt.Errorf("fields.%s is %q, which would be sent as text: the path of a field begins with %s. Nearest: %s",
					label, text, strings.Join(referenceRoots, ". or "), meant+"."+rest)
			}
		}
		fields = append(fields, integrations.NotificationField{Label: label, Value: text})
	}
	return fields, nil
}

// meantRoot returns the root that a path with another one probably means; "" if it is more likely a text, such as a host name.
func meantRoot(root, rest string) string {
	for _, known := range suggest.Nearest(root, referenceRoots, 1) {
		hostName := rest == strings.ToLower(rest) && !strings.Contains(rest, ".")
		if strings.EqualFold(root, known) || !hostName && max(len(root)-len(known), len(known)-len(root)) <= 2 {
			return known
		}
	}
	return ""
}

// notificationText returns the text of an option. JSON would escape a double quote or a backslash in a reference, and
// Fusion would not understand it.
func notificationText(key string, value attr.Value) (string, error) {
	text, ok := value.(types.String)
	if !ok || text.IsNull() {
		return "", fmt.Errorf("%s must be a string", key)
	}
	if fusion.HasEscapedReference(text.ValueString()) {
		return "", fmt.Errorf("%s has a reference with a double quote or a backslash: write $${data['Trigger.CID']}, with single quotes", key)
	}
	return text.ValueString(), nil
}
