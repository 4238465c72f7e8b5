package tenantcheck

import "strings"

// hiddenSecret replaces a secret in an observed response.
const hiddenSecret = "(secret)"

// secretKeys are the keys under which Falcon may show a secret (wire/open-questions.md#q01, #q17).
var secretKeys = []string{"client_secret", "secret", "hmac_secret_key", "hmac_secret", "hmac_key", "access_token", "token"}

// withoutSecrets replaces the values of secrets in a decoded body, and reports whether there were any. What matters about a secret
// is whether it is shown, so that a masked one stays as it is.
func withoutSecrets(value any) bool {
	hidden := false
	switch v := value.(type) {
	case map[string]any:
		for key, item := range v {
			secret, isText := item.(string)
			if isText && isSecretKey(key) && strings.Trim(secret, "*•") != "" {
				v[key], hidden = hiddenSecret, true
				continue
			}
			hidden = withoutSecrets(item) || hidden
		}
	case []any:
		for _, item := range v {
			hidden = withoutSecrets(item) || hidden
		}
	}
	return hidden
}

func isSecretKey(key string) bool {
	for _, secret := range secretKeys {
		if strings.EqualFold(key, secret) {
			return true
		}
	}
	return false
}
