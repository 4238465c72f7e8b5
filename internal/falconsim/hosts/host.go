package hosts

import (
	"time"
)

// Host is one sensor with its Zero Trust Assessment. Scores are whole numbers from 0 to 100, and higher is safer
// (wire/zero-trust.md#assessments).
type Host struct {
	AgentID      string    `json:"agent_id"`
	Hostname     string    `json:"hostname"`
	SerialNumber string    `json:"serial_number"`
	Platform     string    `json:"platform"` // Windows, Mac or Linux
	OSVersion    string    `json:"os_version"`
	ProductType  string    `json:"product_type"` // Workstation, Server or Domain Controller
	FirstSeen    time.Time `json:"first_seen"`
	LastSeen     time.Time `json:"last_seen"`
	Modified     time.Time `json:"modified"`
	Overall      int       `json:"overall"`
	OS           int       `json:"os"`
	Sensor       int       `json:"sensor_config"`
	Version      string    `json:"version"`
	FileDeployed bool      `json:"sensor_file_deployed"`
	// NotAssessed leaves `assessment` empty and the host out of the list by score (wire/zero-trust.md#by-score).
	NotAssessed bool `json:"not_assessed,omitempty"`
}

// eventPlatform is the platform's name in Zero Trust Assessment: `Mac` is recorded, `Win` and `Lin` are inferred
// (wire/zero-trust.md#assessments).
func (h *Host) eventPlatform() string {
	return h.Platform[:3]
}
