// Package falcon is the client of the CrowdStrike Falcon API: API clients, webhook configurations, Fusion SOAR workflows
// and their runs, the catalog of triggers and actions, hosts, Zero Trust Assessments, and the probe of an integration's
// scopes. It uses gofalcon's generated operations on its own HTTP transport.
//
// It does not know Terraform: internal/provider turns its results and errors into state and diagnostics. Workflow documents
// are *fusion.Document of internal/fusion; this package sends and compares them, and does not look into them. Users and
// domains of Identity Protection are in internal/falcon/identity, which imports this package for [Client.GraphQL]. What is
// known about the API, and where from, is in wire/.
//
// A request takes this path:
//
//   - A method of [Client] describes it (call.go: what it is for, its scope, whether it may be repeated) and calls
//     gofalcon's operation with a response that keeps the raw body (response.go).
//   - transport.go sends it: it waits while Falcon limits requests (gate, retry.go), adds the access token (token.go,
//     token_limit.go), and repeats it after failures where that is safe.
//   - Every outcome that is not a usable success becomes an [*Error] without secrets (errors.go, network_error.go,
//     redact.go).
//   - The method decodes the envelope, reads a listing to its end (paging.go), and checks that it is complete.
//
// Reads of many objects share one listing (snapshot.go), and concurrent reads of the same thing one request
// (singleflight.go). A write is read back before it counts (own_writes.go), and a create whose response was lost is settled
// by looking for the new object: the create either returns the object, or an error that says whether it exists
// (create_errors.go). Both sides of a workflow's life, [Client.CreateWorkflow] and [Client.UpdateWorkflow], work this way.
package falcon
