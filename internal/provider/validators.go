package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/fusion"
)

// stringCheck makes a validator of a function that explains what is wrong with
// a known value.
type stringCheck struct {
	description string
	summary     string
	check       func(string) error
}

func (v stringCheck) Description(context.Context) string         { return v.description }
func (v stringCheck) MarkdownDescription(context.Context) string { return v.description }

func (v stringCheck) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if err := v.check(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, v.summary, sentence(err.Error()))
	}
}

// sentence makes an error's text a sentence of its own.
func sentence(s string) string {
	if s == "" {
		return s
	}
	s = strings.ToUpper(s[:1]) + s[1:]
	if !strings.HasSuffix(s, ".") {
		s += "."
	}
	return s
}

func notBlank() validator.String {
	return stringCheck{"must not be empty", "Empty value", func(s string) error {
		if strings.TrimSpace(s) == "" {
			return fmt.Errorf("the value is empty: leave the argument out, or give it a value")
		}
		return nil
	}}
}

func cloudName() validator.String {
	return stringCheck{"must be a Falcon cloud", "Unknown Falcon cloud", validateCloud}
}

// validateCloud refuses names that gofalcon would silently take for us-1
// (wire/authentication.md#clouds).
func validateCloud(s string) error {
	if s == autodiscover {
		return nil
	}
	if _, ok := falcon.CloudURL(s); ok {
		return nil
	}
	known := append([]string{autodiscover}, falcon.Clouds()...)
	hint := ""
	if near := fusion.Nearest(s, known, 1); len(near) > 0 {
		hint = fmt.Sprintf(" Did you mean %q?", near[0])
	}
	return fmt.Errorf("%q is no Falcon cloud: it must be one of %s.%s", s, strings.Join(known, ", "), hint)
}

func baseURL() validator.String {
	return stringCheck{"must be an https URL (http for a loopback address)", "Invalid base URL", falcon.ValidateBaseURL}
}

var cidPattern = regexp.MustCompile(`^[0-9A-Fa-f]{32}(-[0-9A-Fa-f]{2})?$`)

func memberCID() validator.String {
	return stringCheck{"must be a CID of 32 hexadecimal digits", "Invalid CID", validateMemberCID}
}

func validateMemberCID(s string) error {
	if !cidPattern.MatchString(s) {
		return fmt.Errorf("a CID has 32 hexadecimal digits (with or without its two-digit checksum), got %q", s)
	}
	return nil
}

func cidOrBaseURL() validator.String {
	return stringCheck{"must be a CID or a base URL", "Invalid tenant", checkCIDOrBaseURL}
}

func checkCIDOrBaseURL(s string) error {
	if validateMemberCID(s) == nil || falcon.ValidateBaseURL(s) == nil {
		return nil
	}
	return fmt.Errorf("a tenant is named by its CID of 32 hexadecimal digits or by its base URL such as https://api.us-2.crowdstrike.com, got %q", s)
}

// webhookURL accepts what a webhook configuration may send to: https, and http
// on a loopback address only, since the events are about a company's hosts.
func webhookURL() validator.String {
	return stringCheck{"must be an https URL (http for a loopback address)", "Invalid webhook URL", func(s string) error {
		u, err := url.Parse(s)
		switch {
		case err != nil || u.Hostname() == "" || (u.Scheme != "https" && u.Scheme != "http"):
			return fmt.Errorf("%q is no URL: give the whole address that the receiver shows, such as https://receiver.example/hook", s)
		case u.Scheme == "http" && !isLoopback(u.Hostname()):
			return fmt.Errorf("%q would send events unencrypted: use https (http is accepted for a loopback address only)", s)
		case u.User != nil:
			return fmt.Errorf("the URL must not carry a user name or password: they would be kept in state and shown in plans")
		}
		return nil
	}}
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

func falconIDValidator() validator.String {
	return stringCheck{"must be an id of 32 hexadecimal digits", "Invalid id", func(s string) error {
		if !hexIDPattern.MatchString(s) {
			return fmt.Errorf("an id has 32 hexadecimal digits, got %q", s)
		}
		return nil
	}}
}

func jsonObject() validator.String {
	return stringCheck{"must be a JSON object", "Invalid JSON", func(s string) error {
		var o map[string]any
		if err := json.Unmarshal([]byte(s), &o); err != nil {
			return fmt.Errorf("the value must be a JSON object, such as jsonencode({ key = \"value\" }): %w", err)
		}
		return nil
	}}
}
