package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// errReported is a failure that is already on the screen.
var errReported = errors.New("demo failed")

// screen shows the progress of the demo: one line per step, with its time.
type screen struct {
	out   io.Writer
	began time.Time
}

func newScreen() *screen { return &screen{out: os.Stdout, began: time.Now()} }

func (s *screen) title(text string) {
	fmt.Fprintf(s.out, "\n%s\n", text)
}

// step runs one step and prints its result. A failed step ends the demo.
func (s *screen) step(what string, do func() (string, error)) error {
	began := time.Now()
	result, err := do()
	took := time.Since(began).Seconds()
	if err != nil {
		fmt.Fprintf(s.out, "  FAILED  %-58s %5.1f s\n\n%s\n", what, took, indent(err.Error(), "    "))
		return errReported
	}
	fmt.Fprintf(s.out, "  ok      %-58s %5.1f s\n", what, took)
	s.show(result)
	return nil
}

// show prints text below a step, indented.
func (s *screen) show(text string) {
	if text = strings.Trim(text, "\n"); text != "" {
		fmt.Fprintln(s.out, indent(text, "          "))
	}
}

func indent(text, by string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i, l := range lines {
		if l != "" {
			lines[i] = by + l
		}
	}
	return strings.Join(lines, "\n")
}
