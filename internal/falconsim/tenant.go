package falconsim

import (
	"encoding/json"
	"fmt"
)

// Tenant is everything that the console shows of a tenant. It has no secrets and a stable order, so that two of them can be
// compared.
type Tenant struct {
	CID           string         `json:"cid"`
	APIClients    []APIClient    `json:"api_clients"`
	PluginConfigs []PluginConfig `json:"plugin_configs"`
	Workflows     []Workflow     `json:"workflows"`
	Cases         []Case         `json:"cases"`
	Hosts         []Host         `json:"hosts"`
}

// Tenant returns the current objects of the tenant.
func (s *Server) Tenant() Tenant {
	return Tenant{
		CID: s.cid, APIClients: s.Clients(), PluginConfigs: s.PluginConfigs(), Workflows: s.Workflows(),
		Cases: s.Cases(), Hosts: s.Hosts(),
	}
}

// Dump returns [Server.Tenant] as indented JSON. Equal texts mean equal tenants.
func (s *Server) Dump() []byte {
	text, err := json.MarshalIndent(s.Tenant(), "", "  ")
	if err != nil {
		panic(fmt.Sprintf("falconsim: the tenant could not be encoded: %v", err)) // a bug of the simulator
	}
	return text
}
