// Package definition simulates what Falcon does with workflow definitions apart from storing and running them.
//
//   - document.go parses a document and returns it in the form that Falcon stores; shape.go checks what an import accepts at
//     all; export.go and sanitize.go write it as an export.
//   - catalog.go has the activities and triggers of a tenant: activities.go, call_webhook.go, triggers.go, trigger_fields.go.
//   - rules.go has the release rules that enabling checks, in files by subject, named as in wire/workflows.md#release-rules;
//     validation.go has their errors.
//   - condition.go evaluates the conditions of a run.
//
// HTTP, versions of workflows, and executions are in package falconsim.
package definition
