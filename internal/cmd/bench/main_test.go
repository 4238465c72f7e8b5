package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

// TestMain runs one of the programs that are measured, if the environment says so.
func TestMain(m *testing.M) {
	if os.Getenv(variantVariable) == "" {
		os.Exit(m.Run())
	}
	if err := run(context.Background(), nil, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// newTestBench returns a run against a simulator in this process.
func newTestBench(t *testing.T, users, hosts int) (*bench, *bytes.Buffer) {
	t.Helper()
	sim, err := falconsim.Start(falconsim.Options{Users: users, Hosts: hosts})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := sim.Close(); err != nil {
			t.Error(err)
		}
	})
	s, err := parse(nil, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	s.users, s.hosts, s.pageDelay = users, hosts, 0
	var out bytes.Buffer
	return &bench{
		settings: s, out: &out, messages: io.Discard, dir: t.TempDir(),
		large:   &tenant{baseURL: sim.URL, clientID: sim.ClientID(), clientSecret: sim.ClientSecret()},
		measure: measureChild,
	}, &out
}

func TestUsers(t *testing.T) {
	t.Parallel()
	b, out := newTestBench(t, 2500, 3)
	if err := b.users(t.Context()); err != nil {
		t.Fatal(err)
	}
	reference, err := readRecords(filepath.Join(b.dir, variantUsersReference+".json"))
	if err != nil || len(reference) < 2000 || len(reference) > 2400 {
		t.Fatalf("%d users, %v", len(reference), err)
	}
	for variant, want := range map[string]outcome{
		variantUsersReference: {Requests: 6, InFlight: 1}, // three pages of those not archived, three batches of addresses
		variantUsers + "1":    {Requests: 3, InFlight: 1},
	} {
		o, records, err := runVariant(t.Context(), b.large, variant)
		if err != nil || o.Requests != want.Requests || o.InFlight != want.InFlight || o.Bytes < 100_000 || len(records) != len(reference) {
			t.Errorf("%s: %+v with %d records, %v", variant, o, len(records), err)
		}
	}
	if n := strings.Count(out.String(), "0 different, 0 only in the reference, 0 only in ours"); n != 3 {
		t.Errorf("%d comparisons in\n%s", n, out)
	}
}

func TestHosts(t *testing.T) {
	t.Parallel()
	b, out := newTestBench(t, 1, 1200)
	if err := b.hosts(t.Context()); err != nil {
		t.Fatal(err)
	}
	o, records, err := runVariant(t.Context(), b.large, variantHostsReference)
	if err != nil || o.Requests != 3 || len(records) != 1200 {
		t.Errorf("reference: %+v with %d records, %v", o, len(records), err)
	}
	if n := strings.Count(out.String(), "1,200 equal in every field, 0 different"); n != 4 {
		t.Errorf("%d comparisons in\n%s", n, out)
	}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	a, b := record{ID: "a", Score: "0.07"}, record{ID: "b", Score: "1"}
	lost := record{ID: "a", Score: "0.07", Lost: true}
	for name, tc := range map[string]struct {
		first, second []record
		want          comparison
	}{
		"equal":          {[]record{a, b}, []record{b, a}, comparison{equal: 2}},
		"another score":  {[]record{a}, []record{{ID: "a", Score: "0.7"}}, comparison{differ: 1}},
		"missing":        {[]record{a, b}, []record{b}, comparison{equal: 1, onlyFirst: 1}},
		"added":          {[]record{a}, []record{a, b}, comparison{equal: 1, onlySecond: 1}},
		"twice in ours":  {[]record{a}, []record{a, a}, comparison{equal: 1, onlySecond: 1}},
		"lost but equal": {[]record{lost}, []record{a}, comparison{equal: 1, lost: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := compare(tc.first, tc.second); got != tc.want || got.same() != (tc.want.equal == len(tc.first) && len(tc.first) == len(tc.second)) {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestNetskopeScore(t *testing.T) {
	t.Parallel()
	for i := range 101 {
		if got := netskopeScore(float64(i) / 100); got != 1000-10*i {
			t.Errorf("the score of %d hundredths is %d", i, got)
		}
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	for _, args := range []string{"-users 0", "-children 0", "-delay -1s", "-only users,hots", "more", "-no-such-flag"} {
		if _, err := parse(strings.Fields(args), io.Discard); err == nil {
			t.Errorf("%s is accepted", args)
		}
	}
	s, err := parse(strings.Fields("-only users,start -users 7"), io.Discard)
	if err != nil || s.users != 7 || !s.runs("start") || s.runs("hosts") {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestTable(t *testing.T) {
	t.Parallel()
	report := &table{head: []string{"way", "n"}}
	report.row("ours", thousands(1234567))
	want := "| way  |         n |\n|------|----------:|\n| ours | 1,234,567 |\n"
	if got := report.String(); got != want {
		t.Errorf("got\n%s", got)
	}
}
