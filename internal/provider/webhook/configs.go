package webhook

import (
	"fmt"
	"slices"
	"strings"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
)

func configsWhere(configs []falcon.PluginConfig, matches func(falcon.PluginConfig) bool) []falcon.PluginConfig {
	return slices.DeleteFunc(slices.Clone(configs), func(c falcon.PluginConfig) bool { return !matches(c) })
}

// withoutName returns the configurations whose names Falcon does not show.
func withoutName(configs []falcon.PluginConfig) []falcon.PluginConfig {
	return configsWhere(configs, func(c falcon.PluginConfig) bool { return c.Name == nil })
}

func idsOf(configs []falcon.PluginConfig) []string {
	ids := make([]string, len(configs))
	for i, c := range configs {
		ids[i] = c.ID
	}
	return ids
}

// configList lists configurations, each on a line of its own.
func configList(intro string, configs []falcon.PluginConfig) string {
	const most = 20
	if len(configs) == 0 {
		return "There are none. "
	}
	lines := make([]string, 0, most)
	for _, c := range configs[:min(len(configs), most)] {
		name := "name not shown"
		if c.Name != nil {
			name = fmt.Sprintf("%q", *c.Name)
		}
		lines = append(lines, fmt.Sprintf("  %s (%s, app_id %s)", c.ID, name, c.AppID))
	}
	if more := len(configs) - most; more > 0 {
		lines = append(lines, fmt.Sprintf("  and %d more", more))
	}
	return intro + ":\n\n" + strings.Join(lines, "\n") + "\n\n"
}
