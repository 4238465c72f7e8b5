package hosts

// PlatformAudit is one platform in the audit of the tenant (wire/zero-trust.md#audit). The keys of the map audit are not known;
// it is empty here.
type PlatformAudit struct {
	Name         string             `json:"name"`
	AgentIDs     int                `json:"num_aids"`
	AverageScore float64            `json:"average_overall_score"`
	Audit        map[string]float64 `json:"audit"`
}

// Audit is the audit of a tenant (wire/zero-trust.md#audit).
type Audit struct {
	CID          string          `json:"cid"`
	AverageScore float64         `json:"average_overall_score"`
	AgentIDs     int             `json:"num_aids"`
	Platforms    []PlatformAudit `json:"platforms"`
}

// Audit returns the average overall scores of the assessed hosts.
func (x *Index) Audit(cid string) Audit {
	audit := Audit{CID: cid, Platforms: []PlatformAudit{}}
	sums := map[string]int{}
	counts := map[string]int{}
	for _, h := range x.byScore() {
		sums[h.eventPlatform()] += h.Overall
		counts[h.eventPlatform()]++
	}
	total := 0
	for _, name := range []string{"Win", "Mac", "Lin"} {
		if counts[name] == 0 {
			continue
		}
		audit.AgentIDs += counts[name]
		total += sums[name]
		audit.Platforms = append(audit.Platforms, PlatformAudit{
			Name: name, AgentIDs: counts[name], Audit: map[string]float64{},
			AverageScore: float64(sums[name]) / float64(counts[name]),
		})
	}
	if audit.AgentIDs > 0 {
		audit.AverageScore = float64(total) / float64(audit.AgentIDs)
	}
	return audit
}
