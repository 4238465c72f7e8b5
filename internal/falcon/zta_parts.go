package falcon

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
)

const (
	highestScore = 100
	// listingTries is how often a listing is read that hosts slip through.
	listingTries = 3
)

// scoreListing reads a range of scores page after page, as [Client.scoreChain] does.
type scoreListing func(ctx context.Context, least, most *int64, limit int) (scores []HostScore, total int64, err error)

// inParts reads all scores of a range, in no order. Each page's cursor is needed for the next, so a long listing is cut into
// ranges of scores that are read at the same time.
func (list scoreListing) inParts(ctx context.Context, least, most *int64, atOnce int) ([]HostScore, error) {
	for range listingTries {
		first, before, err := list(ctx, least, most, scorePage)
		if err == nil && before < 0 { // nothing to compare the parts with
			first, before, err = list(ctx, least, most, 0)
		}
		if err != nil || before <= int64(len(first)) {
			return first, err
		}
		found, err := list.after(ctx, first, most, atOnce)
		if err != nil || int64(len(found)) >= before {
			return found, err
		}
		// A host whose score changes may slip from a range that is not read yet into one that is; a host may also leave.
		_, after, err := list(ctx, least, most, 1)
		if err != nil || int64(len(found)) >= after {
			return found, err
		}
	}
	return nil, errors.New("the hosts' scores changed so fast that the listing stayed incomplete: try again, or with one call at a time")
}

// after reads what comes after the first page, lowest scores first.
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

	ranges := hostRanges(first[len(first)-1].Score, most, 2*atOnce)
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

// hostRange has both its ends.
type hostRange struct{ from, to int64 }

// hostRanges cuts the scores from the lowest one up into at most n ranges of
// about equal width, without a gap.
func hostRanges(lowest int64, most *int64, n int) []hostRange {
	highest := int64(highestScore)
	if most != nil {
		highest = *most
	}
	width := max(highest-lowest+1, 1)
	parts := min(int64(n), width)
	ranges := make([]hostRange, 0, parts)
	for i := range parts {
		ranges = append(ranges, hostRange{lowest + i*width/parts, lowest + (i+1)*width/parts - 1})
	}
	return ranges
}
