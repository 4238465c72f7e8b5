package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

// exitStatus is what the program that falconsim ran ended with.
type exitStatus int

func (s exitStatus) Error() string { return fmt.Sprintf("the command ended with status %d", int(s)) }

// runCommand runs a program beside the tenant, with the environment given, and returns its exit status as an error unless
// that is 0.
//
// An interrupt from the keyboard reaches the program by itself, since it is of
// the same process group. Terraform takes a second one for "stop at once", so
// it is not passed on; a SIGTERM, which only falconsim gets, is.
func runCommand(ctx context.Context, command, env []string, in io.Reader, out, messages io.Writer) error {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)

	cmd := exec.CommandContext(context.WithoutCancel(ctx), command[0], command[1:]...) //nolint:gosec // the user's own command
	cmd.Stdin, cmd.Stdout, cmd.Stderr = in, out, messages
	cmd.Env = env
	if err := cmd.Start(); err != nil {
		return err
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	for {
		select {
		case s := <-signals:
			if s != syscall.SIGTERM {
				continue
			}
			if err := cmd.Process.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
				return errors.Join(err, cmd.Process.Kill(), <-done)
			}
		case err := <-done:
			var exit *exec.ExitError
			if errors.As(err, &exit) {
				return exitStatus(max(exit.ExitCode(), 1)) // a signal has no status
			}
			return err
		}
	}
}

// environment is the given one with the tenant's address and credentials in place of every other FALCON_ variable, so that no
// real tenant can be meant, and with extra variables.
func environment(given []string, running *falconsim.Running, extra []string) []string {
	var env []string
	for _, v := range given {
		if !strings.HasPrefix(v, "FALCON_") {
			env = append(env, v)
		}
	}
	env = append(env, extra...)
	return append(env, "FALCON_BASE_URL="+running.URL, "FALCON_CLIENT_ID="+running.ClientID(), "FALCON_CLIENT_SECRET="+running.ClientSecret())
}
