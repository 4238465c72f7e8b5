// Package integrations describes what each supported integration needs from a
// Falcon tenant: the scopes of its API client and the events that its workflows
// listen to. It is pure data. The sources are the pages of the receiving products
// (wire/integrations.md#common); the scope ids are from wire/api-clients.md#scopes.
// It also has the formats of well-known receivers of HTTP requests
// (wire/catalog.md#http-actions).
//
// What does not belong here: requests to Falcon, Terraform types, and the content
// of the workflows (package fusion), of which it only leaves references as they are.
package integrations
