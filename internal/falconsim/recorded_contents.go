package falconsim

import (
	"fmt"
	"maps"
	"time"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/definition"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/tenantfacts"
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
	if settledByRead(s.opts.Facts, "Q52") {
		s.seedScores()
	}
}

// seedScores adds users whose scores are at and near bounds of two decimals.
func (s *Server) seedScores() {
	for i, score := range []float64{0.3, 0.304, 0.5, 0.504, 0.496, 0.7, 0.7031, 0.8029, 0.2} {
		if _, err := s.identity.PutUser(User{PrimaryDisplayName: fmt.Sprintf("Recorded user %d", i+1), RiskScore: score}, s.now()); err != nil {
			panic(fmt.Sprintf("falconsim: a user of a record could not be added: %v", err)) // a bug of the simulator
		}
	}
}

func (s *Server) seedWebhook(name string) {
	s.storeConfig(&pluginConfig{
		appID: definition.WebhookAppID(), definitionID: webhookDefinitionID(), state: configState,
		name: name, url: "https://receiver.example/falcon", signatureHeader: defaultSignatureHeader,
		hmacKey: s.newSecret("hmac"), created: s.timestamp(), modified: s.timestamp(),
	})
}

// versionedWorkflows is how many workflows with three versions show the order of rows: fewer may be in order by chance. A tenant with
// ten workflows at most has as many as it can.
func versionedWorkflows(count int) int {
	if count < tenantfacts.Sizes[2] {
		return tenantfacts.Sizes[2] - 1
	}
	return 16
}

func (s *Server) seedWorkflows(count int) {
	facts := s.opts.Facts
	settled := func(question string) bool { return settledByRead(facts, question) }
	versioned, versions := 0, 1
	if facts.Contents.Versions > 1 {
		versioned, versions = 1, 2
		if settled("Q28") { // whether a listing leaves versions out
			versions = 3
		}
		if settled("Q29") { // the order of versions
			versioned = versionedWorkflows(count)
		}
	}
	special := s.specialWorkflows()
	var first *workflow
	for i := range max(count, versioned, len(special)) {
		doc := definition.Document{"actions": definition.Document{"step": definition.Document{
			"id": definition.SleepID, "version_constraint": "~1", "properties": definition.Document{"sleep_time": "1m"},
		}}}
		if i < len(special) {
			doc = special[i]
		}
		w := s.seedWorkflow(fmt.Sprintf("Recorded workflow %d", i+1), doc)
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
	s.seedExecutions(first)
}

// specialWorkflows are the contents of workflows that show what the recorded tenant settled.
func (s *Server) specialWorkflows() []definition.Document {
	settled := func(question string) bool { return settledByRead(s.opts.Facts, question) }
	var special []definition.Document
	add := func(id string, properties definition.Document, notes []any) {
		special = append(special, definition.Document{
			"actions": definition.Document{"step": definition.Document{"id": id, "properties": properties}}, "disconnected_nodes": notes,
		})
	}
	if settled("Q43") { // notes on the canvas
		add(definition.SleepID, definition.Document{"sleep_time": "1m"}, []any{"note"})
	}
	if settled("Q41") || settled("Q42") { // exports of a workflow with a configuration
		add(definition.SlackID, definition.Document{"config_id": s.newID("config"), "json": definition.Document{"text": "example"}}, nil)
	}
	if settled("Q18") && s.reading("Q18") == "b" && s.reading("Q16") == "b" && s.reading("Q17") == "a" {
		// Neither app_id nor the configuration itself shows that it is a webhook, so a workflow did.
		keys := s.definitions.CallWebhookKeys()
		for _, config := range s.configs {
			if config.appID == definition.WebhookAppID() {
				add(s.definitions.CallWebhookActionID(), definition.Document{keys.Config: config.configID, keys.Fields: []any{"${Trigger.CID}"}}, nil)
			}
		}
	}
	return special
}

// seedWorkflow adds a workflow on demand.
func (s *Server) seedWorkflow(name string, content definition.Document) *workflow {
	doc := maps.Clone(content)
	doc["name"], doc["description"] = name, "Stands for a workflow of the recorded tenant"
	doc["trigger"] = definition.Document{"type": definition.TypeOnDemand, "next": []any{"step"}}
	w := s.addWorkflow(s.definitions.Normalize(doc), false)
	s.showNow(w)
	return w
}

// seedExecutions adds executions: those that showed the names of states, and otherwise one that runs.
func (s *Server) seedExecutions(w *workflow) {
	count := s.opts.Facts.Contents.Executions
	if count == nil || *count == 0 {
		return
	}
	settled := func(question string) bool { return settledByRead(s.opts.Facts, question) }
	canceled := settled("Q46")
	for i := range *count {
		run := s.run(w, firedEvent{triggerName: w.newest().triggerText("name"), values: map[string]any{}})
		switch {
		case canceled && i == 0:
			s.cancel(run)
		case !settled("Q47"):
			run.outcome = consoleRunning
		}
		run.started = s.now().Add(-time.Hour)
	}
	if canceled && *count == 1 && settled("Q47") {
		run := s.run(w, firedEvent{values: map[string]any{}})
		run.started = s.now().Add(-time.Hour)
	}
}
