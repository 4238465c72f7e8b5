// Package fusion parses, checks, compares and composes Fusion SOAR workflow
// documents.
//
// A [Document] is the one form of a workflow definition between a Terraform
// configuration and Falcon. It is a tree in which every value has its line and
// column. Two forms are derived from it: the sent form (the user's values, with
// aliases expanded and without the keys that Falcon ignores) and the normal
// form, in which two documents that define the same workflow are the same tree.
//
// Where things are:
//
//   - parse*.go, scalar.go: text to tree
//   - grammar.go: the known keys; nodes.go: the nodes of the workflow and its loops
//   - normal.go, compare.go, names.go: when two documents are the same workflow
//   - write*.go: tree to JSON and YAML
//   - rules*.go: the table of rules; check*.go: the code that checks them
//   - references.go: which data a document reads
//   - lookups.go, tenant.go: references such as falcon::action('Sleep').id, and how they are found in a tenant
//   - portable.go, tenant_bound.go, preflight.go: documents that move between tenants; texts.go replaces their values
//   - catalog.go: the rules that need the tenant's catalog
//   - compose.go, schema.go: the workflow that notifies a webhook; request*.go: the
//     one that sends a request of its own
//   - vocabulary.go: well-known values, each with its source
//
// What does not belong here: I/O, Terraform types, and requests to Falcon. The
// callers pass in text and what they read from the tenant's catalog.
package fusion
