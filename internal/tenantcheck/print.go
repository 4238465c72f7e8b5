package tenantcheck

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"unicode"
	"unicode/utf8"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon/wire"
)

// The exit statuses of falcon-check.
const (
	StatusWorks      = 0
	StatusMissing    = 1 // something that an integration needs is missing
	StatusNotChecked = 2 // an integration could not be checked
)

// Status is the exit status of the report.
func (r *Report) Status() int {
	status := StatusWorks
	for _, v := range r.Verdicts {
		switch {
		case !v.Integration:
		case v.State == DoesNot:
			return StatusMissing
		case v.State == NotChecked:
			status = StatusNotChecked
		}
	}
	return status
}

// stateNames are the states as a person reads them.
var stateNames = map[State]string{
	Works: "works", ConsoleStep: "works with a console step", DoesNot: "does not work", NotChecked: "not checked",
}

// WriteText writes the report for a person: first what works, then the open questions.
func (r *Report) WriteText(out io.Writer) error {
	var text strings.Builder
	fmt.Fprintf(&text, "Tenant %s at %s", r.Tenant.name(), r.Tenant.BaseURL)
	if r.Tenant.Cloud != "" {
		fmt.Fprintf(&text, " (cloud %s)", r.Tenant.Cloud)
	}
	text.WriteString("\n")
	if len(r.Tenant.Scopes) > 0 {
		fmt.Fprintf(&text, "API client %s with %d scopes\n", r.Tenant.ClientID, len(r.Tenant.Scopes))
	}
	r.writeCatalog(&text)
	for _, part := range []struct {
		title       string
		integration bool
	}{{"Integrations", true}, {"Resources, data sources, ephemeral resources and actions", false}} {
		fmt.Fprintf(&text, "\n%s\n", part.title)
		table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
		for _, v := range r.Verdicts {
			if v.Integration != part.integration {
				continue
			}
			fmt.Fprintf(table, "  %s\t%s\t%s\n", v.Subject, stateNames[v.State], strings.TrimSpace(upperFirst(v.Why)))
			if v.Do != "" {
				fmt.Fprintf(table, "  \t\t> %s\n", v.Do)
			}
		}
		if err := table.Flush(); err != nil {
			return err
		}
	}
	r.writeAnswers(&text)
	for _, l := range r.Leftovers {
		fmt.Fprintf(&text, "\nNot removed: %s %s %q: %s\n", l.Kind, l.ID, l.Name, plainText(l.Why))
	}
	for _, note := range r.Notes {
		fmt.Fprintf(&text, "\n%s\n", note)
	}
	_, err := io.WriteString(out, text.String())
	return err
}

func (r *Report) writeCatalog(text *strings.Builder) {
	if a := r.Facts.CallWebhook; a != nil {
		keys := make([]string, len(a.Properties))
		for i, p := range a.Properties {
			keys[i] = plainText(p.Key)
		}
		fmt.Fprintf(text, "Call webhook: action %s, version constraint %s, properties %s\n", plainText(a.ID), a.Pin, strings.Join(keys, ", "))
	}
	for _, t := range r.Facts.Triggers {
		fmt.Fprintf(text, "Trigger %s: %d fields\n", plainText(t.Category), len(t.Fields))
	}
}

func (r *Report) writeAnswers(text *strings.Builder) {
	settled := 0
	for _, a := range r.Answers {
		if a.Settled() {
			settled++
		}
	}
	fmt.Fprintf(text, "\nOpen questions about Falcon's API: this tenant settles %d of the %d that a check can settle\n", settled, len(r.Answers))
	questions := wire.Questions()
	for _, a := range r.Answers {
		q := questions[a.Question]
		fmt.Fprintf(text, "  %-4s  %s\n", a.Question, q.Title)
		if a.Settled() {
			fmt.Fprintf(text, "        %s: %s. Seen: %s.\n", a.Reading, q.Readings[a.Reading], a.Evidence)
		} else {
			fmt.Fprintf(text, "        not settled: %s\n", a.Evidence)
		}
	}
}

// name is the customer id, or why it is not known.
func (t Tenant) name() string {
	if t.CID == "" {
		return "(customer id not known: " + t.CIDUnknown + ")"
	}
	return t.CID
}

func upperFirst(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if !unicode.IsLower(first) {
		return s
	}
	return string(unicode.ToUpper(first)) + s[size:]
}

// plainText is a text on one line of bounded length, without characters that move the cursor.
func plainText(s string) string {
	const most = 600
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r):
			return '?'
		}
		return r
	}, s)
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + " ..."
	}
	return s
}
