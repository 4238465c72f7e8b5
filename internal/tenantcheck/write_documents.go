package tenantcheck

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/textproto"
	"strings"
)

// draft is a workflow of the sandbox. Each one differs in a single point from the first, which Falcon accepts, so that a refusal is
// about that point.
type draft struct {
	purpose string
	body    string // YAML below name and description
}

// The purposes of the drafts, which are the last words of their names.
const (
	draftPlain       = "plain"
	draftOdd         = "it's" // the quote is the point
	draftUnset       = "unset condition"
	draftElse        = "single else"
	draftClass       = "class without version"
	draftBare        = "trigger in text"
	draftHas         = "has of a path"
	draftPython      = "empty script"
	draftOpen        = "open reference"
	draftConfig      = "unknown configuration"
	draftAction      = "unknown action"
	draftVersion     = "unknown version"
	draftEvent       = "unknown event"
	unknownConfig    = "00000000000000000000000000000000"
	unknownActionID  = "3e1b9c07d5a84f62b0c96e2d71f4a853"
	printData        = "aadbf530e35fc452a032f5f8acaaac2a" // wire/catalog.md#activities
	createVariable   = "702d15788dbbffdf0b68d8e2f3599aa4"
	slackPostMessage = "184239ceb8a046cfb159228abd7cc67e"
	pauseAction      = "4f1af1ae4c13dc1e3bcd725f8dc0f63b"
	pythonAction     = "7fb9eb10b23943efaf1e6082b0ac0338"
	// noteOnCanvas is an item of disconnected_nodes (wire/documents.md#top-level).
	noteOnCanvas = `{"text": "falcon-check"}`
	// leadingBreak is the message of a document whose export shows what happens to the line break.
	leadingBreak = "\nfalcon-check"
)

const (
	onDemand  = "trigger:\n  next: [check]\n  name: On demand\n  type: On demand\n"
	condition = "conditions:\n  check:\n    next: [step]\n"
	holds     = condition + "    cel_expression: data['Trigger.CID'] != ''\n"
)

// action is the one action of a document.
func action(id, pin, more string) string {
	return fmt.Sprintf("actions:\n  step:\n    id: %s\n    version_constraint: %q\n%s", id, pin, more)
}

// prints is an action that only prints.
func prints(message string) string {
	return action(printData, "~1", fmt.Sprintf("    properties:\n      text_data: %q\n", message))
}

// drafts are the workflows of the sandbox. All start on demand, and none is started except the first, except for the one with an
// unknown event, which nothing starts.
var drafts = []draft{
	{draftPlain, onDemand + holds + prints("falcon-check")},
	{draftOdd, onDemand + holds + prints(leadingBreak)},
	{draftUnset, onDemand + condition + prints("falcon-check")},
	{draftElse, onDemand + holds + "    else: step\n" + prints("falcon-check")},
	{draftClass, onDemand + holds + "actions:\n  step:\n    id: " + createVariable + "\n    class: CreateVariable\n" +
		"    properties:\n      variable_schema:\n        type: object\n        properties:\n          x:\n            type: string\n"},
	{draftBare, onDemand + holds + prints("at ${Trigger.CID}")},
	{draftHas, onDemand + condition + "    cel_expression: has(data['Trigger.CID'])\n" + prints("falcon-check")},
	{draftPython, onDemand + holds + action(pythonAction, "~1", "    class: Inline.Python\n")},
	{draftOpen, onDemand + holds + prints("at ${data['Trigger.CID']")},
	{draftConfig, onDemand + holds + action(slackPostMessage, "~0",
		"    properties:\n      config_id: \""+unknownConfig+"\"\n      json:\n        channel: falcon-check\n        text: falcon-check\n")},
	{draftAction, onDemand + holds + action(unknownActionID, "~1", "")},
	{draftVersion, onDemand + holds + action(printData, "~99", "    properties:\n      text_data: falcon-check\n")},
	{draftEvent, "trigger:\n  next: [step]\n  type: Signal\n" + action(pauseAction, "~1", "") + "disconnected_nodes:\n  - '" + noteOnCanvas + "'\n"},
}

func draftPurposes() []string {
	list := make([]string, len(drafts))
	for i, d := range drafts {
		list[i] = d.purpose
	}
	return list
}

func draftFor(purpose string) draft {
	for _, d := range drafts {
		if d.purpose == purpose {
			return d
		}
	}
	return draft{purpose: purpose}
}

// document is the whole text of a draft.
func (b *sandbox) document(d draft) string {
	return fmt.Sprintf("name: %q\ndescription: %q\n%s", b.name(d.purpose), sandboxNote, d.body)
}

// importBody is the body of an import request, and its media type.
func importBody(text string) (body []byte, contentType string, err error) {
	var out bytes.Buffer
	form := multipart.NewWriter(&out)
	part, err := form.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {`form-data; name="data_file"; filename="workflow.yaml"`},
		"Content-Type":        {"application/x-yaml"}, // as in the provider
	})
	if err != nil {
		return nil, "", err
	}
	if _, err = strings.NewReader(text).WriteTo(part); err != nil {
		return nil, "", err
	}
	if err = form.Close(); err != nil {
		return nil, "", err
	}
	return out.Bytes(), form.FormDataContentType(), nil
}
