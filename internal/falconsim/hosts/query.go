package hosts

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/fql"
)

// Query returns the hosts that a filter matches, in the order of a sort such as hostname.asc or hostname|asc. words is whether
// a hostname is also found by one of its words (Q68).
func (x *Index) Query(filter, sort string, words bool) ([]*Host, error) {
	expr, err := fql.Parse(filter)
	unknown := slices.ContainsFunc(expr.Terms(), func(t *fql.Term) bool { return hostFields[t.Field] == nil })
	if err != nil || unknown {
		return nil, errors.New("Invalid filter expression supplied")
	}
	field, direction, _ := strings.Cut(strings.ReplaceAll(cmp.Or(sort, "device_id.asc"), "|", "."), ".")
	value := hostFields[field]
	if value == nil || direction != "" && direction != "asc" && direction != "desc" {
		return nil, errors.New("Invalid sort expression supplied")
	}
	hosts := slices.DeleteFunc(slices.Clone(x.ByID), func(h *Host) bool {
		return !expr.Match(func(t *fql.Term) bool { return matchHost(h, t, words) })
	})
	slices.SortStableFunc(hosts, func(a, b *Host) int {
		if direction == "desc" {
			a, b = b, a
		}
		return strings.Compare(value(a), value(b))
	})
	return hosts, nil
}

// hostFields are the properties that a filter or a sort can name.
var hostFields = map[string]func(*Host) string{
	"device_id":          func(h *Host) string { return h.AgentID },
	"hostname":           func(h *Host) string { return h.Hostname },
	"serial_number":      func(h *Host) string { return h.SerialNumber },
	"platform_name":      func(h *Host) string { return h.Platform },
	"product_type_desc":  func(h *Host) string { return h.ProductType },
	"os_version":         func(h *Host) string { return h.OSVersion },
	"agent_version":      func(*Host) string { return AgentVersion },
	"status":             func(*Host) string { return "normal" },
	"first_seen":         func(h *Host) string { return h.FirstSeen.Format(time.RFC3339) },
	"last_seen":          func(h *Host) string { return h.LastSeen.Format(time.RFC3339) },
	"modified_timestamp": func(h *Host) string { return h.Modified.Format(time.RFC3339) },
}

// matchHost evaluates one comparison. Equality ignores case. If words is set, it also holds for a whole word of the hostname:
// hostname:'SRV' finds SRV-00004.
func matchHost(h *Host, t *fql.Term, words bool) bool {
	shown := strings.ToLower(hostFields[t.Field](h))
	equal := func(want string) bool {
		if pattern, ok := strings.CutSuffix(want, "*"); ok {
			return strings.HasPrefix(shown, pattern)
		}
		return shown == want || words && t.Field == "hostname" &&
			slices.Contains(strings.FieldsFunc(shown, func(r rune) bool { return r == '-' || r == '.' || r == '_' }), want)
	}
	for _, value := range t.Values {
		want := strings.ToLower(value)
		var ok bool
		switch t.Op {
		case ">":
			ok = shown > want
		case ">=":
			ok = shown >= want
		case "<":
			ok = shown < want
		case "<=":
			ok = shown <= want
		case "~", "!~":
			ok = strings.Contains(shown, want)
		default:
			ok = equal(want)
		}
		if ok {
			return !strings.HasPrefix(t.Op, "!")
		}
	}
	return strings.HasPrefix(t.Op, "!")
}
