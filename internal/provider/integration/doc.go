// Package integration implements what belongs to the setup of a receiving product rather than to one Falcon object: falcon_tenant,
// falcon_integration_probe and the function integration_scopes.
//
// The scopes of each integration are data in internal/integrations, and the requests of the probe belong to package falcon.
package integration
