package core

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/suggest"
)

// StringCheck is a validator of known strings. Check returns what is wrong with a value.
type StringCheck struct {
	description string
	summary     string
	Check       func(string) error
}

// Description implements validator.String.
func (v StringCheck) Description(context.Context) string { return v.description }

// MarkdownDescription implements validator.String.
func (v StringCheck) MarkdownDescription(context.Context) string { return v.description }

// ValidateString implements validator.String.
func (v StringCheck) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if err := v.Check(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, v.summary, Sentence(err.Error())+argumentHint(req.Path))
	}
}

// argumentHint names an attribute that is nested in another one: Terraform shows only the line of the outermost.
func argumentHint(at path.Path) string {
	var name strings.Builder
	nested := 0
	for _, step := range at.Steps() {
		switch s := step.(type) {
		case path.PathStepAttributeName:
			if nested++; nested > 1 {
				name.WriteByte('.')
			}
			name.WriteString(string(s))
		case path.PathStepElementKeyString:
			fmt.Fprintf(&name, "[%q]", string(s))
		}
	}
	if nested < 2 {
		return ""
	}
	return " The argument is " + name.String() + "."
}

// Sentence returns an error text with a capital letter and a period.
func Sentence(s string) string {
	if s == "" {
		return s
	}
	s = strings.ToUpper(s[:1]) + s[1:]
	if !strings.HasSuffix(s, ".") && !strings.HasSuffix(s, "?") {
		s += "."
	}
	return s
}

// FunctionError returns an error of a function's argument. Terraform writes a period after it.
func FunctionError(argument int64, text string) *function.FuncError {
	return function.NewArgumentFuncError(argument, strings.TrimSuffix(Sentence(text), "."))
}

// NotBlank accepts strings that contain more than spaces.
func NotBlank() validator.String {
	return CheckString("must not be empty", "Empty value", func(s string) error {
		if strings.TrimSpace(s) == "" {
			return fmt.Errorf("the value is empty. Set a value, or remove the argument")
		}
		return nil
	})
}

// CloudValidator accepts the names of Falcon clouds and [Autodiscover].
func CloudValidator() validator.String {
	return CheckString("must be a Falcon cloud", "Unknown Falcon cloud", ValidateCloud)
}

// ValidateCloud rejects names that gofalcon silently treats as us-1
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
	if near := suggest.Nearest(s, known, 1); len(near) > 0 {
		hint = fmt.Sprintf(" Did you mean %q?", near[0])
	}
	return fmt.Errorf("%q is not a valid Falcon cloud: it must be one of %s.%s", s, strings.Join(known, ", "), hint)
}

// BaseURLValidator accepts base URLs of the Falcon API.
func BaseURLValidator() validator.String {
	return CheckString("must be an https URL (http for a loopback address)", "Invalid base URL", falcon.ValidateBaseURL)
}

var cidPattern = regexp.MustCompile(`^[0-9A-Fa-f]{32}(-[0-9A-Fa-f]{2})?$`)

// MemberCIDValidator accepts customer ids (CIDs).
func MemberCIDValidator() validator.String {
	return CheckString("must be a CID of 32 hexadecimal digits", "Invalid CID", ValidateMemberCID)
}

// ValidateMemberCID returns an error unless s is a CID, with or without its checksum.
func ValidateMemberCID(s string) error {
	if !cidPattern.MatchString(s) {
		return fmt.Errorf("a CID has 32 hexadecimal digits (with or without its two-digit checksum), got %q", s)
	}
	return nil
}

// CIDOrBaseURLValidator accepts the elements of previous_tenants.
func CIDOrBaseURLValidator() validator.String {
	return CheckString("must be a CID or a base URL", "Invalid tenant", checkCIDOrBaseURL)
}

func checkCIDOrBaseURL(s string) error {
	if ValidateMemberCID(s) == nil || falcon.ValidateBaseURL(s) == nil {
		return nil
	}
	return fmt.Errorf("a tenant is a CID of 32 hexadecimal digits or a base URL such as https://api.us-2.crowdstrike.com, got %q", s)
}

// WebhookURL accepts the receivers of a webhook configuration; see [CheckWebhookURL].
func WebhookURL() validator.String {
	return CheckString("must be an https URL (http for a loopback address)", "Invalid webhook URL", CheckWebhookURL)
}

// CheckWebhookURL accepts https, and http for a loopback address only, because the events contain data about hosts.
func CheckWebhookURL(s string) error {
	u, err := url.Parse(s)
	switch {
	case strings.ContainsFunc(s, unicode.IsSpace):
		return fmt.Errorf("%q contains a space or a line break, which is not part of a URL: remove it", s)
	case err != nil || !falcon.ValidHost(u.Hostname()) || (u.Scheme != "https" && u.Scheme != "http"):
		return fmt.Errorf("%q is not a valid URL: enter the full address that the receiver shows, such as https://receiver.example/hook", s)
	case u.Port() != "" && !validPort(u.Port()):
		return fmt.Errorf("%q has the port %s: ports are from 1 to 65535", s, u.Port())
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return fmt.Errorf("%q would send events unencrypted: use https (http is accepted for a loopback address only)", s)
	case u.User != nil:
		return fmt.Errorf("the URL must not contain a user name or password, because state and plans would show them")
	}
	return nil
}

func validPort(s string) bool {
	port, err := strconv.ParseUint(s, 10, 16)
	return err == nil && port > 0
}

var headerPattern = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")

// HeaderName accepts the names of HTTP headers.
func HeaderName(example string) validator.String {
	return CheckString("must be the name of an HTTP header", "Invalid header name", func(s string) error {
		if !headerPattern.MatchString(s) {
			return fmt.Errorf("%q is not a valid name of an HTTP header: use letters, digits and hyphens, such as %s", s, example)
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

// mockedID matches what mock_provider generates for an id: 8 characters in Terraform, 4 to 15 in OpenTofu.
var mockedID = regexp.MustCompile(`^[0-9A-Za-z]{4,15}$`)

// FalconIDValidator accepts the ids of Falcon objects, and those of mocked ones: references to them are validated, too.
// Outside a test, an id of that form is reported when it is looked up.
func FalconIDValidator() validator.String {
	return CheckString("must be an id of 32 hexadecimal digits", "Invalid id", func(s string) error {
		if !HexIDPattern.MatchString(s) && !mockedID.MatchString(s) {
			return fmt.Errorf("an id has 32 hexadecimal digits, got %q", s)
		}
		return nil
	})
}

// JSONObject accepts the text of a JSON object.
func JSONObject() validator.String {
	return CheckString("must be a JSON object", "Invalid JSON", func(s string) error {
		var o map[string]any
		if err := json.Unmarshal([]byte(s), &o); err != nil {
			return fmt.Errorf("the value must be a JSON object, such as jsonencode({ key = \"value\" }): %w", err)
		}
		return nil
	})
}

// CheckString returns a validator of strings. check returns what is wrong with a value, summary is the summary of the error,
// and description describes valid values.
func CheckString(description, summary string, check func(string) error) validator.String {
	return StringCheck{description: description, summary: summary, Check: check}
}

// Autodiscover is the value of cloud that detects the commercial clouds.
const Autodiscover = "autodiscover"
