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

// exitStatus is the exit status of the command that falconsim ran.
type exitStatus int

func (s exitStatus) Error() string { return fmt.Sprintf("the command exited with status %d", int(s)) }

// runCommand runs a command with the given environment. It returns an exit status other than 0 as an error.
//
// An interrupt from the keyboard also reaches the command, which is in the same process group. It is not forwarded, because
// Terraform exits at once on a second one. A SIGTERM, which only falconsim receives, is forwarded.
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
				return exitStatus(max(exit.ExitCode(), 1)) // -1 after a signal
			}
			return err
		}
	}
}

// environment returns the given environment with the tenant's address and credentials instead of all other FALCON_ variables,
// and with extra variables. FALCON_SIMULATOR makes the provider refuse every other address, also one that the configuration names.
func environment(given []string, running *falconsim.Running, extra []string) []string {
	var env []string
	for _, v := range given {
		if !strings.HasPrefix(v, "FALCON_") {
			env = append(env, v)
		}
	}
	env = append(env, extra...)
	return append(env, "FALCON_SIMULATOR="+running.URL, "FALCON_BASE_URL="+running.URL, "FALCON_CLIENT_ID="+running.ClientID(), "FALCON_CLIENT_SECRET="+running.ClientSecret())
}
