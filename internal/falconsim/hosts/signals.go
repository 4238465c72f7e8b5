package hosts

import "strings"

// AssessmentItems are the signals behind the scores of a host: 11 of the operating system and 19 of the sensor were recorded
// (wire/zero-trust.md#assessments).
type AssessmentItems struct {
	OS     []AssessmentSignal `json:"os_signals"`
	Sensor []AssessmentSignal `json:"sensor_signals"`
}

// AssessmentSignal is one signal and whether the host meets it.
type AssessmentSignal struct {
	ID       string `json:"signal_id"`
	Name     string `json:"signal_name"`
	Group    string `json:"group_name"`
	Criteria string `json:"criteria"`
	Meets    string `json:"meets_criteria"` // yes, no or unknown
}

// The signal ids mac_os_version and ml_cloud_antimalware_detection_mac are recorded. The others are made up in the same form.
var (
	osSignals = []AssessmentSignal{
		{ID: "os_version", Name: "Version", Criteria: "The operating system version is supported"},
		{ID: "disk_encryption", Name: "Disk encryption", Criteria: "The system disk is encrypted"},
		{ID: "firewall", Name: "Firewall", Criteria: "The firewall is enabled"},
		{ID: "secure_boot", Name: "Secure boot", Criteria: "Secure boot is enabled"},
		{ID: "screen_lock", Name: "Screen lock", Criteria: "The screen locks after inactivity"},
		{ID: "automatic_updates", Name: "Automatic updates", Criteria: "Automatic updates are enabled"},
		{ID: "guest_account", Name: "Guest account", Criteria: "The guest account is disabled"},
		{ID: "remote_login", Name: "Remote login", Criteria: "Remote login is disabled"},
		{ID: "kernel_integrity", Name: "Kernel integrity", Criteria: "Kernel integrity protection is enabled"},
		{ID: "application_control", Name: "Application control", Criteria: "Application control is enforced"},
		{ID: "analytics_sharing", Name: "Analytics sharing", Criteria: "Analytics sharing is disabled"},
	}
	sensorSignals = []AssessmentSignal{
		{ID: "ml_cloud_antimalware_detection", Name: "Cloud anti-malware detection"},
		{ID: "ml_cloud_antimalware_prevention", Name: "Cloud anti-malware prevention"},
		{ID: "ml_cloud_adware_detection", Name: "Cloud adware detection"},
		{ID: "ml_cloud_adware_prevention", Name: "Cloud adware prevention"},
		{ID: "ml_sensor_antimalware_detection", Name: "Sensor anti-malware detection"},
		{ID: "ml_sensor_antimalware_prevention", Name: "Sensor anti-malware prevention"},
		{ID: "ml_sensor_adware_detection", Name: "Sensor adware detection"},
		{ID: "ml_sensor_adware_prevention", Name: "Sensor adware prevention"},
		{ID: "quarantine", Name: "Quarantine"},
		{ID: "prevent_suspicious_processes", Name: "Prevent suspicious processes"},
		{ID: "prevent_suspicious_scripts", Name: "Prevent suspicious scripts"},
		{ID: "intelligence_sourced_threats", Name: "Intelligence-sourced threats"},
		{ID: "credential_dumping", Name: "Credential dumping"},
		{ID: "script_based_execution_monitoring", Name: "Script-based execution monitoring"},
		{ID: "on_write_detection", Name: "Detect on write"},
		{ID: "on_write_prevention", Name: "Prevent on write"},
		{ID: "sensor_tampering_protection", Name: "Sensor tampering protection"},
		{ID: "real_time_response", Name: "Real time response"},
		{ID: "sensor_update_policy", Name: "Sensor update policy"},
	}
)

// signals returns signals that fit the host's scores.
func (h *Host) signals() AssessmentItems {
	system, suffix := h.Platform, strings.ToLower(h.eventPlatform())
	if h.Platform == "Mac" {
		system = "macOS"
	}
	items := AssessmentItems{
		OS:     make([]AssessmentSignal, len(osSignals)),
		Sensor: make([]AssessmentSignal, len(sensorSignals)),
	}
	for i, signal := range osSignals {
		signal.ID = suffix + "_" + signal.ID
		signal.Group = system
		if i == 0 {
			signal.Name = system + " Version"
		}
		signal.Meets = meets(i, len(osSignals), h.OS)
		items.OS[i] = signal
	}
	// A Mac's disk encryption was recorded as unknown (wire/zero-trust.md#assessments).
	if h.Platform == "Mac" {
		items.OS[1].Meets = "unknown"
	}
	for i, signal := range sensorSignals {
		signal.ID += "_" + suffix
		signal.Group = "Prevention"
		signal.Criteria = signal.Name + " is enabled"
		signal.Meets = meets(i, len(sensorSignals), h.Sensor)
		items.Sensor[i] = signal
	}
	return items
}

// meets reports yes or no for signal i of n, so that the share of yes is the score in percent.
func meets(i, n, score int) string {
	if i*100 < score*n {
		return "yes"
	}
	return "no"
}
