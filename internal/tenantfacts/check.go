package tenantfacts

import (
	"fmt"
	"regexp"
	"slices"
)

var (
	questionForm = regexp.MustCompile(`^Q[0-9]{2,3}$`)
	letterForm   = regexp.MustCompile(`^[a-z]$`)
	scopeForm    = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*:(read|write)$`)
	requestForm  = regexp.MustCompile(`^(GET|POST|PUT|PATCH|DELETE) /\S*$`)
)

// Check returns an error that names the first entry that is not valid.
func (f *Facts) Check() error {
	if f.Format != Format || f.Version != Version {
		return fmt.Errorf("format %q, version %d is not %q, version %d", f.Format, f.Version, Format, Version)
	}
	for _, check := range []func() error{
		f.checkReadings, f.Scopes.check, f.checkApp, f.checkActivities, f.checkTriggers, f.Limits.check, f.Contents.check, f.checkResponses,
	} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

// unique returns an error if the key of an entry repeats.
type unique map[string]bool

func (u unique) add(list string, i int, key string) error {
	if u[key] {
		return fmt.Errorf("%s[%d]: %q is there twice", list, i, key)
	}
	u[key] = true
	return nil
}

func (f *Facts) checkReadings() error {
	seen := unique{}
	for i, r := range f.Readings {
		switch {
		case !questionForm.MatchString(r.Question):
			return fmt.Errorf("readings[%d]: question %q is not of the form Q07", i, r.Question)
		case !letterForm.MatchString(r.Reading):
			return fmt.Errorf("readings[%d]: reading %q of %s is not a letter from a to z", i, r.Reading, r.Question)
		case r.Evidence != EvidenceRead && r.Evidence != EvidenceWrite:
			return fmt.Errorf("readings[%d]: evidence %q of %s is not %q or %q", i, r.Evidence, r.Question, EvidenceRead, EvidenceWrite)
		}
		if err := seen.add("readings", i, r.Question); err != nil {
			return err
		}
	}
	return nil
}

func (s Scopes) check() error {
	for _, list := range []struct {
		name string
		ids  []string
	}{{"scopes.offered", s.Offered}, {"scopes.denied", s.Denied}} {
		seen := unique{}
		for i, id := range list.ids {
			if !scopeForm.MatchString(id) {
				return fmt.Errorf("%s[%d]: %q is not a scope id such as devices:read", list.name, i, id)
			}
			if err := seen.add(list.name, i, id); err != nil {
				return err
			}
		}
	}
	if s.Other < 0 || s.Other > maxEntries {
		return fmt.Errorf("scopes.other: %d is not between 0 and %d", s.Other, maxEntries)
	}
	return nil
}

// maxEntries is more than any list of a tenant record has.
const maxEntries = 10_000

func (f *Facts) checkApp() error {
	if states := []string{AppInstalled, AppMissing, AppUnknown}; !slices.Contains(states, f.WebhookApp) {
		return fmt.Errorf("webhook_app: %q is not one of %q", f.WebhookApp, states)
	}
	return nil
}

func (f *Facts) checkActivities() error {
	seen := unique{}
	for i, a := range f.Activities {
		if a.ID == "" || a.Name == "" {
			return fmt.Errorf("activities[%d]: id and name are required", i)
		}
		if err := seen.add("activities", i, a.ID); err != nil {
			return err
		}
		keys, list := unique{}, fmt.Sprintf("activities[%d].properties", i)
		for j, p := range a.Properties {
			if p.Key == "" {
				return fmt.Errorf("%s[%d]: key is required", list, j)
			}
			if err := keys.add(list, j, p.Key); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *Facts) checkTriggers() error {
	seen := unique{}
	for i, t := range f.Triggers {
		if t.Category == "" {
			return fmt.Errorf("triggers[%d]: category is required", i)
		}
		if err := seen.add("triggers", i, t.Category); err != nil {
			return err
		}
		if t.More < 0 || t.More > maxEntries {
			return fmt.Errorf("triggers[%d]: more is %d, not between 0 and %d", i, t.More, maxEntries)
		}
		paths, list := unique{}, fmt.Sprintf("triggers[%d].fields", i)
		for j, field := range t.Fields {
			if field.Path == "" {
				return fmt.Errorf("%s[%d]: path is required", list, j)
			}
			if err := paths.add(list, j, field.Path); err != nil {
				return err
			}
		}
	}
	return nil
}

// maxLimit is more than any API allows per minute.
const maxLimit = 1_000_000

func (l Limits) check() error {
	for _, n := range []int{l.Requests, l.TokenRequests} {
		if n < 0 || n > maxLimit {
			return fmt.Errorf("limits: %d is not between 0 and %d", n, maxLimit)
		}
	}
	return nil
}

func (c Contents) check() error {
	for _, size := range []struct {
		name string
		n    *int
	}{{"api_clients", c.APIClients}, {"configurations", c.Configurations}, {"webhooks", c.Webhooks}, {"workflows", c.Workflows}, {"executions", c.Executions}, {"hosts", c.Hosts}, {"users", c.Users}} {
		if size.n != nil && !slices.Contains(Sizes, *size.n) {
			return fmt.Errorf("contents.%s: %d is not one of %v", size.name, *size.n, Sizes)
		}
	}
	if c.Versions != 1 && c.Versions != 2 {
		return fmt.Errorf("contents.versions: %d is not 1 or 2", c.Versions)
	}
	return nil
}

func (f *Facts) checkResponses() error {
	seen := unique{}
	for i, r := range f.Responses {
		switch {
		case !requestForm.MatchString(r.Request):
			return fmt.Errorf("responses[%d]: request %q is not of the form GET /path", i, r.Request)
		case r.Status < 100 || r.Status > 599:
			return fmt.Errorf("responses[%d]: status %d is not an HTTP status", i, r.Status)
		}
		if err := seen.add("responses", i, fmt.Sprintf("%s %d", r.Request, r.Status)); err != nil {
			return err
		}
	}
	return nil
}
