package core

// ProviderScopes are the scopes that the provider's own API client needs for all resources and data sources. Without one of
// them the provider locks itself out of a part.
var ProviderScopes = []string{
	"api-client-mgmt:read", "api-client-mgmt:write",
	"api-integrations:read", "api-integrations:write",
	"devices:read",
	"identity-assessment:read", "identity-entities:read", "identity-graphql:write",
	"mssp:read",
	"sensor-installers:read",
	"workflow:read", "workflow:write",
	"zero-trust-assessment:read",
}
