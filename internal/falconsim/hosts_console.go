package falconsim

import (
	"time"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/definition"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/hosts"
)

// Host is one host of the tenant.
type Host = hosts.Host

// Hosts returns all hosts, ordered by agent id.
func (s *Server) Hosts() []Host { return s.hosts.All() }

// PutHost adds a host, or replaces the one with the same agent id, and returns the agent id. An empty agent id is filled in. No
// event fires.
func (s *Server) PutHost(h Host) (string, error) { return s.hosts.Put(h) }

// DeleteHost removes the host with this agent id or hostname.
func (s *Server) DeleteHost(aidOrHostname string) error { return s.hosts.Remove(aidOrHostname) }

// SetHostScore changes scores of the host with this agent id or hostname; nil leaves a score unchanged. A change fires the host
// assessment trigger: the subtype if the overall score changed, the two-level event otherwise.
func (s *Server) SetHostScore(aidOrHostname string, overall, os, sensor *int) error {
	before, after, err := s.hosts.SetScores(aidOrHostname, overall, os, sensor, s.now())
	if err != nil {
		return err
	}
	category := definition.HostScoreChange
	if before.Overall != after.Overall && s.reading("Q24") == "a" {
		category = definition.OverallScoreChange
	}
	if before.Overall != after.Overall || before.OS != after.OS || before.Sensor != after.Sensor {
		s.fire(category, s.hostScoreFields(&before, &after))
	}
	return nil
}

// hostScoreFields returns the values of the host assessment trigger's fields. Only the path of OverallScore is published, and
// the other paths follow its form (Q26).
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
