package hosts

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/fql"
)

// compareScore orders hosts by overall score and agent id.
func compareScore(a, b *Host) int {
	return cmp.Or(cmp.Compare(a.Overall, b.Overall), strings.Compare(a.AgentID, b.AgentID))
}

// Page returns up to limit assessed hosts that match and follow a position, and whether there are more.
func (x *Index) Page(match func(*Host) bool, descending bool, after *ScorePosition, limit int) (hosts []*Host, more bool) {
	sorted := x.byScore()
	for i := range sorted {
		h := sorted[i]
		if descending {
			h = sorted[len(sorted)-1-i]
		}
		if after != nil && !after.before(h, descending) || !match(h) {
			continue
		}
		if len(hosts) == limit {
			return hosts, true
		}
		hosts = append(hosts, h)
	}
	return hosts, false
}

// ScorePosition is a position in the order by score.
type ScorePosition struct {
	Score   int    `json:"score"`
	AgentID string `json:"aid"`
}

// before reports whether the position is before h in the order.
func (p *ScorePosition) before(h *Host, descending bool) bool {
	c := cmp.Or(cmp.Compare(p.Score, h.Overall), strings.Compare(p.AgentID, h.AgentID))
	if descending {
		return c > 0
	}
	return c < 0
}

// Token returns the position as a page token.
func (p ScorePosition) Token() string {
	text := fmt.Sprintf(`{"score":%d,"aid":%q}`, p.Score, p.AgentID)
	return base64.StdEncoding.EncodeToString([]byte(text))
}

// DecodeScorePosition decodes a page token; "" is the start of the order.
func DecodeScorePosition(token string) (*ScorePosition, error) {
	if token == "" {
		return nil, nil
	}
	text, err := base64.StdEncoding.DecodeString(token)
	if err != nil {
		return nil, err
	}
	var position ScorePosition
	if err := json.Unmarshal(text, &position); err != nil {
		return nil, err
	}
	return &position, nil
}

// ScoreFilter parses the required filter, which can only name score.
func ScoreFilter(text string) (func(*Host) bool, error) {
	filter, err := fql.Parse(text)
	if err == nil && filter == nil {
		err = errors.New("a filter on score is required")
	}
	if err != nil {
		return nil, err
	}
	numbers := map[string]int{}
	for _, t := range filter.Terms() {
		if t.Field != "score" {
			return nil, fmt.Errorf("%s is not a supported property", t.Field)
		}
		if strings.ContainsAny(t.Op, "~*") {
			return nil, fmt.Errorf("operator %s does not apply to a number", t.Op)
		}
		for _, value := range t.Values {
			n, err := strconv.Atoi(value)
			if err != nil {
				return nil, fmt.Errorf("%q is not a whole number", value)
			}
			numbers[value] = n
		}
	}
	return func(h *Host) bool {
		return filter.Match(func(t *fql.Term) bool {
			equal := func(value string) bool { return h.Overall == numbers[value] }
			first := numbers[t.Values[0]]
			switch t.Op {
			case ">":
				return h.Overall > first
			case ">=":
				return h.Overall >= first
			case "<":
				return h.Overall < first
			case "<=":
				return h.Overall <= first
			case "!":
				return !slices.ContainsFunc(t.Values, equal)
			}
			return slices.ContainsFunc(t.Values, equal)
		})
	}, nil
}

// Count returns how many assessed hosts match.
func (x *Index) Count(match func(*Host) bool) int {
	total := 0
	for _, h := range x.byScore() {
		if match(h) {
			total++
		}
	}
	return total
}
