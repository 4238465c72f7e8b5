package webhook

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

// consolePath is where the app's configurations are kept (wire/webhooks.md#store-app).
const consolePath = "CrowdStrike Store → the app CrowdStrike Webhook → Configure"

// writeRefused says why the write call can't be used: switched off, not
// offered, or answered with anything but a success that the list then shows.
// Nil for what the console can't help with: no answer, or one of a proxy or
// another cloud, no token, a full queue, or an outcome that nobody knows.
func writeRefused(err error) *falcon.WritesUnavailableError {
	var unavailable *falcon.WritesUnavailableError
	var exists *falcon.ExistsError
	var unsettled *falcon.UnsettledError
	var refusal *falcon.Error
	switch {
	case errors.As(err, &unavailable):
		return unavailable
	case errors.As(err, &exists), errors.As(err, &unsettled), falcon.IsNotFound(err), !errors.As(err, &refusal):
		return nil
	}
	if refusal.WebPage() || refusal.Status < http.StatusBadRequest ||
		refusal.Status == http.StatusUnauthorized || refusal.Status == http.StatusTooManyRequests {
		return nil
	}
	refused := &falcon.WritesUnavailableError{Status: refusal.Status, Reason: err.Error()}
	if refused.Refusal() {
		refused.Effect = falcon.EffectNone
	}
	return refused
}

// leavesConsole says that a change which was refused so can only be made in the
// console. A fault of the server, and whatever befalls a call that has worked
// before, may be gone the next time: taking the change as made in the console
// would record a key that never reached Falcon.
func leavesConsole(refused *falcon.WritesUnavailableError, writesWork bool) bool {
	return refused.NotOffered() || !writesWork && refused.Status < http.StatusInternalServerError
}

// nothingMade opens the steps of a create. Falcon's refusal is believed; after
// any other answer only the list is.
func nothingMade(refused *falcon.WritesUnavailableError) string {
	if refused.Refusal() {
		return "Nothing was created."
	}
	return "The list shows no such configuration. If the request is still under way, it may appear; look in the console first."
}

// nothingChanged opens the steps of a change with what is known of its effect.
func nothingChanged(refused *falcon.WritesUnavailableError) string {
	switch {
	case refused.Effect == falcon.EffectShown:
		return "Falcon shows the name, the URL and the signature header that were asked for; whether the HMAC key was changed can't be seen."
	case refused.Effect == falcon.EffectUnknown:
		return "It is not certain that nothing was changed."
	case refused.Refusal():
		return "Nothing was changed."
	}
	return "Falcon does not show the change."
}

// unpublished is why the console has to be used.
func unpublished(refused *falcon.WritesUnavailableError) string {
	const text = "CrowdStrike publishes no API call that writes webhook configurations, and "
	if refused.Status == 0 {
		return text + `trying the one that would belong to the list is switched off (webhook_writes = "never")`
	}
	return text + "the one that would belong to the list could not be used: " + refused.Error()
}

// steps are what to enter in the console. Indented lines are printed as they
// are, so the values can be copied. The key is never among them.
func steps(m webhookModel, intro, key string) string {
	return strings.Join([]string{
		intro,
		"",
		"  " + consolePath,
		"",
		"  Name:                   " + m.Name.ValueString(),
		"  Webhook URL:            " + m.URL.ValueString(),
		"  HMAC Secret Key:        " + key,
		"  Signature Header Name:  " + m.SignatureHeader.ValueString(),
	}, "\n")
}

const (
	enterKey = "the value of hmac_secret_wo (not printed here)"
	keepKey  = "leave it as it is"
)

func createGuide(m webhookModel, refused *falcon.WritesUnavailableError, hidden []string) string {
	text := core.Sentence(unpublished(refused)) + "\n\n" +
		steps(m, nothingMade(refused)+" Add the configuration in the Falcon console with exactly these values:", enterKey) +
		"\n\nThen apply again: the provider finds the configuration by its name and adopts it as it is."
	return text + hiddenHint(hidden)
}

func hiddenHint(hidden []string) string {
	if len(hidden) == 0 {
		return ""
	}
	return fmt.Sprintf(" Falcon does not show the names of some configurations here (%s): if one of them is the configuration, set config_id to its id.", strings.Join(hidden, ", "))
}

// takenText explains a create that Falcon refused because of the name, although the list does not show it.
func takenText(m webhookModel, refused *falcon.WritesUnavailableError, hidden []string) string {
	return fmt.Sprintf("Nothing was created. %s The list of configurations shows none named %s.%s Otherwise choose another name.",
		core.Sentence(refused.Error()), core.Quoted(m.Name), hiddenHint(hidden))
}

// differsText refuses to adopt a configuration that is not as it is here.
func differsText(m webhookModel, found falcon.PluginConfig) string {
	return fmt.Sprintf("Falcon has the webhook configuration %s (id %s), and it differs from this resource:\n\n%s\n\n", core.Quoted(m.Name), found.ID, m.differences(found)) +
		"Nothing was changed: a create never overwrites a configuration. Set these arguments to what Falcon shows, and the configuration is adopted as it is. " +
		"Or import it (put your own resource name for \"this\"), and the next plan shows the differences as an update:\n\n" +
		fmt.Sprintf("  terraform import %s.this %s\n\n", webhookType, found.ID) +
		"If it belongs to a resource that was renamed, use a moved block instead. If it is the one that create_before_destroy replaces, change it in place: Falcon finds configurations by name, so the new one can't come first."
}

// twiceText names two resources that are the same configuration.
func twiceText(m webhookModel, other webhookHolder) string {
	return fmt.Sprintf("This resource (name = %q, url = %q) and another one of this provider configuration, %s, are the same webhook configuration in Falcon. "+
		"Each would undo the changes of the other, and destroying one would take the configuration from both. "+
		"Give each a name of its own, or keep one and use its id in both places. A resource that is in the state and should not be is taken out with terraform state rm, which leaves Falcon as it is.",
		m.Name.ValueString(), m.URL.ValueString(), other)
}

// unsettledText says what to do about a create whose outcome is not known.
func unsettledText(m webhookModel, unsettled *falcon.UnsettledError) string {
	text := core.Sentence(unsettled.Error()) + "\n\n"
	if len(unsettled.IDs) > 0 {
		return text + core.ImportHelp(webhookType, unsettled.IDs)
	}
	return text + fmt.Sprintf("The list of configurations does not show it, and it may still appear there under the name %q. Apply again in a minute: the provider looks first, and adopts the configuration if it is there, with the HMAC key that this apply sent. "+
		"An adopted configuration stays in Falcon when the resource is destroyed. To look yourself: %s.", m.Name.ValueString(), consolePath)
}

func updateGuide(m webhookModel, current falcon.PluginConfig, change webhookChange, refused *falcon.WritesUnavailableError, onlyConsole bool) string {
	var what []string
	if len(change.differences) > 0 {
		what = append(what, change.differences.String())
	}
	for _, name := range change.hidden {
		what = append(what, "  "+name+": not shown by Falcon, changes here")
	}
	key := keepKey
	if change.sendSecret {
		key = enterKey
	}
	if change.newKey {
		what = append(what, "  hmac_secret_wo: a new key")
	}
	ask, next := "Edit the configuration in the Falcon console to these values:", "Then apply again."
	if !onlyConsole {
		ask = "Apply again: the call is sent again until Falcon takes it. These are the values in the console:"
		next = "Where they can be changed in the console only, do that and apply twice with webhook_writes = \"never\" in the provider: the second time takes the change as made there."
	}
	return fmt.Sprintf("The webhook configuration (id %s) has to change:\n\n%s\n\n", current.ID, strings.Join(what, "\n")) +
		core.Sentence(unpublished(refused)) + "\n\n" +
		steps(m, nothingChanged(refused)+" "+ask, key) + "\n\n" + next
}

func adoptedWarning(m webhookModel, found falcon.PluginConfig) string {
	text := fmt.Sprintf("Falcon has the configuration %s (id %s), and it is as it is here. The resource adopts it, and nothing is written. Whether its HMAC key is the value of hmac_secret_wo can't be seen: %s "+
		"Destroy will leave the configuration in Falcon, unless another resource of this state created it.", core.Quoted(m.Name), found.ID, sendKey(firstVersion(m.HMACSecretVersion)))
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
		text += " Falcon does not show its " + strings.Join(hidden, ", ") + ": that could not be compared."
	}
	return text
}

func takenWarning(m webhookModel, change webhookChange) string {
	what := append([]string(nil), change.hidden...)
	if change.newKey {
		what = append(what, "HMAC key")
	}
	return fmt.Sprintf("Falcon does not show the %s of the webhook configuration %s (id %s). The last apply asked for this change to be made in the console; it is now taken as made there.", strings.Join(what, ", "), core.Quoted(m.Name), m.ID.ValueString())
}

// sendKey says how a key gets to Falcon that may be another one there.
func sendKey(version types.Int64) string {
	return fmt.Sprintf("to have Terraform send it, set hmac_secret_wo_version = %d after that.", version.ValueInt64()+1)
}

// unknownKeyText is about a key that was never sent, as after an import.
func unknownKeyText(m webhookModel) string {
	return fmt.Sprintf("Falcon does not show the HMAC key of the webhook configuration %s (id %s), and Terraform has not sent one since it was imported. "+
		"The key in Falcon may not be the value of hmac_secret_wo, and that value, or a change of it, is not sent. To send it, set hmac_secret_wo_version = %d: the plan shows it. "+
		"To leave the key alone without this warning, remove hmac_secret_wo.", core.Quoted(m.Name), m.ID.ValueString(), m.HMACSecretVersion.ValueInt64()+1)
}

func switchedOffText(m webhookModel) string {
	return fmt.Sprintf("Falcon shows the state %q for the webhook configuration %s (id %s). Workflows that use it may deliver nothing. Terraform does not manage the state: switch the configuration on in the Falcon console: %s.",
		m.State.ValueString(), core.Quoted(m.Name), m.ID.ValueString(), consolePath)
}

// adoptedAwayText is about a deletion that would take the configuration from another resource.
func adoptedAwayText(m webhookModel, d deletion) string {
	text := fmt.Sprintf("The webhook configuration %s (id %s) was removed from the state of this resource only, because %s has it now. It is live and stays in Falcon.", core.Quoted(m.Name), m.ID.ValueString(), d.heir)
	if !d.handed {
		text += " Terraform created it, and the plan could not pass that on: created_by_terraform is false there, so that destroying that resource will leave the configuration in Falcon, too."
	}
	return text
}

func staysWarning(m webhookModel, why string) string {
	return fmt.Sprintf("The webhook configuration %s (id %s) was removed from the Terraform state only and stays in Falcon. %s To delete it: %s.", core.Quoted(m.Name), m.ID.ValueString(), why, consolePath)
}
