// Command falcon-check says what a Falcon tenant can do and which open questions about Falcon's API it settles. It changes nothing
// unless -write asks for it.
package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/tenantcheck"
)

// version is set by the release build.
var version = "dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	status := program{in: os.Stdin, asks: isTerminal(os.Stdin), out: os.Stdout, messages: os.Stderr, getenv: os.Getenv}.run(ctx, os.Args[1:])
	stop()
	os.Exit(status)
}

const usage = `falcon-check says what works in a Falcon tenant before you apply anything, and which open questions about
Falcon's API the tenant settles. It only reads, unless -write is set.

  falcon-check [flags]

It signs in as the provider does: FALCON_CLIENT_ID and FALCON_CLIENT_SECRET, or FALCON_ACCESS_TOKEN with FALCON_CLOUD;
FALCON_CLOUD, FALCON_BASE_URL, FALCON_MEMBER_CID and FALCON_MAX_RETRIES as in the provider. Without a scope the
check goes on and says what it could not see.

Exit status: 0 everything that an integration needs is there, 1 something is missing, 2 it could not be checked,
or objects of a check are left behind.

Flags:
  -json               print the report as JSON
  -record FILE        also write a record without any value of your tenant, for falconsim -facts and for bug reports
  -write              also create, change and remove objects named "falcon-check ..."; lists them and asks first
  -yes                with -write: do not ask
  -remove-leftovers   with -write: also remove objects of other checks that are less than 15 minutes old
  -try-webhook-write  with -write: also try the unpublished request that writes webhook configurations; repeat it
                      to remove one that a crash left behind
`

// invocation is the parsed command line.
type invocation struct {
	asJSON, write, yes, tryWebhook, removeYoung bool
	record                                      string // a file, or ""
}

// program is falcon-check with its surroundings.
type program struct {
	in            io.Reader
	asks          bool // in is a terminal, where a person can answer
	out, messages io.Writer
	getenv        func(string) string
}

func parse(args []string, messages io.Writer) (invocation, error) {
	var asked invocation
	flags := flag.NewFlagSet("falcon-check", flag.ContinueOnError)
	flags.SetOutput(messages)
	flags.Usage = func() { fmt.Fprint(messages, usage) }
	flags.BoolVar(&asked.asJSON, "json", false, "")
	flags.BoolVar(&asked.write, "write", false, "")
	flags.BoolVar(&asked.yes, "yes", false, "")
	flags.BoolVar(&asked.tryWebhook, "try-webhook-write", false, "")
	flags.BoolVar(&asked.removeYoung, "remove-leftovers", false, "")
	flags.StringVar(&asked.record, "record", "", "")
	if err := flags.Parse(args); err != nil {
		return asked, err
	}
	if err := checkRecordPath(asked.record); err != nil {
		return asked, err
	}
	switch {
	case flags.NArg() > 0:
		return asked, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	case asked.tryWebhook && !asked.write:
		return asked, errors.New("-try-webhook-write needs -write")
	case asked.removeYoung && !asked.write:
		return asked, errors.New("-remove-leftovers needs -write")
	case asked.yes && !asked.write:
		return asked, errors.New("-yes needs -write")
	}
	return asked, nil
}

// run returns the exit status.
func (p program) run(ctx context.Context, args []string) int {
	asked, err := parse(args, p.messages)
	if errors.Is(err, flag.ErrHelp) {
		return tenantcheck.StatusWorks
	}
	if err == nil {
		var report *tenantcheck.Report
		report, err = p.check(ctx, asked)
		if report != nil {
			if printed := p.print(report, asked); printed != nil {
				err = errors.Join(err, printed)
			}
		}
		if err == nil && asked.record != "" {
			err = p.record(report, asked.record)
		}
		if err == nil {
			return report.ExitStatus()
		}
	}
	fmt.Fprintln(p.messages, "falcon-check:", err)
	return tenantcheck.StatusNotChecked
}

// maxRetries is lower than the provider's default: a check that waits for a server that is down has no use.
const maxRetries = 2

func (p program) check(ctx context.Context, asked invocation) (*tenantcheck.Report, error) {
	getenv := func(name string) string {
		value := strings.TrimSpace(p.getenv(name))
		if name == "FALCON_MAX_RETRIES" {
			return cmp.Or(value, fmt.Sprint(maxRetries))
		}
		return value
	}
	if asked.write && !asked.yes && !p.asks {
		return nil, errors.New("-write asks before it creates anything, and the standard input is not a terminal: add -yes to go on without a question")
	}
	cfg, warnings, err := provider.ConfigFromEnvironment(getenv)
	for _, warning := range warnings {
		fmt.Fprintln(p.messages, warning)
	}
	if err != nil {
		return nil, err
	}
	cfg.UserAgent = "falcon-check/" + version
	opts := tenantcheck.Options{Config: cfg, Progress: func(line string) { fmt.Fprintln(p.messages, line) }}
	if asked.write {
		opts.Write = &tenantcheck.WriteOptions{TryWebhookWrite: asked.tryWebhook}
		answers := bufio.NewReader(p.in)
		switch {
		case asked.removeYoung:
			opts.Write.RemoveYoung = func([]string) bool { return true }
		case !asked.yes:
			opts.Write.RemoveYoung = func(objects []string) bool {
				return p.confirm(ctx, answers, "These objects may belong to a check that is still running:", objects, "Type yes to remove them, if no other check is running: ")
			}
		}
		if !asked.yes {
			opts.Write.Confirm = func(plan []string) bool {
				return p.confirm(ctx, answers, "In this tenant, the check will:", plan, "Type yes to go on: ")
			}
		}
	}
	return tenantcheck.Check(ctx, opts)
}

func (p program) print(report *tenantcheck.Report, asked invocation) error {
	if !asked.asJSON {
		return report.WriteText(p.out)
	}
	encoder := json.NewEncoder(p.out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(report)
}
