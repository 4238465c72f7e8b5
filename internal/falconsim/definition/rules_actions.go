package definition

import (
	"fmt"
	"slices"
	"strings"
)

var actionRules = []releaseRule{
	{"R34", (*releaseCheck).classesWithoutPin},
	{"R32", (*releaseCheck).unknownActions},
	{"R38", (*releaseCheck).missingConfigurations},
	{"R37", (*releaseCheck).missingProperties},
	{"R39", (*releaseCheck).deduplicateScope},
	{"R66", (*releaseCheck).incompleteRequests},
	{"R74", (*releaseCheck).incompleteQueries},
}

// classesWithoutPin is R34.
func (c *releaseCheck) classesWithoutPin() {
	c.eachAction(func(key string, action Document) {
		if message, missing := classWithoutPin(action); missing {
			c.report(codeUnrecorded, key, "", message)
		}
	})
}

func classWithoutPin(action Document) (string, bool) {
	class := Text(action, "class")
	return fmt.Sprintf("version constraint required for activity class '%s'", class), class != "" && isEmpty(action["version_constraint"])
}

// unknownActions is R32 and R33: the action exists, and its version constraint fits.
func (c *releaseCheck) unknownActions() {
	c.eachAction(func(key string, action Document) {
		if _, known := c.tenant.KnownActivity(action); !known && !c.isReported("R34", key) {
			c.report(codeActionNotFound, key, "", "Action was not found, please select a new action.")
		}
	})
}

// missingConfigurations is R38.
func (c *releaseCheck) missingConfigurations() {
	c.eachAction(func(key string, action Document) {
		properties := Object(action, "properties")
		if known, ok := c.tenant.KnownActivity(action); ok && known.AppID != "" && !c.tenant.isConfigured(known, properties) {
			c.report(codeMissingPluginCfg, key, known.configKey, fmt.Sprintf("missing required plugin configuration for '%s'", known.Name))
		}
	})
}

// missingProperties is R37, which includes R43, R82, R84, and R86.
func (c *releaseCheck) missingProperties() {
	c.eachAction(func(key string, action Document) {
		known, ok := c.tenant.KnownActivity(action)
		// GUESS Q77: whether enabling refuses a Python action without its properties.
		if !ok || known.Class == classPython && c.tenant.reading("Q77") == "b" {
			return
		}
		properties := Object(action, "properties")
		for _, p := range known.properties {
			if p.required && p.Key != known.configKey && isEmpty(properties[p.Key]) {
				c.report(codeMissingProperty, key, p.Key, fmt.Sprintf("A value is required for the property %q", p.Key))
			}
		}
	})
}

// deduplicateScope is R39.
func (c *releaseCheck) deduplicateScope() {
	c.eachAction(func(key string, action Document) {
		properties := Object(action, "properties")
		scope, given := properties["scope"]
		if action["id"] == c.tenant.OwnID(deduplicateID) && given && scope != "definition" && scope != "cid" {
			c.reportUnrecorded(key, "scope", "scope %v is neither definition nor cid", scope)
		}
	})
}

// classOf returns the class of an action, even if the document does not have it.
func (c *releaseCheck) classOf(action Document) string {
	if known, ok := c.tenant.Activity(Text(action, "id")); ok {
		return known.Class
	}
	return Text(action, "class")
}

// incompleteRequests is R66.
func (c *releaseCheck) incompleteRequests() {
	c.eachAction(func(key string, action Document) {
		if c.classOf(action) != classHTTP {
			return
		}
		properties := Object(action, "properties")
		transaction := Object(properties, "http_transaction")
		missing := slices.DeleteFunc([]string{"request_http_method", "request_content_type"}, func(field string) bool {
			return !isEmpty(transaction[field])
		})
		if len(missing) > 0 {
			c.report(codeUnrecorded, key, "http_transaction", "HTTP Request actions missing required fields "+strings.Join(missing, " and "))
		}
	})
}

// incompleteQueries is R73 and R74: a query in properties leaves the configuration incomplete.
func (c *releaseCheck) incompleteQueries() {
	c.eachAction(func(key string, action Document) {
		if c.classOf(action) != classQuery {
			return
		}
		inline := Object(action, "inline_configuration")
		config := Object(inline, "config")
		var missing []string
		for _, part := range [][2]string{
			{"repo_or_view", "Missing repo or view"}, {"start", "Missing search start time"}, {"end", "Missing search end time"},
		} {
			if isEmpty(config[part[0]]) {
				missing = append(missing, part[1])
			}
		}
		switch {
		case len(missing) > 0:
			c.report(codeUnrecorded, key, "inline_configuration", strings.Join(missing, "; "))
		case isEmpty(config["search_query"]):
			c.reportUnrecorded(key, "inline_configuration", "Missing search query")
		}
	})
}
