package falcon

import "context"

// HostAssessment is the Zero Trust Assessment of one host (wire-api.md 5.1).
type HostAssessment struct {
	// AID is the agent id, 32 hexadecimal digits.
	AID          string
	CID          string
	SerialNumber string
	// Platform is "Mac", "Win" or "Lin"; only "Mac" has been seen in a recording.
	Platform string
	// ProductType is "Workstation", "Server" or "Domain Controller".
	ProductType string
	// Modified is in RFC 3339 form.
	Modified         string
	SensorFileStatus string
	// OS, SensorConfig and Overall are scores from 0 to 100, higher is safer; nil for a host without assessment.
	OS           *int64
	SensorConfig *int64
	Overall      *int64
	// Version is that of the assessment, such as "3.6.1".
	Version       string
	OSSignals     []Signal
	SensorSignals []Signal
}

// Signal is one criterion that an assessment looks at.
type Signal struct {
	ID       string
	Name     string
	Group    string
	Criteria string
	// MeetsCriteria is "yes", "no" or "unknown".
	MeetsCriteria string
}

// HostScore is the overall score of one host, 0 to 100, higher is safer.
type HostScore struct {
	AID   string
	Score int64
}

// HostAssessments reads the assessments of hosts, in the order asked for; ids that Falcon has none for are in notFound.
func (c *Client) HostAssessments(ctx context.Context, aids []string) (found []HostAssessment, notFound []string, err error) {
	return nil, nil, errNotBuilt
}

// HostScores lists overall scores from min to max (both included, nil is no bound), lowest first. With limit 0 all are
// read, else at most that many; total is how many match.
func (c *Client) HostScores(ctx context.Context, min, max *int64, limit int) (scores []HostScore, total int64, err error) {
	return nil, 0, errNotBuilt
}
