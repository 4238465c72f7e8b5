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

// confirm shows what will be done and asks. It ends with ctx, and then the answer is no.
func (p program) confirm(ctx context.Context, plan []string) bool {
	fmt.Fprintln(p.messages, "In this tenant, the check will:")
	for _, line := range plan {
		fmt.Fprintln(p.messages, "  -", line)
	}
	fmt.Fprint(p.messages, "Type yes to go on: ")
	answers := make(chan string, 1)
	go func() {
		answer, err := bufio.NewReader(p.in).ReadString('\n')
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
