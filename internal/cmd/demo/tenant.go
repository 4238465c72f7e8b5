package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strconv"
	"syscall"
	"time"
)

// tenant is the console of the simulated tenant.
type tenant struct {
	process                         *process
	baseURL, clientID, clientSecret string
}

// The parts of the console's responses that the demo uses.
type (
	simHost struct {
		AID      string `json:"agent_id"`
		Hostname string `json:"hostname"`
		Overall  int    `json:"overall"`
	}
	simObject struct {
		ID       string   `json:"id"`
		ConfigID string   `json:"config_id"` // of a plugin configuration, which has no id
		Name     string   `json:"name"`
		Scopes   []string `json:"scopes"`
	}
)

func startTenant(ctx context.Context, w *workspace, log string, options ...string) (*tenant, error) {
	output := w.file(log)
	p, err := start("falconsim", output, environment(), w.file("falconsim"), append([]string{"-addr", "127.0.0.1:0"}, options...)...)
	if err != nil {
		return nil, err
	}
	got, err := p.settings(ctx, output, "base_url", "client_id", "client_secret")
	if err != nil {
		return nil, errors.Join(err, p.stop())
	}
	return &tenant{process: p, baseURL: got["base_url"], clientID: got["client_id"], clientSecret: got["client_secret"]}, nil
}

// stopLeftovers stops the programs that an earlier KEEP=1 left running.
func stopLeftovers(dir string) {
	pids, err := readSettings(dir + "/pids")
	if err != nil {
		return // nothing was left
	}
	for program, text := range pids {
		pid, err := strconv.Atoi(text)
		if err != nil || !runs(pid, program, dir) {
			continue
		}
		if err := syscall.Kill(pid, syscall.SIGTERM); err != nil {
			fmt.Fprintf(os.Stderr, "could not stop %s (%d) of an earlier demo: %v\n", program, pid, err)
		}
	}
}

// runs reports whether the process is a program of the demo's folder: another process may have the number by now.
func runs(pid int, program, dir string) bool {
	if program == "receiver" {
		program = "demo"
	}
	target, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", pid))
	return err == nil && target == dir+"/"+program
}

// dump returns what Terraform can change in the tenant, as text that can be compared.
func (t *tenant) dump(ctx context.Context) (string, error) {
	var all map[string]json.RawMessage
	if err := t.call(ctx, http.MethodGet, "/tenant", nil, &all); err != nil {
		return "", err
	}
	delete(all, "hosts") // whose score the demo itself changes
	out, err := json.MarshalIndent(all, "", " ")
	return string(out), err
}

// wantDump returns an error unless the tenant is as it was.
func (t *tenant) wantDump(ctx context.Context, before string) error {
	after, err := t.dump(ctx)
	if err == nil && after != before {
		err = fmt.Errorf("the tenant differs.\nBefore: %s\nAfter:  %s", before, after)
	}
	return err
}

func (t *tenant) firstHost(ctx context.Context) (simHost, error) {
	var hosts []simHost
	if err := t.call(ctx, http.MethodGet, "/hosts", nil, &hosts); err != nil {
		return simHost{}, err
	}
	if len(hosts) == 0 {
		return simHost{}, errors.New("the simulated tenant has no host")
	}
	return hosts[0], nil
}

func (t *tenant) setScore(ctx context.Context, aid string, overall int) error {
	return t.call(ctx, http.MethodPost, "/hosts/"+aid+"/score", map[string]int{"overall": overall}, nil)
}

func (t *tenant) disableWorkflow(ctx context.Context, name string) error {
	w, err := t.find(ctx, "/workflows", name)
	if err != nil {
		return err
	}
	return t.call(ctx, http.MethodPost, "/workflows/"+w.ID+"/disable", nil, nil)
}

func (t *tenant) addScope(ctx context.Context, name, scope string) error {
	c, err := t.find(ctx, "/api-clients", name)
	if err != nil {
		return err
	}
	return t.call(ctx, http.MethodPatch, "/api-clients/"+c.ID, map[string]any{"scopes": append(c.Scopes, scope)}, nil)
}

// createWebhook returns the id of the new configuration.
func (t *tenant) createWebhook(ctx context.Context, name, url, key string) (string, error) {
	var created simObject
	err := t.call(ctx, http.MethodPost, "/plugin-configs", map[string]string{"name": name, "url": url, "hmac_secret_key": key}, &created)
	return created.ConfigID, err
}

func (t *tenant) setWebhookURL(ctx context.Context, name, url string) error {
	c, err := t.find(ctx, "/plugin-configs", name)
	if err != nil {
		return err
	}
	return t.call(ctx, http.MethodPatch, "/plugin-configs/"+c.ConfigID, map[string]string{"url": url}, nil)
}

func (t *tenant) deleteWebhook(ctx context.Context, name string) error {
	c, err := t.find(ctx, "/plugin-configs", name)
	if err != nil {
		return err
	}
	return t.call(ctx, http.MethodDelete, "/plugin-configs/"+c.ConfigID, nil, nil)
}

func (t *tenant) find(ctx context.Context, path, name string) (simObject, error) {
	var all []simObject
	if err := t.call(ctx, http.MethodGet, path, nil, &all); err != nil {
		return simObject{}, err
	}
	i := slices.IndexFunc(all, func(o simObject) bool { return o.Name == name })
	if i < 0 {
		return simObject{}, fmt.Errorf("the simulated tenant has no %q under %s", name, path)
	}
	return all[i], nil
}

func (t *tenant) call(ctx context.Context, method, path string, body, result any) error {
	var payload io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return err
		}
		payload = bytes.NewReader(raw)
	}
	return fetch(ctx, method, t.baseURL+"/_sim"+path, payload, result)
}

// fetch sends one request to a program of the demo.
func fetch(ctx context.Context, method, url string, body io.Reader, result any) error {
	req, err := http.NewRequestWithContext(ctx, method, url, body)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	raw, err := io.ReadAll(resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s responded with %d: %s", method, url, resp.StatusCode, raw)
	}
	if result == nil {
		return nil
	}
	return json.Unmarshal(raw, result)
}

// waitForDelivery waits for a delivery to a path of the receiver.
func waitForDelivery(ctx context.Context, hook, path string) (delivery, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		var got []delivery
		if err := fetch(ctx, http.MethodGet, hook+"/deliveries", nil, &got); err != nil {
			return delivery{}, err
		}
		for _, d := range slices.Backward(got) {
			if d.Path == path {
				return d, nil
			}
		}
		select {
		case <-ctx.Done():
			return delivery{}, errors.New("no delivery arrived in 10 seconds")
		case <-tick.C:
		}
	}
}
