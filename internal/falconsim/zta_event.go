package falconsim

import "time"

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
