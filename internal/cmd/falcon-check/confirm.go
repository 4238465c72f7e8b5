package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"
)

// isTerminal reports whether a person can answer. The null device passes too: it ends at once, which is not yes.
func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// confirm shows lines under a title and asks. It ends with ctx, and then the answer is no.
func (p program) confirm(ctx context.Context, in *bufio.Reader, title string, lines []string, question string) bool {
	fmt.Fprintln(p.messages, title)
	for _, line := range lines {
		fmt.Fprintln(p.messages, "  -", line)
	}
	fmt.Fprint(p.messages, question)
	answers := make(chan string, 1)
	go func() {
		answer, err := in.ReadString('\n')
		if err != nil && answer == "" {
			answer = "no"
		}
		answers <- answer
	}()
	select {
	case answer := <-answers:
		return strings.TrimSpace(answer) == "yes"
	case <-ctx.Done():
		return false
	}
}
