package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A long build is reported while it runs and when it has finished; a short one, and the repetition of one, is silent.
func TestReport(t *testing.T) {
	t.Parallel()
	failure := errors.New("no space left")
	for name, test := range map[string]struct {
		takes time.Duration
		err   error
		want  []string
	}{
		"cached":        {takes: time.Second},
		"a minute":      {takes: time.Minute, want: []string{"Building it. The first time this takes a few minutes.", "Still building it, 33s so far.", "Built it in 1m0s."}},
		"fails quickly": {takes: time.Second, err: failure},
		"fails late":    {takes: 10 * time.Second, err: failure, want: []string{"Building it. The first time this takes a few minutes."}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var notes bytes.Buffer
				err := report(&notes, "it", func() error { time.Sleep(test.takes); return test.err })
				if !errors.Is(err, test.err) || err != nil && !strings.Contains(err.Error(), "building it") {
					t.Errorf("error %v", err)
				}
				if got := strings.Join(strings.Split(strings.TrimSuffix(notes.String(), "\n"), "\n"), "|"); got != strings.Join(test.want, "|") {
					t.Errorf("notes %q, want %q", got, test.want)
				}
			})
		})
	}
}
