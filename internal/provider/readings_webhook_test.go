package provider

import (
	"strings"
	"time"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
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

// webhookCycle goes as far as Falcon shows a configuration: what is hidden has no drift, is not imported, and can't
// prove that a configuration is the one whose response was lost.
func webhookCycle(c *cycle) {
	c.t.Helper()
	before := c.holdings()
	none := instance{value: c.provider(webhookType).none().value}
	shown := shownBy(c.readings)
	shows := func(name string) bool { return strings.Contains(strings.Join(shown, " "), name) }

	var state instance
	if c.readings["Q13"] == "d" && (!shows("name") || !shows("url")) {
		// Neither the response nor the list says which configuration was created: the error asks for an import.
		state = c.settled("create", webhookType, none, aWebhook)
	} else {
		state = c.apply("create", webhookType, none, aWebhook)
	}
	id := c.provider(webhookType).text(state, "id")
	config := aWebhook.with(arguments{"url": movedURL})
	state = c.apply("update", webhookType, state, config)
	for name, edit := range map[string]falconsim.PluginConfigEdit{
		"name": {Name: new("by hand")}, "url": {URL: new(hookURL + "/by-hand")}, "signature_header": {SignatureHeader: new("X-By-Hand")},
	} {
		if shows(name) {
			c.outside(func() error { return c.sim.EditPluginConfig(id, edit) })
			c.wantDrift("drift of "+name, webhookType, state, config)
			state = c.apply("repair of "+name, webhookType, state, config)
		}
	}
	c.wantAlike("import", webhookType, state, c.imported("import", webhookType, id), shown...)
	c.wantFound("look-up by id", webhookType, arguments{"id": id}, id)
	if shows("name") {
		c.wantFound("look-up by name", webhookType, arguments{"name": "zscaler"}, id)
	}
	c.outside(func() error { return c.sim.DeletePluginConfig(id) })
	state = c.wantGone("deleted outside", webhookType, state)
	state = c.losing("lost response", webhookType, state, config, "POST", "/plugins/entities/configs/v1")
	if !strings.Contains(c.provider(webhookType).text(state, "created_by_terraform"), "true") {
		if shows("name") && shows("url") {
			c.t.Errorf("%v: the configuration was created and not recognized", c.readings)
		}
		// It was adopted, and so stays: it can only be deleted by hand.
		id := c.provider(webhookType).text(state, "id")
		c.outside(func() error { return c.sim.DeletePluginConfig(id) })
	}
	c.destroy("destroy", webhookType, state, before)
}

// settled creates an object and imports it where the error asks for that.
func (c *cycle) settled(step, resource string, none instance, config arguments) instance {
	c.t.Helper()
	o := operation{resource: resource, config: fixed(config)}
	_, problem := o.do(c.bubble, none)
	m := importCommand.FindStringSubmatch(problem)
	if m == nil {
		c.check(step, problem)
		c.t.Fatalf("%v: %s asks for no import", c.readings, step)
	}
	time.Sleep(time.Minute) // on the fake clock
	return c.apply(step+", imported", resource, c.imported(step+", import", resource, m[2]), config)
}

// adoptionCycle is that of a configuration that a person creates in the console: it is adopted as it is, without a
// write, and stays when the resource is destroyed.
func adoptionCycle(c *cycle) {
	c.t.Helper()
	before := c.holdings()
	shown := strings.Join(shownBy(c.readings), " ")
	var id string
	c.outside(func() (err error) {
		id, err = c.sim.CreatePluginConfig("zscaler", hookURL, testKey, "")
		return err
	})
	config := aWebhook
	if !strings.Contains(shown, "name") {
		config = config.with(arguments{"config_id": id})
	}
	c.wire.arm(nil)
	state := c.apply("adopt", webhookType, instance{value: c.provider(webhookType).none().value}, config)
	for _, call := range c.wire.calls() {
		if call.path == "/plugins/entities/configs/v1" {
			c.t.Errorf("%v: the adoption sent %s", c.readings, call.method)
		}
	}
	if got := c.provider(webhookType).text(state, "id"); got != id {
		c.t.Errorf("%v: adopted %s, want %s", c.readings, got, id)
	}
	if strings.Contains(shown, "url") {
		c.outside(func() error { return c.sim.EditPluginConfig(id, falconsim.PluginConfigEdit{URL: new(movedURL)}) })
		c.wantDrift("drift", webhookType, state, config)
		c.outside(func() error { return c.sim.EditPluginConfig(id, falconsim.PluginConfigEdit{URL: new(hookURL)}) })
	}
	state = c.wantEmptyPlan("as before", webhookType, state, config)
	next, problem := operation{resource: webhookType}.do(c.bubble, state)
	c.check("destroy", problem)
	if !next.value.IsNull() {
		c.t.Errorf("%v: the state keeps the configuration", c.readings)
	}
	c.outside(func() error { return c.sim.DeletePluginConfig(id) })
	if after := c.holdings(); after != before {
		c.t.Errorf("%v: the tenant holds\n%s\nand held\n%s", c.readings, after, before)
	}
}
