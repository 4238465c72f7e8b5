// Package apiclient implements falcon_api_client as a resource, a data source and a list resource, and what else signs in to Falcon or
// names its scopes: falcon_api_scopes, falcon_access_token and the function scopes.
//
//   - resource.go: the model, the schema and CRUD
//   - plan.go: ModifyPlan, with the checks of the planned scopes and the warnings about secrets
//   - secret.go: when a secret is reset, where it is kept, and its encryption to secret_recipient
//   - convert.go: conversions between the model and package falcon
//
// Which requests a create consists of, and what happens after a lost response, belongs to package falcon. The scopes of each
// integration belong to package integration.
package apiclient
