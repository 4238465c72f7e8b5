package webhook

import (
	"fmt"
	"regexp"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

// defaultSignatureHeader is the default of the form in the console (wire/webhooks.md#store-app).
const defaultSignatureHeader = "X-Cs-Primary-Signature"

const minHMACSecret = 32 // characters, the minimum of the form in the console

// hmacSecret never repeats the value in its error.
func hmacSecret() validator.String {
	return core.CheckString("must have at least 32 characters", "HMAC secret too short", func(s string) error {
		if n := utf8.RuneCountInString(s); n < minHMACSecret {
			return fmt.Errorf("an HMAC secret key needs at least %d characters, this one has %d", minHMACSecret, n)
		}
		return nil
	})
}

var configIDPattern = regexp.MustCompile("^[0-9a-f]{32}$")

// configID requires the lowercase letters that Falcon shows, so that configuration and state have the same value.
func configID() validator.String {
	return core.CheckString("must be a config id of 32 hexadecimal digits", "Invalid config id", func(s string) error {
		if !configIDPattern.MatchString(s) {
			return fmt.Errorf("a config id has 32 lowercase hexadecimal digits, got %q", s)
		}
		return nil
	})
}
