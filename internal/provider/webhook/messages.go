package webhook

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

const typeName = "falcon_webhook"

// Summaries of several errors.
const (
	createFailed = "Unable to create webhook configuration"
	readFailed   = "Unable to read webhook configuration"
	updateFailed = "Unable to update webhook configuration"
	deleteFailed = "Unable to delete webhook configuration"
	inConsole    = "Webhook configuration has to be created in the Falcon console"
	maybeOther   = "Configuration may belong to another app"
	notInstalled = "CrowdStrike Webhook app is not installed"
)

// consolePath is where the configurations of the app are (wire/webhooks.md#store-app).
const consolePath = "CrowdStrike Store → the app CrowdStrike Webhook → Configure"

// described names a configuration in a text.
func described(m model, id string) string {
	return fmt.Sprintf("webhook configuration %s (id %s)", core.Quoted(m.Name), id)
}

// Create.

func missingSecret() diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(core.Attribute("hmac_secret_wo"), "Missing HMAC secret",
		"A webhook configuration needs an HMAC secret key of at least 32 characters when it is created. Set hmac_secret_wo, preferably from an ephemeral variable. It must be set again when a saved plan is applied.")
}

// secretForRecreation is about a configuration that was deleted in Falcon, in a plan without the secret.
func secretForRecreation(plan model) diag.Diagnostic {
	return diag.NewAttributeWarningDiagnostic(core.Attribute("hmac_secret_wo"), "HMAC secret is required to create the webhook configuration again", fmt.Sprintf(
		"The webhook configuration %s was deleted in Falcon, and hmac_secret_wo is not set. This plan shows what has changed, but an apply without the secret ends with an error here, and creates no configuration. "+
			"To create it, plan and apply with hmac_secret_wo set: Terraform does not accept an ephemeral variable for a saved plan that was made without it.", core.Quoted(plan.Name)))
}

func versionWithoutSecret() diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(core.Attribute("hmac_secret_wo"), "Missing HMAC secret",
		"hmac_secret_wo_version changed, which sends the HMAC secret key, but hmac_secret_wo is not set. Set it, or leave the version as it was.")
}

func appNotInstalled(plan model) diag.Diagnostic {
	return diag.NewErrorDiagnostic(notInstalled, fmt.Sprintf(
		"The tenant's catalog has no action named \"Call webhook\", which comes with the CrowdStrike Webhook app. The webhook configuration %s was not created. "+
			"Install the app in the Falcon console (CrowdStrike Store → CrowdStrike Webhook), then run the plan again.", core.Quoted(plan.Name)))
}

func plannedByRequest(plan model, hidden []string) diag.Diagnostic {
	shows := "has"
	if len(hidden) > 0 {
		shows = "shows"
	}
	return diag.NewWarningDiagnostic("Webhook configuration is created by an unpublished request", fmt.Sprintf(
		"Falcon %s no webhook configuration named %q. CrowdStrike publishes no request that creates one, so the apply tries a request that corresponds to the published listing. "+
			"If the tenant refuses it, nothing is created, and the apply ends with an error that lists the values to enter in the Falcon console.%s",
		shows, plan.Name.ValueString(), hiddenHint(hidden)))
}

func plannedInConsole(plan model, hidden []string) diag.Diagnostic {
	return diag.NewWarningDiagnostic(inConsole, createSteps(plan, &falcon.WritesUnavailableError{}, hidden))
}

// createRefused is about a create after which the list shows nothing new. named are the ids of the configurations that have
// the name all the same, and hidden those of the configurations whose names Falcon does not show.
func createRefused(plan model, refusal *falcon.WritesUnavailableError, named, hidden []string) diag.Diagnostic {
	switch {
	case len(named) > 0 || refusal.Status == http.StatusConflict:
		return nameTaken(plan, refusal, named, hidden)
	case refusal.Refusal() || refusal.NotOffered():
		return diag.NewErrorDiagnostic(inConsole, createSteps(plan, refusal, hidden))
	}
	return diag.NewErrorDiagnostic(createFailed, createAgain(plan, refusal, hidden))
}

func nothingCreated(plan model, err error) diag.Diagnostic {
	return diag.NewErrorDiagnostic(createFailed, fmt.Sprintf("%s The webhook configuration %s was not created.", core.Sentence(err.Error()), core.Quoted(plan.Name)))
}

// createdUnseen is about a configuration that Falcon created and that could not be read afterwards.
func createdUnseen(err *falcon.WebhookUnverifiedError) diag.Diagnostic {
	return diag.NewErrorDiagnostic(createFailed, core.Sentence(err.Error())+
		"\n\nThe state has its id and marks it to be replaced: the next apply deletes it and creates the configuration again.")
}

// maybeCreated is about a create whose outcome is not known.
func maybeCreated(plan model, unsettled *falcon.UnsettledError) diag.Diagnostic {
	text := core.Sentence(unsettled.Error()) + "\n\n"
	if len(unsettled.IDs) > 0 {
		return diag.NewErrorDiagnostic(createFailed, text+core.ImportHelp(typeName, unsettled.IDs))
	}
	return diag.NewErrorDiagnostic(createFailed, text+fmt.Sprintf(
		"The list of configurations does not show it, and it may still appear there under the name %q. Apply again in a minute: if the configuration is there, it is adopted. "+
			"Someone else may have created it, so its HMAC key is not known then, and it stays in Falcon when the resource is destroyed. To check in the console: %s.", plan.Name.ValueString(), consolePath))
}

// appearedAdopted is about a configuration that the list shows after a create that failed or lost its response.
func appearedAdopted(plan model, appeared *falcon.WebhookAppearedError) diag.Diagnostic {
	return diag.NewWarningDiagnostic("Webhook configuration is adopted after a failed create", fmt.Sprintf(
		"%s\n\nThe list now shows the %s, which was not there before and equals this resource. The failed request may have created it, or someone else at the same time. "+
			"The resource adopts it: destroy will leave it in Falcon. It is not known whether its HMAC key is the value of hmac_secret_wo: to send that, set hmac_secret_wo_version = %d.",
		core.Sentence(appeared.Err.Error()), described(plan, appeared.Config.ID), nextOwnVersion(plan)))
}

// nextOwnVersion is the hmac_secret_wo_version that makes the next apply send the secret.
func nextOwnVersion(plan model) int64 { return max(1, plan.HMACSecretVersion.ValueInt64()) + 1 }

// nameTaken is about a create that Falcon refused because of the name. The list before it did not show that.
func nameTaken(plan model, refusal *falcon.WritesUnavailableError, named, hidden []string) diag.Diagnostic {
	text := fmt.Sprintf("The webhook configuration %s was not created. %s", core.Quoted(plan.Name), core.Sentence(refusal.Error()))
	if len(named) > 0 {
		text += fmt.Sprintf(" Falcon now has a configuration of this name, with the id %s. Apply again: if it equals this resource, it is adopted.\n\n%s\n\nOtherwise choose another name.",
			strings.Join(named, ", "), core.ImportHelp(typeName, named))
	} else {
		text += fmt.Sprintf(" The list of configurations shows none of this name.%s Otherwise choose another name.", hiddenHint(hidden))
	}
	return diag.NewAttributeErrorDiagnostic(core.Attribute("name"), "Name already taken", text)
}

func deletionTakesTooLong(plan model, err error) diag.Diagnostic {
	return diag.NewErrorDiagnostic(createFailed, fmt.Sprintf(
		"Another resource of this run is deleting the webhook configuration %[1]s, and the deletion did not end in time (%[2]s). No new configuration %[1]s was created. Apply again.", core.Quoted(plan.Name), err))
}

func deletionFailed(plan model, id string, by holder) diag.Diagnostic {
	return diag.NewErrorDiagnostic(createFailed, fmt.Sprintf(
		"The %s still belongs to %s, whose deletion failed in this run. No new configuration %s was created. Apply again.", described(plan, id), by, core.Quoted(plan.Name)))
}

// Adoption.

func existingAdopted(plan model, found falcon.PluginConfig) diag.Diagnostic {
	text := fmt.Sprintf("Falcon has the %s, and it equals this resource. The resource adopts it, and nothing is written. ", described(plan, found.ID))
	if plan.HMACSecretVersion.IsNull() {
		text += "Its HMAC key stays as it is, because hmac_secret_wo is not set. "
	} else {
		text += fmt.Sprintf("It is not known whether its HMAC key is the value of hmac_secret_wo: to send that, set hmac_secret_wo_version = %d after the adoption. ", nextOwnVersion(plan))
	}
	text += "Destroy will leave the configuration in Falcon, unless another resource of this state created it."
	var hidden []string
	if found.Name == nil {
		hidden = append(hidden, "name")
	}
	if found.URL == nil {
		hidden = append(hidden, "URL")
	}
	if found.SignatureHeader == nil {
		hidden = append(hidden, "signature header")
	}
	if len(hidden) > 0 {
		text += fmt.Sprintf(" Falcon does not show its %s, so these were not compared.", strings.Join(hidden, ", "))
	}
	return diag.NewWarningDiagnostic("Existing webhook configuration is adopted", text)
}

func existsAndDiffers(plan model, found falcon.PluginConfig) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(core.Attribute("name"), "Webhook configuration exists and differs", fmt.Sprintf(
		"Falcon has the %s, and it differs from this resource:\n\n%s\n\n"+
			"The configuration in Falcon was not changed: a create never overwrites one. Set these arguments to what Falcon shows, and the configuration is adopted. "+
			"Or import it (put your own resource name for \"this\"), and the next plan shows the differences as an update:\n\n  terraform import %s.this %s\n\n"+
			"If it belongs to a resource that was renamed, use a moved block instead. If create_before_destroy replaces it, change it in place instead: Falcon finds configurations by name, so the new one cannot be created first.",
		described(plan, found.ID), plan.differencesFrom(found), typeName, found.ID))
}

// alreadyInState is about a configuration that another resource of the state has at the time of the plan.
func alreadyInState(plan model, found falcon.PluginConfig) diag.Diagnostic {
	return diag.NewWarningDiagnostic("Webhook configuration is already in this state", fmt.Sprintf(
		"Falcon has the %s, and it belongs to a resource in this state: the object that is replaced, or one that was renamed. If that is deleted first, a new configuration is created. "+
			"Otherwise this resource adopts the configuration, which is removed from the state of the other one without being deleted. To rename a resource, use a moved block: it keeps the configuration and its id.",
		described(plan, found.ID)))
}

func twoResources(m model, other holder) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(core.Attribute("name"), "Two resources for one webhook configuration", fmt.Sprintf(
		"This resource (name = %q, url = %q) and another one of this provider configuration, %s, are the same webhook configuration in Falcon. "+
			"Each would undo the changes of the other, and destroying one would delete the configuration of both. "+
			"Give each its own name, or keep one and use its id in both places. To remove a resource from the state and leave Falcon as it is, use terraform state rm.",
		m.Name.ValueString(), m.URL.ValueString(), other))
}

func severalOfOneName(plan model, found []falcon.PluginConfig) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(core.Attribute("name"), "Multiple webhook configurations with this name", fmt.Sprintf(
		"Falcon has %d configurations named %s: %s. Set config_id to the id of the right one.", len(found), core.Quoted(plan.Name), strings.Join(idsOf(found), ", ")))
}

// whyAppUnknown says why it is not known which configurations belong to the app.
func whyAppUnknown(candidates falcon.WebhookCandidates) string {
	if candidates.AppID != "" {
		return fmt.Sprintf("the catalog of actions shows the app id %s, and no configuration has that app_id", candidates.AppID)
	}
	return "the catalog of actions does not show the id of the app"
}

// maybeOtherApp is about configurations that an adoption by mistake would give the URL and the secret of a webhook.
func maybeOtherApp(plan model, found []falcon.PluginConfig, candidates falcon.WebhookCandidates) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(core.Attribute("name"), maybeOther, fmt.Sprintf(
		"Falcon has a configuration named %s. It is not known whether it belongs to the CrowdStrike Webhook app: %s. The configuration in Falcon was not changed. %sIf it is the right one, set config_id to its id. Otherwise choose another name.",
		core.Quoted(plan.Name), whyAppUnknown(candidates), configList("These have the name", found)))
}

func listedOfAllApps(candidates falcon.WebhookCandidates) diag.Diagnostic {
	return diag.NewWarningDiagnostic("Configurations of other apps may be listed", fmt.Sprintf(
		"It is not known which configurations belong to the CrowdStrike Webhook app: %s. The configurations of all Store apps are listed. Import only those that the Falcon console shows for the app: %s.", whyAppUnknown(candidates), consolePath))
}

func importedOfUnknownApp(id string, candidates falcon.WebhookCandidates) diag.Diagnostic {
	return diag.NewWarningDiagnostic(maybeOther, fmt.Sprintf(
		"It is not known whether the imported configuration with the id %s belongs to the CrowdStrike Webhook app: %s. Check that the Falcon console shows it for the app: %s. If it does not, remove it from the state: terraform state rm leaves it in Falcon.",
		id, whyAppUnknown(candidates), consolePath))
}

func unknownConfigID(id string, configs []falcon.PluginConfig) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(core.Attribute("config_id"), "Webhook configuration not found", fmt.Sprintf(
		"The tenant has no configuration of the CrowdStrike Webhook app with the id %s. %sTo create a configuration, remove config_id.", id, configList("It has", configs)))
}

func otherApp(attribute string, c falcon.PluginConfig, candidates falcon.WebhookCandidates) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(core.Attribute(attribute), "Configuration of another app", fmt.Sprintf(
		"The configuration with the id %s belongs to another Store app (app_id %s), not to CrowdStrike Webhook (app_id %s). %sIf only its id is needed, use the data source falcon_webhook.",
		c.ID, c.AppID, candidates.AppID, configList("That app has", candidates.Configs)))
}

// Update.

func goneBeforeUpdate(state model) diag.Diagnostic {
	return diag.NewErrorDiagnostic(updateFailed, fmt.Sprintf("The %s was deleted after the plan. Run the plan again, which creates it again.", described(state, state.ID.ValueString())))
}

func configIDChanged(plan, state model) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(core.Attribute("config_id"), updateFailed, fmt.Sprintf(
		"config_id is %s, which was not known before the apply, and this resource is the configuration %s. Run the plan again, which replaces the resource.", plan.ConfigID.ValueString(), state.ID.ValueString()))
}

func updateInConsole(plan model, current falcon.PluginConfig, c change, refusal *falcon.WritesUnavailableError) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Webhook configuration has to be changed in the Falcon console", updateSteps(plan, current, c, refusal,
		"Edit the configuration in the Falcon console to these values:", "Then apply again."))
}

func updateAgain(plan model, current falcon.PluginConfig, c change, refusal *falcon.WritesUnavailableError) diag.Diagnostic {
	return diag.NewErrorDiagnostic(updateFailed, updateSteps(plan, current, c, refusal,
		"Apply again: the request is sent again until Falcon accepts it. These are the values in the console:",
		"If they can be changed in the console only, do that and apply twice with webhook_writes = \"never\" in the provider: the second apply assumes that the change was made there."))
}

func assumedUpdated(plan model, c change) diag.Diagnostic {
	hidden := c.hidden
	if c.newSecret {
		hidden = append(hidden, "HMAC key")
	}
	return diag.NewWarningDiagnostic("Change assumed to be made in the Falcon console", fmt.Sprintf(
		"The last apply asked for a change of the %s in the console: %s. Falcon does not show that, so Terraform assumes that it was made.", described(plan, plan.ID.ValueString()), strings.Join(hidden, ", ")))
}

// Read.

func goneAtRead(state model) diag.Diagnostic {
	return diag.NewWarningDiagnostic("Webhook configuration is gone", fmt.Sprintf(
		"The %s no longer exists in Falcon and will be created again. Workflows that use it need the new id.", described(state, state.ID.ValueString())))
}

func switchedOff(state model) diag.Diagnostic {
	return diag.NewWarningDiagnostic("Webhook configuration is switched off", fmt.Sprintf(
		"Falcon shows the state %q for the %s. Workflows that use it may deliver nothing. Terraform does not manage the state: switch the configuration on in the Falcon console: %s.",
		state.State.ValueString(), described(state, state.ID.ValueString()), consolePath))
}

// secretUnknown is about a secret that was never sent, as after an import.
func secretUnknown(state model) diag.Diagnostic {
	return diag.NewAttributeWarningDiagnostic(core.Attribute("hmac_secret_wo"), "HMAC key in Falcon is not known", fmt.Sprintf(
		"Falcon does not show the HMAC key of the %s, and Terraform has not sent one since the import or adoption. "+
			"The key in Falcon may not be the value of hmac_secret_wo, and that value, or a change of it, is not sent. To send it, set hmac_secret_wo_version = %d: the plan shows it. "+
			"To leave the key unchanged without this warning, remove hmac_secret_wo.", described(state, state.ID.ValueString()), state.HMACSecretVersion.ValueInt64()+1))
}

// partlyHidden is about a listed configuration, from which Terraform generates incomplete code.
func partlyHidden(state model) diag.Diagnostic {
	var hidden []string
	if state.Name.IsNull() {
		hidden = append(hidden, "name")
	}
	if state.URL.IsNull() {
		hidden = append(hidden, "url")
	}
	return diag.NewWarningDiagnostic("Falcon does not show the whole webhook configuration", fmt.Sprintf(
		"These attributes of the configuration with the id %s are hidden: %s. Add them to the generated configuration.", state.ID.ValueString(), strings.Join(hidden, ", ")))
}

// Delete.

func adoptedByOther(state model, heir holder, handedOver bool) diag.Diagnostic {
	text := fmt.Sprintf("The %s was removed from the state of this resource only, because %s has it now. It is in use and stays in Falcon.", described(state, state.ID.ValueString()), heir)
	if !handedOver {
		text += " Terraform created it, but the other resource does not know that: created_by_terraform is false there, so that destroying that resource will leave the configuration in Falcon."
	}
	return diag.NewWarningDiagnostic("Webhook configuration now belongs to another resource", text)
}

func staysInFalcon(state model, why string) diag.Diagnostic {
	return diag.NewWarningDiagnostic("Webhook configuration stays in Falcon", fmt.Sprintf(
		"The %s was removed from the Terraform state only. %s To delete it: %s.", described(state, state.ID.ValueString()), why, consolePath))
}

// Parts of details.

func hiddenHint(hidden []string) string {
	if len(hidden) == 0 {
		return ""
	}
	return fmt.Sprintf(" Falcon does not show the names of these configurations: %s. If one of them is the right one, set config_id to its id.", strings.Join(hidden, ", "))
}

// createEffect says what is known of the effect of a refused create. A refusal has none; after any other response only
// the list of configurations counts.
func createEffect(m model, refusal *falcon.WritesUnavailableError) string {
	if refusal.Refusal() {
		return fmt.Sprintf("The webhook configuration %s was not created.", core.Quoted(m.Name))
	}
	return fmt.Sprintf("The list of configurations shows none named %s. If the request is still being processed, it may appear: check in the console first.", core.Quoted(m.Name))
}

// updateEffect says what is known of the effect of a refused update.
func updateEffect(refusal *falcon.WritesUnavailableError) string {
	switch {
	case refusal.Effect == falcon.EffectShown:
		return "Falcon shows the new name, URL and signature header. It is not known whether the HMAC key was changed."
	case refusal.Effect == falcon.EffectUnknown:
		return "It is not known whether anything was changed."
	case refusal.Refusal():
		return "The webhook configuration was not changed."
	}
	return "Falcon does not show the change."
}

// whyConsole says why the request was not used.
func whyConsole(refusal *falcon.WritesUnavailableError) string {
	const text = "CrowdStrike publishes no request that writes webhook configurations, and "
	if refusal.Status == 0 {
		return text + `trying the unpublished one is switched off (webhook_writes = "never").`
	}
	return core.Sentence(text + "the unpublished one failed: " + refusal.Error())
}

const (
	enterKey = "the value of hmac_secret_wo (not printed here)"
	keepKey  = "leave it as it is"
)

// consoleValues are the values to enter in the console, on indented lines that Terraform does not wrap, so that they
// can be copied. The secret is never among them.
func consoleValues(m model, secret string) string {
	return strings.Join([]string{
		"  " + consolePath,
		"",
		"  Name:                   " + m.Name.ValueString(),
		"  Webhook URL:            " + m.URL.ValueString(),
		"  HMAC Secret Key:        " + secret,
		"  Signature Header Name:  " + m.SignatureHeader.ValueString(),
	}, "\n")
}

func createSteps(m model, refusal *falcon.WritesUnavailableError, hidden []string) string {
	return whyConsole(refusal) + "\n\n" +
		createEffect(m, refusal) + " Add the configuration in the Falcon console with exactly these values:\n\n" + consoleValues(m, enterKey) +
		"\n\nThen apply again: the provider finds the configuration by its name and adopts it." + hiddenHint(hidden)
}

// createAgain is about a failure that may be temporary.
func createAgain(m model, failure *falcon.WritesUnavailableError, hidden []string) string {
	return core.Sentence(failure.Error()) + "\n\n" + createEffect(m, failure) + " Apply again: the request may work the next time." + hiddenHint(hidden) +
		"\n\nCrowdStrike does not publish this request. If it fails again and again, add the configuration in the Falcon console, and the next apply adopts it:\n\n" + consoleValues(m, enterKey)
}

func updateSteps(m model, current falcon.PluginConfig, c change, refusal *falcon.WritesUnavailableError, before, after string) string {
	var changes []string
	if len(c.differences) > 0 {
		changes = append(changes, c.differences.String())
	}
	for _, name := range c.hidden {
		changes = append(changes, "  "+name+": not shown by Falcon, changes here")
	}
	if c.newSecret {
		changes = append(changes, "  hmac_secret_wo: a new key")
	}
	secret := keepKey
	if c.secret != "" {
		secret = enterKey
	}
	return fmt.Sprintf("The webhook configuration (id %s) has to change:\n\n%s\n\n", current.ID, strings.Join(changes, "\n")) +
		whyConsole(refusal) + "\n\n" + updateEffect(refusal) + " " + before + "\n\n" + consoleValues(m, secret) + "\n\n" + after
}
