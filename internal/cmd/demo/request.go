package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// requestExample sends an HTTP request instead of calling a webhook.
const requestExample = "examples/notifications/generic"

// withoutApp shows a second tenant, which does not have the Store app CrowdStrike Webhook: the same event reaches a receiver in an
// HTTP request, without a step in the console.
func (d *demo) withoutApp(ctx context.Context) error {
	var sim *tenant
	var w *workspace
	var before string
	err := d.step("start a second tenant, without the Store app", func() (string, error) {
		limit, cancel := context.WithTimeout(ctx, 20*time.Second)
		defer cancel()
		var err error
		if sim, err = startTenant(limit, d.w, "falconsim-without-app.log", "-no-call-webhook"); err != nil {
			return "", err
		}
		if before, err = sim.dump(ctx); err != nil {
			return "", err
		}
		w, err = d.w.with("generic", requestExample, environment(
			"FALCON_BASE_URL="+sim.baseURL, "FALCON_CLIENT_ID="+sim.clientID, "FALCON_CLIENT_SECRET="+sim.clientSecret,
			"TF_CLI_CONFIG_FILE="+d.w.file("terraform.rc"), "TF_IN_AUTOMATION=1", "CHECKPOINT_DISABLE=1",
			"TF_VAR_receiver_url="+d.hook+"/plain",
		))
		return "Falcon at " + sim.baseURL + ", receiver at " + d.hook + "/plain", err
	})
	if sim == nil {
		return err
	}
	if err == nil {
		err = d.notifyByRequest(ctx, sim, w, before)
	}
	return errors.Join(err, sim.process.stop())
}

func (d *demo) notifyByRequest(ctx context.Context, sim *tenant, w *workspace, before string) error {
	terraform := func(what, args, result string) func() (string, error) {
		return func() (string, error) {
			out, err := w.run(ctx, append(strings.Fields(args), "-no-color", "-input=false")...)
			if err == nil && !strings.Contains(out, result) {
				err = fmt.Errorf("%s: unexpected output:\n%s", what, out)
			}
			return linesWith(out, result), err
		}
	}
	for _, s := range []struct {
		what string
		do   func() (string, error)
	}{
		{"terraform init", terraform("init", "init", "successfully initialized")},
		{"terraform apply, once, without a step in the console", terraform("apply", "apply -auto-approve", "Apply complete")},
		{"terraform plan is empty", terraform("plan", "plan -detailed-exitcode", "No changes")},
		{fmt.Sprintf("a host's overall score becomes %d", newScore), func() (string, error) { return d.unsignedDelivery(ctx, sim) }},
		{"terraform destroy", terraform("destroy", "destroy -auto-approve", "Destroy complete")},
		{"the tenant is as it was", func() (string, error) { return "", sim.wantDump(ctx, before) }},
	} {
		if err := d.step(s.what, s.do); err != nil {
			return err
		}
	}
	return nil
}

// unsignedDelivery changes a score and returns what the receiver got.
func (d *demo) unsignedDelivery(ctx context.Context, sim *tenant) (string, error) {
	host, err := sim.firstHost(ctx)
	if err != nil {
		return "", err
	}
	if err := sim.setScore(ctx, host.AID, newScore); err != nil {
		return "", err
	}
	got, err := waitForDelivery(ctx, d.hook, "/plain")
	switch {
	case err != nil:
		return "", err
	case got.Verified:
		return "", errors.New("the request has a signature, which only Call webhook adds")
	case !strings.Contains(string(got.Body), strconv.Itoa(newScore)):
		return "", fmt.Errorf("the request does not carry the new score: %s", got.Body)
	}
	return "The request arrived. CrowdStrike does not sign it:\n" + string(got.Body), nil
}
