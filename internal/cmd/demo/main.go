// Command demo shows the provider with a simulated tenant:
// one apply sets up Zscaler Adaptive Access, a score changes and is delivered,
// someone edits the console, plan reports it, apply heals it, destroy leaves
// the tenant as it was. `make demo` runs it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	keep := flag.Bool("keep", false, "leave the simulator, the receiver and the files there")
	writes := flag.String("writes", "", "try: the tenant accepts the unpublished request to write webhook configurations; never: it does not. The default is what the tenant record says, or try")
	facts := flag.String("facts", "", "tenant record of falcon-check: the simulated tenant behaves like the recorded one")
	receive := flag.String("receive", "", "serve as the receiver of deliveries, with the addresses' file given here (used by the demo itself)")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	var err error
	switch {
	case *receive != "":
		err = serveReceiver(ctx, *receive, os.Getenv(hmacVariable))
	case *writes != "" && *writes != "try" && *writes != "never":
		err = fmt.Errorf("-writes must be try or never, got %q", *writes)
	default:
		var tenant tenantOptions
		if tenant, err = tenantOf(*writes, *facts); err == nil {
			err = run(ctx, *keep, tenant)
		}
	}
	if err != nil && !errors.Is(err, errReported) {
		fmt.Fprintln(os.Stderr, "demo:", err)
	}
	if err != nil {
		stop()
		os.Exit(1) //nolint:gocritic // nothing deferred is lost: stop has run
	}
}
