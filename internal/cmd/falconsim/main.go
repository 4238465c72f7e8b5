// Command falconsim serves a simulated Falcon tenant over plain HTTP on a
// loopback address. Its first lines of output are for machines: base_url,
// client_id and client_secret, each as key=value.
//
// With a command after its flags it runs that command next to the tenant, and
// ends with it: falconsim -reading Q12=b terraform test.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	var status exitStatus
	if errors.As(err, &status) {
		os.Exit(int(status)) // the command has said what is wrong
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "falconsim:", err)
		os.Exit(1)
	}
}

// invocation is what the arguments ask for.
type invocation struct {
	address   string
	options   falconsim.Options
	intercept bool
	command   []string
}

// run serves until the context or the command ends, then waits for deliveries
// in flight.
func run(ctx context.Context, args []string, in io.Reader, out, messages io.Writer) (err error) {
	asked, err := parse(args, messages)
	if errors.Is(err, errListQuestions) {
		return printQuestions(out)
	}
	if err != nil {
		return err
	}
	//nolint:contextcheck // deliveries outlive the call that caused them, as in Falcon
	running, err := falconsim.StartOn(asked.options, asked.address)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, running.Close()) }() //nolint:contextcheck // it waits for bounded deliveries
	if falconsim.RealCloud(asked.options.Cloud) {
		fmt.Fprintf(messages, realCloudWarning, asked.options.Cloud)
	}
	var extra []string
	if asked.intercept {
		proxy, err := startInterceptor(ctx, running.Server)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, proxy.Close()) }()
		extra = proxy.environment()
	}
	if len(asked.command) > 0 {
		return runCommand(ctx, asked.command, environment(os.Environ(), running, extra), in, out, messages)
	}
	if err := printTenant(out, running, asked.options, extra); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

const realCloudWarning = `falconsim: responses name the real region %[1]s. A client that follows X-Cs-Region, such as falconpy, sends its id and secret to
falconsim: CrowdStrike's address for %[1]s instead of this machine. Never use credentials of a real tenant here.
`

const usage = `falconsim is a Falcon tenant on your own machine: it keeps state, refuses what Falcon refuses, and sends signed webhook
deliveries to loopback addresses. Nothing is kept when it ends.

  falconsim [flags]                   serves until Ctrl-C, and prints the address and credentials
  falconsim [flags] COMMAND [ARGS]    runs the command with FALCON_BASE_URL, FALCON_CLIENT_ID and FALCON_CLIENT_SECRET set,
                                      and ends with its status: falconsim -reading Q12=b terraform test

GET / shows what the tenant holds, and the request log. GET /_sim lists the calls that do what a person would do in the
console: edit or delete an object, change a score, open a case, list deliveries, ask for faults.

The region of the tenant is sim-1, which is not one of CrowdStrike's. With -cloud us-1 or another real region, a client that
follows the header X-Cs-Region leaves this machine: falconpy sends its id and secret to CrowdStrike's address then. Use it
only for clients that do not, and never with credentials of a real tenant.

With -intercept, programs whose address is fixed reach the tenant: an HTTPS proxy on this machine answers for
api.crowdstrike.com and Falcon's other API addresses, and refuses every other address. The command gets HTTPS_PROXY,
SSL_CERT_FILE, REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE for it: falconsim -intercept go run ./examples/oauth_token

Flags:
`

// parse returns the address, the tenant's options and the command to run, if any.
func parse(args []string, messages io.Writer) (invocation, error) {
	var asked invocation
	o := &asked.options
	flags := flag.NewFlagSet("falconsim", flag.ContinueOnError)
	flags.SetOutput(messages)
	flags.Usage = func() {
		fmt.Fprint(messages, usage)
		flags.PrintDefaults()
	}
	flags.StringVar(&asked.address, "addr", "127.0.0.1:0", "loopback `address` to listen on; port 0 picks a free one")
	flags.Int64Var(&o.Seed, "seed", 1, "seed of ids, secrets and tokens")
	flags.StringVar(&o.Cloud, "cloud", "sim-1", "`region` that X-Cs-Region names; for a real one, such as us-1, see above")
	flags.IntVar(&o.Hosts, "hosts", 3, "hosts to seed")
	flags.IntVar(&o.Users, "users", 0, "users to seed")
	flags.DurationVar(&o.Latency, "latency", 0, "delay of every answer")
	flags.DurationVar(&o.TokenLifetime, "token-lifetime", 0, "lifetime of access tokens; 0 is Falcon's 1799s")
	flags.IntVar(&o.RateLimit, "rate-limit", 0, "requests per second before 429; 0 is no limit")
	o.Readings = falconsim.Readings{}
	flags.Func("reading", "`choice` for an open question about Falcon's API, such as Q12=b; repeat the flag for more questions. -readings lists them", func(text string) error {
		id, letter, err := falconsim.ParseReading(text)
		if err == nil {
			o.Readings[id] = letter
		}
		return err
	})
	flags.BoolVar(&asked.intercept, "intercept", false, "answer for Falcon's own addresses too, see above")
	questions := flags.Bool("readings", false, "list all open questions with their readings, and end")
	flags.BoolVar(&o.RetiredScopes, "retired-scopes", false, "offer the scopes of retired products too")
	flags.BoolVar(&o.NoCallWebhook, "no-call-webhook", false, "a tenant without the Store app CrowdStrike Webhook, and so without the action Call webhook")
	flags.StringVar(&o.Redirect, "redirect", "", "base `URL` of another cloud: answer every call with 308")
	if err := flags.Parse(args); err != nil {
		return invocation{}, err
	}
	if o.Hosts < 0 || o.Users < 0 || o.RateLimit < 0 || o.Latency < 0 {
		return invocation{}, errors.New("hosts, users, rate-limit and latency must not be negative")
	}
	if *questions {
		return invocation{}, errListQuestions
	}
	asked.command = flags.Args()
	return asked, nil
}

// errListQuestions asks for the list of open questions instead of a tenant.
var errListQuestions = errors.New("list the open questions")

// printQuestions lists the open questions. The first reading of each is the default.
func printQuestions(out io.Writer) error {
	var text strings.Builder
	text.WriteString("Open questions about Falcon's API, with the readings that -reading chooses. The first one is the default.\n")
	for _, question := range falconsim.Questions() {
		fmt.Fprintf(&text, "\n%s  %s\n", question.ID, question.Title)
		for _, reading := range question.Readings {
			fmt.Fprintf(&text, "     %s  %s\n", reading.Letter, reading.Summary)
		}
	}
	_, err := io.WriteString(out, text.String())
	return err
}

func printTenant(out io.Writer, running *falconsim.Running, o falconsim.Options, extra []string) error {
	writes := "refused: no such call is published (-reading Q12=b accepts it)"
	if o.Readings["Q12"] == "b" {
		writes = "accepted: a guess, no such call is published"
	}
	exported := ""
	if len(extra) > 0 {
		exported = "\n  export " + strings.Join(extra, " ")
	}
	_, err := fmt.Fprintf(out, `base_url=%[1]s
client_id=%[2]s
client_secret=%[3]s
cid=%[4]s
ccid=%[5]s

A simulated Falcon tenant is listening.
  what it holds       %[1]s/
  its console         %[1]s/_sim
  webhook write call  %[6]s

Try it:
  export FALCON_BASE_URL=%[1]s FALCON_CLIENT_ID=%[2]s FALCON_CLIENT_SECRET=%[3]s%[7]s
Ctrl-C stops it; nothing is kept.
`, running.URL, running.ClientID(), running.ClientSecret(), running.CID(), running.CCID(), writes, exported)
	return err
}
