package provider

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
)

// consolePath is where the app's configurations are kept (fusion-workflows.md C1).
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
		return "Nothing was made."
	}
	return "The list shows no such configuration."
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
	text := sentence(unpublished(refused)) + "\n\n" +
		steps(m, nothingMade(refused)+" Add the configuration in the Falcon console with exactly these values:", enterKey) +
		"\n\nThen apply again: the provider finds the configuration by its name and takes it over."
	if len(hidden) > 0 {
		text += fmt.Sprintf(" Falcon does not show the names of some configurations here (%s): if the new one is not found either, set config_id to its id.", strings.Join(hidden, ", "))
	}
	return text
}

func adoptGuide(m webhookModel, found falcon.PluginConfig, d differences, refused *falcon.WritesUnavailableError) string {
	return fmt.Sprintf("The webhook configuration %s (id %s) exists in Falcon and differs from the configuration here:\n\n%s\n\n", quoted(m.Name), found.ID, d) +
		sentence(unpublished(refused)) + "\n\n" +
		steps(m, nothingChanged(refused)+" Either change the configuration here, or edit that one in the Falcon console to these values:", enterKey) +
		"\n\nThen apply again: the provider takes it over."
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
		sentence(unpublished(refused)) + "\n\n" +
		steps(m, nothingChanged(refused)+" "+ask, key) + "\n\n" + next
}

func adoptedWarning(m webhookModel, found falcon.PluginConfig) string {
	text := fmt.Sprintf("The configuration %s (id %s) existed already and was taken over. Its HMAC key was not set by Terraform: make sure that it is the value of hmac_secret_wo. Destroy will leave the configuration in Falcon.", quoted(m.Name), found.ID)
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
	return fmt.Sprintf("Falcon does not show the %s of the webhook configuration %s (id %s). The last apply asked for this change to be made in the console; it is now taken as made there.", strings.Join(what, ", "), quoted(m.Name), m.ID.ValueString())
}

func staysWarning(m webhookModel, why string) string {
	return fmt.Sprintf("The webhook configuration %s (id %s) was removed from the Terraform state only and stays in Falcon. %s To delete it: %s.", quoted(m.Name), m.ID.ValueString(), why, consolePath)
}
