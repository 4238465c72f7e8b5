// Package core holds what all entity packages share.
//
//   - provider_data.go: the data of the configured provider, and the base types that implement Configure
//   - operation.go: timeouts and the Read of data sources
//   - create_error.go: errors of creates, with the import command
//   - identity.go, import.go, list_results.go: identity, import and list results
//   - validators.go, null_elements.go: validators that more than one entity uses
//   - tenant_guard.go, tenant_note.go: binds each object to the tenant in which it was created
//
// It knows no entity: what one entity needs alone belongs to the package of that entity.
package core
