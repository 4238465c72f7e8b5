package main

import (
	"context"
	"fmt"
	"path/filepath"
)

// publishedRate is what Netskope publishes for its plugin: 50,000 users in 5 min 39 s (wire/integrations.md#netskope).
const publishedRate = 147

// way is a way of reading and its name in the tables.
type way struct{ variant, name string }

// users reads the users in every way and compares the records.
func (b *bench) users(ctx context.Context) error {
	b.printf("\n## Users\n\nA tenant of %s users, every response delayed by %s. All ways read the users that Netskope's rules keep: not archived, with an email address.\n\n",
		thousands(b.settings.users), b.pageDelay)
	ways := []way{{variantUsersReference, "reference: one page after another, two passes"}}
	for _, width := range []int{1, 4, 8} {
		ways = append(ways, way{fmt.Sprint(variantUsers, width), fmt.Sprintf("ours, %d in flight", width)})
	}
	if err := b.compareWays(ctx, "users", ways); err != nil {
		return err
	}
	b.printf("\nNetskope publishes a rate of %d users per second for its plugin.\n", publishedRate)
	return nil
}

// hosts does the same with hosts.
func (b *bench) hosts(ctx context.Context) error {
	b.printf("\n## Hosts\n\nA tenant of %s hosts, every response delayed by %s.\n\n", thousands(b.settings.hosts), b.pageDelay)
	ways := []way{{variantHostsReference, "reference: ids, then assessments, one request after another"}}
	for _, width := range []int{1, 4, 8} {
		ways = append(ways, way{fmt.Sprint(variantHosts, width), fmt.Sprintf("ours, %d in flight", width)})
	}
	return b.compareWays(ctx, "hosts", append(ways, way{variantHostDetails + "8", "ours, 8 in flight, `detail = true`"}))
}

// compareWays runs the ways of reading things, prints their time and requests, and checks that all of them return the
// same records as the first one.
func (b *bench) compareWays(ctx context.Context, things string, ways []way) error {
	t, err := b.scores(ctx)
	if err != nil {
		return err
	}
	report := &table{head: []string{"", "s", things + "/s", "× reference", "requests", "most in flight", "MB received", "peak MB", "CPU s"}}
	var reference []record
	var first outcome
	var verdicts []string
	for i, w := range ways {
		b.say("%s", w.variant)
		file := filepath.Join(b.dir, w.variant+".json")
		o, err := b.measure(ctx, t, w.variant, file)
		if err != nil {
			return err
		}
		records, err := readRecords(file)
		if err != nil {
			return err
		}
		if i == 0 {
			first, reference = o, records
		} else {
			c := compare(reference, records)
			verdicts = append(verdicts, fmt.Sprintf("%s: %s.", w.name, c))
			if !c.same() {
				return fmt.Errorf("%w: %s: %s", errDiffer, w.name, c)
			}
		}
		report.row(w.name, seconds(o.duration()), thousands(float64(o.Records)/o.Seconds), times(first.Seconds/o.Seconds),
			thousands(o.Requests), thousands(o.InFlight), megabytes(o.Bytes), megabytes(o.Memory), fmt.Sprintf("%.2f", o.CPU))
	}
	idle, err := b.measure(ctx, t, variantIdle, "")
	if err != nil {
		return err
	}
	b.printf("%s\nThe program itself uses %s MB before it reads anything. Compared to the reference, record by record:\n\n", report, megabytes(idle.Memory))
	for _, v := range verdicts {
		b.printf("- %s\n", v)
	}
	if lost := compare(reference, nil).lost; lost > 0 {
		b.printf("\nThe reference's second pass silently lost %d of its %s users: it requests 1000 addresses at a time and reads only the first page of 1000 users, but if users share an address there are more. Their scores are compared with those of its first pass.\n",
			lost, thousands(len(reference)))
	}
	return nil
}
