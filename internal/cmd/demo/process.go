package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// process is a program of the demo's that runs next to it, and beyond it where
// the demo leaves it there.
type process struct {
	name   string
	cmd    *exec.Cmd
	exited chan error
	output string
}

// start runs a program in a session of its own, so that it outlives the demo
// when asked to, with its output in a file.
func start(name, output string, env []string, program string, args ...string) (*process, error) {
	log, err := os.Create(output)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(program, args...) //nolint:noctx // the demo's own binaries; they may outlive it
	cmd.Stdout, cmd.Stderr = log, log
	cmd.Env = env
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	// The child holds a handle of its own.
	if err := errors.Join(cmd.Start(), log.Close()); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	p := &process{name: name, cmd: cmd, exited: make(chan error, 1), output: output}
	go func() { p.exited <- cmd.Wait() }()
	return p, nil
}

// settings waits for the key=value lines that the program writes to file once it serves.
func (p *process) settings(ctx context.Context, file string, keys ...string) (map[string]string, error) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		got, err := readSettings(file)
		if err == nil && hasAll(got, keys) {
			return got, nil
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("%s did not start in time: see %s", p.name, p.output)
		case err := <-p.exited:
			return nil, fmt.Errorf("%s ended at once (%w): see %s", p.name, err, p.output)
		case <-tick.C:
		}
	}
}

// stop ends the program and waits for it.
func (p *process) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case err := <-p.exited:
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		return nil
	case <-time.After(10 * time.Second):
		return errors.Join(fmt.Errorf("%s did not stop", p.name), p.cmd.Process.Kill())
	}
}

func hasAll(got map[string]string, keys []string) bool {
	for _, k := range keys {
		if got[k] == "" {
			return false
		}
	}
	return true
}

func readSettings(file string) (map[string]string, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for line := range strings.Lines(string(raw)) {
		if key, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok {
			out[key] = value
		}
	}
	return out, nil
}

// writeWhole writes a file so that a reader sees all of it or nothing.
func writeWhole(file, text string) error {
	tmp := file + ".tmp"
	if err := os.WriteFile(tmp, []byte(text), 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, filepath.Clean(file))
}
