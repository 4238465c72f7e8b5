package fusion

import (
	"regexp"
	"slices"
	"strings"
)

// severityCEL matches a reference to a detection's severity.
const severityCEL = `data\[\s*\??\s*['"]Trigger\.Detection\.Severity['"]\s*\]`

var (
	celText   = regexp.MustCompile(`'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"`)
	listField = regexp.MustCompile(`data\[\s*\??\s*['"]Trigger\.Detection\.NGSIEM\.(` + strings.Join(ngsiemLists, "|") + `)['"]\s*\]\s*[!=]=\s*(?:'|")`)
	listAfter = regexp.MustCompile(`(?:'|")\s*[!=]=\s*data\[\s*\??\s*['"]Trigger\.Detection\.NGSIEM\.(` + strings.Join(ngsiemLists, "|") + `)['"]\s*\](?:[^.\[]|$)`)
	hasWhole  = regexp.MustCompile(`\bhas\(\s*data\[\s*\??\s*(?:'[^']*'|"[^"]*")\s*\]\s*\)`)
	lookRound = regexp.MustCompile(`\(\?(?:=|!|<=|<!)`)
	firstItem = regexp.MustCompile(`data\[\s*'([^'?]+\.results)'\s*\]\s*\[0\]`)
	namedCEL  = regexp.MustCompile(severityCEL + `\s*[!=]=\s*['"]([^'"]*)['"]|['"]([^'"]*)['"]\s*[!=]=\s*` + severityCEL)
	namedFQL  = regexp.MustCompile(`Trigger\.Detection\.Severity\s*:\s*!?\s*['"]([^'"]*)['"]`)
)

// cel checks a CEL expression for what Falcon or a run rejects.
func (c *checker) cel(s *spot, code string) {
	for _, pattern := range []*regexp.Regexp{listField, listAfter} {
		if m := pattern.FindStringSubmatch(code); m != nil {
			c.report("R62", s.place, "%s is a list and can't be compared with a string: test .size() > 0", m[1])
			break
		}
	}
	if m := hasWhole.FindString(code); m != "" {
		c.report("R63", s.place, "Falcon rejects %s: has() takes a field, such as has(data['Node.x'].field)", m)
	}
	if bare := celText.ReplaceAllString(code, "''"); strings.Contains(bare, "??") {
		c.report("R65", s.place, "CEL has no ??: write data[?'…'].orValue(…)")
	}
	if strings.Contains(code, ".matches(") && lookRound.MatchString(code) {
		c.report("R65", s.place, "regular expressions use RE2, which has no lookaround")
	}
	for _, m := range firstItem.FindAllStringSubmatch(code, -1) {
		node := strings.TrimSuffix(m[1], ".results")
		if n := c.nodes[node]; n != nil && n.value.get("class").str() == classQuery && !c.guarded(node) {
			c.report("R65", s.place, "data['%s'][0] fails the run when the query finds nothing: test the size of the results first", m[1])
			return
		}
	}
}

// resultTests match expressions that test the number of results.
var resultTests = []*regexp.Regexp{
	regexp.MustCompile(`'([^']+)\.results'\s*\]\s*(?:\.size\(\)|!=)`),
	regexp.MustCompile(`size\(\s*data\[\s*'([^']+)\.results'`),
	regexp.MustCompile(`\?\s*'([^']+)\.results'`),
}

// guarded reports whether the document tests the number of results of a query.
func (c *checker) guarded(node string) bool {
	if c.tested == nil {
		c.tested = map[string]bool{}
		for i := range c.spots {
			for _, test := range resultTests {
				for _, m := range test.FindAllStringSubmatch(c.spots[i].text, -1) {
					c.tested[m[1]] = true
				}
			}
		}
		for _, r := range c.refs {
			if name, ok := strings.CutSuffix(r.path, ".results"); ok && r.spot.lang == inFQL {
				c.tested[name] = true
			}
		}
	}
	return c.tested[node] || c.reads[node+".event_count"]
}

// severity checks that a detection's severity is compared with a number.
func (c *checker) severity(s *spot) {
	texts, pattern := s.code(), namedCEL
	if s.lang == inFQL {
		texts, pattern = []string{s.text}, namedFQL
	}
	for _, text := range texts {
		m := pattern.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		compared := strings.Join(m[1:], "")
		if slices.ContainsFunc(severityNames, func(name string) bool { return strings.EqualFold(name, compared) }) {
			c.report("R28", s.place, "Trigger.Detection.Severity is a number from 1 to 5, never %s: use Trigger.Detection.SeverityDisplayName", quoteKey(compared))
		}
	}
}

// mostSteps bounds how many nodes joins visits.
const mostSteps = 10_000_000

// joins finds nodes that read the output of a node that may not have run: it is on
// some paths to them, but not on all.
func (c *checker) joins() {
	type pair struct{ scope, from, to int }
	seen := map[pair]bool{}
	steps := 0
	for i := range c.refs {
		r := &c.refs[i]
		if r.spot.index < 0 || steps > mostSteps {
			continue
		}
		g := &c.graphs[r.spot.scope]
		from, ok := g.byKey[r.head()]
		to := r.spot.index
		if !ok || from == to || g.nodes[from].kind != kindAction || seen[pair{r.spot.scope, from, to}] {
			continue
		}
		seen[pair{r.spot.scope, from, to}] = true
		steps += 2 * len(g.nodes)
		if g.leadsTo(from, to) && g.avoids(from, to) {
			c.report("R60", r.spot.place, "%s may not have run when this is read: store its output in a variable in its branch", quoteKey(g.nodes[from].node))
		}
	}
}

// leadsTo reports whether there is a path from a node to another.
func (g *graph) leadsTo(from, to int) bool {
	reached := make([]bool, len(g.nodes))
	g.reach(from, reached)
	return reached[to]
}

// avoids reports whether there is a path from the trigger to a node that avoids another.
func (g *graph) avoids(passed, to int) bool {
	reached := make([]bool, len(g.nodes))
	reached[passed] = true
	for _, i := range g.from {
		g.reach(i, reached)
	}
	return reached[to]
}
