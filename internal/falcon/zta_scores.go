package falcon

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/crowdstrike/gofalcon/falcon/client/zero_trust_assessment"
)

const (
	// maxRepeatedPages is how many consecutive pages may contain only hosts that were shown before.
	maxRepeatedPages = 3
	// maxScorePages limits a listing whose length is not known: more pages take more than an hour at Falcon's rate limit.
	maxScorePages = 10_000
)

// errEarlyEnd is in the error for a listing that ended before it was complete.
var errEarlyEnd = errors.New("the listing ended early")

// scorePages reads the listing of overall scores, lowest first, page by page. Each page contains the token (after) of the
// next one, except the last (wire/zero-trust.md#by-score). A token that is lost or repeated in transit looks like the end,
// so the end is verified.
type scorePages struct {
	client *Client
	most   *int64
	filter string
	limit  int // 0: no limit

	scores   []HostScore
	seen     map[string]bool // agent ids
	tokens   map[string]bool
	total    int // total of the first page; -1 if absent
	pages    int
	repeated int // consecutive pages without new hosts
}

// scoreChain lists overall scores from least to most, lowest first. With limit 0 it reads all, otherwise at most that many.
// total is how many match; -1 if there is a limit and Falcon reports no total.
func (c *Client) scoreChain(ctx context.Context, least, most *int64, limit int) (scores []HostScore, total int64, err error) {
	ctx = withCall(ctx, call{doing: "list the hosts' scores", scope: scopeZTARead, repeat: safe})
	for try := 1; ; try++ {
		l := &scorePages{client: c, most: most, filter: scoreFilter(least, most), limit: limit, seen: map[string]bool{}, tokens: map[string]bool{}}
		err := l.read(ctx)
		switch {
		case err == nil && limit > 0 && len(l.scores) >= limit:
			if total = -1; l.total >= 0 {
				total = int64(max(l.total, limit))
			}
			return l.scores[:limit], total, nil
		case err == nil:
			return l.scores, int64(len(l.scores)), nil
		case !errors.Is(err, errEarlyEnd) || try == maxListingTries:
			return nil, 0, err
		}
	}
}

// read reads to the end, or to the limit.
func (l *scorePages) read(ctx context.Context) error {
	for after := ""; ; {
		env, err := l.client.scorePage(ctx, l.filter, after, l.limit-len(l.scores))
		if err != nil {
			return err
		}
		if l.pages++; l.pages == 1 {
			l.total = env.Total
			if env.silent() {
				return env.unstated(ctx)
			}
		}
		if err := l.add(ctx, env); err != nil {
			return err
		}
		switch {
		case l.limit > 0 && len(l.scores) >= l.limit:
			return nil
		case env.After == "":
			return l.checkEnd(ctx, env, "")
		case l.tokens[env.After], l.repeated == maxRepeatedPages:
			return l.checkEnd(ctx, env, "it repeats itself")
		case l.endless():
			return listingError(ctx, env, fmt.Sprintf("the listing does not end: it should have %d entries, and has returned %d in %d pages",
				l.total, len(l.scores), l.pages))
		}
		l.tokens[env.After] = true
		after = env.After
	}
}

// add adds the hosts of a page. A host whose score changes during the listing may appear twice.
func (l *scorePages) add(ctx context.Context, env *envelope) error {
	type wireScore struct {
		AID   looseString `json:"aid"`
		Score *strictInt  `json:"score"`
	}
	page, err := resources[wireScore](ctx, env)
	if err != nil {
		return err
	}
	before := len(l.scores)
	for _, s := range page {
		if s.AID == "" || s.Score == nil {
			return listingError(ctx, env, "an entry of the listing has no agent id or no score")
		}
		if *s.Score < 0 || *s.Score > highestScore {
			return listingError(ctx, env, fmt.Sprintf("host %s has the score %d, which is not between 0 and %d", s.AID, *s.Score, highestScore))
		}
		if !l.seen[string(s.AID)] {
			l.seen[string(s.AID)] = true
			l.scores = append(l.scores, HostScore{AID: string(s.AID), Score: int64(*s.Score)})
		}
	}
	if l.repeated++; len(l.scores) > before {
		l.repeated = 0
	}
	return nil
}

// endless reports whether the listing returns much more than it should.
func (l *scorePages) endless() bool {
	return l.pages >= maxScorePages || l.total >= 0 && len(l.scores) > 2*l.total+10*scorePageSize
}

// checkEnd fails unless the hosts read are complete. Hosts that left in the meantime are not missed.
func (l *scorePages) checkEnd(ctx context.Context, env *envelope, why string) error {
	want := l.total
	switch {
	case want < 0:
		return l.checkRest(ctx, env, why)
	case len(l.scores) >= want:
		return nil
	}
	again, err := l.client.scorePage(ctx, l.filter, "", 1)
	if err != nil {
		return err
	}
	if again.Total >= 0 {
		want = again.Total
	}
	if len(l.scores) >= want {
		return nil
	}
	return l.earlyEnd(ctx, env, fmt.Sprintf("it should have %d entries", want), why)
}

// checkRest verifies the end of a listing without a total: from the last score on there must be no other host.
func (l *scorePages) checkRest(ctx context.Context, env *envelope, why string) error {
	switch {
	case len(l.scores) == 0 && why == "":
		return nil
	case len(l.scores) == 0:
		return l.earlyEnd(ctx, env, "there may be more", why)
	}
	read, last := len(l.scores), l.scores[len(l.scores)-1].Score
	rest := &scorePages{client: l.client, filter: scoreFilter(&last, l.most), seen: l.seen, tokens: map[string]bool{}}
	for after := ""; ; {
		page, err := l.client.scorePage(ctx, rest.filter, after, 0)
		if err != nil {
			return err
		}
		if err := rest.add(ctx, page); err != nil {
			return err
		}
		if len(rest.scores) > 0 {
			return l.earlyEnd(ctx, env, "there are more hosts", why)
		}
		if page.After == "" || rest.tokens[page.After] || len(rest.tokens) >= read {
			return nil
		}
		rest.tokens[page.After] = true
		after = page.After
	}
}

func (l *scorePages) earlyEnd(ctx context.Context, env *envelope, what, why string) error {
	e := &Error{Doing: callFrom(ctx).doing, Status: env.Status, TraceID: env.TraceID}
	e.Err = fmt.Errorf("%w after %d entries, and %s", errEarlyEnd, len(l.scores), what)
	if why != "" {
		e.Err = fmt.Errorf("%w: %s", e.Err, why)
	}
	return e
}

// scorePage reads one page of at most wanted entries, or of the largest size if wanted is not above 0.
func (c *Client) scorePage(ctx context.Context, filter, after string, wanted int) (*envelope, error) {
	params := zero_trust_assessment.NewGetAssessmentsByScoreV1ParamsWithContext(ctx)
	params.SetFilter(filter)
	params.SetSort(new("score|asc"))
	size := int64(scorePageSize)
	if wanted > 0 && int64(wanted) < size {
		size = int64(wanted)
	}
	params.SetLimit(&size)
	if after != "" {
		params.SetAfter(&after)
	}
	var r response
	// gofalcon's paging model lacks after (wire/zero-trust.md#by-score).
	_, err := c.zta.GetAssessmentsByScoreV1(params, r.as(zero_trust_assessment.NewGetAssessmentsByScoreV1OK()))
	env, err := checkedEnvelope(ctx, &r, err)
	if e, ok := asNotFound(err); ok && !unknownPath(e) && after == "" {
		return &envelope{}, nil // no host has such a score
	}
	return env, err
}

const (
	highestScore = 100
	// maxListingTries is how often a listing is read from which hosts are missing.
	maxListingTries = 3
)

// scoreListing reads a range of scores page by page, as [Client.scoreChain] does.
type scoreListing func(ctx context.Context, least, most *int64, limit int) (scores []HostScore, total int64, err error)

// inRanges reads all scores from least to most, in no order. Each page contains the token of the next one, so a long listing
// is divided into ranges of scores that are read concurrently.
func (list scoreListing) inRanges(ctx context.Context, least, most *int64, atOnce int) ([]HostScore, error) {
	for range maxListingTries {
		first, before, err := list(ctx, least, most, scorePageSize)
		if err == nil && before < 0 { // no total to compare the ranges with
			first, before, err = list(ctx, least, most, 0)
		}
		if err != nil || before <= int64(len(first)) {
			return first, err
		}
		found, err := list.after(ctx, first, most, atOnce)
		if err != nil || int64(len(found)) >= before {
			return found, err
		}
		// A host whose score changes may move from a range that is not read yet to one that is; a host may also leave.
		_, after, err := list(ctx, least, most, 1)
		if err != nil || int64(len(found)) >= after {
			return found, err
		}
	}
	return nil, errors.New("the hosts' scores changed so fast that the listing stayed incomplete: try again, or with max_concurrency = 1")
}

// after reads what follows the first page.
func (list scoreListing) after(ctx context.Context, first []HostScore, most *int64, atOnce int) ([]HostScore, error) {
	var mu sync.Mutex
	found := make(map[string]HostScore, 2*len(first))
	take := func(scores []HostScore) {
		mu.Lock()
		defer mu.Unlock()
		for _, s := range scores {
			found[s.AID] = s
		}
	}
	take(first)

	ranges := scoreRanges(first[len(first)-1].Score, most, 2*atOnce)
	err := parallel(ctx, len(ranges), atOnce, func(ctx context.Context, i int) error {
		scores, _, err := list(ctx, &ranges[i].from, &ranges[i].to, 0)
		if err != nil {
			return fmt.Errorf("scores %d to %d: %w", ranges[i].from, ranges[i].to, err)
		}
		take(scores)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return slices.Collect(maps.Values(found)), nil
}

// scoreRange includes both its ends.
type scoreRange struct{ from, to int64 }

// scoreRanges divides the scores from the lowest one up into at most n ranges of about equal width, without a gap.
func scoreRanges(lowest int64, most *int64, n int) []scoreRange {
	highest := int64(highestScore)
	if most != nil {
		highest = *most
	}
	width := max(highest-lowest+1, 1)
	parts := min(int64(n), width)
	ranges := make([]scoreRange, 0, parts)
	for i := range parts {
		ranges = append(ranges, scoreRange{lowest + i*width/parts, lowest + (i+1)*width/parts - 1})
	}
	return ranges
}
