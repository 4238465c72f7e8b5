package provider

import (
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

// variables names the environment variable behind each provider argument.
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

// environment is one environment variable's value; empty counts as unset.
func environment(name string) string { return strings.TrimSpace(os.Getenv(name)) }

// rivals are arguments of which one silences the other.
var rivals = []struct {
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

// addAtPublicArgument adds an error at the first of the arguments that holds no secret: Terraform prints the line of the
// configuration that an error is at. Where all are secret it is about the provider block.
func addAtPublicArgument(diags *diag.Diagnostics, names []string, summary, detail string) {
	for _, name := range names {
		if name != "access_token" && name != "client_secret" {
			diags.AddAttributeError(core.Attribute(name), summary, detail)
			return
		}
	}
	diags.AddError(summary, detail)
}

// checkRivals reports rivals that the configuration itself sets side by side.
func checkRivals(m providerModel, diags *diag.Diagnostics) {
	values := m.byName()
	for _, r := range rivals {
		for _, l := range r.left {
			for _, o := range r.right {
				if !values[l].IsNull() && !values[o].IsNull() {
					addAtPublicArgument(diags, []string{l, o}, "Contradictory provider arguments",
						fmt.Sprintf("%s and %s are two ways to say the same thing. Set one of them.", l, o))
				}
			}
		}
	}
}

// resolveConfig merges the provider block with the environment. An argument in
// the block silences the environment variables of its rivals, since users of
// the official provider have the same variables set; only rivals within one
// source are an error. An unknown value is an error: falling back to the
// environment could change another tenant.
func resolveConfig(m providerModel, getenv func(string) string, diags *diag.Diagnostics) falcon.Config {
	checkRivals(m, diags)
	values := m.byName()
	set := map[string]string{}
	for name, value := range values {
		switch {
		case value.IsUnknown():
			diags.AddAttributeError(core.Attribute(name), "Unknown provider argument",
				fmt.Sprintf("%s depends on something that is only known after apply. The provider has to know which tenant it talks to: give a value that is known at plan, or set %s.", name, variables[name]))
		case !value.IsNull():
			set[name] = plain(value)
		}
	}
	if diags.HasError() {
		return falcon.Config{}
	}
	for name, variable := range variables {
		if set[name] == "" && !silenced(name, values) {
			if v := getenv(variable); v != "" {
				set[name] = v
				checkVariable(name, v, diags)
			}
		}
	}
	checkEnvironmentRivals(values, set, diags)
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

// previousTenants reads the argument of this name. An unknown value is an error, as for every argument of the provider.
func previousTenants(set types.Set, diags *diag.Diagnostics) []string {
	known := core.KnownStrings(set.Elements())
	if set.IsUnknown() || len(known) < len(set.Elements()) {
		diags.AddAttributeError(core.Attribute("previous_tenants"), "Unknown provider argument",
			"previous_tenants depends on something that is only known after apply, or has a null element. Set values that are known at plan.")
		return nil
	}
	out := make([]string, 0, len(known))
	for _, s := range known {
		out = append(out, core.PreviousTenant(s))
	}
	return out
}

func plain(v attr.Value) string {
	switch v := v.(type) {
	case types.String:
		return v.ValueString()
	case types.Int64:
		return strconv.FormatInt(v.ValueInt64(), 10)
	}
	return ""
}

// silenced says whether the configuration sets a rival of the argument.
func silenced(name string, values map[string]attr.Value) bool {
	for _, r := range rivals {
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

// checkVariable holds a value from the environment to what the schema's
// validators ask of the configuration.
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
			fmt.Sprintf("%s stands for the provider argument %s: %s.", variables[name], name, problem))
	}
}

// checkEnvironmentRivals reports rivals that both come from the environment.
func checkEnvironmentRivals(values map[string]attr.Value, set map[string]string, diags *diag.Diagnostics) {
	for _, r := range rivals {
		for _, l := range r.left {
			for _, o := range r.right {
				if values[l].IsNull() && values[o].IsNull() && set[l] != "" && set[o] != "" {
					diags.AddAttributeError(core.Attribute(l), "Contradictory environment variables",
						fmt.Sprintf("%s and %s are both set, and are two ways to say the same thing. Unset one of them, or set the argument in the provider block.", variables[l], variables[o]))
				}
			}
		}
	}
}

func checkComplete(set map[string]string, diags *diag.Diagnostics) {
	if set["access_token"] != "" {
		if set["base_url"] == "" && (set["cloud"] == "" || strings.EqualFold(set["cloud"], core.Autodiscover)) {
			diags.AddAttributeError(core.Attribute("cloud"), "Missing cloud",
				"An access token does not say which Falcon cloud it is from. Set cloud (or FALCON_CLOUD) to one of "+strings.Join(falcon.Clouds(), ", ")+", or set base_url (or FALCON_BASE_URL).")
		}
		return
	}
	for _, name := range []string{"client_id", "client_secret"} {
		if set[name] == "" {
			diags.AddAttributeError(core.Attribute(name), "Missing provider argument",
				fmt.Sprintf("The provider needs an API client of the tenant: set %s in the provider block, or the environment variable %s. An access token (access_token or FALCON_ACCESS_TOKEN) can stand in for id and secret.", name, variables[name]))
		}
	}
}

// addCredentialsError puts a failed first token call at the argument that Falcon refused.
func addCredentialsError(diags *diag.Diagnostics, cfg falcon.Config, err error) {
	const summary = "Could not sign in to Falcon"
	var fe *falcon.Error
	if errors.As(err, &fe) {
		switch {
		case fe.RefusedClientID(), fe.RefusedClientSecret():
			// Never at client_secret: Terraform prints the line of the configuration that an error is at.
			diags.AddAttributeError(core.Attribute("client_id"), summary, err.Error())
			return
		case fe.Status == http.StatusPermanentRedirect:
			name := "cloud"
			if cfg.BaseURL != "" {
				name = "base_url"
			}
			diags.AddAttributeError(core.Attribute(name), summary, err.Error())
			return
		}
	}
	diags.AddError(summary, err.Error())
}
