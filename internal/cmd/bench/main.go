// Command bench measures the provider against a simulated tenant: reading users and hosts compared to the algorithms of
// Netskope's public plugins, the same in Terraform, the refresh of many objects, and the start of the provider.
// `make bench` runs it. It prints tables in Markdown; the guide on performance has those of one run.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"
)

// settings are the flags.
type settings struct {
	users, hosts                int
	pageDelay, callDelay        time.Duration
	workflows, clients, configs int
	children, childObjects      int
	only                        string
	terraform                   string
}

// sections are the parts of a run, in their order.
func sections() []section {
	return []section{
		{"users", (*bench).users},
		{"hosts", (*bench).hosts},
		{"terraform", (*bench).shapes},
		{"refresh", (*bench).refresh},
		{"fleet", (*bench).fleet},
		{"start", (*bench).start},
	}
}

type section struct {
	name string
	run  func(*bench, context.Context) error
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run measures, or runs one of the programs that are measured.
func run(ctx context.Context, args []string, out, messages io.Writer) error {
	if name := os.Getenv(variantVariable); name != "" {
		return runChild(ctx, name, out)
	}
	s, err := parse(args, messages)
	if err != nil {
		return err
	}
	b, err := newBench(s, out, messages)
	if err != nil {
		return err
	}
	err = b.all(ctx)
	return errors.Join(err, b.close())
}

func parse(args []string, messages io.Writer) (settings, error) {
	var s settings
	var names []string
	for _, part := range sections() {
		names = append(names, part.name)
	}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(messages)
	flags.IntVar(&s.users, "users", 50_000, "users of the tenant")
	flags.IntVar(&s.hosts, "hosts", 20_000, "hosts of the tenant")
	flags.DurationVar(&s.pageDelay, "delay", 300*time.Millisecond, "delay of every response in the sections of users, hosts and Terraform")
	flags.DurationVar(&s.callDelay, "call-delay", 150*time.Millisecond, "delay of every response in the section of the refresh")
	flags.IntVar(&s.workflows, "workflows", 300, "workflows in the section of the refresh")
	flags.IntVar(&s.clients, "clients", 200, "API clients in the section of the refresh")
	flags.IntVar(&s.configs, "webhooks", 50, "webhook configurations in the section of the refresh")
	flags.IntVar(&s.children, "children", 50, "child tenants in the section of the fleet")
	flags.IntVar(&s.childObjects, "child-objects", 20, "objects of each child tenant")
	flags.StringVar(&s.only, "only", "", "`sections` to run, with commas between: "+strings.Join(names, ",")+"; all if empty")
	flags.StringVar(&s.terraform, "terraform", os.Getenv("TF_ACC_TERRAFORM_PATH"), "`path` of terraform or tofu; that on PATH if empty")
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	if flags.NArg() > 0 {
		return s, fmt.Errorf("there is no argument %q", flags.Arg(0))
	}
	if min(s.users, s.hosts, s.workflows, s.clients, s.configs, s.children, s.childObjects) < 1 || min(s.pageDelay, s.callDelay) < 0 {
		return s, errors.New("numbers must be above 0 and delays must not be negative")
	}
	for name := range strings.SplitSeq(s.only, ",") {
		if s.only != "" && !slices.Contains(names, name) {
			return s, fmt.Errorf("there is no section %q: use %s", name, strings.Join(names, ", "))
		}
	}
	return s, nil
}

func (s settings) runs(name string) bool {
	return s.only == "" || slices.Contains(strings.Split(s.only, ","), name)
}
