package provider

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
)

const (
	// listedAtOnce is what Falcon's listing of scores gives in one page (wire-api.md 5.2).
	listedAtOnce = 1000
	highestScore = 100
	// listingTries is how often a listing is read that hosts slip through.
	listingTries = 3
)

// listHostScores reads all scores of a range. Each page's cursor is needed for
// the next, so a long listing is cut into ranges of scores that are read at the
// same time.
func listHostScores(ctx context.Context, client scoreReader, least, most *int64, atOnce int) ([]falcon.HostScore, error) {
	if atOnce == 1 {
		all, _, err := client.HostScores(ctx, least, most, 0)
		return all, err
	}
	for range listingTries {
		first, before, err := client.HostScores(ctx, least, most, listedAtOnce)
		if err != nil || before <= int64(len(first)) {
			return first, err
		}
		found, err := listParts(ctx, client, first, most, atOnce)
		if err != nil || int64(len(found)) >= before {
			return found, err
		}
		// A host whose score changes may slip from a range that is not read yet into one that is; a host may also leave.
		_, after, err := client.HostScores(ctx, least, most, 1)
		if err != nil || int64(len(found)) >= after {
			return found, err
		}
	}
	return nil, errors.New("the hosts' scores changed so fast that the listing stayed incomplete: try again, or set max_concurrency = 1")
}

// listParts reads what comes after the first page, lowest scores first.
func listParts(ctx context.Context, client scoreReader, first []falcon.HostScore, most *int64, atOnce int) ([]falcon.HostScore, error) {
	var mu sync.Mutex
	found := make(map[string]falcon.HostScore, 2*len(first))
	take := func(scores []falcon.HostScore) {
		mu.Lock()
		defer mu.Unlock()
		for _, s := range scores {
			found[s.AID] = s
		}
	}
	take(first)

	ranges := scoreRanges(first[len(first)-1].Score, most, 2*atOnce)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	work := make(chan scoreRange)
	var readers sync.WaitGroup
	for range min(atOnce, len(ranges)) {
		readers.Go(func() {
			for r := range work {
				scores, _, err := client.HostScores(ctx, &r.from, &r.to, 0)
				if err != nil {
					cancel(fmt.Errorf("scores %d to %d: %w", r.from, r.to, err))
				}
				take(scores)
			}
		})
	}
	for _, r := range ranges {
		select {
		case work <- r:
		case <-ctx.Done():
		}
	}
	close(work)
	readers.Wait()
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	return slices.Collect(maps.Values(found)), nil
}

// scoreRange has both its ends.
type scoreRange struct{ from, to int64 }

// scoreRanges cuts the scores from the lowest one up into at most n ranges of
// about equal width, without a gap.
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
