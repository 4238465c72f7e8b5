package fusion

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

func isJSON(text string) bool { return json.Valid([]byte(text)) }

var (
	coordinationKey = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)
	shortDuration   = regexp.MustCompile(`^(\d+)([smh])$`)
	numberedName    = regexp.MustCompile(` - \d+$`)
)

// actionName returns an action's name in the catalog, as far as the document has it.
func actionName(n *scopeNode) string {
	if name := n.value.get("default_name").str(); name != "" {
		return name
	}
	return numberedName.ReplaceAllString(n.value.get("name").str(), "")
}

// coordination checks the actions of the Deduplicate and Rate Limit families.
func (c *checker) coordination(n *scopeNode, id string) {
	name := actionName(n)
	deduplicate := id == idDeduplicate || name == nameDeduplicate
	rateLimit := strings.EqualFold(name, nameRateLimit)
	metadata := strings.HasSuffix(name, "Deduplicate Entry Metadata")
	if !deduplicate && !rateLimit && !metadata {
		return
	}
	properties := n.value.get("properties")
	if v := properties.get("scope"); v.str() != "" && !slices.Contains(coordinationScopes, v.text) {
		c.reportKey("R39", n, []string{"properties", "scope"}, "scope must be definition (Workflow in the console) or cid, not %s", quoteKey(v.text))
	}
	if v := properties.get("key"); v.str() != "" && !strings.Contains(v.text, "${") && (!coordinationKey.MatchString(v.text) || len(v.text) > longestCoordinationKey) {
		c.reportKey("R40", n, []string{"properties", "key"}, "key must have 1 to %d letters, digits, _ or -; Falcon saves this one, but the run fails", longestCoordinationKey)
	}
	c.coordinationNumbers(n, properties)
	switch {
	case metadata && !c.hasDeduplicate():
		c.reportKey("R42", n, nil, "no Deduplicate claims the entry before this action")
	case deduplicate:
		c.waitOnItself(n)
	case rateLimit && !c.reads(n.key+".exceeded_wait_timeout"):
		c.reportKey("R42", n, nil, "nothing reads exceeded_wait_timeout, so nothing is limited: add a condition on it")
	}
}

func (c *checker) coordinationNumbers(n *scopeNode, properties *value) {
	for _, key := range []string{"period", "limit"} {
		v := properties.get(key)
		if empty(v) || v.kind == kindString && strings.Contains(v.text, "${") {
			continue
		}
		number, err := strconv.ParseFloat(v.text, 64)
		if err != nil || number < 0 || key == "limit" && number == 0 {
			want := map[string]string{"period": "a number of seconds, 0 for no expiry", "limit": "a number above 0"}[key]
			c.reportKey("R41", n, []string{"properties", key}, "%s must be %s", key, want)
		}
	}
	for _, key := range []string{"every", "max_wait"} {
		if v := properties.get(key); v.str() != "" && !strings.Contains(v.text, "${") && !inADay(v.text) {
			c.reportKey("R41", n, []string{"properties", key}, "%s must be a duration from 1s to 24h", key)
		}
	}
	if v := properties.get("tolerance"); v.str() != "" && !strings.Contains(v.text, "${") && !slices.Contains(tolerances, v.text) {
		c.reportKey("R41", n, []string{"properties", "tolerance"}, "tolerance must be %s", strings.Join(tolerances, " or "))
	}
}

// inADay reports whether a duration is between a second and a day.
func inADay(text string) bool {
	m := shortDuration.FindStringSubmatch(text)
	if m == nil {
		return false
	}
	n, err := strconv.Atoi(m[1])
	seconds := n * map[string]int{"s": 1, "m": 60, "h": 3600}[m[2]]
	return err == nil && n > 0 && n <= 86400 && seconds <= 86400
}

// hasDeduplicate reports whether the document has a Deduplicate action.
func (c *checker) hasDeduplicate() bool {
	if c.deduplicates == nil {
		found := false
		for _, s := range c.scopes {
			found = found || slices.ContainsFunc(s.nodes, func(n scopeNode) bool {
				return n.kind == kindAction && (n.value.get("id").str() == idDeduplicate || actionName(&n) == nameDeduplicate)
			})
		}
		c.deduplicates = &found
	}
	return *c.deduplicates
}

// waitOnItself reports a wait for metadata directly after a Deduplicate.
func (c *checker) waitOnItself(n *scopeNode) {
	for _, e := range edgesOf(n.value, n.path) {
		if to := c.nodes[e.to]; to != nil && strings.HasPrefix(actionName(to), "Wait for Deduplicate") {
			c.report("R42", e.line, e.column, n.here().below("next"), "the wait also runs for the first of the duplicates and waits on itself: put a condition on duplicate before it")
		}
	}
}

// reads reports whether the document reads a path.
func (c *checker) reads(path string) bool {
	if c.paths == nil {
		c.paths = map[string]bool{}
		for _, r := range c.refs {
			c.paths[r.Path] = true
		}
	}
	return c.paths[path]
}
