package fusion

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

var (
	opaqueID   = regexp.MustCompile(`^[0-9a-z]+([_~][0-9a-z]+)*$`)
	hexID      = regexp.MustCompile(`^[0-9a-fA-F]{32}$`)
	forAgents  = regexp.MustCompile(`(?i)#repo\s*=\s*["']?(detections|alerts)\b|xdr_indicatorsrepo|DetectionSummaryEvent`)
	heldAlert  = regexp.MustCompile(`(?i)\.(alert|detection)\.id\s*=\s*\?`)
	wrongJoin  = regexp.MustCompile(`Ngsiem\.detection\.id\s*=\s*\?\s*\w`)
	fakeDomain = regexp.MustCompile(`(?i)@(example\.(com|org|net)|(your|my)?(company|companyname|org|organization|domain|email)\.[a-z]+)$`)
)

func fromFoundry(id string) bool {
	return slices.ContainsFunc(foundrySources, func(source string) bool { return strings.HasPrefix(id, source) })
}

// actions checks each action.
func (c *checker) actions() {
	for si := range c.scopes {
		for ni := range c.scopes[si].nodes {
			if n := &c.scopes[si].nodes[ni]; n.kind == kindAction && n.value.kind == kindMap {
				c.action(n)
			}
		}
	}
}

// empty reports whether Falcon treats a value as missing.
func empty(v *value) bool {
	return v.absent() || v.kind == kindString && strings.TrimSpace(v.text) == ""
}

// literal returns a string that is not empty and has no expressions.
func literal(v *value) (string, bool) {
	return v.str(), v.str() != "" && !strings.Contains(v.text, "${")
}

func (c *checker) action(n *scopeNode) {
	id, class := n.value.get("id").str(), n.value.get("class").str()
	c.actionID(n, id)
	c.classPin(n, class)
	switch class {
	case classHTTP:
		c.httpAction(n, id)
	case classQuery:
		c.queryAction(n)
	case classPython:
		c.pythonAction(n)
	}
	switch id {
	case idSendEmail, idHumanInput:
		c.emailAction(n)
	case idCompletion:
		c.completionAction(n, class)
	}
	c.coordination(n)
	c.variableDefaults(n)
}

// classPin checks that an action with a class is pinned. CrowdStrike publishes
// workflows with a Break that has no pin.
func (c *checker) classPin(n *scopeNode, class string) {
	if class == "" || !empty(n.value.get("version_constraint")) {
		return
	}
	const message = "an action of class %s needs a version_constraint, such as ~1"
	if class == classBreak {
		c.doubt("R34", n.on("class"), message, class)
		return
	}
	c.report("R34", n.on("class"), message, class)
}

func (c *checker) actionID(n *scopeNode, id string) {
	v := n.value.get("id")
	switch {
	case empty(v):
		c.report("R29", n.on("id"), "the action has no id: look it up with the data source falcon_workflow_action")
	case v.kind != kindString || isPlaceholder(id):
	case fromFoundry(id):
		c.report("R44", n.on("id"), "the id %s only works inside its Foundry app; look up the action's id in this tenant", quoteKey(id))
	case !opaqueID.MatchString(id) || len(id) >= 8 && strings.Trim(id, id[:1]) == "":
		c.report("R31", n.on("id"), "%s does not look like an action id", quoteKey(id))
	}
}

func isPlaceholder(id string) bool {
	return strings.EqualFold(id, "placeholder") || strings.Contains(strings.ToUpper(id), "PLACEHOLDER")
}

// httpAction checks an HTTP request.
func (c *checker) httpAction(n *scopeNode, id string) {
	properties := n.value.get("properties")
	transaction := properties.get("http_transaction")
	var missing []string
	for _, key := range httpKeys {
		if empty(transaction.get(key)) {
			missing = append(missing, key)
		}
	}
	if len(missing) > 0 {
		c.report("R66", n.on("properties", "http_transaction"), "http_transaction has no %s", strings.Join(missing, " and no "))
	}
	for _, key := range []string{"definition_id", "config_id"} {
		if id, ok := literal(properties.get(key)); ok && !hexID.MatchString(id) {
			c.report("R70", n.on("properties", key), "%s must be a credential id of 32 hexadecimal digits, not %s", key, quoteKey(id))
		}
	}
	if id != idCrowdHTTP {
		return
	}
	url := transaction.get("request_url").str()
	keys := []string{"properties", "http_transaction", "request_url"}
	if url != "" && !strings.HasPrefix(url, "https://") && !strings.HasPrefix(url, "${") {
		c.report("R71", n.on(keys...), "the console accepts only an absolute URL, such as https://api.us-2.crowdstrike.com/…")
	}
	if strings.Contains(url, "?") && !strings.Contains(url, "${") {
		c.report("R71", n.on(keys...), "the URL has a query string: move it to request_query")
	}
	if empty(properties.get("config_id")) && empty(properties.get("definition_id")) {
		c.report("R71", n.on("properties"), "a CrowdStrike HTTP Request needs a credential: config_id or definition_id")
	}
}

// queryAction checks an event query.
func (c *checker) queryAction(n *scopeNode) {
	properties, config := n.value.get("properties"), n.value.get("inline_configuration").get("config")
	text := config.get("search_query").str()
	arguments := queryArguments(text)
	var missing, reported []string
	for _, key := range queryKeys {
		if empty(config.get(key)) {
			missing = append(missing, key)
		}
	}
	for _, key := range []string{"query", "repo", "time_range"} {
		if slices.Contains(arguments, key) || empty(properties.get(key)) {
			continue
		}
		where := n.on("properties", key)
		if len(missing) == 0 {
			c.doubt("R73", where, "Falcon ignores %s: the query is in inline_configuration.config", key)
			continue
		}
		c.report("R73", where, "Falcon ignores %s here: set %s in inline_configuration.config", key, strings.Join(wrongQueryKeys[key], " and "))
		if !c.options.ignores("R73") {
			reported = append(reported, wrongQueryKeys[key]...)
		}
	}
	missing = slices.DeleteFunc(missing, func(key string) bool { return slices.Contains(reported, key) })
	if len(missing) > 0 {
		c.report("R74", n.on("inline_configuration", "config"), "the event query has no %s in inline_configuration.config", strings.Join(missing, ", no "))
	}
	at := []string{"inline_configuration", "config", "search_query"}
	for _, argument := range arguments {
		if empty(properties.get(argument)) {
			c.report("R76", n.on(at...), "the query's argument ?%s has no property %s, so it matches everything", argument, argument)
		}
	}
	if wrongJoin.MatchString(text) {
		c.report("R77", n.on(at...), "Ngsiem.detection.id does not match the detection id of a trigger: compare Ngsiem.alert.id")
	}
	if forAgents.MatchString(text) && strings.Contains(strings.ToLower(text), "severity") && !heldAlert.MatchString(text) {
		c.report("R78", n.on(at...), "which alerts an NG-SIEM repository has depends on connectors, so this query may find nothing: use the alerts API")
	}
}

var (
	queryText     = regexp.MustCompile(`"(?:[^"\\\n]|\\.)*"|//[^\n]*|/\*(?s:.*?)\*/|(?:^|[=(,\s])/(?:[^/\\\n]|\\.)+/[a-z]*`)
	queryArgument = regexp.MustCompile(`(?:^|[\s=<>:,\[(|!])\?([A-Za-z_]\w*)`)
)

// queryArguments lists the ?arguments of an event query, each once. A question
// mark in quotes, in a regular expression or in a comment is not an argument.
func queryArguments(text string) []string {
	var out []string
	for _, m := range queryArgument.FindAllStringSubmatch(queryText.ReplaceAllString(text, " "), -1) {
		if !slices.Contains(out, m[1]) {
			out = append(out, m[1])
		}
	}
	return out
}

func (c *checker) pythonAction(n *scopeNode) {
	properties := n.value.get("properties")
	for _, key := range requiredOf[classPython] {
		if empty(properties.get(key)) {
			c.report("R84", n.on("properties"), "the Python action has no %s", key)
		}
	}
	if length := len([]rune(properties.get("script").str())); length > maxPythonChars {
		c.report("R85", n.on("properties", "script"), "the script has %d characters; the maximum is %d", length, maxPythonChars)
	}
}

// emailAction checks the recipients of an email.
func (c *checker) emailAction(n *scopeNode) {
	properties := n.value.get("properties")
	to := properties.get("to")
	if c.d.root.get("parameters").get("actions").get("configuration").get(n.node) != nil {
		return // a Foundry template: its installer asks for the recipients
	}
	if empty(to) {
		hint := ""
		if properties.get("recipients") != nil {
			hint = "; Falcon ignores recipients"
		}
		c.report("R82", n.on("properties", "to"), "the email has no recipient in to%s", hint)
		return
	}
	recipients := []*value{to}
	if to.kind == kindList {
		recipients = to.items
	}
	for _, r := range recipients {
		c.address(r, n.below("properties.to"))
	}
}

func (c *checker) address(v *value, where place) {
	if v != nil && v.kind == kindString && fakeDomain.MatchString(strings.TrimSpace(v.text)) {
		c.report("R83", where.at(v.position), "%s reaches no one: emails only go to Falcon users and approved domains", quoteKey(v.text))
	}
}

// variableDefaults checks the addresses in the defaults of variables.
func (c *checker) variableDefaults(n *scopeNode) {
	properties := n.value.get("properties").get("variable_schema").get("properties")
	if properties == nil {
		return
	}
	for _, m := range properties.members {
		c.address(m.value.get("default"), n.below("properties.variable_schema."+m.key))
	}
}

func (c *checker) completionAction(n *scopeNode, class string) {
	properties := n.value.get("properties")
	for _, key := range requiredOf[idCompletion] {
		if empty(properties.get(key)) {
			c.report("R86", n.on("properties"), "LLM Completion needs the property %s", key)
		}
	}
	if class != "" {
		c.report("R87", n.on("class"), "LLM Completion can't have a class")
	}
	if text, ok := literal(properties.get("json_schema")); ok && !json.Valid([]byte(text)) {
		c.report("R87", n.on("properties", "json_schema"), "json_schema is not valid JSON; Falcon accepts it, but the run ignores it")
	}
}
