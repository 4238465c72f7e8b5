package falcon

import (
	"strings"
	"testing"
)

// A missing scope is reported with the others that the resource needs, so that all can be granted at once.
func TestScopeNote(t *testing.T) {
	t.Parallel()
	for scope, want := range map[string]string{
		"workflow:read": "workflow:read and workflow:write", "api-integrations:read": "workflow:read, and api-integrations:write",
		"api-client-mgmt:read": "api-client-mgmt:write. Not every tenant", "devices:read": "zero-trust-assessment:read", "zero-trust-assessment:read": "devices:read",
		"identity-entities:read": "identity-graphql:write", "identity-assessment:read": "identity-assessment:read", "alerts:read": "",
	} {
		e := &Error{Status: 403, MissingScope: scope}
		if text := scopeNote(scope); !strings.Contains(text, want) || (text == "") != (want == "") || !strings.Contains(e.Error(), text) {
			t.Errorf("%s: %q lacks %q", scope, text, want)
		}
	}
}
