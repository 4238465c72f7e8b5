package hosts

import (
	"time"
)

// Device is a host as the hosts API shows it (wire/hosts.md#details).
type Device struct {
	DeviceID        string   `json:"device_id"`
	CID             string   `json:"cid"`
	AgentVersion    string   `json:"agent_version"`
	FirstSeen       string   `json:"first_seen"`
	Hostname        string   `json:"hostname,omitempty"`
	LastSeen        string   `json:"last_seen"`
	ModifiedTime    string   `json:"modified_timestamp"`
	OSVersion       string   `json:"os_version"`
	PlatformID      string   `json:"platform_id"`
	PlatformName    string   `json:"platform_name"`
	ProductType     string   `json:"product_type"`
	ProductTypeDesc string   `json:"product_type_desc"`
	SerialNumber    string   `json:"serial_number,omitempty"`
	Status          string   `json:"status"`
	Groups          []string `json:"groups"`
	Tags            []string `json:"tags"`
}

// AgentVersion is the sensor version of every seeded host.
const AgentVersion = "7.28.20006.0"

// Device returns the host as a device of the tenant.
func (h *Host) Device(cid string) Device {
	return Device{
		DeviceID: h.AgentID, CID: cid, AgentVersion: AgentVersion, Hostname: h.Hostname,
		FirstSeen: h.FirstSeen.Format(time.RFC3339), LastSeen: h.LastSeen.Format(time.RFC3339),
		ModifiedTime: h.Modified.Format(time.RFC3339), OSVersion: h.OSVersion,
		PlatformID:   map[string]string{"Windows": "0", "Mac": "1", "Linux": "3"}[h.Platform],
		PlatformName: h.Platform,
		ProductType:  map[string]string{"Workstation": "1", "Domain Controller": "2", "Server": "3"}[h.ProductType],
		SerialNumber: h.SerialNumber, ProductTypeDesc: h.ProductType, Status: "normal",
		Groups: []string{}, Tags: []string{},
	}
}
