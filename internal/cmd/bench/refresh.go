package main

import (
	"context"
	"fmt"
	"strings"
)

// managedName begins the names of the objects of the section of the refresh.
const managedName = "bench "

func managed(name string) bool { return strings.HasPrefix(name, managedName) }

// manyObjects is a configuration with as many objects of each kind as the settings say.
func (s settings) manyObjects() string {
	return fmt.Sprintf(`resource "falcon_workflow" "w" {
  count   = %[2]d
  name    = "%[1]s${count.index}"
  enabled = false
  definition = jsonencode({
    name        = "%[1]s"
    description = "Waits a minute."
    trigger     = { type = "On demand", next = ["wait"] }
    actions = {
      wait = { id = "4f1af1ae4c13dc1e3bcd725f8dc0f63b", properties = { sleep_time = "1m" }, version_constraint = "~1" }
    }
  })
}

resource "falcon_api_client" "c" {
  count  = %[3]d
  name   = "%[1]s${count.index}"
  scopes = ["devices:read", "alerts:read"]
}

resource "falcon_webhook" "p" {
  count          = %[4]d
  name           = "%[1]s${count.index}"
  url            = "https://soar.example/${count.index}"
  hmac_secret_wo = "0123456789-0123456789-0123456789-${count.index}"
}
`, managedName, s.workflows, s.clients, s.configs)
}

// refresh measures the refresh of many objects beside one call for each of them.
func (b *bench) refresh(ctx context.Context) (err error) {
	t, err := b.startSimulator(ctx, "-reading", "Q12=b")
	if err != nil {
		return err
	}
	defer func() {
		if stopped := t.stop(); err == nil {
			err = stopped
		}
	}()
	w, err := b.newWorkspace(ctx, t, "refresh", b.manyObjects())
	if err != nil {
		return err
	}
	total := b.workflows + b.clients + b.configs
	b.say("creating %d objects", total)
	if _, err := w.run(ctx, "apply", "-auto-approve"); err != nil {
		return err
	}
	if err := t.delay(ctx, b.callDelay); err != nil {
		return err
	}
	b.say("reading %d objects", total)
	each, err := b.measure(ctx, t, variantObjectsEach, "")
	if err != nil {
		return err
	}
	joined, err := b.measure(ctx, t, variantObjects, "")
	if err != nil {
		return err
	}
	b.say("planning %d objects", total)
	plan, err := w.run(ctx, "plan", "-detailed-exitcode")
	if err != nil {
		return err
	}
	floor, err := w.run(ctx, "plan", "-detailed-exitcode", "-refresh=false")
	if err != nil {
		return err
	}
	b.printf("\n## Refresh\n\n%d workflows, %d API clients and %d webhook configurations, every answer delayed by %s, %d objects at a time as Terraform does.\n\n",
		b.workflows, b.clients, b.configs, b.callDelay, terraformParallelism)
	report := &table{head: []string{"", "requests", "s", "ratio of requests", "ratio of time"}}
	report.row("reads alone: one request per object", whole(each.Requests), seconds(each.duration()), times(1), times(1))
	report.row("reads alone: ours", whole(joined.Requests), seconds(joined.duration()),
		times(float64(each.Requests)/float64(joined.Requests)), times(each.Seconds/joined.Seconds))
	report.row("`terraform plan`, nothing changed", whole(plan.requests), seconds(plan.took), times(float64(each.Requests)/float64(plan.requests)), "")
	report.row("`terraform plan -refresh=false`, for comparison", whole(floor.requests), seconds(floor.took), "", "")
	b.printf("%s\nPeak memory of that plan: provider %s MB, Terraform %s MB.\n", report, megabytes(plan.memory.provider), megabytes(plan.memory.core))
	perObject := floor.took + each.duration()
	b.printf("With one request per object the same plan would take about %s s (the plan without a refresh and those reads): %s as long.\n",
		seconds(perObject), times(perObject.Seconds()/plan.took.Seconds()))
	return nil
}
