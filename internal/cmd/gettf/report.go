package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"
)

const (
	firstReport = 3 * time.Second // what is finished by then needs no report
	reportEvery = 30 * time.Second
)

// report runs a build. One that takes long is reported to notes when it is still running, and when it has finished.
func report(notes io.Writer, what string, build func() error) error {
	start := time.Now()
	elapsed := func() time.Duration { return time.Since(start).Round(time.Second) }
	done := make(chan error, 1)
	go func() { done <- build() }()
	next := time.NewTimer(firstReport)
	defer next.Stop()
	reported := false
	for {
		select {
		case err := <-done:
			switch {
			case err != nil:
				return fmt.Errorf("building %s: %w", what, err)
			case reported:
				fmt.Fprintf(notes, "Built %s in %s.\n", what, elapsed())
			}
			return nil
		case <-next.C:
			if reported {
				fmt.Fprintf(notes, "Still building %s, %s so far.\n", what, elapsed())
			} else {
				fmt.Fprintf(notes, "Building %s. The first time this takes a few minutes.\n", what)
			}
			reported = true
			next.Reset(reportEvery)
		}
	}
}

// command returns a build that runs a program and shows its output. It has the environment of this process and extra variables.
func command(ctx context.Context, notes io.Writer, env []string, args ...string) func() error {
	return func() error {
		cmd := exec.CommandContext(ctx, args[0], args[1:]...) //nolint:gosec // make and this program choose it
		cmd.Stdout, cmd.Stderr = notes, notes
		cmd.Env = append(os.Environ(), env...)
		return cmd.Run()
	}
}
