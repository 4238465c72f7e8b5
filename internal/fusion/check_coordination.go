package fusion

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

var (
	coordinationKey = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)
	shortDuration   = regexp.MustCompile(`^\d+[smh]$`)
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
func (c *checker) coordination(n *scopeNode) {
	name := actionName(n)
	deduplicate := isDeduplicate(n)
	rateLimit := strings.EqualFold(name, nameRateLimit)
	metadata := strings.HasSuffix(name, "Deduplicate Entry Metadata")
	if !deduplicate && !rateLimit && !metadata {
		return
	}
	properties := n.value.get("properties")
	if scope, ok := literal(properties.get("scope")); ok && !slices.Contains(coordinationScopes, scope) {
		c.report("R39", n.on("properties", "scope"), "scope must be definition (Workflow in the console) or cid, not %s", quoteKey(scope))
	}
	if key, ok := literal(properties.get("key")); ok && (!coordinationKey.MatchString(key) || len(key) > longestCoordinationKey) {
		c.report("R40", n.on("properties", "key"), "key must have 1 to %d letters, digits, _ or -; Falcon saves this one, but the run fails", longestCoordinationKey)
	}
	c.coordinationNumbers(n, properties)
	switch {
	case metadata && !c.deduplicates:
		c.report("R42", n.place, "no Deduplicate claims the entry before this action")
	case deduplicate:
		c.waitOnItself(n)
	case rateLimit && !c.reads[n.node+".exceeded_wait_timeout"]:
		c.report("R42", n.place, "nothing reads exceeded_wait_timeout, so nothing is limited: add a condition on it")
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
			c.report("R41", n.on("properties", key), "%s must be %s", key, want)
		}
	}
	for _, key := range []string{"every", "max_wait"} {
		if text, ok := literal(properties.get(key)); ok && !inADay(text) {
			c.report("R41", n.on("properties", key), "%s must be a duration from 1s to 24h", key)
		}
	}
	if text, ok := literal(properties.get("tolerance")); ok && !slices.Contains(tolerances, text) {
		c.report("R41", n.on("properties", "tolerance"), "tolerance must be %s", strings.Join(tolerances, " or "))
	}
}

// inADay reports whether a duration is between a second and a day.
func inADay(text string) bool {
	d, err := time.ParseDuration(text)
	return err == nil && shortDuration.MatchString(text) && d >= time.Second && d <= 24*time.Hour
}

// isDeduplicate reports whether a node is a Deduplicate action.
func isDeduplicate(n *scopeNode) bool {
	return n.kind == kindAction && (n.value.get("id").str() == idDeduplicate || actionName(n) == nameDeduplicate)
}

// waitOnItself reports a wait for metadata directly after a Deduplicate.
func (c *checker) waitOnItself(n *scopeNode) {
	for _, e := range edgesOf(n.value, n.path) {
		if to := c.nodes[e.to]; to != nil && strings.HasPrefix(actionName(to), "Wait for Deduplicate") {
			c.report("R42", n.below("next").at(e.position), "the wait also runs for the first of the duplicates and waits on itself: put a condition on duplicate before it")
		}
	}
}
