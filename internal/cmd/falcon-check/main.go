// Command falcon-check says what a Falcon tenant can do. It changes nothing unless it is told to.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/tenantcheck"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// The exit statuses.
const (
	exitWorks   = 0
	exitMissing = 1 // something that an integration needs is missing
	exitUnknown = 2 // the tenant could not be checked
)

func run(ctx context.Context, args []string, _ io.Reader, _, messages io.Writer) int {
	flags := flag.NewFlagSet("falcon-check", flag.ContinueOnError)
	flags.SetOutput(messages)
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return exitWorks
		}
		return exitUnknown
	}
	if _, err := tenantcheck.Check(ctx, tenantcheck.Options{}); err != nil {
		fmt.Fprintln(messages, "falcon-check:", err)
		return exitUnknown
	}
	return exitWorks
}
