package falconsim

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// consoleOperation is one operation of the console API. Its result is written as JSON. An error becomes a 404 or a 400 with
// {"error": "…"}.
type consoleOperation struct {
	method, path, about string
	handle              func(*http.Request) (any, error)
}

// consoleOperations returns the whole console API. GET /_sim lists it.
func (s *Server) consoleOperations() []consoleOperation {
	id := func(r *http.Request) string { return r.PathValue("id") }
	return []consoleOperation{
		{"GET", "/tenant", "all objects of the tenant, without secrets, in a stable order", func(*http.Request) (any, error) { return s.Tenant(), nil }},

		{"GET", "/api-clients", "list API clients", func(*http.Request) (any, error) { return s.Clients(), nil }},
		{"POST", "/api-clients", `create one and show its secret: {"name", "description", "scopes": []}; or one of a chosen id and secret: {"id", "secret", "scopes"}`, s.consoleAddClient},
		{"PATCH", "/api-clients/{id}", `change one: {"name", "description", "scopes"}, all optional`, func(r *http.Request) (any, error) {
			return decoded(r, func(edit ClientEdit) (any, error) { return nil, s.EditClient(id(r), edit) })
		}},
		{"DELETE", "/api-clients/{id}", "delete one and its tokens", func(r *http.Request) (any, error) { return nil, s.DeleteClient(id(r)) }},

		{"GET", "/plugin-configs", "list configurations of Store apps", func(*http.Request) (any, error) { return s.PluginConfigs(), nil }},
		{"POST", "/plugin-configs", `create a webhook configuration: {"name", "url", "hmac_secret_key", "signature_header_name"}`, s.consoleAddConfig},
		{"PATCH", "/plugin-configs/{id}", "change one: the same keys, all optional", func(r *http.Request) (any, error) {
			return decoded(r, func(edit PluginConfigEdit) (any, error) { return nil, s.EditPluginConfig(id(r), edit) })
		}},
		{"DELETE", "/plugin-configs/{id}", "delete one", func(r *http.Request) (any, error) { return nil, s.DeletePluginConfig(id(r)) }},

		{"GET", "/workflows", "list workflows", func(*http.Request) (any, error) { return s.Workflows(), nil }},
		{"POST", "/workflows", "create one, disabled or with ?enabled=true enabled: its document in YAML or JSON", s.consoleAddWorkflow},
		{"GET", "/workflows/{id}", "one workflow", func(r *http.Request) (any, error) { return s.Workflow(id(r)) }},
		{"PUT", "/workflows/{id}", "replace its document: YAML or JSON", func(r *http.Request) (any, error) {
			text, err := io.ReadAll(r.Body)
			if err != nil {
				return nil, err
			}
			return nil, s.ReplaceWorkflow(id(r), text)
		}},
		{"POST", "/workflows/{id}/enable", "enable it", func(r *http.Request) (any, error) { return nil, s.SetWorkflowEnabled(id(r), true) }},
		{"POST", "/workflows/{id}/disable", "disable it", func(r *http.Request) (any, error) { return nil, s.SetWorkflowEnabled(id(r), false) }},
		{"PUT", "/workflows/{id}/outcome", `set how later executions end: {"outcome": "Completed|Failed|In progress|Action required|any other state"}`, func(r *http.Request) (any, error) {
			return decoded(r, func(body struct {
				Outcome string `json:"outcome"`
			}) (any, error) {
				return nil, s.SetOutcome(id(r), body.Outcome)
			})
		}},
		{"DELETE", "/workflows/{id}", "delete it", func(r *http.Request) (any, error) { return nil, s.DeleteWorkflow(id(r)) }},
		{"GET", "/executions", "list executions", func(*http.Request) (any, error) { return s.Executions(), nil }},

		{"GET", "/hosts", "list hosts with their scores", func(*http.Request) (any, error) { return s.Hosts(), nil }},
		{"POST", "/hosts", `add a host, or replace the one with its agent_id: keys as in the list, only "hostname" is required; no event fires`, func(r *http.Request) (any, error) {
			return decoded(r, func(h Host) (any, error) {
				aid, err := s.PutHost(h)
				return map[string]string{"agent_id": aid}, err
			})
		}},
		{"DELETE", "/hosts/{id}", "delete a host, by agent id or hostname", func(r *http.Request) (any, error) { return nil, s.DeleteHost(id(r)) }},
		{"POST", "/hosts/{id}/score", `change scores of a host, by agent id or hostname: {"overall", "os", "sensor_config"}, all optional; fires ZeroTrust/HostScoreChange`, s.consoleScore},

		{"GET", "/users", "list Identity Protection users, with unrounded risk scores", func(*http.Request) (any, error) { return s.Users(), nil }},
		{"POST", "/users", `add a user, or replace the one with its entity_id: keys as in the list, only "primary_display_name" is required`, func(r *http.Request) (any, error) {
			return decoded(r, func(u User) (any, error) {
				entityID, err := s.PutUser(u)
				return map[string]string{"entity_id": entityID}, err
			})
		}},
		{"POST", "/users/{id}/score", `change a user's unrounded risk score, by entity id or email address: {"risk_score": 0-1}`, s.consoleUserScore(s.SetUserScore)},
		{"DELETE", "/users/{id}", "delete a user, by entity id or email address", func(r *http.Request) (any, error) { return nil, s.DeleteUser(id(r)) }},
		{"POST", "/domains/{id}/score", `set the overall score of a domain's security assessment: {"risk_score": 0-1}`, s.consoleUserScore(s.SetAssessmentScore)},

		{"GET", "/cases", "list cases", func(*http.Request) (any, error) { return s.Cases(), nil }},
		{"POST", "/cases", `create one: {"title"}; fires Case/Created`, func(r *http.Request) (any, error) {
			return decoded(r, func(body struct {
				Title string `json:"title"`
			}) (any, error) {
				return map[string]string{"id": s.CreateCase(body.Title)}, nil
			})
		}},
		{"PATCH", "/cases/{id}", `change one: {"title", "status", "severity", "description"}, all optional; fires Case/Updated and Case/StatusChanged`, func(r *http.Request) (any, error) {
			return decoded(r, func(update CaseUpdate) (any, error) { return nil, s.UpdateCase(id(r), update) })
		}},
		{"GET", "/deliveries", "list webhook deliveries, after those in flight", func(r *http.Request) (any, error) {
			if err := s.WaitDeliveries(r.Context()); err != nil {
				return nil, err
			}
			return s.Deliveries(), nil
		}},

		{"GET", "/faults", "list faults", s.consoleFaults},
		{"POST", "/faults", `add one: {"method", "path", "query", "skip", "times", "kind": "status|errors|drop-before|drop-after|html|truncate|delay|stall", "status", "header", "body", "delay_ms"}, all optional`, s.consoleFault},
		{"DELETE", "/faults", "remove all", func(*http.Request) (any, error) { s.ClearFaults(); return nil, nil }},

		{"GET", "/requests", "the API request log, secrets masked", func(*http.Request) (any, error) { return s.Requests(), nil }},
		{"DELETE", "/requests", "empty it", func(*http.Request) (any, error) { s.ResetRequests(); return nil, nil }},

		{"POST", "/tokens/revoke", "revoke every access token", func(*http.Request) (any, error) { s.RevokeTokens(); return nil, nil }},
		{"POST", "/tokens/expire", "expire every access token", func(*http.Request) (any, error) { s.ExpireTokens(); return nil, nil }},
	}
}

func (s *Server) consoleAddClient(r *http.Request) (any, error) {
	return decoded(r, func(body struct {
		ID          string   `json:"id"`
		Secret      string   `json:"secret"`
		Name        string   `json:"name"`
		Description string   `json:"description"`
		Scopes      []string `json:"scopes"`
	}) (any, error) {
		if body.ID == "" && body.Secret == "" {
			id, secret, err := s.CreateClient(body.Name, body.Description, body.Scopes)
			return map[string]string{"id": id, "secret": secret}, err
		}
		if body.ID == "" || body.Secret == "" || body.Name+body.Description != "" {
			return nil, errors.New("id and secret are required together, and without name and description")
		}
		s.AddClient(body.ID, body.Secret, body.Scopes)
		return nil, nil
	})
}

func (s *Server) consoleAddConfig(r *http.Request) (any, error) {
	return decoded(r, func(body webhookSettings) (any, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		config, err := s.addConfig(body)
		if err != nil {
			return nil, err
		}
		return map[string]string{"config_id": config.configID}, nil
	})
}

func (s *Server) consoleAddWorkflow(r *http.Request) (any, error) {
	enabled := false
	if value := r.URL.Query().Get("enabled"); value != "" {
		var err error
		if enabled, err = strconv.ParseBool(value); err != nil {
			return nil, fmt.Errorf("enabled must be true or false, got %q", value)
		}
	}
	text, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	id, err := s.CreateWorkflow(text, enabled)
	if err != nil {
		return nil, err
	}
	return map[string]string{"id": id}, nil
}

func (s *Server) consoleScore(r *http.Request) (any, error) {
	return decoded(r, func(body struct {
		Overall *int `json:"overall"`
		OS      *int `json:"os"`
		Sensor  *int `json:"sensor_config"`
	}) (any, error) {
		return nil, s.SetHostScore(r.PathValue("id"), body.Overall, body.OS, body.Sensor)
	})
}

// faultEntry is a fault in requests and responses of the console.
type faultEntry struct {
	Fault
	DelayMillis int64 `json:"delay_ms,omitempty"`
}

func (s *Server) consoleFaults(*http.Request) (any, error) {
	list := []faultEntry{}
	for _, f := range s.Faults() {
		list = append(list, faultEntry{f, f.Delay.Milliseconds()})
	}
	return list, nil
}

func (s *Server) consoleFault(r *http.Request) (any, error) {
	return decoded(r, func(body faultEntry) (any, error) {
		body.Delay = time.Duration(body.DelayMillis) * time.Millisecond
		return nil, s.Inject(body.Fault)
	})
}

func (s *Server) consoleUserScore(set func(id string, score float64) error) func(*http.Request) (any, error) {
	return func(r *http.Request) (any, error) {
		return decoded(r, func(body struct {
			RiskScore *float64 `json:"risk_score"`
		}) (any, error) {
			if body.RiskScore == nil {
				return nil, errors.New("risk_score is required")
			}
			return nil, set(r.PathValue("id"), *body.RiskScore)
		})
	}
}
