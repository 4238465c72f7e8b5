package hosts

import (
	"fmt"
	"time"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/random"
)

var hostKinds = []struct {
	platform, os, product, prefix string
}{
	{"Windows", "Windows 11", "Workstation", "WKS"},
	{"Mac", "Sequoia (15)", "Workstation", "MAC"},
	{"Linux", "Ubuntu 24.04", "Server", "LNX"},
	{"Windows", "Windows Server 2022", "Server", "SRV"},
	{"Windows", "Windows Server 2022", "Domain Controller", "DC"},
	{"Windows", "Windows 10", "Workstation", "WKS"},
}

// SeedHosts returns n hosts. The first three are a Windows workstation, a Mac, and a Linux server.
func SeedHosts(seed int64, n int) []*Host {
	hosts := make([]*Host, n)
	for i := range hosts {
		hosts[i] = seedHost(random.NewStream(seed, "host", i), i)
	}
	return hosts
}

func seedHost(d *random.Stream, i int) *Host {
	kind := hostKinds[min(i, 2)]
	if i > 2 {
		kind = random.Pick(d, hostKinds)
	}
	os, sensor := d.Below(101), d.Below(101)
	seen := random.SeededAt.Add(-time.Duration(d.Below(72*3600)) * time.Second)
	return &Host{
		AgentID:      d.HexID(),
		Hostname:     fmt.Sprintf("%s-%05d", kind.prefix, i+1),
		SerialNumber: fmt.Sprintf("C%011X", d.Word()),
		Platform:     kind.platform,
		OSVersion:    kind.os,
		ProductType:  kind.product,
		FirstSeen:    random.SeededAt.AddDate(0, 0, -30-d.Below(700)),
		LastSeen:     seen,
		Modified:     seen,
		OS:           os,
		Sensor:       sensor,
		Overall:      (os + sensor) / 2,
		Version:      "3.6.1",
		FileDeployed: d.Chance(300),
	}
}
