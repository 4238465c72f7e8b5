package tenantcheck

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

const configsPath = "/plugins/combined/configs/v1"

const (
	probeConfigs       = "webhooks.list"
	probeConfigsByName = "webhooks.filter_name"
	probeConfigsByApp  = "webhooks.filter_app"
)

// checkWebhooks lists the configurations of Store apps, and tries two filters.
func checkWebhooks(ctx context.Context, s *session) {
	if !s.get(ctx, probeConfigs, scopeConfigsRead, configsPath, "limit", "100").ok() {
		return
	}
	s.get(ctx, probeConfigsByName, scopeConfigsRead, configsPath, "limit", "100", "filter", "name:'falcon-check'")
	s.get(ctx, probeConfigsByApp, scopeConfigsRead, configsPath, "limit", "100", "filter", "app_id:'"+missingID+"'")
}

var webhookQuestions = []question{
	{"Q14", read, settleConfigName},
	{"Q15", read, settleConfigURL},
	{"Q16", read, settleConfigHeader},
	{"Q17", read, settleConfigSecret},
	{"Q18", read, settleAppID},
	{"Q62", read, settleConfigFilter},
	{"Q85", read, settleConfigState},
}

// configs are the configurations of all Store apps.
func (o *observations) configs() []map[string]any {
	r, _ := o.last(probeConfigs)
	return r.objects()
}

// webhookConfigs are the configurations that certainly belong to the app CrowdStrike Webhook: they have its app_id of the catalog,
// a Call webhook action of a workflow names them, or they show what only this app has.
func (o *observations) webhookConfigs() []map[string]any {
	app, used := o.webhookApp(), o.configsOfCallWebhook()
	var out []map[string]any
	for _, c := range o.configs() {
		sameApp := app != "" && text(c, "app_id") == app
		if sameApp || slices.Contains(used, text(c, "config_id")) || showsSignature(c) {
			out = append(out, c)
		}
	}
	return out
}

// ownConfigs is the configuration that the check created, while it existed. It is not one of the tenant's.
func (o *observations) ownConfigs() []map[string]any {
	r, _ := o.last(probeOwnConfig)
	if c := r.config(o.notes[probeOwnConfig]); c != nil {
		return []map[string]any{c}
	}
	return nil
}

// showsSignature reports whether a configuration shows a signature header or an HMAC secret.
func showsSignature(c map[string]any) bool {
	return configKey(c, "signature") != "" || configKey(c, "hmac") != ""
}

// configKeys are the keys of config, in lower case.
func configKeys(c map[string]any) []string {
	shown, _ := at(c, "config")
	content, _ := shown.(map[string]any)
	keys := make([]string, 0, len(content))
	for key := range content {
		keys = append(keys, strings.ToLower(key))
	}
	slices.Sort(keys)
	return keys
}

// configKey is the first key of config that contains one of the words; "" if there is none.
func configKey(c map[string]any, words ...string) string {
	for _, key := range configKeys(c) {
		if slices.ContainsFunc(words, func(word string) bool { return strings.Contains(key, word) }) {
			return key
		}
	}
	return ""
}

// eachWebhook settles a question on which all webhook configurations agree. read returns the reading that one configuration shows,
// and in words what it shows.
func eachWebhook(o *observations, read func(c map[string]any) (letter, shown string)) finding {
	found := append(o.webhookConfigs(), o.ownConfigs()...)
	if len(found) == 0 {
		if o.access(probeConfigs) == granted {
			return open("a configuration that certainly belongs to the app CrowdStrike Webhook is needed")
		}
		return open(o.needs(probeConfigs, scopeConfigsRead, "list the configurations of Store apps"))
	}
	letters, words := []string{}, []string{}
	for _, c := range found {
		letter, shown := read(c)
		letters, words = append(letters, letter), append(words, shown)
	}
	slices.Sort(words)
	words = slices.Compact(words)
	for _, letter := range letters {
		if letter != letters[0] || letter == "" {
			return open("webhook configurations show " + strings.Join(words, "; "))
		}
	}
	return settled(letters[0], fmt.Sprintf("%d webhook configurations show %s", len(found), words[0]))
}

func settleConfigName(o *observations) finding {
	return eachWebhook(o, func(c map[string]any) (string, string) {
		_, inside := at(c, "config", "name")
		_, outside := at(c, "name")
		switch {
		case inside && !outside:
			return "a", "the name as config.name"
		case outside && !inside:
			return "c", "the name next to config"
		case inside:
			return "", "the name in both places"
		case !slices.ContainsFunc(configKeys(c), func(key string) bool {
			return strings.Contains(key, "name") && !strings.Contains(key, "signature") && !strings.Contains(key, "header")
		}):
			return "b", "no name"
		}
		return "", "the name under another key of config"
	})
}

func settleConfigURL(o *observations) finding {
	return eachWebhook(o, func(c map[string]any) (string, string) {
		_, plain := at(c, "config", "url")
		_, prefixed := at(c, "config", "webhook_url")
		switch {
		case plain && !prefixed:
			return "a", "the URL as config.url"
		case prefixed && !plain:
			return "c", "the URL as config.webhook_url"
		case configKey(c, "url", "uri", "endpoint") == "":
			return "b", "no URL"
		}
		return "", "the URL under another key of config"
	})
}

func settleConfigHeader(o *observations) finding {
	return eachWebhook(o, func(c map[string]any) (string, string) {
		if _, shown := at(c, "config", "signature_header_name"); shown {
			return "a", "the header name as config.signature_header_name"
		}
		if configKey(c, "signature", "header") == "" {
			return "b", "no header name"
		}
		return "", "the header name under another key of config"
	})
}

func settleConfigSecret(o *observations) finding {
	return eachWebhook(o, func(c map[string]any) (string, string) {
		key := configKey(c, "hmac", "secret")
		if key == "" {
			return "a", "no HMAC secret"
		}
		switch value := text(c, "config", key); {
		case value == "":
			return "", "an empty HMAC secret, or one of another form"
		case strings.Trim(value, "*•") == "":
			return "b", "a masked HMAC secret"
		}
		return "c", "an HMAC secret that is not masked"
	})
}

func settleAppID(o *observations) finding {
	app := o.webhookApp()
	if app == "" {
		return open("needs the action Call webhook in the catalog, with app_id")
	}
	found := append(o.webhookConfigs(), o.ownConfigs()...)
	if len(found) == 0 {
		return open("a configuration that certainly belongs to the app CrowdStrike Webhook is needed")
	}
	same := 0
	for _, c := range found {
		if text(c, "app_id") == app {
			same++
		}
	}
	switch same {
	case len(found):
		return settled("a", fmt.Sprintf("app_id of %d webhook configurations is app_id of the action Call webhook", same))
	case 0:
		return settled("b", fmt.Sprintf("app_id of none of %d webhook configurations is app_id of the action Call webhook", len(found)))
	}
	return open(fmt.Sprintf("app_id of %d of %d webhook configurations is app_id of the action Call webhook", same, len(found)))
}

func settleConfigFilter(o *observations) finding {
	byName, askedName := o.last(probeConfigsByName)
	byApp, askedApp := o.last(probeConfigsByApp)
	if !askedName || !askedApp {
		return open(o.needs(probeConfigs, scopeConfigsRead, "filter the configurations of Store apps"))
	}
	bad := http.StatusBadRequest
	switch {
	case byName.status == bad && byApp.status == bad:
		return settled("b", "a filter by name and one by app_id are a 400")
	case byName.status == bad && byApp.ok() && len(byApp.resources()) == 0:
		return settled("a", "a filter by name is a 400, one by an app_id that no app has finds nothing")
	case byName.ok() && byApp.ok() && len(byApp.resources()) == len(o.configs()) && len(byName.resources()) == len(o.configs()):
		// Also where there is none: under the other readings, the filter by name is a 400.
		return settled("c", "filters by a name and an app_id that nothing has are no errors and return all configurations")
	case len(o.configs()) == 0:
		return open("a configuration of a Store app is needed")
	}
	return open(fmt.Sprintf("a filter by name is a %d, one by app_id a %d with %d of %d configurations",
		byName.status, byApp.status, len(byApp.resources()), len(o.configs())))
}

func settleConfigState(o *observations) finding {
	found := append(o.configs(), o.ownConfigs()...)
	if len(found) == 0 {
		return open(cmp.Or(o.needsUnlessGranted(probeConfigs, scopeConfigsRead, "list the configurations of Store apps"),
			"a configuration of a Store app is needed"))
	}
	words := map[string]string{"active": "a", "inactive": "a", "enabled": "b", "disabled": "b"}
	var letters, states []string
	for _, c := range found {
		value, shown := c["state"]
		state, _ := value.(string)
		letter := words[state]
		if !shown {
			letter, state = "c", "absent"
		}
		letters, states = append(letters, letter), append(states, state)
	}
	slices.Sort(letters)
	slices.Sort(states)
	if letters = slices.Compact(letters); len(letters) == 1 && letters[0] != "" {
		return settled(letters[0], fmt.Sprintf("state of %d configurations is %s", len(states), strings.Join(slices.Compact(states), ", ")))
	}
	return open("the states of configurations are neither active and inactive, nor enabled and disabled, nor absent")
}
