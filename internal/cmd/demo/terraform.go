package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// run runs Terraform as a user does and returns its output, which it also appends to terraform.log. A non-zero exit status
// is an exitError.
func (w *workspace) run(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, w.terraform, args...)
	cmd.Dir = w.config()
	cmd.Env = w.env
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	if logErr := w.log(args, out.String()); logErr != nil {
		return "", logErr
	}
	if err != nil {
		code := -1
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			code = exit.ExitCode()
		}
		return out.String(), &exitError{args: args, code: code, output: out.String()}
	}
	return out.String(), nil
}

func (w *workspace) log(args []string, output string) error {
	f, err := os.OpenFile(w.file("terraform.log"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(f, "$ terraform %s\n%s\n", strings.Join(args, " "), output)
	return errors.Join(err, f.Close())
}

type exitError struct {
	args   []string
	code   int
	output string
}

func (e *exitError) Error() string {
	return fmt.Sprintf("terraform %s ended with exit code %d:\n\n%s", strings.Join(e.args, " "), e.code, e.output)
}

// planExitCode is 0 for an empty plan and 2 for one with changes.
func (w *workspace) planExitCode(ctx context.Context) (int, string, error) {
	out, err := w.run(ctx, "plan", "-no-color", "-input=false", "-detailed-exitcode", "-out=drift.tfplan")
	var exit *exitError
	if errors.As(err, &exit) && exit.code == 2 {
		return 2, out, nil
	}
	return 0, out, err
}

// changes returns the addresses that a saved plan changes, with the attributes that differ.
func (w *workspace) changes(ctx context.Context, plan string) (map[string][]string, error) {
	out, err := w.run(ctx, "show", "-json", plan)
	if err != nil {
		return nil, err
	}
	var parsed struct {
		ResourceChanges []struct {
			Address string `json:"address"`
			Change  struct {
				Actions []string       `json:"actions"`
				Before  map[string]any `json:"before"`
				After   map[string]any `json:"after"`
			} `json:"change"`
		} `json:"resource_changes"`
	}
	if err := json.Unmarshal([]byte(out), &parsed); err != nil {
		return nil, fmt.Errorf("terraform show -json: %w", err)
	}
	found := map[string][]string{}
	for _, c := range parsed.ResourceChanges {
		if len(c.Change.Actions) == 1 && (c.Change.Actions[0] == "no-op" || c.Change.Actions[0] == "read") {
			continue
		}
		found[c.Address] = nil
		for name, before := range c.Change.Before {
			if after, known := c.Change.After[name]; known && fmt.Sprint(before) != fmt.Sprint(after) {
				found[c.Address] = append(found[c.Address], name)
			}
		}
	}
	return found, nil
}

// output returns an output of the configuration as text.
func (w *workspace) output(ctx context.Context, name string) (string, error) {
	out, err := w.run(ctx, "output", "-raw", name)
	return strings.TrimSpace(out), err
}
