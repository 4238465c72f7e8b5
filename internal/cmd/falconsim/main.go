// Command falconsim serves a simulated Falcon tenant over plain HTTP on a loopback address. The first lines of its output are
// machine-readable: base_url, client_id, and client_secret, each as key=value.
//
// With a command after its flags, it runs that command with a new tenant and exits with its status:
// falconsim -reading Q12=b terraform test.
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
	"github.com/falcon-integrations/terraform-provider-falcon/internal/tenantfacts"
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
		os.Exit(int(status)) // the command has reported the error
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "falconsim:", err)
		os.Exit(1)
	}
}

// invocation is the parsed command line.
type invocation struct {
	address   string
	options   falconsim.Options
	intercept bool
	command   []string
}

// run serves the tenant until the context or the command ends, then waits for the deliveries in flight.
func run(ctx context.Context, args []string, in io.Reader, out, messages io.Writer) (err error) {
	asked, err := parse(args, messages)
	if errors.Is(err, errListQuestions) {
		return printQuestions(out)
	}
	if err != nil {
		return err
	}
	//nolint:contextcheck // deliveries outlive the request that caused them, as in Falcon
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

const realCloudWarning = `falconsim: warning: responses name the real region %[1]s. A client that follows X-Cs-Region, such as falconpy, sends its id and
falconsim: secret to CrowdStrike's address for %[1]s instead of this machine. Never use the credentials of a real tenant here.
`

const usage = `falconsim is a Falcon tenant on your machine: it keeps state, refuses what Falcon refuses, and sends signed webhook
deliveries to loopback addresses. The tenant is gone when falconsim exits.

  falconsim [flags]                   serves the tenant until Ctrl-C and prints its address and credentials
  falconsim [flags] COMMAND [ARGS]    runs the command with FALCON_BASE_URL, FALCON_CLIENT_ID, and FALCON_CLIENT_SECRET set,
                                      and exits with its status: falconsim -reading Q12=b terraform test
                                      Other FALCON_ variables are removed. FALCON_SIMULATOR is set, which makes the provider
                                      use this tenant only, even if the configuration names a cloud.

GET / shows the objects of the tenant and the request log, to a browser as a web page. GET /_sim lists the operations for what
a person does in the console: create, edit, or delete an object, change a score, open a case. Others list deliveries and
inject faults.

The region of the tenant is sim-1, which is not one of CrowdStrike's. With -cloud us-1 or another real region, a client that
follows the header X-Cs-Region leaves this machine: falconpy then sends its id and secret to CrowdStrike's address. Use a
real region only for clients that do not follow the header, and never with the credentials of a real tenant.

With -facts tenant-facts.json, the tenant behaves like the one that falcon-check -record recorded: its answers to the open
questions, its scopes, its catalog entries, and about as many objects. -reading still chooses another behavior. The region
stays sim-1.

With -intercept, programs with a fixed address reach the tenant: an HTTPS proxy on this machine responds for
api.crowdstrike.com and Falcon's other API addresses, refuses CrowdStrike's other addresses, and passes requests to everyone
else on. For the command, HTTPS_PROXY, SSL_CERT_FILE, REQUESTS_CA_BUNDLE, and CURL_CA_BUNDLE are set: falconsim -intercept go run ./examples/oauth_token

Flags:
`

// parse parses the command line.
func parse(args []string, messages io.Writer) (invocation, error) {
	var asked invocation
	o := &asked.options
	flags := flag.NewFlagSet("falconsim", flag.ContinueOnError)
	flags.SetOutput(messages)
	flags.Usage = func() {
		fmt.Fprint(messages, usage)
		flags.PrintDefaults()
	}
	flags.StringVar(&asked.address, "addr", "127.0.0.1:0", "loopback `address` to listen on; port 0 is a free one")
	flags.Int64Var(&o.Seed, "seed", 1, "seed of ids, secrets, and tokens")
	flags.StringVar(&o.Cloud, "cloud", "sim-1", "`region` in X-Cs-Region; for a real one, such as us-1, see above")
	flags.IntVar(&o.Hosts, "hosts", 0, "number of hosts; 0 means 3, or with -facts about as many as the recorded tenant has")
	flags.IntVar(&o.Users, "users", 0, "number of users of Identity Protection; with -facts, 0 means about as many as the recorded tenant has")
	flags.DurationVar(&o.Latency, "latency", 0, "delay of every response")
	flags.DurationVar(&o.TokenLifetime, "token-lifetime", 0, "lifetime of access tokens; 0 means 1799s, as in Falcon")
	flags.IntVar(&o.AccountLimit, "account-limit", 0, "requests allowed per minute for the tenant and its children together, 6000 in Falcon; 0 means no limit")
	flags.IntVar(&o.RateLimit, "rate-limit", 0, "requests allowed per second; 0 means no limit")
	o.Readings = falconsim.Readings{}
	flags.Func("reading", "`reading` of an open question about Falcon's API, such as Q12=b; can be repeated. -readings lists them", func(text string) error {
		id, letter, err := falconsim.ParseReading(text)
		if err == nil {
			o.Readings[id] = letter
		}
		return err
	})
	flags.Func("member-cid", "`CID` of a Flight Control child, a tenant of its own that member_cid names; can be repeated", func(text string) error {
		cid, err := falconsim.ParseMemberCID(text)
		o.MemberCIDs = append(o.MemberCIDs, cid)
		return err
	})
	facts := flags.String("facts", "", "`file` of a tenant record, as falcon-check -record writes it: the tenant behaves like the recorded one")
	flags.BoolVar(&o.EveryScope, "every-scope", false, "with -facts: the client has all scopes that are offered, also those that the recording client lacked")
	flags.BoolVar(&asked.intercept, "intercept", false, "also respond for Falcon's own addresses, see above")
	questions := flags.Bool("readings", false, "list the open questions with their readings and exit")
	flags.BoolVar(&o.RetiredScopes, "retired-scopes", false, "also offer the scopes of retired products")
	flags.BoolVar(&o.NoCallWebhook, "no-call-webhook", false, "do not install the Store app CrowdStrike Webhook, which has the action Call webhook")
	flags.StringVar(&o.Redirect, "redirect", "", "respond to every request with 308 and the base `URL` of another cloud")
	if err := flags.Parse(args); err != nil {
		return invocation{}, err
	}
	if min(o.Hosts, o.Users, o.RateLimit, o.AccountLimit) < 0 || o.Latency < 0 {
		return invocation{}, errors.New("-hosts, -users, -rate-limit, -account-limit, and -latency must not be negative")
	}
	if *facts != "" {
		var err error
		if o.Facts, err = tenantfacts.Load(*facts); err != nil {
			return invocation{}, err
		}
	}
	if o.EveryScope && o.Facts == nil {
		return invocation{}, errors.New("-every-scope is of use with -facts only: without a record, the client has all scopes")
	}
	if *questions {
		return invocation{}, errListQuestions
	}
	asked.command = flags.Args()
	return asked, nil
}

// errListQuestions says that the command line requests the list of open questions.
var errListQuestions = errors.New("list the open questions")

// printQuestions lists the open questions. The first reading of each is the default.
func printQuestions(out io.Writer) error {
	var text strings.Builder
	text.WriteString("Open questions about Falcon's API with their readings, which -reading chooses. The first one is the default.\n")
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
	writes := "refused: no such request is published (-reading Q12=b accepts it)"
	if running.Readings()["Q12"] == "b" {
		writes = "accepted: a guess, no such request is published"
	}
	exported := ""
	if len(extra) > 0 {
		exported = "\n  export " + strings.Join(extra, " ")
	}
	children := ""
	for _, cid := range o.MemberCIDs {
		children += fmt.Sprintf("  child tenant           %s/?member_cid=%s\n", running.URL, cid)
	}
	_, err := fmt.Fprintf(out, `base_url=%[1]s
client_id=%[2]s
client_secret=%[3]s
cid=%[4]s
ccid=%[5]s

A simulated Falcon tenant is listening.
  objects and log        %[1]s/
  console                %[1]s/_sim
  webhook write request  %[6]s
%[8]s
Try it:
  export FALCON_SIMULATOR=%[1]s FALCON_BASE_URL=%[1]s FALCON_CLIENT_ID=%[2]s FALCON_CLIENT_SECRET=%[3]s%[7]s
Ctrl-C stops it. The tenant is then gone.
`, running.URL, running.ClientID(), running.ClientSecret(), running.CID(), running.CCID(), writes, exported, children)
	return err
}
