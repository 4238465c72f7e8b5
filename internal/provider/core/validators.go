package core

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

// StringCheck makes a validator of a function that explains what is wrong with
// a known value.
type StringCheck struct {
	description string
	summary     string
	Check       func(string) error
}

func (v StringCheck) Description(context.Context) string         { return v.description }
func (v StringCheck) MarkdownDescription(context.Context) string { return v.description }

func (v StringCheck) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if err := v.Check(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, v.summary, Sentence(err.Error()))
	}
}

// Sentence makes an error's text a sentence of its own.
func Sentence(s string) string {
	if s == "" {
		return s
	}
	s = strings.ToUpper(s[:1]) + s[1:]
	if !strings.HasSuffix(s, ".") {
		s += "."
	}
	return s
}

func NotBlank() validator.String {
	return CheckString("must not be empty", "Empty value", func(s string) error {
		if strings.TrimSpace(s) == "" {
			return fmt.Errorf("the value is empty: leave the argument out, or give it a value")
		}
		return nil
	})
}

func CloudValidator() validator.String {
	return CheckString("must be a Falcon cloud", "Unknown Falcon cloud", ValidateCloud)
}

// ValidateCloud refuses names that gofalcon would silently take for us-1
// (wire/authentication.md#clouds).
func ValidateCloud(s string) error {
	if s == Autodiscover {
		return nil
	}
	if _, ok := falcon.CloudURL(s); ok {
		return nil
	}
	known := append([]string{Autodiscover}, falcon.Clouds()...)
	hint := ""
	if near := fusion.Nearest(s, known, 1); len(near) > 0 {
		hint = fmt.Sprintf(" Did you mean %q?", near[0])
	}
	return fmt.Errorf("%q is no Falcon cloud: it must be one of %s.%s", s, strings.Join(known, ", "), hint)
}

func BaseURLValidator() validator.String {
	return CheckString("must be an https URL (http for a loopback address)", "Invalid base URL", falcon.ValidateBaseURL)
}

var cidPattern = regexp.MustCompile(`^[0-9A-Fa-f]{32}(-[0-9A-Fa-f]{2})?$`)

func MemberCIDValidator() validator.String {
	return CheckString("must be a CID of 32 hexadecimal digits", "Invalid CID", ValidateMemberCID)
}

func ValidateMemberCID(s string) error {
	if !cidPattern.MatchString(s) {
		return fmt.Errorf("a CID has 32 hexadecimal digits (with or without its two-digit checksum), got %q", s)
	}
	return nil
}

func CIDOrBaseURLValidator() validator.String {
	return CheckString("must be a CID or a base URL", "Invalid tenant", checkCIDOrBaseURL)
}

func checkCIDOrBaseURL(s string) error {
	if ValidateMemberCID(s) == nil || falcon.ValidateBaseURL(s) == nil {
		return nil
	}
	return fmt.Errorf("a tenant is named by its CID of 32 hexadecimal digits or by its base URL such as https://api.us-2.crowdstrike.com, got %q", s)
}

// WebhookURL accepts what a webhook configuration may send to: https, and http
// on a loopback address only, since the events are about a company's hosts.
func WebhookURL() validator.String {
	return CheckString("must be an https URL (http for a loopback address)", "Invalid webhook URL", func(s string) error {
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
	})
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

func FalconIDValidator() validator.String {
	return CheckString("must be an id of 32 hexadecimal digits", "Invalid id", func(s string) error {
		if !HexIDPattern.MatchString(s) {
			return fmt.Errorf("an id has 32 hexadecimal digits, got %q", s)
		}
		return nil
	})
}

func JSONObject() validator.String {
	return CheckString("must be a JSON object", "Invalid JSON", func(s string) error {
		var o map[string]any
		if err := json.Unmarshal([]byte(s), &o); err != nil {
			return fmt.Errorf("the value must be a JSON object, such as jsonencode({ key = \"value\" }): %w", err)
		}
		return nil
	})
}

// CheckString returns a validator of strings. The check explains what is wrong with a value; summary is the summary of
// its error, and description what a valid value is.
func CheckString(description, summary string, check func(string) error) validator.String {
	return StringCheck{description: description, summary: summary, Check: check}
}

const Autodiscover = "autodiscover"
