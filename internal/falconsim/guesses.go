package falconsim

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Everything in this file is a guess: no public material says what Falcon does
// here, and a real tenant may do otherwise. The options of [Options] choose
// between guesses where more than one is likely.

// API clients. The texts and the range of limit are made up; that a 409 means a
// name clash is a reading of the specification (wire-api.md 2.3).
const (
	clientNotFound  = "API client not found"
	clientNameTaken = "An API client with this name already exists"
	maxClientQuery  = 500
	maxOffset       = 1 << 31
)

// missingWriteStatus is the answer to an update or reset of an API client that
// is not there: 404 where the options say that a read answers 404, else 400,
// the only fitting status that the specification has (wire-api.md 2.1).
func (s *Server) missingWriteStatus() int {
	if s.opts.MissingStatus == http.StatusNotFound {
		return http.StatusNotFound
	}
	return http.StatusBadRequest
}

// Plugin configurations. Only the list call is published (wire-api.md 4.3).
// With Options.PluginWrites, POST and PATCH of {"resources": [{"app_id",
// "definition_id", "config_id", "config": {"name", "url", "hmac_secret_key",
// "signature_header_name"}}]} and DELETE with ids are offered on the path that
// would be the list's sibling. The key is never shown again.
const (
	pluginWritePath = "/plugins/entities/configs/v1"
	configState     = "active"
)

var errConfigNameTaken = errors.New("a configuration with this name already exists")

// webhookAppID and webhookDefinitionID are the same in every simulated tenant,
// as an app of the Store is the same for every customer.
func webhookAppID() string        { return fixedID("app/crowdstrike-webhook") }
func webhookDefinitionID() string { return fixedID("definition/crowdstrike-webhook") }

func (s *Server) newSlackConfig() *pluginConfig {
	return &pluginConfig{
		appID: fixedID("app/slack"), definitionID: fixedID("definition/slack"), configID: s.newID("config"),
		state: configState, name: "Security channel", url: "https://slack.com/api",
		created: s.timestamp(), modified: s.timestamp(),
	}
}

// fixedID is a 32 hex digit id that does not depend on the seed.
func fixedID(name string) string {
	sum := sha256.Sum256([]byte(name))
	return hex.EncodeToString(sum[:16])
}

func (s *Server) createConfigs(c *call) reply {
	body, refusal := readConfigWrite(c)
	if refusal != nil {
		return *refusal
	}
	wanted := body.Resources[0]
	if wanted.AppID != "" && wanted.AppID != webhookAppID() {
		return failed(http.StatusBadRequest, "invalid app_id %q", wanted.AppID)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	config, err := s.addConfig(wanted.Config)
	if err != nil {
		return refuseConfig(err)
	}
	return succeeded([]any{s.configEntity(config)})
}

func refuseConfig(err error) reply {
	if errors.Is(err, errConfigNameTaken) {
		return failed(http.StatusConflict, "%s", err.Error())
	}
	return failed(http.StatusBadRequest, "%s", err.Error())
}

func (s *Server) updateConfigs(c *call) reply {
	body, refusal := readConfigWrite(c)
	if refusal != nil {
		return *refusal
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	config := s.configByID(body.Resources[0].ConfigID)
	if config == nil || config.appID != webhookAppID() {
		return failed(http.StatusNotFound, "config not found")
	}
	if err := s.apply(config, body.Resources[0].Config); err != nil {
		return refuseConfig(err)
	}
	return succeeded([]any{s.configEntity(config)})
}

func (s *Server) deleteConfigs(c *call) reply {
	ids := c.query["ids"]
	if len(ids) == 0 {
		return failed(http.StatusBadRequest, "ids is required")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		if config := s.configByID(id); config == nil || config.appID != webhookAppID() {
			return failed(http.StatusNotFound, "config not found")
		}
	}
	for _, id := range ids {
		s.dropConfig(id)
	}
	return succeeded(ids)
}

// callWebhook is the catalogue entry of the Call webhook action. Only its name
// and the titles of its fields are public; the id, the version and the keys are
// made up after its likely relatives (fusion-workflows.md A2, A4, A5).
func callWebhook(keys CallWebhookKeys) activity {
	return activity{
		id: fixedID("activity/call-webhook"), name: "Call webhook", vendor: crowdStrike, version: "1.0.3",
		appID: webhookAppID(), configKey: keys.Config,
		properties: []property{
			{key: keys.Config, title: "Webhook name", required: true},
			{key: keys.Format, title: "Data format"},
			{key: keys.Fields, title: "Data to include", kind: "array", required: true},
		},
	}
}

// The categories of case events are documented by name only.
const (
	caseCreated       = "Case/Created"
	caseUpdated       = "Case/Updated"
	caseStatusChanged = "Case/StatusChanged"
)

// The paths of trigger fields. Of the host assessment only OverallScore is
// published, of detections and incidents a few; the others follow their form.
func hostScoreTriggerFields() []triggerField {
	fields := fieldsOf("Category.ZeroTrust.EventType.HostScoreChange.",
		"OverallScore", "PreviousOverallScore", "OSScore", "SensorScore", "SensorID", "Hostname", "Timestamp")
	for i := range 4 {
		fields[i].kind = "integer"
	}
	return fields
}

func caseTriggerFields() []triggerField {
	return fieldsOf("Case.", "CaseID", "Name", "Status", "PreviousStatus", "Severity", "Description")
}

func detectionFields() []triggerField {
	fields := fieldsOf("Detection.", "DetectionID", "Name", "Description", "Severity", "SeverityDisplayName")
	return append(fields, triggerField{name: "Trigger.Detection.EPP", display: "EPP", kind: "object", fields: []triggerField{
		{name: "Trigger.Detection.EPP.Sensor.SensorID", display: "Sensor ID"},
		{name: "Trigger.Detection.EPP.Sensor.Hostname", display: "Hostname"},
	}})
}

// fieldsOf makes fields of a common path, each with the fields that every
// trigger has (fusion-workflows.md B).
func fieldsOf(prefix string, names ...string) []triggerField {
	var fields []triggerField
	for _, name := range names {
		fields = append(fields, triggerField{name: "Trigger." + prefix + name, display: spaced(name)})
	}
	for _, name := range []string{"CID", "SourceEventID", "SourceEventURL"} {
		fields = append(fields, triggerField{name: "Trigger." + name, display: spaced(name)})
	}
	return fields
}

// spaced turns the last part of a path into words: PreviousOverallScore becomes
// "Previous overall score", SensorID "Sensor ID".
func spaced(name string) string {
	name = name[strings.LastIndex(name, ".")+1:]
	words := capitals.ReplaceAllString(name, "$1 $2")
	head, tail, _ := strings.Cut(words, " ")
	if tail == "" {
		return head
	}
	parts := strings.Fields(tail)
	for i, part := range parts {
		if part != strings.ToUpper(part) {
			parts[i] = strings.ToLower(part)
		}
	}
	return head + " " + strings.Join(parts, " ")
}

var capitals = regexp.MustCompile(`([a-z0-9])([A-Z])`)

// sanitisedAway says which keys a sanitised export leaves out: whether
// config_id is one of them is an open question (fusion-workflows.md G4).
func sanitisedAway(key string) bool { return key == "config_id" }

// workflowNameMissing is made up: nothing says what a nameless document gets.
const workflowNameMissing = "name is required"

// importErrors are those that an import tells: some, not all
// (wire-api.md 3.2). Only 2003 was seen there; which others are left out is a
// guess.
func importErrors(found []validationError) []validationError {
	return slices.DeleteFunc(slices.Clone(found), func(e validationError) bool {
		return e.Code == codeMissingProperty || e.Code == codeActionNotFound || e.Code == codeMissingPluginCfg
	})
}

// refuseUpdate is the answer to a PUT whose document has errors other than an
// unknown activity. That a missing plugin configuration is saved with 200 is
// observed; that a broken trigger is a 400, and that validate_only tells the
// rest as a 200 with errors, is a guess.
func refuseUpdate(found []validationError, validateOnly bool) (reply, bool) {
	broken := importErrors(found)
	switch {
	case len(broken) > 0:
		return reply{status: http.StatusBadRequest, errors: asErrors(broken)}, true
	case validateOnly && len(found) > 0:
		return reply{status: http.StatusOK, errors: asErrors(found)}, true
	}
	return reply{}, false
}

// activityMetadata is what an import adds on request; its content is made up.
func (s *Server) activityMetadata(doc document) map[string]any {
	metadata := map[string]any{}
	for _, id := range activityIDs(doc) {
		if known, ok := s.catalogue.activity(id); ok {
			metadata[id] = map[string]any{"name": known.name}
		}
	}
	return metadata
}

// Deliveries. The wrapper data/meta was read from receivers' code of 2023, the
// names below data are the paths that the workflow includes; the form of the
// timestamp and the algorithm's name come from receivers' code and tests
// (fusion-workflows.md D). No captured delivery is public.
const (
	deliveryTime       = "2006-01-02T15:04:05Z"
	signatureAlgorithm = "hmac-sha256"
)

func deliveryBody(event firedEvent, data map[string]any) map[string]any {
	return map[string]any{
		"data": data,
		"meta": map[string]any{"trigger_category": event.category, "trigger_name": event.triggerName},
	}
}

// caseFields are the fields of the case triggers.
func caseFields(c Case, previousStatus string) map[string]any {
	return map[string]any{
		"Case.CaseID": c.ID, "Case.Name": c.Title, "Case.Status": c.Status, "Case.PreviousStatus": previousStatus,
		"Case.Severity": c.Severity, "Case.Description": c.Description,
	}
}

// Executions. The states are those of execution logs and may not be the API's
// (wire-api.md 3.9); the first look at a result finds it running.
const (
	statusRunning   = "In progress"
	statusSucceeded = "Succeeded"
)

// refuseExecute answers for workflows that cannot be run on demand; status and
// texts are made up.
func refuseExecute(w *workflow, parameters map[string]any) (reply, bool) {
	if w.newest().triggerText("type") != "On demand" {
		return failed(http.StatusBadRequest, "workflow %s is not an on-demand workflow", w.id), true
	}
	if !w.newest().enabled {
		return failed(http.StatusBadRequest, "workflow %s is disabled", w.id), true
	}
	at, _ := w.newest().doc["trigger"].(document)
	schema, _ := at["parameters"].(document)
	for _, key := range stringsOf(schema["required"]) {
		if _, given := parameters[key]; !given {
			return failed(http.StatusBadRequest, "missing parameter %q", key), true
		}
	}
	return reply{}, false
}

// hostScoreFields are the fields of the host assessment trigger. Only the path
// of OverallScore is published (fusion-workflows.md B); the others follow it
// and are guesses, as the catalogue's field list is.
func (s *Server) hostScoreFields(before, after *Host) map[string]any {
	const prefix = "Category.ZeroTrust.EventType.HostScoreChange."
	return map[string]any{
		"CID":                           s.cid,
		prefix + "OverallScore":         after.Overall,
		prefix + "PreviousOverallScore": before.Overall,
		prefix + "OSScore":              after.OS,
		prefix + "SensorScore":          after.Sensor,
		prefix + "SensorID":             after.AgentID,
		prefix + "Hostname":             after.Hostname,
		prefix + "Timestamp":            after.Modified.Format(time.RFC3339),
	}
}
