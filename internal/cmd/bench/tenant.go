package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// tenant is a simulated tenant. Without a program it runs in this process.
type tenant struct {
	baseURL, clientID, clientSecret string

	program *exec.Cmd
	drained chan struct{} // closed when the program's output has ended
}

// startTenant starts the simulator and waits for the address and credentials that it prints first.
func startTenant(ctx context.Context, program string, args ...string) (*tenant, error) {
	cmd := exec.CommandContext(context.WithoutCancel(ctx), program, args...) //nolint:gosec // the bench's own build; stop ends it
	cmd.Stderr = os.Stderr
	// Ctrl-C does not stop it: the measured program has to end first.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("the simulator does not start: %w", err)
	}
	t := &tenant{program: cmd, drained: make(chan struct{})}
	lines := bufio.NewScanner(out)
	for t.clientSecret == "" && lines.Scan() {
		key, value, _ := strings.Cut(lines.Text(), "=")
		switch key {
		case "base_url":
			t.baseURL = value
		case "client_id":
			t.clientID = value
		case "client_secret":
			t.clientSecret = value
		}
	}
	go func() {
		defer close(t.drained)
		for lines.Scan() {
			continue // its greeting is for people to read
		}
	}()
	if t.clientSecret == "" {
		return nil, errors.Join(errors.New("the simulator ended without an address"), t.stop())
	}
	return t, nil
}

func (t *tenant) stop() error {
	if t.program == nil {
		return nil
	}
	if err := t.program.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	<-t.drained
	return t.program.Wait()
}

// environment returns the environment of this process with the tenant's address and credentials instead of all other
// settings of the provider and of Terraform.
func (t *tenant) environment(more ...string) []string {
	var env []string
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "FALCON_") && !strings.HasPrefix(v, "TF_") {
			env = append(env, v)
		}
	}
	env = append(env, "FALCON_BASE_URL="+t.baseURL, "FALCON_CLIENT_ID="+t.clientID, "FALCON_CLIENT_SECRET="+t.clientSecret)
	return append(env, more...)
}

// delay delays every response of the API, but not of the console.
func (t *tenant) delay(ctx context.Context, d time.Duration) error {
	if err := t.console(ctx, http.MethodDelete, "/faults", nil, nil); err != nil || d == 0 {
		return err
	}
	return t.console(ctx, http.MethodPost, "/faults", map[string]any{"kind": "delay", "delay_ms": d.Milliseconds()}, nil)
}

// forget clears the request log.
func (t *tenant) forget(ctx context.Context) error {
	return t.console(ctx, http.MethodDelete, "/requests", nil, nil)
}

// requests counts the requests since forget, without those for tokens.
func (t *tenant) requests(ctx context.Context) (int, error) {
	var list []struct {
		Path string `json:"path"`
	}
	if err := t.console(ctx, http.MethodGet, "/requests", nil, &list); err != nil {
		return 0, err
	}
	n := 0
	for _, r := range list {
		if r.Path != tokenPath {
			n++
		}
	}
	return n, nil
}

// console sends a request to the tenant's console, which needs no token.
func (t *tenant) console(ctx context.Context, method, path string, body, result any) error {
	payload, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, method, t.baseURL+"/_sim"+path, bytes.NewReader(payload))
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	text, err := io.ReadAll(resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the simulator's console responded with %d to %s %s: %s", resp.StatusCode, method, path, text)
	}
	if result == nil {
		return nil
	}
	return json.Unmarshal(text, result)
}
