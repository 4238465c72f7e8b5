package falconsim

import (
	"slices"
	"strings"
	"time"
)

// device is a host as the hosts API shows it (wire/hosts.md#details).
type device struct {
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

// agentVersion is the sensor version of every seeded host.
const agentVersion = "7.28.20006.0"

func (h *Host) device(cid string) device {
	return device{
		DeviceID: h.AgentID, CID: cid, AgentVersion: agentVersion, Hostname: h.Hostname,
		FirstSeen: h.FirstSeen.Format(time.RFC3339), LastSeen: h.LastSeen.Format(time.RFC3339),
		ModifiedTime: h.Modified.Format(time.RFC3339), OSVersion: h.OSVersion,
		PlatformID:   map[string]string{"Windows": "0", "Mac": "1", "Linux": "3"}[h.Platform],
		PlatformName: h.Platform,
		ProductType:  map[string]string{"Workstation": "1", "Domain Controller": "2", "Server": "3"}[h.ProductType],
		SerialNumber: h.SerialNumber, ProductTypeDesc: h.ProductType, Status: "normal",
		Groups: []string{}, Tags: []string{},
	}
}

// hostFields are the properties that a filter or a sort may name.
var hostFields = map[string]func(*Host) string{
	"device_id":          func(h *Host) string { return h.AgentID },
	"hostname":           func(h *Host) string { return h.Hostname },
	"serial_number":      func(h *Host) string { return h.SerialNumber },
	"platform_name":      func(h *Host) string { return h.Platform },
	"product_type_desc":  func(h *Host) string { return h.ProductType },
	"os_version":         func(h *Host) string { return h.OSVersion },
	"agent_version":      func(*Host) string { return agentVersion },
	"status":             func(*Host) string { return "normal" },
	"first_seen":         func(h *Host) string { return h.FirstSeen.Format(time.RFC3339) },
	"last_seen":          func(h *Host) string { return h.LastSeen.Format(time.RFC3339) },
	"modified_timestamp": func(h *Host) string { return h.Modified.Format(time.RFC3339) },
}

// matchHost evaluates one comparison. Equality ignores case, and where words count it also holds for a whole word of the
// hostname, so that hostname:'SRV' finds SRV-00004.
//
// GUESS Q68: that words count is inferred.
func matchHost(h *Host, t *fqlTerm, words bool) bool {
	shown := strings.ToLower(hostFields[t.field](h))
	equal := func(want string) bool {
		if pattern, ok := strings.CutSuffix(want, "*"); ok {
			return strings.HasPrefix(shown, pattern)
		}
		return shown == want || words && t.field == "hostname" &&
			slices.Contains(strings.FieldsFunc(shown, func(r rune) bool { return r == '-' || r == '.' || r == '_' }), want)
	}
	for _, value := range t.values {
		want := strings.ToLower(value)
		var ok bool
		switch t.op {
		case ">":
			ok = shown > want
		case ">=":
			ok = shown >= want
		case "<":
			ok = shown < want
		case "<=":
			ok = shown <= want
		case "~", "!~":
			ok = strings.Contains(shown, want)
		default:
			ok = equal(want)
		}
		if ok {
			return !strings.HasPrefix(t.op, "!")
		}
	}
	return strings.HasPrefix(t.op, "!")
}
