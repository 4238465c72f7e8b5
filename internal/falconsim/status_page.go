package falconsim

import (
	"bytes"
	_ "embed" // for the page
	"fmt"
	"html/template"
	"math"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"unicode"
)

// pageRequests and pageRows limit the requests, and the hosts and users, that the status page shows.
const (
	pageRequests = 40
	pageRows     = 20
	everyRow     = math.MaxInt
)

// statusPage is the page of GET /: the objects of the tenant, the faults, and the request log, newest entry first.
type statusPage struct {
	Facts    [][2]string // names and values
	Note     string
	Members  []pageLink // children, or the parent of a child
	Sections []pageSection
}

type pageLink struct{ Text, Target string }

// pageSection is a table. Count may be higher than the number of rows.
type pageSection struct {
	Title   string
	Count   int
	Columns []string
	Rows    [][]string
}

// newStatusPage describes the current state of the tenant.
func (s *Server) newStatusPage() statusPage {
	tenant, users, deliveries, faults := s.Tenant(), s.Users(), s.Deliveries(), s.Faults()
	page := statusPage{
		Facts: [][2]string{{"cid", tenant.CID}, {"ccid", s.ccid}, {"cloud", s.opts.Cloud}, {"console", "GET " + consolePath}},
		Note:  "This tenant has no webhook write request, because none is published.",
	}
	if s.pluginWrites() {
		page.Note = "This tenant accepts the webhook write request. No such request is published: it is a guess."
	}
	for _, cid := range s.opts.MemberCIDs {
		page.Members = append(page.Members, pageLink{"child tenant " + cid, "/?" + memberParameter + "=" + cid})
	}
	if s.gateway != s {
		page.Members = append(page.Members, pageLink{"parent tenant " + s.gateway.cid, "/"})
	}
	page.Sections = []pageSection{
		rows("API clients", everyRow, tenant.APIClients, []string{"id", "name", "scopes"}, func(c APIClient) []string {
			return []string{c.ID, c.Name, fmt.Sprintf("%d scopes", len(c.Scopes))}
		}),
		rows("Plugin configurations", everyRow, tenant.PluginConfigs, []string{"id", "name", "URL"}, func(c PluginConfig) []string {
			return []string{c.ID, c.Name, c.URL}
		}),
		rows("Workflows", everyRow, tenant.Workflows, []string{"id", "name", "version", "state"}, workflowRow),
		rows("Executions", everyRow, s.Executions(), []string{"id", "workflow", "state"}, func(e Execution) []string {
			return []string{e.ID, e.WorkflowName, e.State}
		}),
		rows("Hosts", pageRows, tenant.Hosts, []string{"agent id", "hostname", "scores"}, func(h Host) []string {
			return []string{h.AgentID, h.Hostname, fmt.Sprintf("overall %d, os %d, sensor %d", h.Overall, h.OS, h.Sensor)}
		}),
		rows("Users", pageRows, users, []string{"entity id", "name", "score"}, func(u User) []string {
			return []string{u.EntityID, u.PrimaryDisplayName, fmt.Sprintf("risk %.2f", u.RiskScore)}
		}),
		rows("Cases", everyRow, tenant.Cases, []string{"id", "title", "status"}, func(c Case) []string {
			return []string{c.ID, c.Title, c.Status}
		}),
		rows("Deliveries", everyRow, deliveries, []string{"category", "workflow", "sent by", "method", "URL", "status", "error"}, func(d Delivery) []string {
			return []string{d.Category, d.WorkflowName, sentBy(d), d.Method, d.URL, fmt.Sprint(d.Status), d.Error}
		}),
		rows("Faults", everyRow, faults, []string{"kind", "method", "path", "status", "skip", "times"}, faultRow),
		rows("Requests, newest first", pageRequests, newestFirst(s.Requests()), []string{"status", "method", "path", "query", "fault"}, func(r Request) []string {
			return []string{fmt.Sprint(r.Status), r.Method, r.Path, r.Query.Encode(), r.Fault}
		}),
	}
	return page
}

// sentBy names the action of a delivery.
func sentBy(d Delivery) string {
	if d.ConfigID == "" {
		return "HTTP request"
	}
	return "webhook, signed"
}

func workflowRow(w Workflow) []string {
	state := "disabled"
	if w.Enabled {
		state = "enabled"
	}
	if w.Invalid {
		state += ", has validation errors"
	}
	return []string{w.ID, w.Name, fmt.Sprintf("version %d", w.Version), state}
}

func faultRow(f Fault) []string {
	times := "every time"
	if f.Times > 0 {
		times = fmt.Sprintf("%d times", f.Times)
	}
	return []string{string(f.Kind), f.Method, f.Path, strconv.Itoa(f.Status), strconv.Itoa(f.Skip), times}
}

func newestFirst(list []Request) []Request {
	slices.Reverse(list)
	return list
}

// rows returns a section with the first objects of a list.
func rows[T any](title string, limit int, list []T, columns []string, row func(T) []string) pageSection {
	section := pageSection{Title: title, Count: len(list), Columns: columns}
	for _, object := range list[:min(limit, len(list))] {
		section.Rows = append(section.Rows, row(object))
	}
	return section
}

// text returns the page as plain text.
func (p statusPage) text() []byte {
	var out bytes.Buffer
	out.WriteString("A simulated Falcon tenant\n\n")
	for _, fact := range p.Facts {
		fmt.Fprintf(&out, "%-7s %s\n", fact[0], fact[1])
	}
	for _, link := range p.Members {
		fmt.Fprintf(&out, "%s at %s\n", link.Text, link.Target)
	}
	fmt.Fprintf(&out, "\n%s\n", p.Note)
	for _, section := range p.Sections {
		fmt.Fprintf(&out, "\n%s (%d)\n", section.Title, section.Count)
		table := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
		for _, cells := range section.Rows {
			fmt.Fprintln(table, "  "+printable(strings.Join(cells, "\x00")))
		}
		if err := table.Flush(); err != nil {
			panic(fmt.Sprintf("falconsim: a text could not be written: %v", err)) // bytes.Buffer never fails
		}
	}
	return out.Bytes()
}

// printable replaces control characters, which could move a terminal's cursor or forge a row, and separates cells by tabs.
func printable(cells string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == 0:
			return '\t'
		case unicode.IsControl(r):
			return unicode.ReplacementChar
		}
		return r
	}, cells)
}

//go:embed status_page.html
var statusPageHTML string

var statusPageTemplate = template.Must(template.New("page").Parse(statusPageHTML))

// html returns the page for a browser. It has no scripts and loads nothing.
func (p statusPage) html() []byte {
	var out bytes.Buffer
	if err := statusPageTemplate.Execute(&out, p); err != nil {
		panic(fmt.Sprintf("falconsim: the page could not be written: %v", err)) // a bug of the template
	}
	return out.Bytes()
}

// writeStatusPage responds with HTML if the request prefers it, as a browser's does, and with plain text otherwise.
func (s *Server) writeStatusPage(w http.ResponseWriter, r *http.Request) {
	page := s.newStatusPage()
	w.Header().Set("Vary", "Accept")
	w.Header().Set("Cache-Control", "no-store")
	if !prefersHTML(r.Header.Values("Accept")) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		writeOut(w, page.text())
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	writeOut(w, page.html())
}

// prefersHTML reports whether Accept headers name HTML with at least the quality of plain text. A wildcard counts for plain text,
// so that curl shows it.
func prefersHTML(accept []string) bool {
	html, text := 0.0, 0.0
	for item := range strings.SplitSeq(strings.Join(accept, ","), ",") {
		kind, params, err := mime.ParseMediaType(item)
		if err != nil {
			continue
		}
		quality := 1.0
		if q, given := params["q"]; given {
			if quality, err = strconv.ParseFloat(q, 64); err != nil {
				continue
			}
		}
		switch kind {
		case "text/html", "application/xhtml+xml":
			html = max(html, quality)
		case "text/plain":
			text = max(text, quality)
		}
	}
	return html > 0 && html >= text
}
