package falconsim

import (
	"fmt"
	"strings"
	"text/tabwriter"
)

// pageRequests and pageRows limit the requests, and the hosts and users, that the status page shows.
const (
	pageRequests = 40
	pageRows     = 20
)

// statusPage is the plain-text page of GET /: the objects of the tenant and the request log, newest entry first.
func (s *Server) statusPage() string {
	var out strings.Builder
	tenant := s.Tenant()
	fmt.Fprintf(&out, "A simulated Falcon tenant\n\ncid     %s\nccid    %s\ncloud   %s\nconsole GET %s\n", tenant.CID, s.ccid, s.opts.Cloud, consolePath)
	if s.pluginWrites() {
		out.WriteString("\nThis tenant accepts the webhook write request. No such request is published: it is a guess.\n")
	} else {
		out.WriteString("\nThis tenant has no webhook write request, because none is published.\n")
	}

	section(&out, "API clients", len(tenant.APIClients), func(row rowWriter) {
		for _, c := range tenant.APIClients {
			row(c.ID, c.Name, fmt.Sprintf("%d scopes", len(c.Scopes)))
		}
	})
	section(&out, "Plugin configurations", len(tenant.PluginConfigs), func(row rowWriter) {
		for _, c := range tenant.PluginConfigs {
			row(c.ID, c.Name, c.URL)
		}
	})
	section(&out, "Workflows", len(tenant.Workflows), func(row rowWriter) {
		for _, w := range tenant.Workflows {
			state := "disabled"
			if w.Enabled {
				state = "enabled"
			}
			if w.Invalid {
				state += ", has validation errors"
			}
			row(w.ID, w.Name, fmt.Sprintf("version %d", w.Version), state)
		}
	})
	section(&out, "Hosts", len(tenant.Hosts), func(row rowWriter) {
		for _, h := range tenant.Hosts[:min(len(tenant.Hosts), pageRows)] {
			row(h.AgentID, h.Hostname, fmt.Sprintf("overall %d, os %d, sensor %d", h.Overall, h.OS, h.Sensor))
		}
	})
	users := s.Users()
	section(&out, "Users", len(users), func(row rowWriter) {
		for _, u := range users[:min(len(users), pageRows)] {
			row(u.EntityID, u.PrimaryDisplayName, fmt.Sprintf("risk %.2f", u.RiskScore))
		}
	})
	section(&out, "Cases", len(tenant.Cases), func(row rowWriter) {
		for _, c := range tenant.Cases {
			row(c.ID, c.Title, c.Status)
		}
	})
	deliveries := s.Deliveries()
	section(&out, "Webhook deliveries", len(deliveries), func(row rowWriter) {
		for _, d := range deliveries {
			row(d.Category, d.WorkflowName, d.URL, fmt.Sprint(d.Status), d.Error)
		}
	})
	requests := s.Requests()
	section(&out, "Requests, newest first", len(requests), func(row rowWriter) {
		for i := len(requests) - 1; i >= max(0, len(requests)-pageRequests); i-- {
			r := requests[i]
			row(fmt.Sprint(r.Status), r.Method, r.Path, r.Query.Encode(), r.Fault)
		}
	})
	return out.String()
}

type rowWriter func(cells ...string)

// section writes a heading with a count, followed by aligned rows.
func section(out *strings.Builder, title string, count int, rows func(rowWriter)) {
	fmt.Fprintf(out, "\n%s (%d)\n", title, count)
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	rows(func(cells ...string) { fmt.Fprintln(table, "  "+strings.Join(cells, "\t")) })
	if err := table.Flush(); err != nil {
		panic(fmt.Sprintf("falconsim: a text could not be written: %v", err)) // strings.Builder never fails
	}
}
