package provider

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

const (
	defaultMaxRetries = 5
	maxMaxRetries     = 20
)

// variables maps each provider argument to its environment variable.
var variables = map[string]string{
	"client_id":      "FALCON_CLIENT_ID",
	"client_secret":  "FALCON_CLIENT_SECRET",
	"access_token":   "FALCON_ACCESS_TOKEN",
	"cloud":          "FALCON_CLOUD",
	"base_url":       "FALCON_BASE_URL",
	"member_cid":     "FALCON_MEMBER_CID",
	"max_retries":    "FALCON_MAX_RETRIES",
	"webhook_writes": "FALCON_WEBHOOK_WRITES",
}

// environment returns the value of an environment variable. An empty value counts as not set.
func environment(name string) string { return strings.TrimSpace(os.Getenv(name)) }

// conflicts are mutually exclusive arguments. One that is set in the configuration hides the environment variables of the
// other.
var conflicts = []struct {
	left  []string
	right []string
}{
	{left: []string{"access_token"}, right: []string{"client_id", "client_secret"}},
	{left: []string{"base_url"}, right: []string{"cloud"}},
}

func (m providerModel) byName() map[string]attr.Value {
	return map[string]attr.Value{
		"client_id": m.ClientID, "client_secret": m.ClientSecret, "access_token": m.AccessToken,
		"cloud": m.Cloud, "base_url": m.BaseURL, "member_cid": m.MemberCID,
		"max_retries": m.MaxRetries, "webhook_writes": m.WebhookWrites,
	}
}

// isEmpty reports whether the configuration sets no argument, as without a provider block.
func (m providerModel) isEmpty() bool {
	for _, v := range m.byName() {
		if !v.IsNull() {
			return false
		}
	}
	return m.CID.IsNull() && m.PreviousTenants.IsNull()
}

// withoutPaths returns diagnostics that are not about an argument of the provider block.
func withoutPaths(diags diag.Diagnostics) diag.Diagnostics {
	var out diag.Diagnostics
	for _, d := range diags.Errors() {
		out.AddError(d.Summary(), d.Detail())
	}
	return out
}

// addAtPublicArgument adds an error at the first of the arguments that is not a secret, because Terraform prints the line of
// the configuration that an error refers to. If all are secrets, the error refers to the provider block.
func addAtPublicArgument(diags *diag.Diagnostics, names []string, summary, detail string) {
	for _, name := range names {
		if name != "access_token" && name != "client_secret" {
			diags.AddAttributeError(core.Attribute(name), summary, detail)
			return
		}
	}
	diags.AddError(summary, detail)
}

// checkConflicts reports mutually exclusive arguments that are both set in the configuration.
func checkConflicts(m providerModel, diags *diag.Diagnostics) {
	values := m.byName()
	for _, r := range conflicts {
		for _, l := range r.left {
			for _, o := range r.right {
				if !values[l].IsNull() && !values[o].IsNull() {
					addAtPublicArgument(diags, []string{l, o}, "Contradictory provider arguments",
						fmt.Sprintf("%s and %s are mutually exclusive. Set one of them.", l, o))
				}
			}
		}
	}
}

// resolveConfig merges the provider block with the environment. An argument of the block hides the environment variables of
// the arguments that exclude it, because users of the official provider have the same variables set. Mutually exclusive
// values from the same source are an error. An unknown value is an error as well: a fallback to the environment could change
// another tenant.
func resolveConfig(m providerModel, getenv func(string) string, diags *diag.Diagnostics) falcon.Config {
	checkConflicts(m, diags)
	values := m.byName()
	set := map[string]string{}
	for name, value := range values {
		switch {
		case value.IsUnknown():
			diags.AddAttributeError(core.Attribute(name), "Unknown provider argument",
				fmt.Sprintf("The value of %s is known only after apply, but the provider must know its tenant during the plan. Use a value that is known during the plan, or set %s.", name, variables[name]))
		case !value.IsNull():
			set[name] = plain(value)
		}
	}
	if diags.HasError() {
		return falcon.Config{}
	}
	for name, variable := range variables {
		if set[name] == "" && !hidden(name, values) {
			if v := getenv(variable); v != "" {
				set[name] = v
				checkVariable(name, v, diags)
			}
		}
	}
	useSimulator(getenv(simulatorVariable), values, set, diags)
	checkEnvironmentConflicts(values, set, diags)
	if diags.HasError() {
		return falcon.Config{}
	}
	checkComplete(set, diags)

	retries := int64(defaultMaxRetries)
	if v, ok := set["max_retries"]; ok {
		if n, err := strconv.ParseInt(v, 10, 32); err == nil {
			retries = n
		}
	}
	cloud := set["cloud"]
	if cloud == "" && set["base_url"] == "" {
		cloud = core.Autodiscover
	}
	writes := set["webhook_writes"]
	if writes == "" {
		writes = core.WebhookWritesTry
	}
	return falcon.Config{
		ClientID: set["client_id"], ClientSecret: set["client_secret"], AccessToken: set["access_token"],
		Cloud: cloud, BaseURL: set["base_url"], MemberCID: set["member_cid"],
		MaxRetries: int(retries), WebhookWrites: writes,
	}
}

// simulatorVariable has the base URL of the simulator that the process may use. falconsim sets it for the command that it runs.
const simulatorVariable = "FALCON_SIMULATOR"

// useSimulator sets the base URL to that of the simulator, if there is one. A cloud is ignored with a warning: in the environment
// of falconsim, a configuration that names one can be tried as it is, and never reaches a real tenant. Another base URL is an error.
func useSimulator(address string, values map[string]attr.Value, set map[string]string, diags *diag.Diagnostics) {
	if address == "" {
		return
	}
	if err := falcon.ValidateBaseURL(address); err != nil {
		diags.AddError("Invalid environment variable "+simulatorVariable, fmt.Sprintf("%s is the base URL of a simulator: %s.", simulatorVariable, err))
		return
	}
	if base := set["base_url"]; base != "" && strings.TrimSuffix(base, "/") != strings.TrimSuffix(address, "/") {
		source := "base_url in the provider block"
		if values["base_url"].IsNull() {
			source = "FALCON_BASE_URL"
		}
		diags.AddAttributeError(core.Attribute("base_url"), "Only the simulator can be used here",
			fmt.Sprintf("%s is %s, but falconsim runs this command with the simulator at %s, and no request may leave it. "+
				"Remove %s, or run the command without falconsim (and without the environment variable %s) to use %s.", source, base, address, source, simulatorVariable, base))
		return
	}
	if cloud := set["cloud"]; cloud != "" {
		diags.AddAttributeWarning(core.Attribute("cloud"), "The simulator is used instead of the cloud",
			fmt.Sprintf("falconsim runs this command with the simulator at %s, so the cloud %s is ignored.", address, cloud))
		delete(set, "cloud")
	}
	set["base_url"] = address
}

// previousTenants returns the normalized elements of the argument. An unknown value is an error, as for every argument of
// the provider.
func previousTenants(set types.Set, diags *diag.Diagnostics) []string {
	known := core.KnownStrings(set.Elements())
	if set.IsUnknown() || len(known) < len(set.Elements()) {
		diags.AddAttributeError(core.Attribute("previous_tenants"), "Unknown provider argument",
			"The value of previous_tenants is known only after apply, or has a null element. Use values that are known during the plan.")
		return nil
	}
	out := make([]string, 0, len(known))
	for _, s := range known {
		out = append(out, core.PreviousTenant(s))
	}
	return out
}

// checkTenant compares the tenant with the argument cid, and reports whether the provider may work in it. A saved plan that
// creates an object needs it: Terraform plans again during the apply, and passes nothing of the saved plan to the provider.
func checkTenant(ctx context.Context, client *falcon.Client, cid types.String, diags *diag.Diagnostics) bool {
	at := core.Attribute("cid")
	switch {
	case cid.IsNull():
		return true
	case cid.IsUnknown():
		diags.AddAttributeError(at, "Unknown provider argument", "The value of cid is known only after apply. Use a value that is known during the plan.")
		return false
	}
	switch here := client.TenantKey(ctx); here.CID {
	case core.PreviousTenant(cid.ValueString()):
		return true
	case "":
		diags.AddAttributeError(at, "Unable to verify Falcon tenant", fmt.Sprintf("The provider could not read the CID of the tenant at %s, so it cannot compare it with cid. "+
			"Grant the scope sensor-installers:read to the provider's API client, or remove cid.", here.BaseURL))
	default:
		diags.AddAttributeError(at, "Wrong Falcon tenant", fmt.Sprintf("The provider is signed in to the tenant with the CID %s at %s, but cid is %s. Nothing was read or changed. "+
			"Use the credentials, cloud and member_cid of that tenant.", here.CID, here.BaseURL, cid.ValueString()))
	}
	return false
}

// plain returns a known value as text.
func plain(v attr.Value) string {
	switch v := v.(type) {
	case types.String:
		return v.ValueString()
	case types.Int64:
		return strconv.FormatInt(v.ValueInt64(), 10)
	}
	return ""
}

// hidden reports whether the configuration sets an argument that excludes this one.
func hidden(name string, values map[string]attr.Value) bool {
	for _, r := range conflicts {
		if slices.Contains(r.left, name) && anySet(r.right, values) || slices.Contains(r.right, name) && anySet(r.left, values) {
			return true
		}
	}
	return false
}

func anySet(names []string, values map[string]attr.Value) bool {
	for _, n := range names {
		if !values[n].IsNull() {
			return true
		}
	}
	return false
}

// checkVariable validates a value from the environment as the schema validates the configuration.
func checkVariable(name, value string, diags *diag.Diagnostics) {
	var problem error
	switch name {
	case "cloud":
		problem = core.ValidateCloud(value)
	case "base_url":
		problem = falcon.ValidateBaseURL(value)
	case "member_cid":
		problem = core.ValidateMemberCID(value)
	case "max_retries":
		if n, err := strconv.ParseInt(value, 10, 32); err != nil || n < 0 || n > maxMaxRetries {
			problem = fmt.Errorf("it must be a whole number from 0 to %d, got %q", maxMaxRetries, value)
		}
	case "webhook_writes":
		if value != core.WebhookWritesTry && value != core.WebhookWritesNever {
			problem = fmt.Errorf("it must be %q or %q, got %q", core.WebhookWritesTry, core.WebhookWritesNever, value)
		}
	}
	if problem != nil {
		diags.AddAttributeError(core.Attribute(name), "Invalid environment variable "+variables[name],
			core.Sentence(fmt.Sprintf("%s is used for the provider argument %s: %s", variables[name], name, problem)))
	}
}

// checkEnvironmentConflicts reports mutually exclusive values that both come from the environment.
func checkEnvironmentConflicts(values map[string]attr.Value, set map[string]string, diags *diag.Diagnostics) {
	for _, r := range conflicts {
		for _, l := range r.left {
			for _, o := range r.right {
				if values[l].IsNull() && values[o].IsNull() && set[l] != "" && set[o] != "" {
					diags.AddAttributeError(core.Attribute(l), "Contradictory environment variables",
						fmt.Sprintf("%s and %s are both set, but are mutually exclusive. Unset one of them, or set the argument in the provider block.", variables[l], variables[o]))
				}
			}
		}
	}
}

// checkComplete reports missing credentials, and an access token without a cloud.
func checkComplete(set map[string]string, diags *diag.Diagnostics) {
	if set["access_token"] != "" {
		if set["base_url"] == "" && (set["cloud"] == "" || strings.EqualFold(set["cloud"], core.Autodiscover)) {
			diags.AddAttributeError(core.Attribute("cloud"), "Missing cloud",
				"An access token does not contain its Falcon cloud. Set cloud (or FALCON_CLOUD) to one of "+strings.Join(falcon.Clouds(), ", ")+", or set base_url (or FALCON_BASE_URL).")
		}
		return
	}
	if set["client_id"] == "" && set["client_secret"] == "" {
		diags.AddAttributeError(core.Attribute("client_id"), "Missing Falcon credentials",
			"The provider needs an API client of the tenant. Set the environment variables FALCON_CLIENT_ID and FALCON_CLIENT_SECRET, or client_id and client_secret in the provider block. "+
				"Alternatively, use an access token (access_token or FALCON_ACCESS_TOKEN). In Falcon, create an API client under Support and resources > API clients and keys.")
		return
	}
	if set["client_id"] != "" && falcon.CheckCredentials(set["client_id"], set["client_secret"]) != nil {
		// Not at client_id: Terraform prints the line of the configuration that an error refers to, and with it the value.
		diags.AddError("Invalid client_id", core.Sentence(falcon.ErrSwapped.Error()))
		return
	}
	for _, name := range []string{"client_id", "client_secret"} {
		if set[name] == "" {
			diags.AddAttributeError(core.Attribute(name), "Missing provider argument",
				fmt.Sprintf("The provider needs both the id and the secret of an API client. Set %s in the provider block, or the environment variable %s.", name, variables[name]))
		}
	}
}

const unableToSignIn = "Unable to sign in to Falcon"

// addCredentialsError reports a failed sign-in at the argument that Falcon refused.
func addCredentialsError(diags *diag.Diagnostics, cfg falcon.Config, err error) {
	var fe *falcon.Error
	if errors.As(err, &fe) {
		switch {
		case fe.RejectedClientID(), fe.RejectedClientSecret():
			// Never at a secret, because Terraform prints the line of the configuration that an error refers to.
			if !falcon.HasClientIDForm(cfg.ClientID) {
				break
			}
			diags.AddAttributeError(core.Attribute("client_id"), unableToSignIn, core.Sentence(err.Error()))
			return
		case fe.Status == http.StatusPermanentRedirect:
			name := "cloud"
			if cfg.BaseURL != "" {
				name = "base_url"
			}
			diags.AddAttributeError(core.Attribute(name), unableToSignIn, core.Sentence(err.Error()))
			return
		}
	}
	diags.AddError(unableToSignIn, core.Sentence(err.Error()))
}

// ConfigFromEnvironment returns the configuration of a provider without arguments: everything is from environment variables, and
// FALCON_SIMULATOR is respected as in the provider. It is for programs next to the provider, such as falcon-check.
func ConfigFromEnvironment(getenv func(string) string) (cfg falcon.Config, warnings []string, err error) {
	var diags diag.Diagnostics
	cfg = resolveConfig(providerModel{}, getenv, &diags)
	for _, d := range diags.Warnings() {
		warnings = append(warnings, d.Summary()+": "+d.Detail())
	}
	for _, d := range diags.Errors() {
		err = errors.Join(err, fmt.Errorf("%s: %s", d.Summary(), d.Detail()))
	}
	return cfg, warnings, err
}
