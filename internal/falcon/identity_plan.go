package falcon

import (
	"context"
	"time"
)

const (
	// scoreCells is into how many ranges of equal width the scores are counted first.
	scoreCells = 32
	// countsAtOnce is the most counts that one query asks for.
	countsAtOnce = 64
	// partSlack is how much a part may grow while it is read, in percent, without another page.
	partSlack = 2
	// splitYears and splitRounds bound the search for dates that split a part by the age of its accounts.
	splitYears  = 12
	splitRounds = 3
	// splitsAtOnce is the most pieces that one part is split into at once.
	splitsAtOnce = 48
)

// partSize says how large parts are: users in a page, and the most pages of a part.
type partSize struct{ page, pages int64 }

// fullPages is from how many pages on it matters little that a part's last page is half empty on average.
const fullPages = 4

// newPartSize allows each part so many pages that there are a few parts for each request in flight, and fullPages where
// that leaves more than one part for each.
func newPartSize(page, total int64, width int) partSize {
	size := partSize{page: page}
	all, slots := size.pagesOf(total), int64(width)
	size.pages = max(all/(2*slots), min(all/slots-1, fullPages), 1)
	return size
}

// pagesOf is how many pages it takes to read so many users, with room for a few that are added meanwhile.
func (size partSize) pagesOf(count int64) int64 { return (count+count*partSlack/100)/size.page + 1 }

// tooLarge tells that a part should be split.
func (size partSize) tooLarge(count int64) bool { return 2*size.pagesOf(count) > 3*size.pages }

// group joins neighbouring cells to parts, so that the pages are as few and as full as can be: it gives the index after
// the last cell of each part. A cell that is larger than a part stays alone.
func (size partSize) group(counts []int64) (ends []int) {
	// cost[i] is that of the cells from i on, in tenths of a page; another part costs a little by itself.
	cost, end := make([]int64, len(counts)+1), make([]int, len(counts))
	for i := len(counts) - 1; i >= 0; i-- {
		var sum int64
		for k := i; k < len(counts); k++ {
			if sum += counts[k]; k > i && size.pagesOf(sum) > size.pages {
				break
			}
			if c := 10*size.pagesOf(sum) + 3 + cost[k+1]; k == i || c < cost[i] {
				cost[i], end[i] = c, k+1
			}
		}
	}
	for i := 0; i < len(counts); i = end[i] {
		ends = append(ends, end[i])
	}
	return ends
}

// scoreParts cuts a selection into scoreCells ranges of the unrounded score. The first has no lower bound and the last no
// upper one, for scores reach 1.
func scoreParts(users selection) []userPart {
	parts := make([]userPart, scoreCells)
	for i := range parts {
		parts[i].users = users.and(scoreRange(int64(i), int64(i)+1))
	}
	return parts
}

// offGrid moves the bounds between two ranges away from every score that many users can have, such as 0.5. Whether a range
// includes its upper bound, and whether bounds act on the score or on its two decimals, is not known
// (wire/open-questions.md#q52): it does not matter where nobody is at a bound.
const offGrid = 137 // millionths

// scoreRange selects the users of some of the scoreCells cells, from one to another.
func scoreRange(from, to int64) condition {
	const millionths = 1_000_000
	var lower, upper *Decimal
	if from > 0 {
		lower = new(newDecimal(from*millionths/scoreCells+offGrid, millionths))
	}
	if to < scoreCells {
		upper = new(newDecimal(to*millionths/scoreCells+offGrid, millionths))
	}
	return scoreBounds(lower, upper)
}

// joinParts joins neighbouring cells of scoreParts.
func joinParts(users selection, cells []userPart, size partSize) []*userPart {
	counts := make([]int64, len(cells))
	for i := range cells {
		counts[i] = cells[i].count
	}
	var parts []*userPart
	from := 0
	for _, to := range size.group(counts) {
		parts = append(parts, &userPart{
			users: users.and(scoreRange(int64(from), int64(to))),
			count: sumOf(counts[from:to]),
		})
		from = to
	}
	return parts
}

func sumOf(counts []int64) (sum int64) {
	for _, n := range counts {
		sum += n
	}
	return sum
}

// span is a part that is cut by the creation of accounts: its users have an account that was created at from or later
// and none that was created at to or later. A zero time is no bound. So a user with several accounts belongs to one
// span, and a user without an account to the first.
type span struct {
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
	pieces := []span{{users: p.users, from: p.from}}
	for t := from; t.Before(to) && len(pieces) <= n; t = t.Add(step) {
		if t.After(p.from) {
			pieces[len(pieces)-1].to = t
			pieces = append(pieces, span{users: p.users, from: t})
		}
	}
	pieces[len(pieces)-1].to = p.to
	return pieces
}

// cutSpan cuts a span, counts the pieces and joins neighbours.
func (s *userScan) cutSpan(ctx context.Context, p span, size partSize) ([]span, error) {
	pieces := p.cut(int(min(max(4*size.pagesOf(p.count)/size.pages, 4), splitsAtOnce)), s.client.clock.now())
	list := make([]selection, len(pieces))
	for i, piece := range pieces {
		list[i] = piece.selection()
	}
	counts, err := s.countEach(ctx, list)
	if err != nil {
		return nil, err
	}
	var joined []span
	from := 0
	for _, to := range size.group(counts) {
		joined = append(joined, span{users: p.users, from: pieces[from].from, to: pieces[to-1].to, count: sumOf(counts[from:to])})
		from = to
	}
	return joined, nil
}

// initials are first letters that a selection is cut by.
type initials struct {
	letters string
	filter  string // of EntityQueryInput
	// several says that a user may have several such names: those of earlier letters are then left out of the later ones.
	several bool
}

var (
	displayNames = initials{letters: "abcdefghijklmnopqrstuvwxyz", filter: "primaryDisplayNamePattern"}
	accountNames = initials{letters: "abcdefghijklmnopqrstuvwxyz0123456789", filter: "samAccountNamePattern", several: true}
)

// among selects the users of some of the letters, from one to another.
func (n initials) among(users selection, from, to int) selection {
	users = users.and(n.beginWith(from, to))
	if n.several && from > 0 {
		users = users.and(condition{"not": n.beginWith(0, from)})
	}
	return users
}

func (n initials) beginWith(from, to int) condition {
	patterns := make([]condition, 0, to-from)
	for _, letter := range n.letters[from:to] {
		patterns = append(patterns, condition{n.filter: string(letter) + "*"})
	}
	return condition{"any": patterns}
}

// cutLetters cuts a part by first letters. The last part is whatever the others are not, so that nobody is left out,
// whatever names begin with and however Falcon matches patterns.
func (s *userScan) cutLetters(ctx context.Context, part *userPart, size partSize, n initials) ([]*userPart, error) {
	var list []selection
	for i := range n.letters {
		list = append(list, part.users.and(n.beginWith(i, i+1)))
	}
	counts, err := s.countEach(ctx, list)
	if err != nil {
		return nil, err
	}
	list = nil
	var sums []int64
	from := 0
	for _, to := range size.group(counts) {
		if to == len(n.letters) {
			break
		}
		list, sums = append(list, n.among(part.users, from, to)), append(sums, sumOf(counts[from:to]))
		from = to
	}
	if n.several { // letter by letter, users of several were counted several times
		if sums, err = s.countEach(ctx, list); err != nil {
			return nil, err
		}
	}
	rest := part.users
	if from > 0 {
		rest = rest.and(condition{"not": n.beginWith(0, from)})
	}
	parts := make([]*userPart, 0, len(list)+1)
	for i, users := range list {
		parts = append(parts, &userPart{users: users, count: sums[i]})
	}
	return append(parts, &userPart{users: rest, count: part.count - sumOf(sums)}), nil
}
