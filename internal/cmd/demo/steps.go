package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// demo is one run: a workspace, a tenant, a receiver and a screen.
type demo struct {
	*screen
	w        *workspace
	sim      *tenant
	receiver *process
	hook     string // base URL of the receiver
	secret   string
	tenantOptions
	before string // the tenant as it was
}

// Addresses of the resources that the demo edits.
const (
	clientAddress   = "falcon_api_client.zscaler"
	webhookAddress  = "falcon_webhook.zscaler"
	workflowAddress = "falcon_workflow.score_changed"
	name            = "Zscaler Adaptive Access"
)

func run(ctx context.Context, keep bool, tenant tenantOptions) error {
	d := &demo{screen: newScreen(), tenantOptions: tenant}
	d.title("Zscaler Adaptive Access, set up with one apply against a simulated Falcon tenant")
	if d.writes {
		d.show("This tenant accepts a request that writes webhook configurations. CrowdStrike has not published one:\nit is an assumption. `make demo WRITES=never` shows a tenant that refuses it.")
	} else {
		d.show("This tenant rejects the unpublished request that writes webhook configurations, as a real one may:\nthe configuration is created in the console, and Terraform adopts it.")
	}
	if d.facts != "" {
		d.show("Otherwise it behaves like the tenant of " + d.facts + ".")
	}
	err := d.play(ctx)
	switch {
	case d.sim == nil:
		return err
	case keep:
		d.explainKeep()
	default:
		err = errors.Join(err, d.stop())
	}
	if err == nil {
		d.title(fmt.Sprintf("All of it worked, in %.0f seconds.", time.Since(d.began).Seconds()))
	}
	return err
}

func (d *demo) play(ctx context.Context) error {
	type part struct {
		title string
		steps []func(context.Context) error
	}
	parts := []part{
		{"1. Preparing", []func(context.Context) error{d.prepare, d.startTenant}},
		{"2. Set-up", []func(context.Context) error{d.init, d.plan, d.apply, d.showMade, d.planEmpty}},
		{"3. A host's score changes", []func(context.Context) error{d.changeScore, d.readScore}},
		{"4. Somebody edits the console", []func(context.Context) error{d.editConsole, d.planDrift, d.heal, d.planEmpty}},
		{"5. Taking it down", []func(context.Context) error{d.destroy, d.compareTenant}},
		{"6. The same event for a receiver that needs no Store app", []func(context.Context) error{d.withoutApp}},
	}
	for _, p := range parts {
		d.title(p.title)
		for _, s := range p.steps {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := s(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *demo) prepare(ctx context.Context) error {
	if err := d.step("find Terraform, empty .demo/", func() (_ string, err error) {
		d.w, err = newWorkspace(ctx)
		if err != nil {
			return "", err
		}
		return d.w.terraform, nil
	}); err != nil {
		return err
	}
	return d.step("build provider, simulator and receiver", func() (string, error) { return d.w.build(ctx) })
}

func (d *demo) startTenant(ctx context.Context) error {
	return d.step("start the simulated tenant and a receiver", func() (string, error) {
		key := make([]byte, 32)
		if _, err := rand.Read(key); err != nil {
			return "", err
		}
		d.secret = hex.EncodeToString(key)
		limit, cancel := context.WithTimeout(ctx, 20*time.Second)
		defer cancel()
		var err error
		if d.sim, err = startTenant(limit, d.w, "falconsim.log", d.arguments()...); err != nil {
			return "", err
		}
		addresses := d.w.file("receiver.address")
		d.receiver, err = start("receiver", d.w.file("receiver.log"), environment(hmacVariable+"="+d.secret), d.w.file("demo"), "-receive", addresses)
		if err != nil {
			return "", err
		}
		got, err := d.receiver.settings(limit, addresses, "base_url")
		if err != nil {
			return "", err
		}
		d.hook = got["base_url"]
		if err := writeWhole(d.w.file("pids"), fmt.Sprintf("falconsim=%d\nreceiver=%d\n", d.sim.process.cmd.Process.Pid, d.receiver.cmd.Process.Pid)); err != nil {
			return "", err
		}
		if d.before, err = d.sim.dump(ctx); err != nil {
			return "", err
		}
		host, err := d.sim.firstHost(ctx)
		if err != nil {
			return "", err
		}
		d.w.env = environment(
			"FALCON_BASE_URL="+d.sim.baseURL, "FALCON_CLIENT_ID="+d.sim.clientID, "FALCON_CLIENT_SECRET="+d.sim.clientSecret,
			"TF_CLI_CONFIG_FILE="+d.w.file("terraform.rc"), "TF_IN_AUTOMATION=1", "CHECKPOINT_DISABLE=1",
			hmacVariable+"="+d.secret, "TF_VAR_webhook_url="+d.hook+"/hook", "TF_VAR_demo_host="+host.AID,
		)
		return "Falcon at " + d.sim.baseURL + ", receiver at " + d.hook + "/hook", nil
	})
}

func (d *demo) init(ctx context.Context) error {
	return d.step("terraform init", func() (string, error) {
		_, err := d.w.run(ctx, "init", "-no-color", "-input=false")
		return "", err
	})
}

func (d *demo) plan(ctx context.Context) error {
	return d.step("terraform plan", func() (string, error) {
		out, err := d.w.run(ctx, "plan", "-no-color", "-input=false", "-out=setup.tfplan")
		return linesWith(out, "Plan:"), err
	})
}

// apply creates everything. In a tenant that rejects the write request, the first apply ends with the console steps; the
// demo follows them and applies again.
func (d *demo) apply(ctx context.Context) error {
	if d.writes {
		return d.step("terraform apply", func() (string, error) {
			out, err := d.w.run(ctx, "apply", "-no-color", "-input=false", "setup.tfplan")
			return linesWith(out, "Apply complete"), err
		})
	}
	err := d.step("terraform apply, which says what to do in the console", func() (string, error) {
		out, err := d.w.run(ctx, "apply", "-no-color", "-input=false", "setup.tfplan")
		return guided(out, err)
	})
	if err != nil {
		return err
	}
	if err := d.step("the console step: create the webhook configuration", func() (string, error) {
		id, err := d.sim.createWebhook(ctx, name, d.hook+"/hook", d.secret)
		if err != nil || !d.needsID {
			return "", err
		}
		d.w.env = append(d.w.env, "TF_VAR_webhook_config_id="+id)
		return "Falcon does not show which configuration it is: its id " + id + " is set in webhook_config_id.", nil
	}); err != nil {
		return err
	}
	return d.step("terraform apply again, which adopts it", func() (string, error) {
		out, err := d.w.run(ctx, "apply", "-no-color", "-input=false", "-auto-approve")
		return linesWith(out, "Apply complete"), err
	})
}

// guided returns the error that describes the steps in the console. Any other outcome of the apply is a defect.
func guided(out string, err error) (string, error) {
	var exit *exitError
	switch {
	case err == nil:
		return "", errors.New("the apply succeeded, although this tenant rejects the request that creates a webhook configuration")
	case !errors.As(err, &exit), !strings.Contains(out, name) || !strings.Contains(out, "CrowdStrike Store"):
		return "", err
	}
	return errorBlocks(out), nil
}

func (d *demo) showMade(ctx context.Context) error {
	return d.step("what was created, and what to enter at Zscaler", func() (string, error) {
		made, err := d.w.run(ctx, "state", "list")
		if err != nil {
			return "", err
		}
		outputs, err := d.w.run(ctx, "output", "-no-color")
		return made + "\n" + outputs, err
	})
}

func (d *demo) planEmpty(ctx context.Context) error {
	return d.step("terraform plan is empty", func() (string, error) {
		code, out, err := d.w.planExitCode(ctx)
		if err == nil && code != 0 {
			err = fmt.Errorf("the plan is not empty:\n%s", out)
		}
		return "", err
	})
}

// newScore is the new score of the demo's host.
const newScore = 41

func (d *demo) changeScore(ctx context.Context) error {
	host, err := d.sim.firstHost(ctx)
	if err != nil {
		return err
	}
	return d.step(fmt.Sprintf("overall score of %s: %d -> %d", host.Hostname, host.Overall, newScore), func() (string, error) {
		if err := d.sim.setScore(ctx, host.AID, newScore); err != nil {
			return "", err
		}
		got, err := waitForDelivery(ctx, d.hook, "/hook")
		if err != nil {
			return "", err
		}
		if !got.Verified {
			return "", errors.New("a delivery arrived, but its signature does not match the HMAC secret")
		}
		if !strings.Contains(string(got.Body), strconv.Itoa(newScore)) {
			return "", fmt.Errorf("the delivery does not carry the new score: %s", got.Body)
		}
		return "The signed delivery arrived, and its signature matches:\n" + string(got.Body), nil
	})
}

func (d *demo) readScore(ctx context.Context) error {
	return d.step("the data source reads the new score", func() (string, error) {
		if _, err := d.w.run(ctx, "apply", "-no-color", "-input=false", "-refresh-only", "-auto-approve"); err != nil {
			return "", err
		}
		score, err := d.w.output(ctx, "demo_score")
		if err == nil && score != strconv.Itoa(newScore) {
			err = fmt.Errorf("the data source returns %s, Falcon has %d", score, newScore)
		}
		return "data.falcon_host_score.demo.overall = " + score, err
	})
}

// The three edits.
func (d *demo) editConsole(ctx context.Context) error {
	edits := []struct {
		what string
		do   func() error
	}{
		{"the Score Changed workflow is disabled", func() error { return d.sim.disableWorkflow(ctx, name+": Score Changed") }},
		{"a scope is added to the API client", func() error { return d.sim.addScope(ctx, name, "devices:write") }},
		{"the webhook's URL is changed", func() error { return d.sim.setWebhookURL(ctx, name, "https://elsewhere.example/hook") }},
	}
	for _, e := range edits {
		if err := d.step(e.what, func() (string, error) { return "", e.do() }); err != nil {
			return err
		}
	}
	return nil
}

func (d *demo) planDrift(ctx context.Context) error {
	edited := map[string]string{clientAddress: "scopes", webhookAddress: "url", workflowAddress: "enabled"}
	maps.DeleteFunc(edited, func(address, _ string) bool { return d.hidden[address] })
	what := "all three"
	if len(d.hidden) > 0 {
		what = "what Falcon shows of them"
	}
	return d.step("terraform plan -detailed-exitcode reports "+what, func() (string, error) {
		code, out, err := d.w.planExitCode(ctx)
		if err != nil {
			return "", err
		}
		if code != 2 {
			return "", fmt.Errorf("the plan found no drift:\n%s", out)
		}
		changes, err := d.w.changes(ctx, "drift.tfplan")
		if err != nil {
			return "", err
		}
		for address, attribute := range edited {
			if !slices.Contains(changes[address], attribute) {
				return "", fmt.Errorf("the plan does not report %s of %s:\n%s", attribute, address, out)
			}
		}
		if len(changes) != len(edited) {
			return "", fmt.Errorf("the plan reports more than the edits:\n%s", out)
		}
		return "Exit code 2.\n\n" + planned(out), nil
	})
}

func (d *demo) heal(ctx context.Context) error {
	if !d.writes && !d.hidden[webhookAddress] {
		err := d.step("terraform apply, which says what to do in the console", func() (string, error) {
			out, err := d.w.run(ctx, "apply", "-no-color", "-input=false", "-auto-approve")
			return guided(out, err)
		})
		if err != nil {
			return err
		}
		if err := d.step("the console step: put the URL right", func() (string, error) {
			return "", d.sim.setWebhookURL(ctx, name, d.hook+"/hook")
		}); err != nil {
			return err
		}
	}
	return d.step("terraform apply heals it", func() (string, error) {
		out, err := d.w.run(ctx, "apply", "-no-color", "-input=false", "-auto-approve")
		return linesWith(out, "Apply complete"), err
	})
}

func (d *demo) destroy(ctx context.Context) error {
	if err := d.step("terraform destroy", func() (string, error) {
		out, err := d.w.run(ctx, "destroy", "-no-color", "-input=false", "-auto-approve")
		return linesWith(out, "Destroy complete"), err
	}); err != nil || d.writes {
		return err
	}
	return d.step("the console step: delete the adopted webhook configuration", func() (string, error) {
		return "Terraform did not create it, and so left it there with a warning.", d.sim.deleteWebhook(ctx, name)
	})
}

func (d *demo) compareTenant(ctx context.Context) error {
	return d.step("the tenant is as it was", func() (string, error) {
		return "", d.sim.wantDump(ctx, d.before)
	})
}

func (d *demo) stop() error {
	err := d.sim.process.stop()
	if d.receiver != nil {
		err = errors.Join(err, d.receiver.stop())
	}
	return err
}

// explainKeep explains what KEEP=1 left running.
func (d *demo) explainKeep() {
	relative, err := filepath.Rel(d.w.root, d.w.dir)
	if err != nil {
		relative = d.w.dir
	}
	script := fmt.Sprintf("export %s\n", strings.Join(quoted(d.w.env), " \\\n  "))
	if err := os.WriteFile(d.w.file("env.sh"), []byte(script), 0o600); err != nil {
		d.show(err.Error())
	}
	d.title("Left there for you to play with:")
	d.show(fmt.Sprintf(`The simulated tenant:  %[1]s/  (open it: what the tenant holds, and the request log)
Console edits:         %[1]s/_sim  (lists them)
Deliveries:            %[2]s/deliveries
The configuration:     cd %[3]s/zscaler_adaptive_access && . ../env.sh && %[4]s apply
Stop both again:       kill %[5]d %[6]d   (the next make demo does so, too)`,
		d.sim.baseURL, d.hook, relative, d.w.terraform, d.sim.process.cmd.Process.Pid, d.receiver.cmd.Process.Pid))
}
