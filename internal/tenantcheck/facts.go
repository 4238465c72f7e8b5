package tenantcheck

import (
	"net/http"
	"strconv"
)

// factsOf are the facts that the observations show.
func factsOf(o *observations) Facts {
	f := Facts{CallWebhook: o.activityFact(), Limits: map[string]int{}}
	f.Scopes, _ = o.offered()
	f.Triggers, _ = o.presetTriggers()
	if activity, known := o.callWebhook(); known {
		installed := activity != nil
		f.WebhookApp = &installed
	}
	for _, r := range o.responses {
		if n, err := strconv.Atoi(r.header.Get("X-Ratelimit-Limit")); err == nil && r.status < http.StatusBadRequest {
			f.Limits["requests_per_minute"] = max(n, f.Limits["requests_per_minute"])
		}
	}
	for _, l := range []struct{ name, probe string }{
		{"page_api_client_ids", probeClientIDs}, {"page_workflows_default", probeWorkflows}, {"page_host_scores", probeScores},
	} {
		if r, asked := o.last(l.probe); asked && r.ok() {
			if n, ok := number(r.body, "meta", "pagination", "limit"); ok {
				f.Limits[l.name] = n
			}
		}
	}
	if low, high, known := o.scoreBounds(); known {
		f.Limits["host_score_lowest"], f.Limits["host_score_highest"] = low, high
	}
	return f
}
