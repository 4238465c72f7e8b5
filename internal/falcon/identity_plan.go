package falcon

import (
	"context"
	"time"
)

const (
	// scoreCells is into how many ranges of equal width the scores are counted: as fine as the shown scores.
	scoreCells = 100
	// countsAtOnce is the most counts that one query asks for.
	countsAtOnce = 128
	// partSlack is how much less than whole pages a part holds, in percent, so that it need not grow by another page
	// when a few users are added.
	partSlack = 3
	// splitYears and splitRounds bound the search for dates that split a part by the age of its accounts.
	splitYears  = 12
	splitRounds = 3
	// splitsAtOnce is the most pieces that one part is split into at once.
	splitsAtOnce = 48
)

// plan cuts the selection into parts of few pages each. Together the parts are the whole and no two of them share a
// user. It takes one query of counts, and a few more when many users have nearly the same score.
func (s *userScan) plan(ctx context.Context, total int64) ([]userPart, error) {
	limit := partLimit(total, s.width)
	cells := scoreParts(s.users, scoreCells)
	if _, err := s.recount(ctx, cells); err != nil {
		return nil, err
	}
	var parts, large []userPart
	for _, part := range joinParts(s.users, cells, limit) {
		if part.count > 2*limit {
			large = append(large, part)
		} else {
			parts = append(parts, part)
		}
	}
	split, err := s.splitParts(ctx, large, limit)
	return append(parts, split...), err
}

// partLimit is how many users a part may have: whole pages, and few enough of them that there are several parts for
// each request in flight.
func partLimit(total int64, width int) int64 {
	pages := max(total/userPageSize/int64(8*width), 1)
	return pages * userPageSize * (100 - partSlack) / 100
}

// scoreParts cuts a selection into n ranges of the unrounded score. The first has no lower bound and the last no upper
// one: the upper bound excludes itself, and scores reach 1 (scores.md 2.3).
func scoreParts(users selection, n int64) []userPart {
	parts := make([]userPart, n)
	for i := range n {
		parts[i].users = users.and(scoreRange(i, i+1, n))
	}
	return parts
}

func scoreRange(from, to, n int64) condition {
	var lower, upper *Decimal
	if from > 0 {
		lower = new(newDecimal(from, n))
	}
	if to < n {
		upper = new(newDecimal(to, n))
	}
	return scoreBounds(lower, upper)
}

// joinParts joins neighbouring cells of scoreParts as long as they stay within the limit.
func joinParts(users selection, cells []userPart, limit int64) []userPart {
	var parts []userPart
	n, from := int64(len(cells)), int64(0)
	var sum int64
	for i := range n {
		if i > from && sum+cells[i].count > limit {
			parts = append(parts, userPart{users: users.and(scoreRange(from, i, n)), count: sum})
			from, sum = i, 0
		}
		sum += cells[i].count
	}
	return append(parts, userPart{users: users.and(scoreRange(from, n, n)), count: sum})
}

// splitParts splits parts that no score bound splits, such as the users without any risk: by when accounts were
// created, and where that does not do it, by the first letter of the name. Parts that neither splits stay as they are.
func (s *userScan) splitParts(ctx context.Context, large []userPart, limit int64) ([]userPart, error) {
	spans := make([]span, len(large))
	for i, part := range large {
		spans[i] = span{part: i, users: part.users, count: part.count}
	}
	var parts []userPart
	var rest []span
	for range splitRounds {
		if len(spans) == 0 {
			break
		}
		pieces, err := s.countSpans(ctx, spans, limit)
		if err != nil {
			return nil, err
		}
		spans = nil
		for _, piece := range joinSpans(pieces, limit) {
			switch {
			case piece.count <= 2*limit:
				parts = append(parts, userPart{users: piece.selection(), count: piece.count})
			case piece.splits():
				spans = append(spans, piece)
			default:
				rest = append(rest, piece)
			}
		}
	}
	named, err := s.splitByName(ctx, append(rest, spans...), limit)
	return append(parts, named...), err
}

// span is a part that is cut by the creation of accounts: its users have an account that was created at from or later
// and none that was created at to or later. A zero time is no bound. So a user with several accounts belongs to one
// span, and a user without an account to the first.
type span struct {
	part     int // the part that is split
	users    selection
	from, to time.Time
	count    int64
}

func (p span) selection() selection {
	users := p.users
	if !p.from.IsZero() {
		users = users.and(createdSince(p.from))
	}
	if !p.to.IsZero() {
		users = users.and(condition{"not": createdSince(p.to)})
	}
	return users
}

func createdSince(t time.Time) condition {
	return condition{"accountCreationStartTime": t.UTC().Format(time.RFC3339)}
}

// splits tells whether there is a second between the bounds to split at.
func (p span) splits() bool {
	return p.from.IsZero() || p.to.IsZero() || p.to.Sub(p.from) >= 2*time.Second
}

// cut gives n pieces of equal length. An open end is first given a bound: now, and some years before the end.
func (p span) cut(n int, now time.Time) []span {
	from, to := p.from, p.to
	if to.IsZero() {
		to = now
	}
	if from.IsZero() || !from.Before(to) {
		from = to.AddDate(-splitYears, 0, 0)
	}
	step := max(to.Sub(from)/time.Duration(n), time.Second).Truncate(time.Second)
	pieces := []span{{part: p.part, users: p.users, from: p.from}}
	for t := from; t.Before(to) && len(pieces) <= n; t = t.Add(step) {
		if t.After(p.from) {
			pieces[len(pieces)-1].to = t
			pieces = append(pieces, span{part: p.part, users: p.users, from: t})
		}
	}
	pieces[len(pieces)-1].to = p.to
	return pieces
}

func (s *userScan) countSpans(ctx context.Context, spans []span, limit int64) ([]span, error) {
	var pieces []span
	for _, p := range spans {
		n := min(max(int(4*p.count/limit), 4), splitsAtOnce)
		pieces = append(pieces, p.cut(n, s.client.clock.now())...)
	}
	list := make([]selection, len(pieces))
	for i, p := range pieces {
		list[i] = p.selection()
	}
	counts, err := s.client.countEach(ctx, list)
	for i := range counts {
		pieces[i].count = counts[i]
	}
	return pieces, err
}

// joinSpans joins neighbours as long as they stay within the limit.
func joinSpans(pieces []span, limit int64) []span {
	var joined []span
	for _, p := range pieces {
		last := len(joined) - 1
		if last >= 0 && joined[last].part == p.part && joined[last].to.Equal(p.from) && joined[last].count+p.count <= limit {
			joined[last].to, joined[last].count = p.to, joined[last].count+p.count
			continue
		}
		joined = append(joined, p)
	}
	return joined
}

const letters = "abcdefghijklmnopqrstuvwxyz"

// splitByName splits parts by the first letter of the display name. Names that begin with no letter go with the last.
func (s *userScan) splitByName(ctx context.Context, rest []span, limit int64) ([]userPart, error) {
	var cells []userPart
	for _, p := range rest {
		for _, letter := range letters {
			cells = append(cells, userPart{users: p.selection().and(startsWith(string(letter)))})
		}
	}
	if len(cells) == 0 {
		return nil, nil
	}
	if _, err := s.recount(ctx, cells); err != nil {
		return nil, err
	}
	var parts []userPart
	for i, p := range rest {
		parts = append(parts, joinLetters(p, cells[i*len(letters):(i+1)*len(letters)], limit)...)
	}
	return parts, nil
}

// joinLetters joins neighbouring letters as long as they stay within the limit. The last part is whatever the others
// are not, so that nobody is left out, however Falcon matches patterns.
func joinLetters(p span, cells []userPart, limit int64) []userPart {
	users, left := p.selection(), p.count
	var parts []userPart
	var sum int64
	from := 0
	for i := range cells {
		if i > from && sum+cells[i].count > limit {
			parts = append(parts, userPart{users: users.and(startsWith(letters[from:i])), count: sum})
			from, left, sum = i, left-sum, 0
		}
		sum += cells[i].count
	}
	if from == 0 {
		return []userPart{{users: users, count: p.count}}
	}
	return append(parts, userPart{users: users.and(condition{"not": startsWith(letters[:from])}), count: left})
}

func startsWith(some string) condition {
	var patterns []condition
	for _, letter := range some {
		patterns = append(patterns, condition{"primaryDisplayNamePattern": string(letter) + "*"})
	}
	return condition{"any": patterns}
}
