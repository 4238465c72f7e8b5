package falconsim

import (
	"fmt"
	"time"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/definition"
)

// seedContents adds about as many webhook configurations and workflows as the recorded tenant has, and the objects that showed what
// it settled by reading.
func (s *Server) seedContents() {
	if s.opts.Facts == nil {
		return
	}
	contents := s.opts.Facts.Contents
	if contents.Webhooks != nil {
		for i := range *contents.Webhooks {
			s.seedWebhook(fmt.Sprintf("Receiver %d", i+1))
		}
	}
	if contents.Workflows != nil && *contents.Workflows > 0 {
		s.seedWorkflows(*contents.Workflows)
	}
}

func (s *Server) seedWebhook(name string) {
	s.storeConfig(&pluginConfig{
		appID: definition.WebhookAppID(), definitionID: webhookDefinitionID(), state: configState,
		name: name, url: "https://receiver.example/falcon", signatureHeader: defaultSignatureHeader,
		hmacKey: s.newSecret("hmac"), created: s.timestamp(), modified: s.timestamp(),
	})
}

// versionedWorkflows is how many workflows with three versions show the order of rows: fewer may be in order by chance.
const versionedWorkflows = 9

func (s *Server) seedWorkflows(count int) {
	facts := s.opts.Facts
	settled := func(question string) bool { return settledByRead(facts, question) }
	wait := definition.Document{"id": definition.SleepID, "version_constraint": "~1", "properties": definition.Document{"sleep_time": "1m"}}
	versioned, versions := 0, 1
	if facts.Contents.Versions > 1 {
		versioned, versions = 1, 2
		if settled("Q28") { // whether a listing leaves versions out
			versions = 3
		}
		if settled("Q29") { // the order of versions
			versioned = versionedWorkflows
		}
	}
	var first *workflow
	for i := range max(count, versioned) {
		w := s.seedWorkflow(fmt.Sprintf("Recorded workflow %d", i+1), wait, nil)
		if i == 0 {
			first = w
		}
		if i < versioned {
			for range versions - 1 {
				s.save(w, w.newest().doc, false)
			}
			s.showNow(w)
		}
	}
	if settled("Q41") || settled("Q42") { // exports of a workflow with a configuration
		s.seedWorkflow("Recorded workflow with a configuration", definition.Document{
			"id": definition.SlackID, "properties": definition.Document{"config_id": s.firstConfig(), "json": definition.Document{"text": "example"}},
		}, nil)
	}
	if settled("Q43") { // notes on the canvas
		s.seedWorkflow("Recorded workflow with a note", wait, []any{"note"})
	}
	if settled("Q18") && s.reading("Q18") == "b" {
		s.seedCallWebhook()
	}
	s.seedExecutions(first, settled("Q47") || settled("Q48"), settled("Q46"))
}

// seedCallWebhook adds a workflow that shows which configuration is a webhook, where app_id does not.
func (s *Server) seedCallWebhook() {
	keys := s.definitions.CallWebhookKeys()
	for _, config := range s.configs {
		if config.appID == definition.WebhookAppID() {
			action := definition.Document{"id": s.definitions.CallWebhookActionID(), "properties": definition.Document{
				keys.Config: config.configID, keys.Fields: []any{"${Trigger.CID}"},
			}}
			s.seedWorkflow("Recorded workflow for "+config.name, action, nil)
		}
	}
}

func (s *Server) firstConfig() string {
	if len(s.configs) == 0 {
		return s.newID("config")
	}
	return s.configs[0].configID
}

// seedWorkflow adds a workflow with one action.
func (s *Server) seedWorkflow(name string, action definition.Document, notes []any) *workflow {
	doc := definition.Document{
		"name": name, "description": "Stands for a workflow of the recorded tenant",
		"trigger": definition.Document{"type": definition.TypeOnDemand, "next": []any{"step"}},
		"actions": definition.Document{"step": action},
	}
	if notes != nil {
		doc["disconnected_nodes"] = notes
	}
	w := s.addWorkflow(s.definitions.Normalize(doc), false)
	s.showNow(w)
	return w
}

// seedExecutions adds an execution that has ended and one that was canceled.
func (s *Server) seedExecutions(w *workflow, ended, canceled bool) {
	at := s.now().Add(-time.Hour)
	if ended {
		run := s.run(w, firedEvent{triggerName: w.newest().triggerText("name"), values: map[string]any{}})
		run.started = at
	}
	if canceled {
		run := s.addExecution(w, firedEvent{values: map[string]any{}})
		run.started = at
		s.cancel(run)
	}
}
