package falconsim

import (
	"fmt"
	"time"
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

// seedHosts makes n hosts. The first three are a Windows workstation, a Mac
// and a Linux server.
func seedHosts(seed int64, n int) []*Host {
	hosts := make([]*Host, n)
	for i := range hosts {
		hosts[i] = seedHost(newDraw(seed, "host", i), i)
	}
	return hosts
}

func seedHost(d *draw, i int) *Host {
	kind := hostKinds[min(i, 2)]
	if i > 2 {
		kind = pick(d, hostKinds)
	}
	os, sensor := d.below(101), d.below(101)
	seen := seededAt.Add(-time.Duration(d.below(72*3600)) * time.Second)
	return &Host{
		AgentID:      d.hexID(),
		Hostname:     fmt.Sprintf("%s-%05d", kind.prefix, i+1),
		SerialNumber: fmt.Sprintf("C%011X", d.word()),
		Platform:     kind.platform,
		OSVersion:    kind.os,
		ProductType:  kind.product,
		FirstSeen:    seededAt.AddDate(0, 0, -30-d.below(700)),
		LastSeen:     seen,
		Modified:     seen,
		OS:           os,
		Sensor:       sensor,
		Overall:      (os + sensor) / 2,
		Version:      "3.6.1",
		FileDeployed: d.chance(300),
	}
}
