package provider_test

import (
	"strings"
	"time"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

// shownBy are the arguments of a falcon_webhook that Falcon shows under these readings.
func shownBy(readings falconsim.Readings) []string {
	shown := []string{"id"}
	for question, name := range map[string]string{"Q14": "name", "Q15": "url", "Q16": "signature_header"} {
		if readings[question] != "b" {
			shown = append(shown, name)
		}
	}
	return shown
}

// webhookCycle goes as far as Falcon shows a configuration: what is hidden has no drift and is not imported. A
// configuration whose response was lost is adopted or imported.
func webhookCycle(c *cycle) {
	c.T.Helper()
	before := c.Holdings()
	none := acctest.Instance{Value: c.provider(acctest.WebhookType).None().Value}
	shown := shownBy(c.readings)
	shows := func(name string) bool { return strings.Contains(strings.Join(shown, " "), name) }

	// Without an id in the response, the list has to show which configuration was created. Otherwise the error asks for an import.
	proven := c.readings["Q13"] != "d" || shows("name") && shows("url")
	create := func(step string) acctest.Instance {
		if proven {
			return c.apply(step, acctest.WebhookType, none, acctest.WebhookArguments)
		}
		return c.settled(step, acctest.WebhookType, none, acctest.WebhookArguments)
	}
	state := create("create")
	id := c.provider(acctest.WebhookType).Text(state, "id")
	config := acctest.WebhookArguments.With(acctest.Arguments{"url": acctest.MovedURL})
	state = c.apply("update", acctest.WebhookType, state, config)
	for name, edit := range map[string]falconsim.PluginConfigEdit{
		"name": {Name: new("by hand")}, "url": {URL: new(acctest.WebhookURL + "/by-hand")}, "signature_header": {SignatureHeader: new("X-By-Hand")},
	} {
		if shows(name) {
			c.outside(func() error { return c.Sim.EditPluginConfig(id, edit) })
			c.wantDrift("drift of "+name, acctest.WebhookType, state, config)
			state = c.apply("repair of "+name, acctest.WebhookType, state, config)
		}
	}
	c.wantAlike("import", acctest.WebhookType, state, c.imported("import", acctest.WebhookType, id), shown...)
	c.wantFound("look-up by id", acctest.WebhookType, acctest.Arguments{"id": id}, id)
	if shows("name") {
		c.wantFound("look-up by name", acctest.WebhookType, acctest.Arguments{"name": "zscaler"}, id)
	}
	c.outside(func() error { return c.Sim.DeletePluginConfig(id) })
	state = c.wantGone("deleted outside", acctest.WebhookType, state)
	state = c.losing("lost response", acctest.WebhookType, state, config, "POST", "/plugins/entities/configs/v1")
	if !strings.Contains(c.provider(acctest.WebhookType).Text(state, "created_by_terraform"), "false") {
		c.T.Errorf("%v: nothing proves that Terraform created the configuration", c.readings)
	}
	// It was adopted or imported, and so stays: it can only be deleted by hand.
	deleted := func() {
		id := c.provider(acctest.WebhookType).Text(state, "id")
		c.outside(func() error { return c.Sim.DeletePluginConfig(id) })
	}
	deleted()
	c.destroy("destroy of the adopted one", acctest.WebhookType, state, before)
	state = create("create again")
	if !proven {
		deleted()
	}
	c.destroy("destroy", acctest.WebhookType, state, before)
}

// settled creates an object and imports it where the error asks for that.
func (c *cycle) settled(step, resource string, none acctest.Instance, config acctest.Arguments) acctest.Instance {
	c.T.Helper()
	o := acctest.Operation{Resource: resource, Config: acctest.Constant(config)}
	_, problem := o.Do(c.Harness, none)
	m := acctest.ImportCommand.FindStringSubmatch(problem)
	if m == nil {
		c.check(step, problem)
		c.T.Fatalf("%v: %s asks for no import", c.readings, step)
	}
	time.Sleep(time.Minute) // on the fake clock
	return c.apply(step+", imported", resource, c.imported(step+", import", resource, m[2]), config)
}

// adoptionCycle is that of a configuration that a person creates in the console: it is adopted as it is, without a
// write, and stays when the resource is destroyed.
func adoptionCycle(c *cycle) {
	c.T.Helper()
	before := c.Holdings()
	shown := strings.Join(shownBy(c.readings), " ")
	var id string
	c.outside(func() (err error) {
		id, err = c.Sim.CreatePluginConfig("zscaler", acctest.WebhookURL, coretest.TestKey, "")
		return err
	})
	config := acctest.WebhookArguments
	if !strings.Contains(shown, "name") {
		config = config.With(acctest.Arguments{"config_id": id})
	}
	c.Transport.Arm(nil)
	state := c.apply("adopt", acctest.WebhookType, acctest.Instance{Value: c.provider(acctest.WebhookType).None().Value}, config)
	for _, call := range c.Transport.Calls() {
		if call.Path == "/plugins/entities/configs/v1" {
			c.T.Errorf("%v: the adoption sent %s", c.readings, call.Method)
		}
	}
	if got := c.provider(acctest.WebhookType).Text(state, "id"); got != id {
		c.T.Errorf("%v: adopted %s, want %s", c.readings, got, id)
	}
	if strings.Contains(shown, "url") {
		c.outside(func() error {
			return c.Sim.EditPluginConfig(id, falconsim.PluginConfigEdit{URL: new(acctest.MovedURL)})
		})
		c.wantDrift("drift", acctest.WebhookType, state, config)
		c.outside(func() error {
			return c.Sim.EditPluginConfig(id, falconsim.PluginConfigEdit{URL: new(acctest.WebhookURL)})
		})
	}
	state = c.wantEmptyPlan("as before", acctest.WebhookType, state, config)
	next, problem := acctest.Operation{Resource: acctest.WebhookType}.Do(c.Harness, state)
	c.check("destroy", problem)
	if !next.Value.IsNull() {
		c.T.Errorf("%v: the state keeps the configuration", c.readings)
	}
	c.outside(func() error { return c.Sim.DeletePluginConfig(id) })
	if after := c.Holdings(); after != before {
		c.T.Errorf("%v: the tenant holds\n%s\nand held\n%s", c.readings, after, before)
	}
}
