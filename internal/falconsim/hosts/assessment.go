package hosts

import "time"

// Assessment is a host as the assessments operation shows it, with the keys in the recorded order
// (wire/zero-trust.md#assessments).
type Assessment struct {
	AgentID          string          `json:"aid"`
	CID              string          `json:"cid"`
	SerialNumber     *string         `json:"system_serial_number"`
	EventPlatform    string          `json:"event_platform"`
	ProductTypeDesc  string          `json:"product_type_desc"`
	ModifiedTime     string          `json:"modified_time"`
	SensorFileStatus string          `json:"sensor_file_status"`
	Assessment       any             `json:"assessment"`
	Items            AssessmentItems `json:"assessment_items"`
}

// AssessmentScores are the scores of a host.
type AssessmentScores struct {
	SensorConfig int    `json:"sensor_config"`
	OS           int    `json:"os"`
	Overall      int    `json:"overall"`
	Version      string `json:"version"`
}

// Assessment returns the host as an assessment of the tenant.
func (h *Host) Assessment(cid string) Assessment {
	a := Assessment{
		AgentID: h.AgentID, CID: cid, EventPlatform: h.eventPlatform(), ProductTypeDesc: h.ProductType,
		ModifiedTime: h.Modified.Format(time.RFC3339), SensorFileStatus: "not deployed",
		Assessment: AssessmentScores{SensorConfig: h.Sensor, OS: h.OS, Overall: h.Overall, Version: h.Version},
		Items:      h.signals(),
	}
	if h.SerialNumber != "" {
		a.SerialNumber = &h.SerialNumber
	}
	if h.FileDeployed {
		a.SensorFileStatus = "deployed"
	}
	if h.NotAssessed {
		a.Assessment = struct{}{}
		a.Items = AssessmentItems{OS: []AssessmentSignal{}, Sensor: []AssessmentSignal{}}
	}
	return a
}
